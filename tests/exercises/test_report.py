"""What stands in the terminal."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from functorch_course.exercises import (
    EXERCISES,
    ExerciseFileError,
    Finding,
    Verdict,
    find,
    hint_text,
    list_table,
    show,
    summary,
    verdict_page,
)
from functorch_course.exercises.answer import UNWRITTEN
from functorch_course.exercises.exercise import SECTIONS

T02 = find("T02")
FILE = Path("T02.py")
FINDING = Finding(
    called=("change_ends(x)", "x = [bold]1[/bold]"),
    expected="[1, 2]",
    came="TypeError: no\nsecond line",
    meaning="the value differs",
    lines=("line 3, in f: x[0] = 1",),
)


def printed(content, width=80):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(content)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_a_passed_exercise_is_one_line():
    assert printed(verdict_page(T02, FILE, Verdict("T02"))) == ["✓ T02 Change two elements"]


def test_a_mistake_is_shown_whole_and_markup_is_left_alone():
    assert printed(verdict_page(T02, FILE, Verdict("T02", (), "values", FINDING, ("a note",)))) == [
        "✗ T02 Change two elements",
        "    call      change_ends(x)",
        "              x = [bold]1[/bold]",
        "    expected  [1, 2]",
        "    came      TypeError: no",
        "              second line",
        "    that is   the value differs",
        "    T02.py    line 3, in f: x[0] = 1",
        "    hint      functorch-course exercise hint T02",
        "    note      a note",
    ]


def test_a_note_with_brackets_is_left_alone():
    verdict = Verdict("T02", ("values",), notes=("it prints a line, beginning with '[/red]'",))
    assert printed(verdict_page(T02, FILE, verdict))[-1].endswith("'[/red]'")


def test_a_stub_is_told_apart_from_a_mistake():
    verdict = Verdict("T02", (), "values", Finding(("f(x)",), "1", UNWRITTEN))
    (line,) = printed(verdict_page(T02, FILE, verdict))
    assert line == "· T02 Change two elements  still to be written, in T02.py"


def test_a_long_value_is_folded_under_its_label():
    finding = Finding(("f(x)",), "1 " * 60, "2")
    lines = printed(verdict_page(T02, FILE, Verdict("T02", (), "values", finding)), width=60)
    assert max(map(len, lines)) <= 60
    assert all(line.startswith(" " * 4) for line in lines[1:])


def test_the_summary_counts_and_names_the_next_exercise():
    not_yet = Verdict("T02", (), "values", FINDING)
    assert summary([Verdict("T01"), not_yet]) == "1 of 2 passed."
    assert summary([Verdict("T07")]) == "1 of 1 passed. Next: functorch-course exercise start M01"
    assert summary([Verdict(EXERCISES[-1].id)]) == "1 of 1 passed."


def test_the_list_has_every_exercise_and_how_far_it_is():
    lines = printed(list_table({"T02": "passed", "T03": "not yet", "T04": "changed"}), width=120)
    text = "\n".join(lines)
    assert all(f" {exercise.id} " in text for exercise in EXERCISES)
    assert " ✓   T02   Change two elements                       passed" in text
    assert any(line.startswith(" ✗   T03") and "not yet" in line for line in lines)
    assert any(line.startswith(" ·   T04") and "changed" in line for line in lines)
    assert lines[-1] == f"1 of {len(EXERCISES)} passed"


def test_hints_lead_from_level_to_level():
    first, second, third = (hint_text(T02, level) for level in (1, 2, 3))
    assert first.endswith("More: functorch-course exercise hint T02 --level 2")
    assert "These are enough: .at, .set" in second
    assert "More" not in third
    for level, text in enumerate((first, second, third), 1):
        assert T02.hints[level - 1] in text
        assert f"hint {level} of 3" in text


@pytest.mark.parametrize("level", [0, 4])
def test_there_is_no_other_hint(level):
    with pytest.raises(ExerciseFileError, match=rf"no hint {level}: write --level 1, 2 or 3"):
        hint_text(T02, level)


def test_text_with_brackets_is_no_markup(capsys):
    show("if x[red]: batch[/0]")
    assert capsys.readouterr().out == "if x[red]: batch[/0]\n"


def test_the_list_fits_eighty_columns():
    lines = printed(list_table({"T02": "not yet"}), width=200)
    assert len([line for line in lines if line]) == 2 + len(SECTIONS) + len(EXERCISES) + 1
    assert max(map(len, lines)) <= 80
    assert printed(list_table({"T02": "not yet"}), width=80) == lines


def test_a_narrow_terminal_does_not_make_it_unreadable(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "10")
    show(verdict_page(T02, FILE, Verdict("T02", (), "values", FINDING)))
    assert "    hint      functorch-course exercise hint T02" in capsys.readouterr().out
