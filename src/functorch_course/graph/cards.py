"""The look of a graph: a card for each node, forward and backward edges, a legend."""

from collections.abc import Sequence
from itertools import pairwise

from .layout import Box, Layout, title_of
from .nodes import Edge, Node
from .picture import Curve, Picture, Point, Polygon, Rectangle, Shape, Text
from .text import short

_MARGIN, _TOP, _LEGEND = 36.0, 84.0, 54.0
_CARD, _ROW = 88.0, 148.0
_APART = 7.0

_PAPER, _CARD_FILL, _INK, _FAINT = "#fbfbfd", "#ffffff", "#1e2433", "#8a93a6"
_INPUT, _OPERATION, _RESULT = "#1f9d74", "#4f63d8", "#8b3fc7"
_FORWARD, _BACKWARD = "#5b6880", "#e8710a"
_LINES = "#d9deea"


def draw(title: str, layout: Layout, outputs: Sequence[Edge]) -> Picture:
    """Draw a graph whose nodes have their places."""
    boxes = [box for row in layout.rows for box in row]
    width = max(box.x + box.width / 2 for box in boxes) + 2 * _MARGIN
    width = max(width, 360.0, len(title) * 11 + 2 * _MARGIN)
    height = _TOP + len(layout.rows) * _ROW - (_ROW - _CARD) + _LEGEND + _MARGIN / 2
    picture = Picture(width, height, _PAPER, f"The graph of {title}")
    shift = (width - max(box.x + box.width / 2 for box in boxes)) / 2
    for box in boxes:
        box.x += shift
    has_gradients = any(box.node and box.node.gradient is not None for box in boxes)
    picture.shapes += _title(title, outputs, width)
    picture.shapes += _edges(layout, has_gradients)
    results = {edge.node for edge in outputs}
    for box in boxes:
        if not box.is_bend:
            picture.shapes += _card(box, is_result=box.node in results)
    picture.shapes += _legend(width, height - _LEGEND / 2, has_gradients)
    return picture


def _top(box: Box) -> float:
    return _TOP + box.layer * _ROW


def _title(title: str, outputs: Sequence[Edge], width: float) -> list[Shape]:
    return [
        Text(width / 2, 44, title, 21, _INK, "middle"),
        Text(width / 2, 65, f"= {short(outputs[0].value)}", 14, _FAINT, "middle"),
    ]


def _card(box: Box, *, is_result: bool) -> list[Shape]:
    """Draw one node: what it is, what it is worth, and how much it matters."""
    left, top, node = box.x - box.width / 2, _top(box), box.node
    if node is None:
        text = f"… and {box.hidden} more"
        return [
            Rectangle(left, top, box.width, _CARD, _PAPER, _LINES),
            Text(box.x, top + _CARD / 2 + 5, text, 14, _FAINT, "middle"),
        ]
    accent = _INPUT if node.is_leaf else _RESULT if is_result else _OPERATION
    shapes: list[Shape] = [
        Rectangle(left, top + 2, box.width, _CARD, "#eceff6", "#eceff6"),
        Rectangle(left, top, 60, _CARD, accent, accent),
        Rectangle(left + 5, top, box.width - 5, _CARD, _CARD_FILL, _LINES, 7),
        Text(left + 18, top + 24, title_of(node), 17, accent),
        Text(left + 18, top + 40, node.name, 11, _FAINT),
        *_number(left + 18, box.x + box.width / 2 - 12, top + 60, "value", node.value, _INK),
    ]
    if node.shape:
        shape = "x".join(map(str, node.shape))
        shapes.append(Text(left + box.width - 12, top + 23, shape, 11, _FAINT, "end"))
    if node.gradient is not None:
        right = box.x + box.width / 2 - 12
        shapes += _number(left + 18, right, top + 78, "grad", node.gradient, _BACKWARD)
    return shapes


def _number(
    left: float, right: float, y: float, name: str, value: object, color: str
) -> list[Shape]:
    return [Text(left, y, name, 11, _FAINT), Text(right, y, short(value), 13, color, "end")]


def _edges(layout: Layout, has_gradients: bool) -> list[Shape]:
    """Draw every route, and beside it the way back."""
    shapes: list[Shape] = []
    leaving = _ports([(route[0], route[1].x) for route in layout.routes])
    entering = _ports([(route[-1], route[-2].x) for route in layout.routes])
    for route, start, end in zip(layout.routes, leaving, entering, strict=True):
        bends = [(bend.x, _top(bend)) for bend in route[1:-1]]
        points = [(start, _top(route[0]) + _CARD)]
        for x, y in bends:
            points += [(x, y), (x, y + _CARD)]
        points.append((end, _top(route[-1])))
        aside = _APART if has_gradients else 0.0
        shapes += _arrow([(x - aside, y) for x, y in points], _FORWARD, aside)
        if has_gradients and _gets_gradient(route[0].node):
            back = [(x + aside, y) for x, y in reversed(points)]
            shapes += _arrow(back, _BACKWARD, aside, dashed=True)
    return shapes


def _gets_gradient(node: Node | None) -> bool:
    return node is None or node.gradient is not None


def _ports(ends: list[tuple[Box, float]]) -> list[float]:
    """Spread the edges of a card along its side, in the order of where they lead."""
    places = []
    for box, other in ends:
        at_box = sorted(x for each, x in ends if each is box)
        apart = min(34.0, (box.width - 24) / len(at_box))
        places.append(box.x + (at_box.index(other) - (len(at_box) - 1) / 2) * apart)
    return places


def _arrow(points: list[Point], color: str, aside: float, *, dashed: bool = False) -> list[Shape]:
    """Draw a smooth line through points, with a head at the last, beside the line back."""
    sign = 1 if points[-1][1] > points[0][1] else -1
    tip = points[-1]
    points = [*points[:-1], (tip[0], tip[1] - sign * 8)]
    pieces = []
    for (x0, y0), (x1, y1) in pairwise(points):
        slope = max(-1.0, min(1.0, (x1 - x0) / 40))
        middle = (y0 + y1) / 2 + slope * aside
        pieces.append(((x0, middle), (x1, middle), (x1, y1)))
    head = (tip, (tip[0] - 4.5, tip[1] - sign * 9), (tip[0] + 4.5, tip[1] - sign * 9))
    return [Curve(points[0], tuple(pieces), color, 1.7, dashed), Polygon(head, color)]


def _legend(width: float, y: float, has_gradients: bool) -> list[Shape]:
    """Explain the two kinds of edges."""
    forward = width / 2 - (118 if has_gradients else 50)
    shapes: list[Shape] = [
        Curve((forward, y), (((forward, y), (forward + 26, y), (forward + 26, y)),), _FORWARD, 1.7),
        Text(forward + 34, y + 4, "forward: values", 12, _FAINT),
    ]
    if has_gradients:
        back = width / 2 + 14
        line = ((back, y), (back + 26, y), (back + 26, y))
        shapes += [
            Curve((back, y), (line,), _BACKWARD, 1.7, dashed=True),
            Text(back + 34, y + 4, "backward: gradients", 12, _FAINT),
        ]
    return shapes
