"""Functions of the C library for whole arrays.

NumPy's own ``log``, ``sin`` and ``cos`` are faster, and differ from PyTorch's in the last digit of
some numbers; the standard library's :mod:`math` calls what PyTorch calls.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def each(function: Callable[[float], float], numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """The function of every number of an array with one axis."""
    return np.fromiter(map(function, numbers.tolist()), np.float64, numbers.size)
