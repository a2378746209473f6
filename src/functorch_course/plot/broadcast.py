"""What broadcasting does: axes of length one are stretched."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from functorch_course.errors import InvalidValueError, one_of

from .picture import BLUE, GREEN, INK, ORANGE, Picture, save

OPERATIONS = {"+": (np.add, "$+$"), "-": (np.subtract, "$-$"), "*": (np.multiply, r"$\times$")}
SIDE = 0.62
"""The side of a cell, in inches."""
GAP = 1.1
"""The room for a sign between two arrays, in cells."""


def broadcasting(
    left: ArrayLike, right: ArrayLike, path: str | Path, *, sign: str = "+"
) -> Picture:
    """Draw two arrays, how each is stretched to the common shape, and the result.

    Shapes: up to two axes each; aligned from the right, lengths are equal or one of them 1.

    Args:
        left: One array.
        right: The other.
        path: The PNG to write.
        sign: What is done with them: ``"+"``, ``"-"`` or ``"*"``.

    Returns:
        The picture. Copies that broadcasting makes are pale; nothing copies them in memory.

    Raises:
        InvalidValueError: If an array has more than two axes, or the sign is unknown.
        ValueError: If the shapes do not fit together.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     picture = broadcasting([[1, 2], [3, 4]], [10, 20], f"{folder}/plus.png")

    PyTorch: ``torch.broadcast_tensors`` gives the stretched arrays.
    """
    one_of("sign", sign, OPERATIONS)
    first, second = np.asarray(left), np.asarray(right)
    if max(first.ndim, second.ndim) > 2:
        raise InvalidValueError(
            f"arrays of shapes {first.shape} and {second.shape} came: only up to two axes can be "
            "drawn; give a slice, such as x[0]"
        )
    operation, written = OPERATIONS[sign]
    result = operation(first, second)
    rows, columns = _matrix(result).shape
    figure = Figure(figsize=(SIDE * 3 * (columns + GAP), SIDE * (rows + 1.5)))
    axes = figure.add_axes((0, 0, 1, 1))
    drawn = ((first, BLUE, written), (second, ORANGE, "$=$"), (result, GREEN, ""))
    for place, (array, color, after) in enumerate(drawn):
        start = GAP / 2 + (columns + GAP) * place
        _draw(axes, start, array, result.shape, color)
        sign_at = (start + columns + GAP / 2, rows / 2)
        axes.text(*sign_at, after, ha="center", va="center", fontsize=20)
    axes.set(xlim=(0, 3 * (columns + GAP)), ylim=(rows + 1.1, -0.4), aspect="equal")
    axes.axis("off")
    return save(figure, path)


def _draw(axes: Axes, left: float, array: NDArray[Any], shape: tuple[int, ...], color: str) -> None:
    """Draw one array, its own cells strong and the copies pale, with its shape below."""
    stretched = _matrix(np.broadcast_to(array, shape))
    own = _matrix(array).shape
    for (row, column), value in np.ndenumerate(stretched):
        copied = row >= own[0] or column >= own[1]
        corner = (left + column + 0.05, row + 0.05)
        style = {"alpha": 0.16, "ls": ":"} if copied else {"alpha": 0.85}
        axes.add_patch(Rectangle(corner, 0.9, 0.9, facecolor=color, edgecolor=color, **style))
        ink = color if copied else "white"
        middle = (left + column + 0.5, row + 0.5)
        axes.text(*middle, f"{value:g}", color=ink, ha="center", va="center", fontsize=11)
    text = f"{array.shape}" if array.shape == shape else f"{array.shape}  →  {shape}"
    center = left + stretched.shape[1] / 2
    axes.text(center, stretched.shape[0] + 0.6, text, color=INK, ha="center", va="center")


def _matrix(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array with leading axes of length one, as broadcasting sees it."""
    return array.reshape((1,) * (2 - array.ndim) + array.shape)
