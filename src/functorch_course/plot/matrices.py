"""Matrices as fields of colour."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from .picture import Picture, save

WIDTH = 7.0
"""The width of the widest matrix, in inches."""


def matrices(
    panels: Mapping[str, ArrayLike],
    path: str | Path,
    *,
    xlabel: str = "column",
    ylabel: str = "row",
) -> Picture:
    """Draw matrices one above the other, a field for each number, brighter where it is larger.

    Shapes: each matrix (rows, columns).

    Args:
        panels: The matrices by what stands above them: of numbers, or of truth values.
        path: The PNG to write.
        xlabel: What the columns are.
        ylabel: What the rows are.

    Returns:
        The picture. Each matrix has a scale of its own, from 0 to 1 for truth values.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     picture = matrices({"One": np.eye(3), "Any": np.eye(3) > 0}, f"{folder}/eye.png")

    PyTorch: ``plt.imshow(x)``.
    """
    arrays = {name: np.asarray(values) for name, values in panels.items()}
    inches = WIDTH / max(array.shape[1] for array in arrays.values())
    height = sum(inches * len(array) + 0.65 for array in arrays.values()) + 0.3
    figure = Figure(figsize=(WIDTH + 1.4, height), layout="constrained")
    places = figure.subplots(len(arrays), 1, squeeze=False)[:, 0]
    for (name, array), axes in zip(arrays.items(), places, strict=True):
        _draw(axes, array)
        axes.set(title=name, xlabel=xlabel, ylabel=ylabel)
        axes.label_outer()
    return save(figure, path)


def _draw(axes: Axes, array: NDArray[Any]) -> None:
    """Draw one matrix with its scale: two colours for truth values."""
    truth = array.dtype == bool
    colors = colormaps["viridis"].resampled(2) if truth else "viridis"
    image = axes.imshow(array, cmap=colors, aspect="auto", interpolation="nearest")
    if truth:
        image.set_clim(0, 1)
    bar = axes.figure.colorbar(image, ax=axes)
    if truth:
        bar.set_ticks([0.25, 0.75], labels=["no", "yes"])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True))
