"""The grader in a process of its own: nothing that an answer does can hurt, or go on for ever."""

import pytest

from exercise_answers import ANSWERS, file_text
from functorch_course.exercises import GraderError, check_file, find

S06 = find("S06")
PLENTY = 120.0  # of seconds, for an answer that ends by itself on a machine that is busy


@pytest.fixture
def check_text(tmp_path):
    def run(text, limit=PLENTY):
        path = tmp_path / "S06.py"
        path.write_text(text, encoding="utf-8")
        return path, check_file(S06, path, limit=limit)

    return run


def test_a_right_answer_passes_though_it_writes_past_python(check_text):
    text = file_text(S06, ANSWERS["S06"].right).replace(
        "import numpy as np", "import os\nimport numpy as np\nos.write(1, b'{}')"
    )
    _, verdict = check_text(text)
    assert verdict.passed
    assert verdict.checks == ("values",)


def test_a_wrong_answer_comes_back_with_its_finding(check_text):
    _, verdict = check_text(file_text(S06, ANSWERS["S06"].wrong_text("no shuffle")))
    assert verdict.failed == "values"
    assert verdict.finding.called == (
        "epoch_order(length, seed, epoch)",
        "length = 10",
        "seed = 0",
        "epoch = 0",
    )
    assert verdict.finding.came == "[0, 1, 2, 3, 4, … 10 in all]"


def test_an_endless_loop_is_ended_and_its_line_is_shown(check_text):
    loop = "n = 0\nwhile True:\n    n += 1"
    path, verdict = check_text(file_text(S06, loop), limit=1)
    finding = verdict.finding
    assert finding.came == "no answer within 1 s"
    assert "a loop that does not end" in finding.meaning
    (line,) = finding.lines
    number = int(line.split(",")[0].removeprefix("line "))
    assert path.read_text().splitlines()[number - 1].strip() in ("n += 1", "while True:")
    assert ", in epoch_order: " in line


def test_an_answer_that_puts_off_its_end_is_ended_all_the_same(check_text, monkeypatch):
    monkeypatch.setattr("functorch_course.exercises.process.GRACE", 0.5)
    loop = "import faulthandler\nfaulthandler.cancel_dump_traceback_later()\nwhile True:\n    pass"
    _, verdict = check_text(file_text(S06, loop), limit=0.5)
    assert verdict.finding.came == "no answer within 0.5 s"


def test_an_answer_that_ends_the_process_is_told(check_text):
    _, verdict = check_text(file_text(S06, "import os\nos._exit(7)"))
    assert verdict.finding.came == "the end of the Python process, with exit code 7"


def test_a_grader_that_fails_by_itself_is_no_mistake_of_the_learner(check_text, monkeypatch):
    monkeypatch.setenv("JAX_PLATFORM_NAME", "cpu")
    monkeypatch.setattr("functorch_course.exercises.process.CPU", {"JAX_PLATFORMS": "nonsense"})
    with pytest.raises(GraderError, match=r"(?s)the process that grades S06\.py failed:.*nonsense"):
        check_text(file_text(S06, ANSWERS["S06"].right))
