"""Every lesson: its form, that it runs, and that its tables are true."""

import subprocess
import sys

import pytest

from functorch_course.lessons import contents
from lesson_laws import breaks
from lesson_tables import check, globals_of, rows

LESSONS = contents()
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.path.stem)


def test_each_lesson_has_the_number_of_its_file():
    assert [f"{lesson.number:02}" for lesson in LESSONS] == [each.path.name[:2] for each in LESSONS]
    assert len({lesson.number for lesson in LESSONS}) == len(LESSONS) > 0


@each_lesson
def test_the_form(lesson):
    assert breaks(lesson.path, lesson.path.read_text(encoding="utf-8")) == []


@each_lesson
def test_the_tables(lesson, subtests, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    namespace = globals_of(lesson)
    for row in rows(lesson.path.read_text(encoding="utf-8")):
        if "here" in row.expressions:
            with subtests.test(row.expressions["here"]):
                check(row, "here", dict(namespace))


@pytest.mark.slow
@each_lesson
def test_the_program(lesson, tmp_path):
    program = [sys.executable, "-W", "error", str(lesson.path)]
    run = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.count("\n") < 60
    pictures = list((tmp_path / "runs" / "lessons").glob("*.png"))
    assert pictures
    assert {path.name for path in tmp_path.iterdir()} == {"runs"}
