"""A picture as pixels, by Pillow and its built-in font."""

import math
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from .picture import Curve, Picture, Point, Polygon, Rectangle, Shape, Text

_FINER = 3  # drawn larger, then reduced: smooth edges
_STEPS = 48
_DASH, _GAP = 6.0, 5.0
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def write_png(picture: Picture, path: Path, scale: float) -> None:
    """Paint a picture, ``scale`` pixels per unit, and save it."""
    zoom = scale * _FINER
    size = (round(picture.width * scale), round(picture.height * scale))
    image = Image.new("RGB", (size[0] * _FINER, size[1] * _FINER), picture.background)
    canvas = ImageDraw.Draw(image)
    for shape in picture.shapes:
        _paint(canvas, shape, zoom)
    image.reduce(_FINER).save(path, optimize=True)


def _paint(canvas: ImageDraw.ImageDraw, shape: Shape, zoom: float) -> None:
    match shape:
        case Rectangle():
            corners = (shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
            canvas.rounded_rectangle(
                [each * zoom for each in corners],
                shape.radius * zoom,
                shape.fill,
                shape.stroke,
                round(zoom),
            )
        case Text():
            canvas.text(
                (shape.x * zoom, shape.y * zoom),
                shape.text,
                shape.fill,
                _font(shape.size * zoom),
                _ANCHORS[shape.anchor],
            )
        case Curve():
            brush = shape.width * zoom / 2
            for x, y in _brushed(shape, 1 / zoom):
                x, y = x * zoom, y * zoom
                canvas.ellipse((x - brush, y - brush, x + brush, y + brush), shape.stroke)
        case Polygon():
            canvas.polygon([(x * zoom, y * zoom) for x, y in shape.points], shape.fill)


@cache
def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _brushed(curve: Curve, spacing: float) -> Iterator[Point]:
    """Yield the points that a brush touches: all along a curve, or along its dashes."""
    travelled = 0.0
    for (x0, y0), (x1, y1) in pairwise(_sampled(curve)):
        length = math.hypot(x1 - x0, y1 - y0)
        steps = max(1, round(length / spacing))
        for step in range(steps):
            part = step / steps
            if not curve.dashed or (travelled + part * length) % (_DASH + _GAP) < _DASH:
                yield x0 + part * (x1 - x0), y0 + part * (y1 - y0)
        travelled += length


def _sampled(curve: Curve) -> Iterator[Point]:
    """Yield points along a curve, close enough to look smooth."""
    start = curve.start
    yield start
    for first, second, end in curve.pieces:
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
            corners = list(zip(weights, (start, first, second, end), strict=True))
            yield sum(w * p[0] for w, p in corners), sum(w * p[1] for w, p in corners)
        start = end
