"""Reading, finding, running and converting lessons."""

import sys
import traceback

import pytest

from functorch_course.errors import DamagedFileError
from functorch_course.lessons import (
    Cell,
    Lesson,
    UnknownLessonError,
    contents,
    find,
    finding,
    notebook,
    parse,
    run,
)


@pytest.fixture
def lesson(tmp_path):
    """A function that makes a lesson of a text."""

    def make(text):
        (tmp_path / "01_a.py").write_text(text, encoding="utf-8")
        return Lesson(1, "A", tmp_path / "01_a.py")

    return make


def test_cells_know_their_kind_and_line():
    text = "\n# %% [markdown]\n# # T\n#\n#   code\n#x\n\n# %%\n\nx = 1\n\n\n# %% [markdown]\n# %%\n"
    assert parse(text) == [
        Cell("markdown", "# T\n\n  code\nx", 3),
        Cell("code", "\nx = 1", 9),
        Cell("markdown", "", 14),
        Cell("code", "", 15),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import a\n# %%\n", "line 1 stands before the first cell"),
        ("# %% [markdown]\n# text\ncode = 1\n", "line 3 of a Markdown cell is no comment"),
    ],
)
def test_what_is_no_lesson_is_refused(text, said):
    with pytest.raises(DamagedFileError, match=said):
        parse(text)


def test_a_text_without_cells_has_none():
    assert parse("") == parse("\n\n") == []


def test_installed_lessons_come_before_those_of_a_checkout(tmp_path, monkeypatch):
    for folder, name in (("installed", "03_x.py"), ("checkout", "01_y.py")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(f"# %% [markdown]\n# # {name[1]}. Title: {folder}\n")
    monkeypatch.setattr(finding, "_INSTALLED", tmp_path / "absent")
    monkeypatch.setattr(finding, "_CHECKOUT", tmp_path / "checkout")
    assert contents() == [Lesson(1, "Title: checkout", tmp_path / "checkout" / "01_y.py")]
    monkeypatch.setattr(finding, "_INSTALLED", tmp_path / "installed")
    assert [find(3)] == contents()
    with pytest.raises(
        UnknownLessonError, match=r"no lesson 1: write one of 3 \(Title: installed\)"
    ):
        find(1)


def test_an_unknown_lesson_is_a_lookup_error():
    with pytest.raises(LookupError, match="there is no lesson 99"):
        find(99)


def test_each_cell_gives_what_it_printed_and_its_last_value(lesson):
    cells = (
        "# %% [markdown]\n# text\n# %%\nx = 1\nprint(x)\n# %%\nx += 1\nx\n# %%\nfor i in []: i\n"
    )
    outputs = [output for _, output in run(lesson(cells))]
    assert outputs[0] is None
    assert [(each.printed, each.value) for each in outputs[1:]] == [
        ("1\n", None),
        ("", 2),
        ("", None),
    ]


def test_an_error_shows_the_line_of_the_file(lesson):
    broken = lesson("# %% [markdown]\n# text\n# %%\nx = 1\n\nassert x == 2\n")
    with pytest.raises(AssertionError) as caught:
        list(run(broken))
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.filename, last.lineno, last.line) == (str(broken.path), 6, "assert x == 2")


def test_a_lesson_is_the_main_module_only_while_a_cell_runs(lesson):
    before = sys.modules["__main__"]
    value = "(__name__, sys.modules['__main__'].x, __file__)"
    main = lesson(f"# %%\nimport sys\nx = 7\n{value}\n# %%\nraise KeyError\n")
    cells = run(main)
    assert next(cells)[1].value == ("__main__", 7, str(main.path))
    assert sys.modules["__main__"] is before
    with pytest.raises(KeyError):
        next(cells)
    assert sys.modules["__main__"] is before


def test_a_notebook_has_the_cells_and_nothing_that_was_run(lesson):
    cells = notebook(lesson("# %% [markdown]\n# # T\n# a\n# %%\nx = 1\nx\n"))["cells"]
    assert cells == [
        {"cell_type": "markdown", "id": "cell-0", "metadata": {}, "source": ["# T\n", "a"]},
        {
            "cell_type": "code",
            "id": "cell-1",
            "metadata": {},
            "source": ["x = 1\n", "x"],
            "execution_count": None,
            "outputs": [],
        },
    ]
