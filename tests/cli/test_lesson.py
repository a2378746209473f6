"""Lessons from the command line: listed, run, and taken home."""

import io
import json
import sys

import pytest

from functorch_course.cli import main
from functorch_course.lessons import contents, find

SMALL = """\
# %% [markdown]
# # 1. A small lesson
#
# A weight $w_1$ and a table:
#
# | PyTorch | here | value |
# |---|---|---|
# | `x + 1` | `x + 1` | `3` |

# %%
x = 2
print("printed")
x + 1

# %% [markdown]
# The end.
"""


@pytest.fixture
def small(tmp_path, monkeypatch):
    """One lesson instead of all, and an empty folder to work in."""
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "01_small.py").write_text(SMALL)
    (tmp_path / "work").mkdir()
    monkeypatch.setattr("functorch_course.lessons.finding._CHECKOUT", tmp_path / "lessons")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path / "work"


def test_the_contents_are_listed(capsys):
    assert main(["lesson", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [f"{lesson.number}  {lesson.title}" for lesson in contents()] == lines[: len(contents())]


def test_a_lesson_runs_cell_by_cell(small, capsys):
    assert main(["lesson", "run", "1"]) == 0
    lines = [line.strip(" │") for line in capsys.readouterr().out.splitlines()]
    text = [line for line in lines if line.strip("─╭╮╰╯━┏┓┗┛ ")]
    assert text == [
        "1. A small lesson",
        "A weight w₁ and a table:",
        "PyTorch  here   value",
        "x + 1    x + 1  3",
        "x = 2",
        'print("printed")',
        "x + 1",
        "printed",
        "3",
        "The end.",
    ]


def test_it_waits_where_that_is_asked_for(small, monkeypatch, capsys):
    asked = []
    monkeypatch.setattr("builtins.input", lambda text: asked.append(text) or "")
    assert main(["lesson", "run", "1", "--pause"]) == 0
    assert asked == ["Enter goes on "]


def test_without_a_keyboard_it_does_not_wait(small, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["lesson", "run", "1", "--pause"]) == 2
    assert "--pause waits for a keyboard, and there is none" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["run", "9"], ["open", "9"]])
def test_an_unknown_number_is_one_line_with_the_known_ones(words, small, capsys):
    assert main(["lesson", *words]) == 2
    assert capsys.readouterr().err == (
        "functorch-course lesson: there is no lesson 9: write one of 1 (A small lesson)\n"
    )


@pytest.mark.parametrize("what", ["run", "open"])
def test_a_number_is_needed(what, capsys):
    assert main(["lesson", what]) == 2
    assert f"write `lesson {what} 1`" in capsys.readouterr().err


def test_a_lesson_is_taken_home_as_a_script(small, capsys):
    assert main(["lesson", "open", "1"]) == 0
    assert (small / "01_small.py").read_text() == SMALL
    assert capsys.readouterr().out == "written: 01_small.py, lesson 1, A small lesson\n"


def test_a_lesson_is_taken_home_as_a_notebook(small):
    assert main(["lesson", "open", "1", "--notebook"]) == 0
    notebook = json.loads((small / "01_small.ipynb").read_text())
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert [cell["cell_type"] for cell in notebook["cells"]] == ["markdown", "code", "markdown"]
    assert "".join(notebook["cells"][1]["source"]) == 'x = 2\nprint("printed")\nx + 1'


def test_nothing_is_replaced_unless_forced(small, capsys):
    (small / "01_small.py").write_text("mine")
    assert main(["lesson", "open", "1"]) == 2
    assert "01_small.py exists and stays as it is: --force replaces it" in capsys.readouterr().err
    assert (small / "01_small.py").read_text() == "mine"
    assert main(["lesson", "open", "1", "--force"]) == 0
    assert (small / "01_small.py").read_text() == SMALL


EDITOR = "import sys, pathlib; pathlib.Path('seen').write_text(repr(sys.argv[1:])); sys.exit({})"


def test_an_editor_starts_only_where_asked_for(small, monkeypatch):
    (small / "edit.py").write_text(EDITOR.format(0))
    monkeypatch.setenv("EDITOR", "no such program")
    monkeypatch.setenv("VISUAL", f"{sys.executable} edit.py --wait")
    assert main(["lesson", "open", "1"]) == 0
    assert not (small / "seen").exists()
    assert main(["lesson", "open", "1", "--edit", "--force"]) == 0
    assert (small / "seen").read_text() == "['--wait', '01_small.py']"


@pytest.mark.parametrize(
    ("editor", "said"),
    [
        ("", "set $VISUAL or $EDITOR"),
        ("/no/such/editor", "'/no/such/editor' does not start"),
        (f"{sys.executable} edit.py", "ended with code 3"),
    ],
)
def test_an_editor_that_fails_is_one_line(editor, said, small, monkeypatch, capsys):
    (small / "edit.py").write_text(EDITOR.format(3))
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    assert main(["lesson", "open", "1", "--edit"]) == 2
    assert said in capsys.readouterr().err
    assert (small / "01_small.py").exists() == bool(editor)


def test_the_lessons_of_the_course_are_found():
    assert find(2).path.read_text(encoding="utf-8").startswith("# %% [markdown]\n# # 2. ")
