"""Where each node stands: in layers, each behind its inputs, with few crossings.

The method of Sugiyama, Tagawa and Toda (1981): assign layers, order each layer by the barycentres
of its neighbours, then give places.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .nodes import Edge, Node
from .text import short

_SWEEPS = 12
_SPACE = 34.0
_NARROW = 26.0


@dataclass(eq=False)
class Box:
    """A place in the drawing: a node, the stand-in for hidden ones, or a bend of a long edge.

    Args:
        node: What stands there.
        width: How wide it is.
        layer: In which row.
        x: Where its middle is.
        hidden: How many nodes it stands for.
    """

    node: Node | None
    width: float
    layer: int = 0
    x: float = 0.0
    hidden: int = 0

    @property
    def is_bend(self) -> bool:
        """Whether a long edge passes here."""
        return self.node is None and not self.hidden


@dataclass(eq=False)
class Layout:
    """All boxes, row by row, and the routes between them."""

    rows: list[list[Box]]
    routes: list[list[Box]] = field(default_factory=list)


def arrange(nodes: Sequence[Node], outputs: Sequence[Edge], most: int) -> Layout:
    """Give every node its place; of too many, those farthest from the result share one box."""
    shown = _nearest(nodes, outputs, most)
    boxes = {node: Box(node, card_width(node)) for node in nodes if node in shown}
    rest = Box(None, 150.0, hidden=len(nodes) - len(shown))
    pairs: list[tuple[Box, Box]] = []
    for node, box in boxes.items():
        for edge in node.inputs:
            pair = (boxes.get(edge.node, rest), box) if edge.node else None
            if pair and pair not in pairs:
                pairs.append(pair)
    everything = ([rest] if rest.hidden else []) + list(boxes.values())
    _assign_layers(everything, pairs)
    layout = _with_bends(everything, pairs)
    _order(layout)
    _place(layout)
    return layout


def card_width(node: Node) -> float:
    """Return how wide the card of a node has to be."""
    shape = "x".join(map(str, node.shape))
    numbers = max(len(short(node.value)), 0 if node.gradient is None else len(short(node.gradient)))
    heading = max(len(title_of(node)) * 9.2 + len(shape) * 6.4 + 12, len(node.name) * 6.2)
    return max(132.0, heading + 34, numbers * 6.9 + 74)


def title_of(node: Node) -> str:
    """Name the operation with its constants: ``pow(·, 2)``."""
    if node.is_leaf or all(edge.node for edge in node.inputs):
        return node.label or node.operation
    given = ["·" if edge.node else edge.label or short(edge.value) for edge in node.inputs]
    return f"{node.operation}({', '.join(given)})"


def _nearest(nodes: Sequence[Node], outputs: Sequence[Edge], most: int) -> set[Node]:
    """Choose the nodes nearest to the result, and all if they are few."""
    if len(nodes) <= most:
        return set(nodes)
    frontier = [edge.node for edge in outputs if edge.node]
    shown: dict[Node, None] = {}
    while frontier and len(shown) < most:
        shown.update(dict.fromkeys(frontier[: most - len(shown)]))
        behind = [edge.node for node in frontier for edge in node.inputs if edge.node]
        frontier = [node for node in dict.fromkeys(behind) if node not in shown]
    return set(shown)


def _assign_layers(boxes: list[Box], pairs: list[tuple[Box, Box]]) -> None:
    """Put each box one row below the lowest of its inputs, and inputs close to their use."""
    for box in boxes:  # in the order of the computation
        box.layer = max((before.layer + 1 for before, after in pairs if after is box), default=0)
    for box in reversed(boxes):
        used = [after.layer for before, after in pairs if before is box]
        if used and (box.hidden or (box.node and box.node.is_leaf)):
            box.layer = min(used) - 1


def _with_bends(boxes: list[Box], pairs: list[tuple[Box, Box]]) -> Layout:
    """Break edges that pass a row into pieces."""
    layout = Layout([[] for _ in range(max(box.layer for box in boxes) + 1)])
    for box in boxes:
        layout.rows[box.layer].append(box)
    for before, after in pairs:
        bends = [Box(None, _NARROW, layer) for layer in range(before.layer + 1, after.layer)]
        for bend in bends:
            layout.rows[bend.layer].append(bend)
        layout.routes.append([before, *bends, after])
    return layout


def _order(layout: Layout) -> None:
    """Sort each row by the middle of its neighbours, downwards and upwards in turns."""
    above, below = _neighbours(layout)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        rows = layout.rows if down else list(reversed(layout.rows))
        for row in rows:
            for place, box in enumerate(row):
                box.x = place
        for row in rows[1:]:
            near = above if down else below
            middle = {
                box: _mean([each.x for each in near[box]], float(place))
                for place, box in enumerate(row)
            }
            row.sort(key=middle.__getitem__)
            for place, box in enumerate(row):
                box.x = place


def _place(layout: Layout) -> None:
    """Move each box towards the middle of its neighbours, as far as the row allows."""
    above, below = _neighbours(layout)
    for row in layout.rows:
        _settle(row, [0.0] * len(row))
    for sweep in reversed(range(_SWEEPS)):  # downwards at last, which makes chains straight
        down = sweep % 2 == 0
        for row in layout.rows if down else list(reversed(layout.rows)):
            near = [(above[box] or below[box]) if down else below[box] or above[box] for box in row]
            wishes = [[each.x for each in neighbours] for neighbours in near]
            _settle(row, [_mean(wish, box.x) for wish, box in zip(wishes, row, strict=True)])
    left = min(box.x - box.width / 2 for row in layout.rows for box in row)
    for row in layout.rows:
        for box in row:
            box.x -= left


def _settle(row: list[Box], wishes: list[float]) -> None:
    """Find the places nearest to the wishes, in order and apart: isotonic regression."""
    offsets = [0.0]
    for left, right in pairwise(row):
        offsets.append(offsets[-1] + (left.width + right.width) / 2 + _SPACE)
    blocks: list[list[float]] = []
    for wish, offset in zip(wishes, offsets, strict=True):
        blocks.append([wish - offset])
        while len(blocks) > 1 and _mean(blocks[-2], 0) > _mean(blocks[-1], 0):
            last = blocks.pop()
            blocks[-1] += last
    places = [_mean(block, 0) for block in blocks for _ in block]
    for box, place, offset in zip(row, places, offsets, strict=True):
        box.x = place + offset


def _neighbours(layout: Layout) -> tuple[dict[Box, list[Box]], dict[Box, list[Box]]]:
    above: dict[Box, list[Box]] = {box: [] for row in layout.rows for box in row}
    below: dict[Box, list[Box]] = {box: [] for row in layout.rows for box in row}
    for route in layout.routes:
        for before, after in pairwise(route):
            above[after].append(before)
            below[before].append(after)
    return above, below


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
