"""``functorch-course exercise``: from the stub to an answer that passes, as a learner does it."""

import subprocess
import sys

import pytest

from exercise_answers import ANSWERS, file_text
from functorch_course.cli import main
from functorch_course.exercises import Verdict, find

PLENTY = ["--limit", "120"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def exit_code(*words):
    try:
        return main(["exercise", *words])
    except SystemExit as exit_:
        return exit_.code


def test_the_way_of_a_learner(here, capsys):
    assert exit_code("start", "I01") == 0
    assert capsys.readouterr().out == "I01.py written: Labels from a CSV with spaces\n"

    assert exit_code("check", "I01", *PLENTY) == 1
    assert "still to be written, in I01.py" in capsys.readouterr().out

    (here / "I01.py").write_text(file_text(find("I01"), ANSWERS["I01"].right))
    assert exit_code("list") == 0
    assert " changed " in capsys.readouterr().out

    assert exit_code("check", *PLENTY) == 0
    out = capsys.readouterr().out
    assert out.startswith("✓ I01 Labels from a CSV with spaces")
    assert "1 of 1 passed. Next: functorch-course exercise start I02" in out

    assert exit_code("list") == 0
    assert "1 of 39 passed" in capsys.readouterr().out


def test_a_real_process_ends_with_one_where_an_answer_is_wrong(here):
    text = file_text(find("I01"), ANSWERS["I01"].wrong_text("names not stripped"))
    (here / "I01.py").write_text(text)
    words = [sys.executable, "-m", "functorch_course.cli", "exercise", "check", "I01.py", *PLENTY]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr == ""
    assert "[(5, ' img_0001.png'), (2, ' img_0002.png')]" in run.stdout
    assert run.stdout.endswith("0 of 1 passed.\n")


def test_what_is_saved_while_it_is_checked_is_not_taken_for_checked(here, capsys, monkeypatch):
    def check_slowly(exercise, path, **_):
        path.write_text("another text")
        return Verdict(exercise.id)

    monkeypatch.setattr("functorch_course.exercises.check_file", check_slowly)
    exit_code("start", "I01")
    assert exit_code("check") == 0
    exit_code("list")
    assert " changed " in capsys.readouterr().out


def test_a_hint_comes_at_the_level_asked_for(capsys):
    assert exit_code("hint", "T05", "--level", "2") == 0
    out = capsys.readouterr().out
    assert find("T05").hints[1] in out
    assert find("T05").hints[2] not in out


def test_start_does_not_write_over_work(here, capsys):
    (here / "T01.py").write_text("mine")
    assert exit_code("start", "T01") == 2
    assert capsys.readouterr().err.startswith("functorch-course exercise: T01.py is there already")
    assert (here / "T01.py").read_text() == "mine"
    assert exit_code("start", "T01", "--force") == 0
    assert (here / "T01.py").read_text() == find("T01").page()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["start", "T99"], "there is no exercise 'T99'"),
        (["check"], "there is no exercise in "),
        (["hint", "X"], "there is no exercise 'X'"),
        (["hint", "T01", "--level", "4"], "invalid choice: 4"),
        (["check", "--limit", "0"], "write a number above 0"),
        ([], "the following arguments are required: command"),
    ],
)
def test_misuse_is_one_line(words, text, here, capsys):
    assert exit_code(*words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert text in line


def test_listing_and_hints_load_no_jax():
    code = (
        "import sys; from functorch_course.cli import main\n"
        "main(['exercise', 'list']); main(['exercise', 'hint', 'T01'])\n"
        "print(*(name for name in ('jax', 'flax', 'torch') if name in sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == ""


def test_the_limit_of_the_command_is_the_grader_s():
    from functorch_course.cli.main import parser
    from functorch_course.exercises.process import LIMIT

    assert parser().parse_args(["exercise", "check"]).limit == LIMIT
