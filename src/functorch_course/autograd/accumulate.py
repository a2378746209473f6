"""Adding gradients up, which PyTorch does by itself and here is done on purpose."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from functorch_course.errors import InvalidValueError

from .tree import Tree, alike


def accumulate(total: Tree, gradient: Tree) -> Tree:
    r"""Add a gradient to a total.

    :math:`t \leftarrow t + g`, leaf by leaf.

    Args:
        total: The sum so far; None at the beginning.
        gradient: What is added: an array, or a tree of arrays.

    Returns:
        The new sum; the old one stays.

    Raises:
        InvalidValueError: If the two are trees of different form.

    Example:
        >>> accumulate(accumulate(None, 4.0), 4.0)
        Array(8., dtype=float32, weak_type=True)

    PyTorch: ``x.grad += gradient``, at every ``backward()``.
    """
    if total is None:
        return gradient
    if not alike(total, gradient):
        raise InvalidValueError(
            f"the gradient has the form {jax.tree.structure(gradient)}, the total "
            f"{jax.tree.structure(total)}: accumulate gradients of the same parameters"
        )
    return jax.tree.map(jnp.add, total, gradient)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Accumulator:
    r"""A sum of gradients that knows how many there were, as PyTorch's ``.grad`` does not.

    Immutable, and a pytree: it can be carried through ``jit`` and ``lax.scan``.

    Args:
        total: The sum so far; None at the beginning.
        count: How many gradients it holds.

    Example:
        >>> accumulator = Accumulator()
        >>> for _ in range(3):
        ...     accumulator = accumulator.add(jax.grad(lambda x: x**2)(2.0))
        ...     print(accumulator.total)
        4.0
        8.0
        12.0

    PyTorch: ``x.grad`` between two calls of ``optimizer.zero_grad()``. To start again is
        ``Accumulator()``.
    """

    total: Any = None
    count: int | jax.Array = 0

    def add(self, gradient: Tree) -> "Accumulator":
        """Return a new accumulator with one gradient more."""
        return Accumulator(accumulate(self.total, gradient), self.count + 1)

    def mean(self) -> Tree:
        """Return the average gradient."""
        return jax.tree.map(lambda leaf: leaf / self.count, self.total)
