"""What can be wrong with the input of a module or a loss: PyTorch's error class and ours in one."""

import math
from collections.abc import Sequence

import numpy as np

from functorch_course.errors import CourseError, InvalidValueError, TeachingError


class ShapeMismatchError(InvalidValueError, RuntimeError):
    """Arrays have shapes that do not belong together; the message names them and the remedy."""


class LossShapeError(TeachingError, ShapeMismatchError):
    """A loss was asked to compare arrays of unequal shapes, which PyTorch broadcasts."""


class IndexRangeError(InvalidValueError, IndexError):
    """A label or an index lies outside its range; the message names the first one and the range."""


class InputTypeError(CourseError, TypeError):
    """The input of a module is not an array of a dtype that it takes; the message says which."""


class StateMismatchError(CourseError, RuntimeError):
    """A state dict does not fit the model; the message lists every name that differs."""


def same_shape(first: str, shape: Sequence[int], second: str, other: Sequence[int]) -> None:
    """Raise :class:`ShapeMismatchError` unless the two shapes are equal.

    Args:
        first: What the first array is called where the user wrote it.
        shape: Its shape.
        second: What the second array is called.
        other: Its shape.

    Raises:
        LossShapeError: If the shapes differ, even where they would broadcast.

    Example:
        >>> same_shape("predictions", (4, 1), "targets", (4, 1))
        >>> same_shape("predictions", (4, 1), "targets", (4,))
        Traceback (most recent call last):
        functorch_course.nn.errors.LossShapeError: predictions have shape (4, 1), but targets have
        shape (4,)
          PyTorch: It broadcasts both to (4, 4), and warns at most: the loss is wrong.
          Here:    write targets.reshape(predictions.shape)
          Lesson:  M116

    PyTorch: has no counterpart; its losses broadcast (4, 1) with (4,) to (4, 4) and only warn.
    """
    if tuple(shape) == tuple(other):
        return
    same_size = math.prod(shape) == math.prod(other)
    raise LossShapeError(
        f"{first} have shape {tuple(shape)}, but {second} have shape {tuple(other)}",
        _what_pytorch_does(tuple(shape), tuple(other)),
        f"write {second}.reshape({first}.shape)" if same_size else f"{second} must be as many",
        "M116",
    )


def _what_pytorch_does(shape: tuple[int, ...], other: tuple[int, ...]) -> str:
    try:
        common = np.broadcast_shapes(shape, other)
    except ValueError:
        return "It raises RuntimeError: the size of tensor a must match the size of tensor b."
    return f"It broadcasts both to {common}, and warns at most: the loss is wrong."
