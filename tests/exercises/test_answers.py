"""Every exercise accepts its reference solution, and finds out plausible wrong answers."""

import doctest
import functools
import tempfile
from pathlib import Path

import pytest

from exercise_answers import ANSWERS, file_text
from functorch_course.exercises import EXERCISES, grade

BY_ID = {exercise.id: exercise for exercise in EXERCISES}
WRONG = [(key, mistake) for key, answers in ANSWERS.items() for mistake in answers.wrong]
SLIPS = ("NameError", "SyntaxError", "IndentationError", "ImportError", "ModuleNotFoundError")


def graded(exercise, text, seed=0):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / exercise.file_name
        path.write_text(text, encoding="utf-8")
        return grade(exercise, path, seed)


@functools.cache
def verdict_on(key, mistake):
    return graded(BY_ID[key], file_text(BY_ID[key], ANSWERS[key].wrong_text(mistake)))


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("key", BY_ID)
def test_the_reference_solution_passes(key, seed):
    exercise = BY_ID[key]
    verdict = graded(exercise, file_text(exercise, ANSWERS[key].right), seed)
    assert verdict.finding is None, verdict
    assert verdict.checks == tuple(check.name for check in exercise.checks)
    assert verdict.notes == ()


@pytest.mark.parametrize(("key", "mistake"), WRONG)
def test_a_wrong_answer_is_found_out(key, mistake):
    verdict = verdict_on(key, mistake)
    finding = verdict.finding
    assert finding is not None, f"{key} passes though: {mistake}"
    assert not finding.came.startswith(SLIPS), f"a slip of the test: {finding}"
    assert not verdict.unwritten
    assert finding.expected
    assert finding.came


@pytest.mark.parametrize("key", BY_ID)
def test_each_check_finds_out_a_wrong_answer(key):
    failed = {verdict_on(key, mistake).failed for mistake in ANSWERS[key].wrong}
    assert {check.name for check in BY_ID[key].checks} <= failed


@pytest.mark.parametrize("key", BY_ID)
def test_the_example_is_true(key):
    exercise = BY_ID[key]
    text = file_text(exercise, ANSWERS[key].right)
    names = {}
    exec(compile(text, exercise.file_name, "exec"), names)
    test = doctest.DocTestParser().get_doctest(names["__doc__"], names, key, None, 0)
    assert test.examples
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(test)
    assert runner.failures == 0


def test_there_are_five_wrong_answers_to_each_exercise():
    assert min(len(answers.wrong) for answers in ANSWERS.values()) >= 5
    assert ANSWERS.keys() == BY_ID.keys()
