"""Layers and losses of ``functorch_course.nn``, for which PyTorch has one node each."""

from collections.abc import Mapping, Sequence

from .nodes import Edge, Node

#: By the function of ours that the operations stand in: what to call them together, and PyTorch's
#: name for it.
LOSSES = {
    "_hard_loss": ("nll_loss", "NllLossBackward0"),
    "mse_loss": ("mse_loss", "MseLossBackward0"),
}
LAYER = "Linear.__call__"


def compose(nodes: Sequence[Node], within: Mapping[Node, set[str]]) -> None:
    """Let the last node of each layer and loss stand for all of it.

    Args:
        nodes: All nodes, in the order of the computation.
        within: In which functions of this library each was made.
    """
    for node in nodes:
        if LAYER in within.get(node, ()):
            _compose_layer(node)
    for function, (operation, name) in LOSSES.items():
        parts = [node for node in nodes if function in within.get(node, ())]
        inner = {edge.node for node in parts for edge in node.inputs}
        for last in parts:
            if last not in inner:
                last.inputs = _inputs_from_outside(last, set(parts), name)
                last.name, last.operation, last.saved = name, operation, {}


def _compose_layer(node: Node) -> None:
    """Turn a product with a transposed weight, and the bias after it, into PyTorch's ``addmm``."""
    if node.name == "PermuteBackward0":
        node.name = "TBackward0"
    product = node.inputs[0].node
    if node.name != "AddBackward0" or product is None or product.name != "MmBackward0":
        return
    if len(node.shape) != 2:
        return  # PyTorch reshapes other batches first
    node.name, node.operation = "AddmmBackward0", "linear"
    node.saved = {("mat1" if name == "self" else name): x for name, x in product.saved.items()}
    node.inputs = (node.inputs[1], *product.inputs)


def _inputs_from_outside(last: Node, parts: set[Node], name: str) -> tuple[Edge, ...]:
    """Return what goes into the first of the parts; of a loss by labels only what has a node."""
    first = last
    while before := next((edge.node for edge in first.inputs if edge.node in parts), None):
        first = before
    return tuple(edge for edge in first.inputs if edge.node or name.startswith("Mse"))
