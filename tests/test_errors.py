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
