"""How the draws read their arguments: sizes, counts and dtypes."""

import operator
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from .errors import RandomError, RandomTypeError, UnsupportedDtypeError

Size = int | Sequence[int]
"""The shape of a result: ``3`` and ``(3,)`` mean three numbers, ``()`` one number without axes."""

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)


def as_shape(size: Size) -> tuple[int, ...]:
    """The size as a tuple of ints, none of them negative."""
    try:
        lengths = size if isinstance(size, Iterable) else [size]
        shape = tuple(map(operator.index, lengths))
    except TypeError as error:
        raise RandomTypeError(
            f"size={size!r} is no shape: write an int or a sequence of ints"
        ) from error
    if shape and min(shape) < 0:
        raise RandomError(f"size={size!r} has a negative length: write 0 or more")
    return shape


def as_count(name: str, value: int) -> int:
    """The value as an int, if it is a whole number."""
    try:
        return operator.index(value)
    except TypeError as error:
        raise RandomTypeError(
            f"{name}={value!r} of type {type(value).__name__} is not a whole number: write an int"
        ) from error


def as_dtype(dtype: DTypeLike, allowed: Sequence[str], draw: str) -> np.dtype[Any]:
    """The dtype, if its name is among those that the draw knows."""
    found = np.dtype(dtype)
    if _name(found) not in allowed:
        raise UnsupportedDtypeError(
            f"{draw} does not exist for dtype={found.name}: write one of {', '.join(allowed)}"
        )
    return found


@cache
def _name(dtype: np.dtype[Any]) -> str:
    """The dtype's name, which NumPy composes anew each time."""
    return dtype.name
