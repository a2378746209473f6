"""Memory that JAX reads in place: on the CPU it copies every array that begins elsewhere."""

import ctypes
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

ALIGNMENT = 64  # bytes, from XLA's ``cpu_function_runtime::Align``; NumPy promises 16


def aligned_empty(shape: Sequence[int], dtype: DTypeLike) -> NDArray[Any]:
    """Return a new array, not filled, that begins at a multiple of 64 bytes.

    A batch in such an array goes to a compiled function without a copy, which takes longer than
    many a step: see ``scripts/benchmarks/training.py``.

    Args:
        shape: Of the array.
        dtype: Of the array.

    Example:
        >>> batch = aligned_empty((2, 3), np.float32)
        >>> batch.ctypes.data % 64, batch.shape
        (0, (2, 3))

    PyTorch: tensors always begin so.
    """
    kind = np.dtype(dtype)
    if kind.hasobject:  # Python's own objects, of which JAX reads none
        return np.empty(shape, kind)
    memory = np.empty(math.prod(shape) * kind.itemsize + ALIGNMENT, np.uint8)
    # NumPy's own ways to tell an address take three times as long.
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory.data))
    return np.ndarray(shape, kind, memory, -address % ALIGNMENT)
