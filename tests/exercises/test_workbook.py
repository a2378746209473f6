"""The learner's folder: files that are written, found, and remembered."""

from pathlib import Path

import pytest

from functorch_course.errors import DamagedFileError
from functorch_course.exercises import (
    EXERCISES,
    ExerciseFileError,
    Finding,
    Verdict,
    answers,
    digest,
    find,
    remember,
    start,
    states,
)

T02, O01 = find("T02"), find("O01")
NOT_YET = Verdict("T02", (), "values", Finding(("f(x)",), "1", "2"))


def test_start_writes_the_page_and_never_over_work(tmp_path):
    folder = tmp_path / "new" / "folder"
    path = start(T02, folder)
    assert path == folder / "T02.py"
    assert path.read_text() == T02.page()
    path.write_text("my work")
    with pytest.raises(ExerciseFileError, match=r"T02\.py is there already.*write --force"):
        start(T02, folder)
    assert path.read_text() == "my work"
    start(T02, folder, force=True)
    assert path.read_text() == T02.page()


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ExerciseFileError, match=r"cannot be written: "):
        start(T02, tmp_path / "file" / "below")


def test_without_words_all_files_of_the_folder_are_checked_in_order(tmp_path):
    with pytest.raises(ExerciseFileError, match=r"there is no exercise in .* start O01`"):
        answers([], tmp_path)
    start(T02, tmp_path)
    start(O01, tmp_path)
    (tmp_path / "other.py").write_text("")
    assert [exercise.id for exercise, _ in answers([], tmp_path)] == ["O01", "T02"]


def test_words_are_ids_or_files(tmp_path):
    path = start(T02, tmp_path)
    second = tmp_path / "t02_second_try.py"
    second.write_text("")
    assert answers(["t02", str(second)], tmp_path) == [(T02, path), (T02, second)]


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("T99", r"there is no exercise 'T99': write one of "),
        ("notes.py", r"there is no exercise 'notes'"),
        ("T01", r"T01\.py is not there: write `functorch-course exercise start T01`"),
        ("T02.py", r"T02\.py is not there: .*or name the file"),
    ],
)
def test_other_words_are_refused(word, text, tmp_path):
    with pytest.raises(ExerciseFileError, match=text):
        answers([word], tmp_path)


def test_the_state_follows_the_file(tmp_path):
    def state():
        return states(tmp_path)["T02"]

    assert state() == ""
    path = start(T02, tmp_path)
    assert state() == "started"
    remember(path, NOT_YET, digest(path))
    assert state() == "not yet"
    path.write_text("better")
    assert state() == "changed"
    remember(path, Verdict("T02"), digest(path))
    assert state() == "passed"
    path.unlink()
    assert state() == ""


def test_only_one_small_file_is_kept_and_it_is_readable(tmp_path):
    for exercise in (T02, O01):
        path = start(exercise, tmp_path)
        remember(path, Verdict(exercise.id), digest(path))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "O01.py",
        "T02.py",
        "exercises.json",
    ]
    assert (tmp_path / "exercises.json").read_text().startswith('{\n "O01": [\n  "passed",')


def test_what_is_saved_while_it_is_checked_has_not_passed(tmp_path):
    path = start(T02, tmp_path)
    checked = digest(path)
    path.write_text("another text")
    remember(path, Verdict("T02"), checked)
    assert states(tmp_path)["T02"] == "changed"


def test_progress_that_cannot_be_written_is_told_and_kept_whole(tmp_path):
    path = start(T02, tmp_path)
    remember(path, NOT_YET, digest(path))
    before = (tmp_path / "exercises.json").read_text()
    (tmp_path / "exercises.json.new").mkdir()
    with pytest.raises(ExerciseFileError, match=r"exercises\.json cannot be written: "):
        remember(path, Verdict("T02"), digest(path))
    assert (tmp_path / "exercises.json").read_text() == before


def test_what_cannot_be_read_is_told(tmp_path):
    (tmp_path / "exercises.json").mkdir()
    with pytest.raises(ExerciseFileError, match=r"exercises\.json cannot be read: "):
        states(tmp_path)
    with pytest.raises(ExerciseFileError, match=r"exercises\.json cannot be read: "):
        digest(tmp_path / "exercises.json")


def test_a_file_of_another_name_is_not_remembered(tmp_path):
    other = tmp_path / "T02_second.py"
    other.write_text("")
    remember(other, Verdict("T02"), digest(other))
    assert not (tmp_path / "exercises.json").exists()


@pytest.mark.parametrize("text", ["{", "[1]", '{"T02": 3}', '{"T02": ["passed"]}'])
def test_a_damaged_file_of_progress_says_so(text, tmp_path):
    start(T02, tmp_path)
    (tmp_path / "exercises.json").write_text(text)
    with pytest.raises(DamagedFileError, match=r"exercises\.json does not hold.*delete it"):
        states(tmp_path)


def test_every_exercise_has_a_state():
    assert list(states(Path("nowhere"))) == [exercise.id for exercise in EXERCISES]
