"""Values of an array at positions between its pixels."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arrays import Array, as_working_floats, namespace, per_channel, restore


def sample(
    image: Array,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    mode: str,
    fill: float | Sequence[float] | None,
) -> Array:
    """Return the values at columns ``x`` and rows ``y``; outside of the image ``fill``, or 0.

    PyTorch: ``torch.nn.functional.grid_sample`` without aligned corners, then torchvision's fill.
    """
    values = as_working_floats(image)
    color: Array = 0
    if fill is not None:
        color = per_channel(values, fill, "fill")
        color = color if image.ndim > 2 else color[0]
    if mode == "nearest":
        found, inside = _tap(values, np.rint(x), np.rint(y))
        found = namespace(image).where(inside, found, color)
    else:
        found, covered = _bilinear(values, x, y)
        if fill is not None:  # the values at the rim are weighed twice, as PyTorch does
            found = found * covered + (1 - covered) * color
    return restore(found, image.dtype)


def _bilinear(
    values: Array, x: NDArray[np.float32], y: NDArray[np.float32]
) -> tuple[Array, NDArray[np.float32]]:
    """Return the weighted sum of the four pixels around, and how much of it lay inside."""
    left, top = np.floor(x), np.floor(y)
    right, down = x - left, y - top
    found: Any = 0
    covered = np.zeros_like(x)
    for rows, weight_y in ((top, 1 - down), (top + 1, down)):
        for columns, weight_x in ((left, 1 - right), (left + 1, right)):
            tap, inside = _tap(values, columns, rows)
            weight = weight_x * weight_y
            found = found + tap * weight.astype(values.dtype)
            covered = covered + inside * weight
    return found, covered.astype(values.dtype)


def _tap(
    values: Array, columns: NDArray[np.float32], rows: NDArray[np.float32]
) -> tuple[Array, NDArray[np.bool_]]:
    """Return the pixels at whole positions, 0 outside of the image, and which lay inside."""
    height, width = values.shape[-2:]
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    column = np.where(inside, columns, 0).astype(np.intp)
    row = np.where(inside, rows, 0).astype(np.intp)
    return values[..., row, column] * inside.astype(values.dtype), inside
