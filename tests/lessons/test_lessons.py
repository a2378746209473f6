"""Every lesson: its form, that it runs, and that its tables are true."""

import pytest

from functorch_course.lessons import contents
from lesson_laws import breaks
from lesson_programs import faults
from lesson_tables import check, globals_of, rows

LESSONS = contents()
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.path.stem)


def test_each_lesson_has_the_number_of_its_file():
    assert [f"{lesson.number:02}" for lesson in LESSONS] == [each.path.name[:2] for each in LESSONS]
    assert len({lesson.number for lesson in LESSONS}) == len(LESSONS) > 0


@each_lesson
def test_the_form(lesson):
    assert breaks(lesson.path, lesson.path.read_text(encoding="utf-8")) == []


@pytest.mark.slow
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
    assert faults(lesson.path, tmp_path) == []


DRAW = "from pathlib import Path\nPath('runs/lessons').mkdir(parents=True)\n"
DRAW += "Path('runs/lessons/a.png').touch()\n"


@pytest.mark.parametrize(
    ("program", "found"),
    [
        (DRAW, []),
        (DRAW + "exit(3)", ["it ended with 3"]),
        (DRAW + "import sys; sys.stderr.write('!')", ["it complained: !"]),
        (DRAW + "print('\\n' * 60)", ["it printed more than 60 lines"]),
        ("print(1)", ["it drew no picture"]),
        (DRAW + "Path('a.txt').touch()", ["it wrote a.txt"]),
    ],
    ids=["good", "code", "stderr", "long", "no picture", "elsewhere"],
)
def test_a_broken_program_is_found(program, found, tmp_path):
    (tmp_path / "01_a.py").write_text(program)
    (tmp_path / "empty").mkdir()
    assert faults(tmp_path / "01_a.py", tmp_path / "empty") == found


def test_a_failing_assertion_and_a_warning_are_found(tmp_path):
    (tmp_path / "01_a.py").write_text(DRAW + "import warnings; warnings.warn('w')\n")
    (tmp_path / "02_a.py").write_text(DRAW + "assert 1 + 1 == 3\n")
    for name, text in (("01_a.py", "UserWarning: w"), ("02_a.py", "AssertionError")):
        (tmp_path / name[:2]).mkdir()
        code, complaint = faults(tmp_path / name, tmp_path / name[:2])
        assert code == "it ended with 1"
        assert text in complaint
