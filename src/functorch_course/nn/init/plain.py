"""Starting values that do not depend on the shape."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from functorch_course import random
from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator


def uniform(
    shape: Sequence[int],
    a: float = 0.0,
    b: float = 1.0,
    *,
    generator: Generator | None = None,
    dtype: DTypeLike = np.float32,
) -> NDArray[Any]:
    """Draw every value from the uniform distribution U(a, b).

    Args:
        shape: The shape of the result.
        a: The lower end.
        b: The upper end.
        generator: The source of the numbers; ``None`` means the current one.
        dtype: float32 or float64.

    Returns:
        A new array.

    Example:
        >>> uniform((2,), 0.0, 1.0, generator=Generator(0))
        array([0.4962566, 0.7682218], dtype=float32)

    PyTorch: ``torch.nn.init.uniform_``, bit for bit.
    """
    return random.uniform(a, b, tuple(shape), dtype, generator=generator)


def normal(
    shape: Sequence[int],
    mean: float = 0.0,
    std: float = 1.0,
    *,
    generator: Generator | None = None,
    dtype: DTypeLike = np.float32,
) -> NDArray[Any]:
    """Draw every value from the normal distribution.

    Args:
        shape: The shape of the result.
        mean: Its centre.
        std: Its standard deviation.
        generator: The source of the numbers; ``None`` means the current one.
        dtype: float32 or float64.

    Returns:
        A new array.

    Example:
        >>> normal((2,), generator=Generator(0))
        array([ 1.5409961, -0.2934289], dtype=float32)

    PyTorch: ``torch.nn.init.normal_``, bit for bit.
    """
    return random.normal(mean, std, tuple(shape), dtype, generator=generator)


def trunc_normal(
    shape: Sequence[int],
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    *,
    generator: Generator | None = None,
    dtype: DTypeLike = np.float32,
) -> NDArray[Any]:
    """Draw every value from the normal distribution cut off outside [a, b].

    Args:
        shape: The shape of the result.
        mean: The centre before cutting.
        std: The standard deviation before cutting.
        a: The smallest value.
        b: The largest value.
        generator: The source of the numbers; ``None`` means the current one.
        dtype: float32 or float64.

    Returns:
        A new array.

    Raises:
        InvalidValueError: If a is not below b, or std is not positive.

    Example:
        >>> values = trunc_normal((100,), a=-1.0, b=1.0, generator=Generator(0))
        >>> bool(abs(values).max() <= 1.0)
        True

    PyTorch: ``torch.nn.init.trunc_normal_``, bit for bit where [a, b] holds over 30 % of the
    normal distribution; below that the draws are the same, and the acceptance test is PyTorch's
    up to the rounding of a logarithm.
    """
    if not a < b or not std > 0:
        raise InvalidValueError(f"trunc_normal(std={std}, a={a}, b={b}): needs a < b and std > 0")

    def draw() -> tuple[NDArray[Any], NDArray[np.bool_]]:
        if _normal_share(a, b, mean, std) > 0.3:
            return _normal_proposal(shape, mean, std, a, b, generator, dtype)
        return _uniform_proposal(shape, mean, std, a, b, generator, dtype)

    # PyTorch proposes the whole array again in each round and keeps what was good before.
    values, good = draw()
    while not good.all():
        proposal, also_good = draw()
        values = np.where(good, values, proposal)
        good |= also_good
    return values


def constant(shape: Sequence[int], value: float, dtype: DTypeLike = np.float32) -> NDArray[Any]:
    """Return an array of one value.

    Args:
        shape: The shape of the result.
        value: The value.
        dtype: float32 or float64.

    Returns:
        A new array.

    Example:
        >>> constant((2,), 0.5)
        array([0.5, 0.5], dtype=float32)

    PyTorch: ``torch.nn.init.constant_``; ``zeros_`` and ``ones_`` are ``np.zeros``, ``np.ones``.
    """
    return np.full(shape, value, dtype)


def _normal_share(a: float, b: float, mean: float, std: float) -> float:
    """Return how much of the normal distribution lies in [a, b]."""
    below_a, below_b = ((1 + math.erf((x - mean) / std / math.sqrt(2))) / 2 for x in (a, b))
    return below_b - below_a


def _normal_proposal(
    shape: Sequence[int],
    mean: float,
    std: float,
    a: float,
    b: float,
    generator: Generator | None,
    dtype: DTypeLike,
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Draw from the whole normal distribution; good is what lies in [a, b]."""
    values = normal(shape, mean, std, generator=generator, dtype=dtype)
    return values, (values >= values.dtype.type(a)) & (values <= values.dtype.type(b))


def _uniform_proposal(
    shape: Sequence[int],
    mean: float,
    std: float,
    a: float,
    b: float,
    generator: Generator | None,
    dtype: DTypeLike,
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Draw evenly from [a, b]; good is what a second draw puts below the density."""
    values = uniform(shape, a, b, generator=generator, dtype=dtype)
    height = uniform(shape, generator=generator, dtype=dtype)
    number = values.dtype.type
    distance = (values - number(mean)) / number(std)
    peak = number(-0.5 * ((min(max(mean, a), b) - mean) / std) ** 2)
    with np.errstate(divide="ignore"):
        good = np.log(height) <= distance * distance * number(-0.5) - peak
    return values, good
