"""From a function to its graph."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend import core

from functorch_course.autograd.arguments import Wrt, check_inputs, positions_of
from functorch_course.autograd.differentiate import one_for
from functorch_course.autograd.freeze import leaf_names
from functorch_course.autograd.interpreter import (
    compute,
    flat_arrays,
    source_line,
    trace,
    walk,
)
from functorch_course.autograd.tree import Tree
from functorch_course.errors import InvalidValueError

from .compose import COMPOSED, compose
from .drawn import Graph
from .names import (
    OWN,
    Call,
    calls,
    counterpart,
    enclosing_call,
    instruction,
    is_folded,
    operation_of,
    saved_by,
)
from .nodes import LEAF, Edge, Node
from .products import Step, product_of

#: Functions of this library that change shapes around a lookup; PyTorch has one node for all.
_LOOKING_UP = {"_extremum", "median", "take"}
_PASSED = {"name", "copy", "copy_p", "optimization_barrier", "reduce_precision"}


def graph(
    function: Callable[..., Any],
    wrt: Wrt | None = None,
    *,
    gradient: Tree = None,
) -> Callable[..., Graph]:
    r"""Turn a function into one that returns the graph of its computation.

    Each node holds its value, and :math:`\partial f / \partial` value.

    Args:
        function: What to look into. It is traced, so no Python ``if`` may depend on a value.
        wrt: Which arguments are differentiated, by position or name; all of floats if None.
        gradient: The gradient with respect to the result, if that is not one number. Without one
            the graph of such a function has no gradients.

    Returns:
        A function of the same arguments, that returns a :class:`Graph`.

    Raises:
        InvalidValueError: If there is no such argument.
        GradientError: When called, if such an argument holds integers.

    Example:
        >>> def f(a, b):
        ...     return jnp.exp(a * b)
        >>> g = graph(f)(2.0, 3.0)
        >>> g.grad_fn, g.grad_fn.next_functions
        (<ExpBackward0>, ((<MulBackward0>, 0),))
        >>> print(g)
        f(a, b) = 403.429
        <BLANKLINE>
           forward    PyTorch         shape  value    gradient  saved
        a  a          AccumulateGrad  ()     2        1210.29
        b  b          AccumulateGrad  ()     3        806.858
        1  mul(a, b)  MulBackward0    ()     6        403.429   self=2, other=3
        2  exp(1)     ExpBackward0    ()     403.429  1         result=403.429
        <BLANKLINE>
        backward
        ExpBackward0
        └─ MulBackward0
           ├─ AccumulateGrad a
           └─ AccumulateGrad b

    PyTorch: ``f(a, b).grad_fn`` and what lies behind it. Layers and losses of this library, means,
        norms, softmax and logsumexp are one node as there, and ``1 / x`` or a vector times a matrix
        several. Elsewhere, where JAX has several operations for one of PyTorch's, it shows them:
        ``jnp.log2`` is a logarithm and a quotient. What JAX does not record cannot be told apart:
        ``x.sum()`` and ``x.sum(0)`` of a vector are both ``SumBackward0``, ``squeeze(x)`` and
        ``squeeze(x, 0)`` both ``SqueezeBackward1``, ``jnp.vdot`` is ``DotBackward0``, ``x[:]``
        nothing; and no copy is shown where PyTorch makes one for the order of its memory.
    """

    def build(*inputs: Tree) -> Graph:
        chosen = _chosen(function, wrt, inputs)
        closed, _ = trace(function, inputs)
        arrays, names = flat_arrays(inputs), _names(function, inputs)
        builder = _Builder(names, chosen)
        outputs = builder.run(closed, arrays)
        _fill_gradients(builder, outputs, closed, arrays, gradient)
        compose(builder.nodes, builder.calls, builder.within)
        return Graph(_title(function, inputs), _used(builder.nodes, outputs), tuple(outputs))

    return build


@dataclass(eq=False)
class _Builder:
    """Walks through the equations and makes nodes; adds shifts to their values on request."""

    names: Sequence[str]
    chosen: Sequence[bool]
    shifts: Sequence[Any] | None = None

    def run(self, closed: core.ClosedJaxpr, arrays: Sequence[jax.Array]) -> list[Edge]:
        """Make all nodes, and return what comes out at the end."""
        self.nodes: list[Node] = []
        self.zeros: list[jax.Array] = []
        self.sliced: dict[Node, int] = {}
        self.written: dict[Node, object] = {}
        self.counts: dict[Node, jax.Array] = {}
        self.calls: dict[Node, Call] = {}
        self.within: dict[Node, set[str]] = {}
        self.dropped: dict[Node, tuple[int, ...]] = {}
        edges = [
            self.emit(LEAF, name, [], array) if chosen else Edge(None, 0, array, name)
            for name, chosen, array in zip(self.names, self.chosen, arrays, strict=True)
        ]
        outputs = walk(closed, edges, self.visit, lambda each: not is_folded(each))
        return [_as_edge(output) for output in outputs]

    def visit(
        self, equation: core.JaxprEqn, given: list[Any], outer: tuple[core.JaxprEqn, ...]
    ) -> list[Edge]:
        """Make the node of one equation, if PyTorch has one."""
        edges = [_as_edge(each) for each in given]
        if equation.primitive.name == "slice" and edges[0].node:
            return [self.slice(equation, edges[0], outer)]
        outputs = compute(equation, [edge.value for edge in edges])
        if equation.primitive.name == "stop_gradient" or not any(edge.node for edge in edges):
            return [Edge(None, 0, output) for output in outputs]
        if self.is_mean(equation, edges[0].node):
            self.average(edges[0].node, outputs[0], edges[1].value)
            return [edges[0]._replace(value=outputs[0])]
        if self.passed(equation, edges[0]):
            return [edges[0]._replace(value=outputs[0])]
        made = len(self.nodes)
        results = self.make(equation, edges, outputs)
        for node in self.nodes[made:]:
            self.place(node, equation, outer)
        return results

    def make(self, equation: core.JaxprEqn, edges: list[Edge], outputs: list[Any]) -> list[Edge]:
        """Make a node with all its outputs, or several where PyTorch has several."""
        if equation.primitive.name == "dot_general":
            return [self.product(equation, edges)]
        if equation.primitive.name == "div" and isinstance(equation.invars[0], core.Literal):
            return [self.quotient(*edges)]
        name, listed = counterpart(equation)
        inputs = [edges[i] for i in listed]
        first = self.emit(name, operation_of(equation), inputs, outputs[0])
        if first.node and first.node.operation.startswith("power "):
            first.node.saved["exponent"] = float(first.node.operation.split()[1])
        others = [
            Edge(first.node if _is_float(output) else None, i, output)
            for i, output in enumerate(outputs[1:], 1)
        ]
        return [first, *others]

    def place(self, node: Node, equation: core.JaxprEqn, outer: tuple[core.JaxprEqn, ...]) -> None:
        """Note where a node was written, and what it is a part of."""
        node.line = source_line(equation, outer)
        self.within[node] = calls(equation, OWN)
        call = enclosing_call(equation, COMPOSED)
        if call:
            self.calls[node] = call

    def quotient(self, number: Edge, divisor: Edge) -> Edge:
        """Divide a number as PyTorch does: by a reciprocal, and a product."""
        inverse = 1 / divisor.value
        edge = self.emit("ReciprocalBackward0", "reciprocal", [divisor], inverse)
        return self.emit("MulBackward0", "mul", [edge, number], edge.value * number.value)

    def product(self, equation: core.JaxprEqn, edges: list[Edge]) -> Edge:
        """Multiply as PyTorch does, with the same changes of shape around it."""
        is_batch_matmul = "batch_matmul" in calls(equation)
        name, shape, *around, after = product_of(equation, is_batch_matmul=is_batch_matmul)
        factors = [self.reshaped(*each) for each in zip(edges, around, strict=True)]
        as_given = [
            factor.value.reshape(edge.value.shape)
            for factor, edge in zip(factors, edges, strict=True)
        ]
        value = compute(equation, as_given)[0].reshape(shape)
        return self.reshaped(self.emit(f"{name}Backward0", "matmul", factors, value), after)

    def reshaped(self, edge: Edge, steps: Sequence[Step]) -> Edge:
        """Make a node for each change of shape, if a gradient passes there."""
        for name, operation, shape in steps:
            value = edge.value.reshape(shape)
            if edge.node is None:
                edge = edge._replace(value=value)
            else:
                edge = self.emit(f"{name[:-1]}Backward{name[-1]}", operation, [edge], value)
        return edge

    def emit(self, name: str, operation: str, inputs: Sequence[Edge], value: Tree) -> Edge:
        """Make one node, and return the edge that leaves it."""
        if not _is_float(value):
            return Edge(None, 0, value)
        if self.shifts is not None:
            value = value + self.shifts[len(self.nodes)]
        needs = [edge.node is not None for edge in inputs]
        saved = saved_by(name, [edge.value for edge in inputs], needs, value)
        node = Node(name, operation, tuple(inputs), value, saved=saved)
        self.nodes.append(node)
        self.zeros.append(jnp.zeros_like(value))
        return Edge(node, 0, value)

    def passed(self, equation: core.JaxprEqn, edge: Edge) -> bool:
        """Tell whether an equation belongs to the node before it, and note what it changes."""
        name, node = equation.primitive.name, edge.node
        called = calls(equation)
        if node is None:
            return False
        if name == "name":
            node.label = equation.params["name"]
        if name == "squeeze" and node in self.sliced:
            if self.written[node] != instruction(equation):
                return False
            return self.select(node, equation.params["dimensions"])
        if name in {"squeeze", "reshape"} and calls(equation, OWN) & _LOOKING_UP:
            return True
        if name == "broadcast_in_dim":
            return not called & {"broadcast_to", "expand_dims"}
        if name == "convert_element_type":
            return "astype" not in called
        return name in _PASSED

    def is_mean(self, equation: core.JaxprEqn, node: Node | None) -> bool:
        """Tell whether a sum is divided because ``jnp.mean`` says so."""
        is_division = equation.primitive.name == "div" and "mean" in calls(equation)
        return is_division and node is not None and node.name.startswith("Sum")

    def average(self, node: Node | None, value: jax.Array, count: jax.Array) -> None:
        """Turn the node of a sum into that of a mean."""
        assert node is not None
        node.name, node.operation = node.name.replace("Sum", "Mean"), "mean"
        node.value, self.counts[node] = value, count

    def slice(self, equation: core.JaxprEqn, edge: Edge, outer: tuple[core.JaxprEqn, ...]) -> Edge:
        """Make one node per sliced axis, as PyTorch does."""
        parameters = equation.params
        shape = edge.value.shape
        strides = parameters["strides"] or (1,) * len(shape)
        ranges = zip(parameters["start_indices"], parameters["limit_indices"], strides, strict=True)
        for axis, (start, limit, stride) in enumerate(ranges):
            if (start, limit, stride) == (0, shape[axis], 1):
                continue
            part = jax.lax.slice_in_dim(edge.value, start, limit, stride, axis)
            edge = self.emit("SliceBackward0", f"slice {start}:{limit}", [edge], part)
            assert edge.node is not None
            edge.node.line = source_line(equation, outer)
            self.sliced[edge.node], self.written[edge.node] = axis, instruction(equation)
        return edge

    def select(self, last: Node, axes: Sequence[int]) -> bool:
        """Rename the slices of one element, once it is clear that their axis goes."""
        chain = [last]
        while chain[0].inputs and chain[0].inputs[0].node in self.sliced:
            before = chain[0].inputs[0].node
            if self.written[before] != self.written[last]:
                break
            chain.insert(0, before)
        dropped: tuple[int, ...] = ()
        for node in chain:
            if self.sliced[node] in axes:
                node.name = "SelectBackward0"
                node.operation = node.operation.replace("slice", "select").partition(":")[0]
                dropped += (self.sliced[node],)
            self.dropped[node] = dropped
        return len(dropped) == len(axes)


def _used(nodes: Sequence[Node], outputs: Sequence[Edge]) -> tuple[Node, ...]:
    """Leave out what the result does not depend on, except inputs."""
    used = {edge.node for edge in outputs}
    for node in reversed(nodes):
        if node in used:
            used.update(edge.node for edge in node.inputs)
    return tuple(node for node in nodes if node in used or node.is_leaf)


def _as_edge(given: Tree) -> Edge:
    return given if isinstance(given, Edge) else Edge(None, 0, jnp.asarray(given))


def _is_float(value: Tree) -> bool:
    return bool(jnp.issubdtype(jnp.result_type(value), jnp.inexact))


def _fill_gradients(
    builder: _Builder,
    outputs: list[Edge],
    closed: core.ClosedJaxpr,
    arrays: Sequence[jax.Array],
    gradient: Tree,
) -> None:
    """Give each node its gradient: the derivative by something added to its value."""
    seed = _seed(outputs, gradient)

    def shifted(shifts: list[jax.Array]) -> list[Any]:
        again = _Builder(builder.names, builder.chosen, shifts)
        return [edge.value for edge in again.run(closed, arrays)]

    if seed is not None:
        _, pull = jax.vjp(shifted, builder.zeros)
        for node, found in zip(builder.nodes, pull(seed)[0], strict=True):
            node.gradient = found * builder.counts.get(node, 1)
    for node, axes in builder.dropped.items():
        node.value = jnp.squeeze(node.value, axes)
        node.gradient = None if node.gradient is None else jnp.squeeze(node.gradient, axes)


def _seed(outputs: list[Edge], gradient: Tree) -> list[Any] | None:
    """Return the gradient to pull back, or None if there is none to start from."""
    if gradient is None:
        single = len(outputs) == 1 and jnp.size(outputs[0].value) == 1 and outputs[0].node
        return [one_for(outputs[0].value)] if single else None
    leaves = jax.tree.leaves(gradient)
    shapes = [np.shape(edge.value) for edge in outputs]
    if [np.shape(leaf) for leaf in leaves] != shapes:
        raise InvalidValueError(
            f"the gradient has shape {[np.shape(leaf) for leaf in leaves]}, the result {shapes}: "
            f"give gradient=ones_like(y)"
        )
    return [jnp.asarray(leaf, edge.value.dtype) for leaf, edge in zip(leaves, outputs, strict=True)]


def _chosen(function: Callable[..., Any], wrt: Wrt | None, inputs: Sequence[Any]) -> list[bool]:
    """Tell of each leaf of the inputs whether it is differentiated."""
    if wrt is None:
        return [_is_float(leaf) for leaf in jax.tree.leaves(tuple(inputs))]
    positions = positions_of(function, wrt)
    check_inputs([inputs[position] for position in positions])
    return [
        position in positions for position, each in enumerate(inputs) for _ in jax.tree.leaves(each)
    ]


def _names(function: Callable[..., Any], inputs: Sequence[Any]) -> list[str]:
    """Name each leaf of the inputs: the argument, and the path inside it."""
    arguments = _arguments(function, len(inputs))
    return [
        f"{argument}.{path}".rstrip(".")
        for argument, each in zip(arguments, inputs, strict=True)
        for path in leaf_names(each)
    ]


def _arguments(function: Callable[..., Any], count: int) -> list[str]:
    """Name the arguments as the function does, or by number where it does not."""
    parameters = inspect.signature(function).parameters.values()
    names = [each.name for each in parameters if each.kind is not each.VAR_POSITIONAL]
    return [*names, *(f"input {i}" for i in range(len(names), count))][:count]


def _title(function: Callable[..., Any], inputs: Sequence[Any]) -> str:
    name = getattr(function, "__name__", "f")
    return f"{'f' if name == '<lambda>' else name}({', '.join(_arguments(function, len(inputs)))})"
