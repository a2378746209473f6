"""Memory that JAX reads in place: on the CPU it copies every array that begins elsewhere."""

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
    size = math.prod(shape) * kind.itemsize
    memory = np.empty(size + ALIGNMENT, np.uint8)
    first = -memory.__array_interface__["data"][0] % ALIGNMENT
    return memory[first : first + size].view(kind).reshape(shape)
