"""Shapes on a plane, before they become SVG or pixels."""

from dataclasses import dataclass, field
from typing import Literal

Point = tuple[float, float]


@dataclass(frozen=True)
class Rectangle:
    """A rectangle with round corners."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str
    radius: float = 9.0


@dataclass(frozen=True)
class Text:
    """One line of text; ``y`` is its baseline."""

    x: float
    y: float
    text: str
    size: float
    fill: str
    anchor: Literal["start", "middle", "end"] = "start"


@dataclass(frozen=True)
class Curve:
    """Cubic Bézier pieces, one behind the other: a start, then triples of points."""

    start: Point
    pieces: tuple[tuple[Point, Point, Point], ...]
    stroke: str
    width: float
    dashed: bool = False


@dataclass(frozen=True)
class Polygon:
    """A filled area."""

    points: tuple[Point, ...]
    fill: str


Shape = Rectangle | Text | Curve | Polygon


@dataclass
class Picture:
    """Shapes, later ones above earlier ones."""

    width: float
    height: float
    background: str
    description: str
    shapes: list[Shape] = field(default_factory=list)
