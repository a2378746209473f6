"""What a derivative is: the slope of the line that touches a curve."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from .picture import BLUE, INK, ORANGE, Picture, plain, save


def tangent(
    x: ArrayLike, y: ArrayLike, slope: ArrayLike, at: float, path: str | Path, *, name: str = "f"
) -> Picture:
    r"""Draw a function with its tangent at one place, and below it the derivative.

    The tangent is :math:`f(a) + f'(a)\,(x - a)`; the lower curve is :math:`f'`.

    Shapes: x, y and slope (N,).

    Args:
        x: Where the function was computed, in rising order.
        y: Its values.
        slope: Its derivative at the same places.
        at: Where the line touches: the place in ``x`` that is nearest.
        path: The PNG to write.
        name: What the function is called.

    Returns:
        The picture.

    Example:
        >>> import tempfile
        >>> x = np.linspace(-1, 3, 41)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     picture = tangent(x, x**2, 2 * x, 2.0, f"{folder}/tangent.png", name="x²")

    PyTorch: has no counterpart.
    """
    x, y, slope = np.asarray(x), np.asarray(y), np.asarray(slope)
    touch = int(np.abs(x - at).argmin())
    a, height, rise = float(x[touch]), float(y[touch]), float(slope[touch])
    figure = Figure(figsize=(7.0, 6.0), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    above.plot(x, y, color=BLUE, lw=2.2, label=f"${name}$")
    margin = 0.08 * (y.max() - y.min())
    above.set_ylim(y.min() - margin, y.max() + margin)
    above.plot(x, height + rise * (x - a), color=ORANGE, label=f"tangent at {a:g}, slope {rise:g}")
    below.plot(x, slope, color=BLUE, lw=2.2, label=f"derivative of ${name}$")
    below.axhline(0, color=INK, lw=0.8)
    for axes, value in ((above, height), (below, rise)):
        plain(axes)
        axes.axvline(a, color=INK, lw=0.8, ls=":")
        axes.plot([a], [value], "o", color=ORANGE, ms=8, mec="white", zorder=3)
        axes.annotate(f"({a:g}, {value:g})", (a, value), (10, -14), textcoords="offset points")
        axes.legend(loc="upper left", frameon=False)
    below.set_xlabel("x")
    return save(figure, path)
