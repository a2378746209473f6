"""Single numbers from the current generator, in the form the transforms need them."""

import math

import numpy as np

from functorch_course import random


def coin(p: float) -> bool:
    """Return true with probability ``p``. Draws one word."""
    return bool(random.rand() < np.float32(p))


def uniform(low: float, high: float) -> float:
    """Return a float32 number of [low, high). Draws one word."""
    return float(random.uniform(low, high))


def log_uniform(low: float, high: float) -> float:
    """Return a number whose logarithm is uniform. Draws one word.

    Logarithm and exponential are rounded from float64: NumPy's own for float32 are less accurate
    than PyTorch's.
    """
    drawn = random.uniform(_log32(low), _log32(high))
    return float(np.float32(math.exp(drawn)))


def _log32(value: float) -> float:
    """Return the logarithm in float32."""
    return float(np.float32(math.log(np.float32(value))))


def integer(low: int, high: int) -> int:
    """Return a whole number of low, ..., high - 1. Draws one word."""
    return int(random.randint(low, high))
