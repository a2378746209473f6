"""Functions of several operations, for which PyTorch has one node each."""

from collections.abc import Iterator, Mapping, Sequence

from .names import Call
from .nodes import Edge, Node

#: By the function that the operations stand in: what to call them together, and PyTorch's name.
COMPOSED = {
    # of jax.nn
    "softmax": ("softmax", "SoftmaxBackward0"),
    "logsumexp": ("logsumexp", "LogsumexpBackward0"),
    "gelu": ("gelu", "GeluBackward0"),
    # of this library
    "leaky_relu": ("leaky_relu", "LeakyReluBackward0"),
    "norm": ("norm", "LinalgVectorNormBackward0"),
    "_absolute": ("abs", "AbsBackward0"),
    "_hard_loss": ("nll_loss", "NllLossBackward0"),
    "mse_loss": ("mse_loss", "MseLossBackward0"),
    "huber_loss": ("huber_loss", "HuberLossBackward0"),
    "smooth_l1_loss": ("smooth_l1_loss", "SmoothL1LossBackward0"),
    "binary_cross_entropy": ("binary_cross_entropy", "BinaryCrossEntropyBackward0"),
    "binary_cross_entropy_with_logits": (
        "binary_cross_entropy_with_logits",
        "BinaryCrossEntropyWithLogitsBackward0",
    ),
}
_OF_TWO = {"mse_loss", "huber_loss", "smooth_l1_loss", "binary_cross_entropy"}
_LAYERS = {"Linear.__call__", "linear"}


def compose(
    nodes: Sequence[Node], calls: Mapping[Node, Call], within: Mapping[Node, set[str]]
) -> None:
    """Let the last node of each layer, loss and composed function stand for all of it.

    Args:
        nodes: All nodes, in the order of the computation.
        calls: The call of a composed function that each was made in, if any.
        within: In which functions of this library each was made.
    """
    for node in nodes:
        if within.get(node, set()) & _LAYERS:
            _compose_layer(node)
    for function, parts in _by_call(nodes, calls):
        inner = {edge.node for node in parts for edge in node.inputs}
        for last in parts:
            if last not in inner:
                inputs = _inputs_from_outside(function, last, parts)
                last.operation, last.name = COMPOSED[function]
                last.inputs = inputs
                last.saved = {"result": last.value} if function == "softmax" else {}


def _by_call(nodes: Sequence[Node], calls: Mapping[Node, Call]) -> Iterator[tuple[str, list[Node]]]:
    """Collect the nodes of each call; where the function starts over, the next call begins."""
    open_calls: dict[tuple[str, object], tuple[tuple[int, ...], list[Node]]] = {}
    for node in nodes:
        if node not in calls:
            continue
        function, place, offset = calls[node]
        before, parts = open_calls.get((function, place), ((), []))
        if offset < before:
            yield function, parts
            parts = []
        open_calls[function, place] = offset, [*parts, node]
    yield from ((function, parts) for (function, _), (_, parts) in open_calls.items())


def _inputs_from_outside(function: str, last: Node, parts: Sequence[Node]) -> tuple[Edge, ...]:
    """Return what goes into a call; constants only where it compares two things."""
    first = parts[0]
    if function in _OF_TWO:
        return first.inputs
    found: dict[Node, Edge] = {}
    pending = list(last.inputs)
    while pending:
        edge = pending.pop(0)
        if edge.node and edge.node in parts:
            pending += edge.node.inputs
        elif edge.node:
            found.setdefault(edge.node, edge)
    constants = [edge for edge in first.inputs if edge.node is None]
    is_of_two = function.endswith("with_logits") and len(found) == 1
    return (*found.values(), *constants[:is_of_two])


def _compose_layer(node: Node) -> None:
    """Turn a product with a transposed weight, and the bias after it, into PyTorch's ``addmm``."""
    if node.name == "PermuteBackward0":
        node.name = "TBackward0"
    before = node.inputs[0].node if node.inputs else None
    if node.name != "AddBackward0" or before is None:
        return
    if before.name == "MmBackward0":
        _add_bias(node, before, node.inputs[1])
    elif before.name in {"SqueezeBackward4", "UnsafeViewBackward0"}:
        _add_bias_before_view(node, before)


def _add_bias(node: Node, product: Node, bias: Edge) -> None:
    """Let a node stand for the product and the sum."""
    node.name, node.operation = "AddmmBackward0", "linear"
    node.saved = {("mat1" if name == "self" else name): x for name, x in product.saved.items()}
    node.inputs = (bias, *product.inputs)


def _add_bias_before_view(total: Node, view: Node) -> None:
    """Exchange the sum with the view before it: PyTorch adds the bias while there are two axes."""
    product = view.inputs[0].node
    assert product is not None
    row = product.inputs[0].node
    if row is not None and row.name == "UnsqueezeBackward0":
        row.name, row.operation = "ViewBackward0", "view"
    _add_bias(view, product, total.inputs[1])
    view.value = total.value.reshape(product.shape)
    view.gradient = None if total.gradient is None else total.gradient.reshape(product.shape)
    total.name, total.operation, total.saved = "ViewBackward0", "view", {}
    total.inputs = (Edge(view, 0, view.value),)
