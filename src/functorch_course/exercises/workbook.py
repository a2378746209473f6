"""The learner's folder: the files of exercises, and a small file that says which ones passed."""

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from functorch_course.errors import DamagedFileError

from .catalogue import EXERCISES, find
from .errors import ExerciseFileError
from .exercise import Exercise
from .grade import Verdict

State = Literal["", "started", "passed", "not yet", "changed"]
PROGRESS = "exercises.json"


def start(exercise: Exercise, folder: Path, *, force: bool = False) -> Path:
    """Write the file that the learner completes.

    Args:
        exercise: Which.
        folder: Where to.
        force: Write over a file that is there.

    Returns:
        The file.

    Raises:
        ExerciseFileError: If the file is there already, or cannot be written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     start(find("T02"), Path(folder)).name
        'T02.py'

    PyTorch: has no counterpart.
    """
    path = folder / exercise.file_name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(exercise.page())
    except FileExistsError as error:
        raise ExerciseFileError(
            f"{path} is there already, perhaps with your work in it: write --force to start again"
        ) from error
    except OSError as error:
        raise ExerciseFileError(f"{path} cannot be written: {error.strerror}") from error
    return path


def answers(words: Sequence[str], folder: Path) -> list[tuple[Exercise, Path]]:
    """Return the exercises and files that some words stand for.

    Args:
        words: Ids, for the files in the folder, or paths; none for all files in the folder.
        folder: Where the files of ids are.

    Returns:
        Pairs of an exercise and its file, in the order of the words, or of the course.

    Raises:
        ExerciseFileError: If a word is neither, a file is missing, or there is none at all.

    Example:
        >>> answers(["T02"], Path("nowhere"))
        Traceback (most recent call last):
        functorch_course.exercises.errors.ExerciseFileError: nowhere/T02.py is not there: write
        `functorch-course exercise start T02`, or name the file

    PyTorch: has no counterpart.
    """
    if words:
        return [_answer(word, folder) for word in words]
    found = [(exercise, folder / exercise.file_name) for exercise in EXERCISES]
    found = [(exercise, path) for exercise, path in found if path.exists()]
    if not found:
        raise ExerciseFileError(
            f"there is no exercise in {folder.absolute()}: "
            f"write `functorch-course exercise start {EXERCISES[0].id}`"
        )
    return found


def _answer(word: str, folder: Path) -> tuple[Exercise, Path]:
    """Return the exercise and the file that one word stands for."""
    path = Path(word)
    if path.suffix != ".py":
        exercise = find(word)
        path = folder / exercise.file_name
    else:
        exercise = find(re.split(r"[^A-Za-z0-9]", path.stem)[0])
    if not path.exists():
        raise ExerciseFileError(
            f"{path} is not there: write `functorch-course exercise start {exercise.id}`, "
            "or name the file"
        )
    return exercise, path


def states(folder: Path) -> dict[str, State]:
    """Return how far each exercise is, as far as the folder tells.

    Args:
        folder: Where the files are.

    Returns:
        By id: "" untouched, "started" but not checked, "passed", "not yet", or "changed" since it
        was checked.

    Raises:
        DamagedFileError: If the file of the progress is not what was written.
        ExerciseFileError: If a file cannot be read.

    Example:
        >>> states(Path("nowhere"))["T02"]
        ''

    PyTorch: has no counterpart.
    """
    kept = _progress(folder)
    return {exercise.id: _state(exercise, folder, kept.get(exercise.id)) for exercise in EXERCISES}


def _state(exercise: Exercise, folder: Path, kept: list[str] | None) -> State:
    """Return how far one exercise is, from what was kept of its last check."""
    path = folder / exercise.file_name
    if not path.exists():
        return ""
    if kept is None:
        return "started"
    verdict, checked = kept
    if checked != digest(path):
        return "changed"
    return "passed" if verdict == "passed" else "not yet"


def digest(path: Path) -> str:
    """Return a number that changes with a file.

    Args:
        path: The file.

    Returns:
        16 hexadecimal digits.

    Raises:
        ExerciseFileError: If it cannot be read.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = start(find("T02"), Path(folder))
        ...     before = digest(file)
        ...     _ = file.write_text("better")
        ...     digest(file) == before
        False

    PyTorch: has no counterpart.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise ExerciseFileError(f"{path} cannot be read: {error.strerror}") from error


def remember(path: Path, verdict: Verdict, checked: str) -> None:
    """Keep the verdict on a file, beside it.

    Args:
        path: The file; another name than that of ``start`` is not kept.
        verdict: What grading it found.
        checked: Its :func:`digest` before it was graded, for it may have been saved since.

    Raises:
        DamagedFileError: If the file of the progress is not what was written.
        ExerciseFileError: If it cannot be read or written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = start(find("T02"), Path(folder))
        ...     remember(file, Verdict("T02"), digest(file))
        ...     states(Path(folder))["T02"]
        'passed'

    PyTorch: has no counterpart.
    """
    if path.name != find(verdict.id).file_name:
        return
    kept = _progress(path.parent)
    kept[verdict.id] = ["passed" if verdict.passed else "not yet", checked]
    text = json.dumps(dict(sorted(kept.items())), indent=1)
    _replace(path.parent / PROGRESS, text + "\n")


def _replace(path: Path, text: str) -> None:
    """Write a file so that a crash leaves the old one or the new one, never half of one."""
    new = path.with_name(path.name + ".new")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    except OSError as error:
        raise ExerciseFileError(f"{path} cannot be written: {error.strerror}") from error


def _progress(folder: Path) -> dict[str, list[str]]:
    """Read what was kept in a folder."""
    path = folder / PROGRESS
    if not path.exists():
        return {}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {str(key): [str(verdict), str(checked)] for key, (verdict, checked) in kept.items()}
    except OSError as error:
        raise ExerciseFileError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise DamagedFileError(
            f"{path} does not hold what `exercise check` writes: delete it, and check again"
        ) from error
