"""The graph in a terminal: a table of the forward pass, and the tree of the backward pass."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .nodes import Edge, Node

_MOST_LINES = 60
_DEEPEST = 16
_HEADER = ("", "forward", "PyTorch", "shape", "value", "gradient", "saved")


def to_text(title: str, nodes: Sequence[Node], outputs: Sequence[Edge]) -> str:
    """Write a graph as text."""
    names = node_names(nodes)
    rows = [_HEADER, *(_row(node, names) for node in nodes[:_MOST_LINES])]
    hidden = len(nodes) - _MOST_LINES
    forward = [f"{title} = {short(outputs[0].value)}", "", *_table(rows)]
    if hidden > 0:
        forward.append(f"… and {hidden} more")
    lines = [line for edge in outputs for line in _tree(edge, names, set(), _DEEPEST)]
    shown = lines[:_MOST_LINES]
    if len(lines) > len(shown):
        shown.append(f"… and {len(lines) - len(shown)} more")
    return "\n".join([*forward, "", "backward", *shown])


def node_names(nodes: Sequence[Node]) -> dict[Node, str]:
    """Name leaves by their argument, and operations by their number."""
    operations = [node for node in nodes if not node.is_leaf]
    return {node: node.operation for node in nodes if node.is_leaf} | {
        node: str(number) for number, node in enumerate(operations, 1)
    }


def short(value: Any) -> str:  # noqa: ANN401 - an array or a number
    """Write a number, or a few; of many only shape and range."""
    array = np.asarray(value)
    if array.dtype.kind == "V":  # bfloat16, which NumPy cannot format
        array = array.astype(np.float32)
    if array.size == 1:
        return f"{array.item():.6g}"
    if array.ndim == 1 and array.size <= 4:
        return f"[{', '.join(f'{x:.4g}' for x in array.tolist())}]"
    if not array.size:
        return "[]"
    return f"{array.min():.3g} to {array.max():.3g}"


def _row(node: Node, names: dict[Node, str]) -> tuple[str, ...]:
    given = ", ".join(_input(edge, names) for edge in node.inputs)
    operation = node.operation if node.is_leaf else f"{node.operation}({given})"
    saved = ", ".join(f"{name}={short(value)}" for name, value in node.saved.items())
    gradient = "" if node.gradient is None else short(node.gradient)
    shape = str(node.shape).replace(" ", "")
    label = f" '{node.label}'" if node.label else ""
    return (
        names[node], operation + label, node.name, shape, short(node.value), gradient, saved,
    )  # fmt: skip


def _input(edge: Edge, names: dict[Node, str]) -> str:
    return names[edge.node] if edge.node else edge.label or short(edge.value)


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    """Align the columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _tree(edge: Edge, names: dict[Node, str], seen: set[Node], levels: int) -> Iterator[str]:
    """Yield the lines of the tree behind an edge; what was shown before is only named."""
    if edge.node is None:
        yield f"None ({_input(edge, names)})"
        return
    node = edge.node
    yield f"{node.name}{f' {names[node]}' if node.is_leaf else ''}" + (
        f" (see above: {names[node]})" if node in seen and not node.is_leaf else ""
    )
    if node in seen:
        return
    if not levels and node.inputs:
        yield "└─ …"
        return
    seen.add(node)
    for number, each in enumerate(node.inputs, 1):
        is_last = number == len(node.inputs)
        for depth, line in enumerate(_tree(each, names, seen, levels - 1)):
            branch = ("└─ " if is_last else "├─ ") if depth == 0 else "   " if is_last else "│  "
            yield branch + line
