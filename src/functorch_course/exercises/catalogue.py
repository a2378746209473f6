"""All exercises, in the order of the course."""

import difflib

from .errors import ExerciseFileError
from .exercise import Exercise
from .sections import differentiation, image_datasets, matrices, overview, simple_dataset, vectors

EXERCISES: tuple[Exercise, ...] = (
    *overview.EXERCISES,
    *vectors.EXERCISES,
    *matrices.EXERCISES,
    *differentiation.EXERCISES,
    *simple_dataset.EXERCISES,
    *image_datasets.EXERCISES,
)
"""All exercises, in an order in which none needs a later lesson.

PyTorch: has no counterpart.
"""

_BY_ID = {exercise.id: exercise for exercise in EXERCISES}


def find(exercise_id: str) -> Exercise:
    """Return the exercise of an id.

    Args:
        exercise_id: Such as ``"T02"``; small letters will do.

    Returns:
        The exercise.

    Raises:
        ExerciseFileError: If there is none.

    Example:
        >>> find("t02").id
        'T02'

    PyTorch: has no counterpart.
    """
    key = exercise_id.upper()
    if key not in _BY_ID:
        near = difflib.get_close_matches(key, _BY_ID, n=3)
        raise ExerciseFileError(
            f"there is no exercise {exercise_id!r}: write one of {', '.join(near or _BY_ID)}"
        )
    return _BY_ID[key]
