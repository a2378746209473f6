"""What holds of all exercises: ids, rows, order, names, hints, stubs."""

import re
from collections import Counter

import pytest

from course_report import read_rows
from exercise_answers import ANSWERS, file_text
from functorch_course.exercises import EXERCISES, grade
from functorch_course.exercises.exercise import LESSONS, SECTIONS

from .lesson_names import LESSONS as LESSON_FILES
from .lesson_names import is_presupposed, named_in, names_in, taught_by

every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.id)


def test_there_are_enough_in_every_section():
    counts = Counter(exercise.id[0] for exercise in EXERCISES)
    assert counts.keys() == SECTIONS.keys() == LESSONS.keys()
    assert min(counts.values()) >= 4
    assert counts.total() >= 36


def test_ids_are_counted_through_in_the_order_of_the_lessons():
    ids = [exercise.id for exercise in EXERCISES]
    counts = Counter(key[0] for key in ids)
    assert ids == [f"{letter}{n:02}" for letter in LESSONS for n in range(1, counts[letter] + 1)]
    lessons = [exercise.lesson for exercise in EXERCISES]
    assert lessons == sorted(lessons)


@every_exercise
def test_the_rows_are_rows_of_its_section(exercise):
    assert exercise.rows
    assert set(exercise.rows) <= read_rows().keys()
    assert {row[0] for row in exercise.rows} == {exercise.id[0]}


@every_exercise
def test_nothing_of_a_later_lesson_is_needed(exercise):
    solution = names_in(file_text(exercise, ANSWERS[exercise.id].right))
    needed = {
        name
        for name in {*solution, *names_in(exercise.stub), *exercise.uses}
        if not is_presupposed(name)
    }
    assert needed <= taught_by(exercise.lesson) | named_in(exercise.task)


@every_exercise
def test_what_it_uses_is_declared(exercise):
    used = names_in(file_text(exercise, ANSWERS[exercise.id].right))
    in_types = names_in(exercise.stub)
    assert used | in_types == set(exercise.uses) | in_types


def test_a_name_of_a_later_lesson_is_seen():
    source = "y = fc.autograd.vjp(f)(x).at[0].set(W @ jnp.ones(self.size))"
    assert names_in(source) == {"fc.autograd.vjp", ".at", ".set", "@", "jnp.ones"}
    assert "fc.autograd.vjp" in taught_by(4) - taught_by(3)


def test_python_and_numpy_are_presupposed_and_nothing_else():
    assert all(map(is_presupposed, ["@", ".mean", ".append", ".uniform", "jnp.clip", "np.stack"]))
    assert not any(map(is_presupposed, [".at", "jnp.vectorise", "jax.vmap", "fc.tensor.view"]))


def test_each_section_has_the_lesson_of_its_number():
    for letter, number in LESSONS.items():
        (file,) = LESSON_FILES.glob(f"0{number}_*.py")
        assert f"`functorch-course exercise list`, section {letter}." in file.read_text(
            encoding="utf-8"
        )


@every_exercise
def test_there_are_three_different_hints(exercise):
    assert len(set(exercise.hints)) == 3
    for hint in exercise.hints:
        assert len(hint.split()) >= 4
        assert "\n" not in hint


@every_exercise
def test_the_first_hint_is_a_concept_and_no_code(exercise):
    assert not re.search(r"[\w)]\(|[\w)]\[|==|\w\.\w", exercise.hints[0])
    assert not any(name in exercise.hints[0] for name in exercise.uses if len(name) > 2)


@every_exercise
def test_no_hint_is_the_solution(exercise):
    solution = ANSWERS[exercise.id].right
    lines = [line.strip().removeprefix("return ") for line in solution.strip().splitlines()]
    telling = [line for line in lines if names_in_line(line) or line == lines[-1]]
    for hint in exercise.hints:
        assert not all(_squeezed(line) in _squeezed(hint) for line in telling)


def names_in_line(line):
    return re.search(r"[@(\[]", line)


def _squeezed(text):
    return re.sub(r"\s", "", text)


@every_exercise
def test_the_stub_runs_and_is_told_apart_from_an_answer(exercise, tmp_path):
    path = tmp_path / exercise.file_name
    path.write_text(exercise.page(), encoding="utf-8")
    verdict = grade(exercise, path)
    assert verdict.unwritten
    assert not verdict.passed
    assert verdict.checks == ()


@every_exercise
def test_the_page_says_what_to_do_and_gives_nothing_away(exercise):
    page = exercise.page()
    assert max(map(len, page.splitlines())) <= 100
    assert exercise.task in page
    assert f"functorch-course exercise check {exercise.id}" in page
    for hint in exercise.hints:
        assert hint not in page
    assert ANSWERS[exercise.id].right.strip().splitlines()[-1].strip() not in page
