"""The errors' classes and words."""

import inspect

import pytest

from functorch_course import errors


def test_every_error_is_a_course_error():
    classes = [
        c for _, c in inspect.getmembers(errors, inspect.isclass) if c.__module__ == errors.__name__
    ]
    assert len(classes) > 3
    assert all(issubclass(c, errors.CourseError) for c in classes)


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (errors.InvalidValueError, ValueError),
        (errors.DatasetNotFoundError, RuntimeError),
        (errors.DamagedFileError, ValueError),
        (errors.NonFiniteLossError, ArithmeticError),
    ],
)
def test_code_written_for_pytorch_still_catches_them(error, builtin):
    assert issubclass(error, builtin)


def test_a_teaching_error_says_what_happened_and_what_to_write():
    error = errors.TeachingError("x[5] of 5 items", "It raises IndexError.", "x[4]", "T055")
    assert str(error).splitlines() == [
        "x[5] of 5 items",
        "  PyTorch: It raises IndexError.",
        "  Here:    x[4]",
        "  Lesson:  T055",
    ]
    assert "Lesson" not in str(errors.TeachingError("a", "b", "c"))


def test_one_of_names_the_value_and_the_choices():
    errors.one_of("mode", "L", ["L", "RGB"])
    with pytest.raises(errors.InvalidValueError, match=r"mode='CMYK' is unknown: .* 'L', 'RGB'"):
        errors.one_of("mode", "CMYK", ["L", "RGB"])


def test_what_fails_is_shown_and_the_lesson_goes_on(capsys):
    with errors.shown(errors.TeachingError, saying="Here:    b"):
        raise errors.TeachingError("x", "a", "b")
    with errors.shown(KeyError):
        raise KeyError("first\nsecond")
    assert capsys.readouterr().out == (
        "TeachingError: x\n  PyTorch: a\n  Here:    b\nKeyError: 'first\\nsecond'\n"
    )


def test_of_foreign_errors_the_first_line_is_shown(capsys):
    with errors.shown(ValueError):
        raise ValueError("first\nsecond")
    assert capsys.readouterr().out == "ValueError: first\n"


def test_what_was_to_fail_and_does_not_is_an_error():
    with pytest.raises(errors.NothingRaisedError, match="no KeyError came"), errors.shown(KeyError):
        pass


def test_another_error_or_another_message_passes_through():
    with pytest.raises(ValueError, match="no"), errors.shown(KeyError):
        raise ValueError("no")
    with pytest.raises(ValueError, match="no"), errors.shown(ValueError, saying="yes"):
        raise ValueError("no")
