"""How PyTorch does a product of vectors, matrices and batches: by reshaping to one it has."""

from math import prod
from typing import NamedTuple

from jax.extend import core


class Step(NamedTuple):
    """A node that only gives a value another shape."""

    name: str
    operation: str
    shape: tuple[int, ...]


class Product(NamedTuple):
    """A product with its name and shape, and the steps around it.

    Args:
        name: PyTorch's name of the product itself.
        shape: The shape of what it gives.
        left: The steps on the left factor before it.
        right: The steps on the right factor before it.
        after: The steps behind it.
    """

    name: str
    shape: tuple[int, ...]
    left: tuple[Step, ...] = ()
    right: tuple[Step, ...] = ()
    after: tuple[Step, ...] = ()


def product_of(equation: core.JaxprEqn, *, is_batch_matmul: bool) -> Product:
    """Plan a product as ``torch.matmul`` does, or ``torch.bmm`` where that was asked for."""
    (contracted, (batch, _)) = equation.params["dimension_numbers"]
    left, right = (tuple(atom.aval.shape) for atom in equation.invars)  # type: ignore[attr-defined]
    shape: tuple[int, ...] = tuple(equation.outvars[0].aval.shape)  # type: ignore[attr-defined]
    is_matmul = contracted == ((len(left) - 1,), (max(len(right) - 2, 0),))
    name = "Bmm" if batch else {(1, 1): "Dot", (2, 1): "Mv"}.get((len(left), len(right)), "Mm")
    if not is_matmul or is_batch_matmul:
        return Product(name, shape)
    if batch:
        return _batched(left, right, shape)
    if len(left) == 1 and len(right) == 2:
        row, result = (1, *left), (1, *shape)
        first, last = Step("Unsqueeze0", "unsqueeze", row), Step("Squeeze4", "squeeze", shape)
        return Product("Mm", result, (first,), (), (last,))
    if len(left) > 2 and len(right) <= 2:
        rows = prod(left[:-1])
        first, last = Step("View0", "view", (rows, left[-1])), Step("UnsafeView0", "view", shape)
        return Product("Mm" if len(right) == 2 else "Mv", (rows, *right[1:]), (first,), (), (last,))
    return Product(name, shape)


def _batched(left: tuple[int, ...], right: tuple[int, ...], shape: tuple[int, ...]) -> Product:
    """Plan a product of two batches of matrices."""

    def three_axes(size: tuple[int, ...]) -> tuple[int, ...]:
        return prod(size[:-2]), *size[-2:]

    def steps(size: tuple[int, ...]) -> tuple[Step, ...]:
        return Step("Expand0", "expand", size), Step("View0", "view", three_axes(size))

    last = Step("UnsafeView0", "view", shape)
    return Product("Bmm", three_axes(shape), steps(left), steps(right), (last,))
