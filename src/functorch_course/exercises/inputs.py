"""Hidden inputs: how they are drawn, handed over, and looked at afterwards."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

import functorch_course as fc

from .shown import is_array

Cases = Callable[[np.random.Generator], list[tuple[Any, ...]]]


def numbers(
    random: np.random.Generator, *shape: int, dtype: DTypeLike = np.float32
) -> NDArray[Any]:
    """Draw numbers from -2 to 2.

    Args:
        random: What draws.
        *shape: How many, along each axis.
        dtype: Of what kind.

    Returns:
        An array.

    Example:
        >>> numbers(np.random.default_rng(0), 2, 3).shape
        (2, 3)

    PyTorch: ``torch.empty(shape).uniform_(-2, 2)``.
    """
    return random.uniform(-2, 2, shape).astype(dtype)


def on_host(value: Any) -> Any:  # noqa: ANN401
    """Return a copy with arrays of NumPy."""
    return copy.deepcopy(value)


def on_device(value: Any) -> Any:  # noqa: ANN401
    """Return a copy with arrays of JAX."""
    if isinstance(value, np.ndarray):
        return fc.tensor.from_numpy(value)
    if isinstance(value, dict):
        return {key: on_device(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(on_device(item) for item in value)
    return on_host(value)


def identical(one: Any, other: Any) -> bool:  # noqa: ANN401
    """Whether two values are of one type and structure, and hold the same bits."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(identical(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(identical, one, other))
    if is_array(one):
        return _bits(one) == _bits(other)
    return bool(one == other) or (one != one and other != other)


def _bits(array: Any) -> tuple[object, ...]:  # noqa: ANN401
    """Return all that makes an array what it is."""
    values = np.asarray(array)
    return values.dtype, values.shape, values.tobytes()
