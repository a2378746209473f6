"""Filling arrays block by block, so that what a draw needs in between stays in the cache."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Draw = Callable[[int], NDArray[Any]]
"""A function that draws so many numbers."""

_BLOCK = 2**15


def filled(shape: tuple[int, ...], dtype: np.dtype[Any], draw: Draw) -> NDArray[Any]:
    """A new array whose elements, in order, are what ``draw`` returns."""
    count = math.prod(shape)
    if count <= _BLOCK:
        return draw(count).astype(dtype, copy=False).reshape(shape)
    flat = np.empty(count, dtype)
    fill(flat, draw)
    return flat.reshape(shape)


def fill(flat: NDArray[Any], draw: Draw) -> None:
    """Write what ``draw`` returns, one block after another, into an array of one axis."""
    for start in range(0, flat.size, _BLOCK):
        block = flat[start : start + _BLOCK]
        block[...] = draw(block.size)
