"""What a graph consists of: nodes, and the edges between them."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

LEAF = "AccumulateGrad"


class Edge(NamedTuple):
    """One input of a node: the node it comes from, or a constant.

    Args:
        node: Where it comes from; None for a constant, which no gradient reaches.
        output: Which output of that node.
        value: What flows along.
        label: What a constant is called.

    PyTorch: one pair in ``next_functions``; what a constant holds is not kept there.
    """

    node: "Node | None"
    output: int
    value: Any
    label: str = ""


@dataclass(eq=False)
class Node:
    """One step of the computation, or one input of it.

    Args:
        name: PyTorch's name, such as ``"MulBackward0"``; ``"AccumulateGrad"`` for an input.
        operation: What it does, such as ``"mul"``; for an input the name of the argument.
        inputs: What goes in, those parts that PyTorch lists too.
        value: What comes out.
        gradient: The gradient of the result with respect to the value, if there is one.
        saved: What the backward pass needs, by PyTorch's names.
        line: The file, line and function it was written in.
        label: The name given by ``tap``, if there is one.

    PyTorch: ``torch.autograd.graph.Node``, together with the tensor it made.
    """

    name: str
    operation: str
    inputs: tuple[Edge, ...]
    value: Any
    gradient: Any = None
    saved: dict[str, Any] = field(default_factory=dict)
    line: str = ""
    label: str = ""

    @property
    def is_leaf(self) -> bool:
        """Whether this is an input of the function."""
        return self.name == LEAF

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value."""
        return tuple(self.value.shape)

    @property
    def dtype(self) -> Any:  # noqa: ANN401 - a dtype
        """The dtype of the value."""
        return self.value.dtype

    @property
    def next_functions(self) -> tuple[tuple["Node | None", int], ...]:
        """The nodes behind this one, each with the number of its output.

        PyTorch: ``grad_fn.next_functions``.
        """
        return tuple((edge.node, edge.output) for edge in self.inputs)

    def __repr__(self) -> str:
        return f"<{self.name} of {self.operation}>" if self.is_leaf else f"<{self.name}>"
