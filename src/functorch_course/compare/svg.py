"""Line charts as SVG, drawn without a library, for the page that needs no other file."""

import html
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

WIDTH, HEIGHT = 860, 300
LEFT, RIGHT, TOP, BOTTOM = 72, 16, 14, 42
POINTS = 1200  # a line of more steps is thinned to the extremes of each stretch

Values = npt.NDArray[np.float64]


class Line(NamedTuple):
    """A line of a chart: its name, colour, values by step, and dashes if it has any.

    PyTorch: has no counterpart.
    """

    name: str
    color: str
    values: Values
    dashes: str = ""


def chart(
    lines: Sequence[Line],
    *,
    label: str,
    logarithmic: bool = False,
    marked: int | None = None,
) -> str:
    """Return an SVG of lines over the training steps.

    Args:
        lines: What to draw; values that are not finite, or not positive on a logarithmic scale,
            are left out.
        label: What the vertical axis measures.
        logarithmic: Whether the vertical axis is.
        marked: A step to mark by a vertical line.

    Returns:
        The ``<svg>`` element.

    Example:
        >>> picture = chart([Line("ours", "#06c", np.array([2.0, 1.0]))], label="loss")
        >>> picture.startswith("<svg "), picture.count("<polyline")
        (True, 1)

    PyTorch: has no counterpart.
    """
    steps = max((len(line.values) for line in lines), default=0)
    height = _scale(lines, logarithmic)
    parts = [_axes(height, steps, label)]
    parts += [_polyline(line, height, steps) for line in lines]
    if marked is not None:
        x = _x(marked, steps)
        parts.append(
            f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
        )
    title = html.escape(f"{label}: {', '.join(line.name for line in lines)}")
    body = "\n".join(parts)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">\n{body}\n</svg>'


class _Height(NamedTuple):
    """A vertical scale: from values to pixels."""

    low: float
    high: float
    logarithmic: bool

    def __call__(self, values: Values) -> Values:
        shown = np.log10(values) if self.logarithmic else values
        share = (shown - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def ticks(self) -> list[tuple[float, str]]:
        """Return values to name on the axis, and their names."""
        if self.logarithmic:
            every = max(1, math.ceil((self.high - self.low) / 6))
            powers = range(math.ceil(self.low), math.floor(self.high) + 1, every)
            return [(10.0**power, f"1e{power}") for power in powers]
        return [(value, f"{value:g}") for value in _round_numbers(self.low, self.high)]


def _scale(lines: Sequence[Line], logarithmic: bool) -> _Height:
    """Return a scale on which all lines have room."""
    values = np.concatenate([line.values[_shown(line.values, logarithmic)] for line in lines])
    if not values.size:
        return _Height(-8.0, 0.0, logarithmic) if logarithmic else _Height(0.0, 1.0, logarithmic)
    shown = np.log10(values) if logarithmic else values
    low, high = float(shown.min()), float(shown.max())
    if logarithmic:
        return _Height(math.floor(low), max(math.ceil(high), math.floor(low) + 1), logarithmic)
    room = 0.05 * (high - low) or 0.5
    return _Height(low - room, high + room, logarithmic)


def _round_numbers(low: float, high: float) -> list[float]:
    """Return about six numbers of few digits from low to high."""
    if high <= low:
        return [low]
    unit = 10.0 ** math.floor(math.log10((high - low) / 5))
    every = next(unit * times for times in (1, 2, 5, 10) if (high - low) / (unit * times) <= 6)
    first, last = math.ceil(low / every), math.floor(high / every)
    return [round(number * every, 12) for number in range(first, last + 1)]


def _shown(values: Values, logarithmic: bool) -> npt.NDArray[np.bool_]:
    """Return which values can be drawn."""
    return np.isfinite(values) & ((values > 0) | (not logarithmic))


def _x(step: float, steps: int) -> float:
    """Return where a step stands, in pixels."""
    return LEFT + step / max(steps - 1, 1) * (WIDTH - LEFT - RIGHT)


def _polyline(line: Line, height: _Height, steps: int) -> str:
    """Return one line."""
    chosen = _thinned(line.values)
    chosen = chosen[_shown(line.values[chosen], height.logarithmic)]
    heights = height(line.values[chosen])
    points = " ".join(f"{_x(s, steps):.1f},{y:.1f}" for s, y in zip(chosen, heights, strict=True))
    return (
        f'<polyline points="{points}" fill="none" stroke="{line.color}" stroke-width="1.5"'
        f' stroke-dasharray="{line.dashes}"/>'
    )


def _thinned(values: Values) -> npt.NDArray[np.int64]:
    """Return the steps to draw: all, or the lowest and the highest of each stretch."""
    if len(values) <= POINTS:
        return np.arange(len(values))
    chosen = {0, len(values) - 1}
    for stretch in np.array_split(np.arange(len(values)), POINTS // 2):
        part = np.nan_to_num(values[stretch])
        chosen |= {int(stretch[part.argmin()]), int(stretch[part.argmax()])}
    return np.array(sorted(chosen))


def _axes(height: _Height, steps: int, label: str) -> str:
    """Return grid, ticks and labels."""
    bottom = HEIGHT - BOTTOM
    parts = []
    for value, name in height.ticks():
        y = float(height(np.array([value]))[0])
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{name}</text>')
    for step in (s for s in _round_numbers(0, max(steps - 1, 0)) if s == int(s)):
        x = _x(step, steps)
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{step:g}</text>')
    parts.append(
        f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 6}" text-anchor="middle">step</text>'
    )
    middle = (TOP + bottom) / 2
    parts.append(
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">'
        f"{html.escape(label)}</text>"
    )
    return "\n".join(parts)
