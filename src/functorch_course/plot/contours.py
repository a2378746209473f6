"""The way that gradient descent takes over a loss surface."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.ticker import LogLocator
from numpy.typing import ArrayLike

from .picture import GREEN, INK, ORANGE, Picture, panel, save

LEVELS = 18
COLORS_OF_WAYS = (ORANGE, INK, GREEN)


def descent(
    x: ArrayLike,
    y: ArrayLike,
    losses: ArrayLike,
    ways: Mapping[str, ArrayLike],
    path: str | Path,
    *,
    title: str = "",
    xlabel: str = "w",
    ylabel: str = "b",
) -> Picture:
    """Draw a loss of two parameters as contours, and the steps of one or more runs over it.

    Neighbouring contours differ by the same factor, so that the valley can be seen.

    Shapes: x (W,), y (H,), losses (H, W), each way (steps, 2).

    Args:
        x: Values of the first parameter.
        y: Values of the second parameter.
        losses: The loss for each pair, positive; rows belong to ``y``.
        ways: The pairs that each run went through, by its name.
        path: The PNG to write.
        title: What stands above.
        xlabel: The name of the first parameter.
        ylabel: The name of the second parameter.

    Returns:
        The picture. Steps outside of the grid are cut off.

    Example:
        >>> import tempfile
        >>> w, b = np.linspace(-4, 4, 30), np.linspace(-3, 3, 20)
        >>> loss = w**2 + 3 * b[:, None] ** 2 + 0.1
        >>> ways = {"rate 0.1": [[-4, 2], [-3.2, 0.8], [-2.6, 0.3]]}
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     picture = descent(w, b, loss, ways, f"{folder}/descent.png")

    PyTorch: has no counterpart.
    """
    losses = np.asarray(losses)
    figure, axes = panel(7.2, 5.4)
    levels = np.geomspace(losses.min(), losses.max(), LEVELS)
    filled = axes.contourf(x, y, losses, levels, cmap="Blues_r", norm="log")
    axes.contour(x, y, losses, levels, colors="white", linewidths=0.5, norm="log")
    figure.colorbar(filled, ax=axes, label="loss", ticks=LogLocator(), format="%g")
    for place, (name, way) in enumerate(ways.items()):
        color, above = COLORS_OF_WAYS[place % 3], 2 + len(ways) - place
        points = np.asarray(way).T
        axes.plot(
            *points, "o-", color=color, ms=4.5, mec="white", mew=0.6, label=name, zorder=above
        )
    for start in {tuple(np.asarray(way)[0].tolist()) for way in ways.values()}:
        axes.annotate("start", start, (0, -15), textcoords="offset points", ha="center")
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.set(xlim=(np.min(x), np.max(x)), ylim=(np.min(y), np.max(y)))
    axes.legend()
    return save(figure, path)
