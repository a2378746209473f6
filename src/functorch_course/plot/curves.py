"""Curves over one axis."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from .picture import Picture, panel, plain, save


def lines(
    x: ArrayLike,
    curves: Mapping[str, ArrayLike],
    path: str | Path,
    *,
    title: str = "",
    xlabel: str = "x",
    ylabel: str = "",
    log: bool = False,
) -> Picture:
    """Draw one or more curves over the same values.

    Shapes: x (N,), each curve (N,).

    Args:
        x: The values on the horizontal axis.
        curves: The values on the vertical axis, by the name of the curve.
        path: The PNG to write.
        title: What stands above.
        xlabel: The name of the horizontal axis.
        ylabel: The name of the vertical axis.
        log: Whether the vertical axis is logarithmic.

    Returns:
        The picture.

    Example:
        >>> import tempfile
        >>> x = np.linspace(0, 6, 50)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     picture = lines(x, {"sin x": np.sin(x)}, f"{folder}/sine.png", title="A wave")

    PyTorch: ``plt.plot(x, y)``; a tensor that requires grad must be detached first.
    """
    figure, axes = panel(7.0, 4.0)
    plain(axes)
    few = np.size(x) <= 30
    for name, values in curves.items():
        axes.plot(np.asarray(x), np.asarray(values), "o-" if few else "-", ms=4, label=name)
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    axes.legend(frameon=False)
    return save(figure, path)
