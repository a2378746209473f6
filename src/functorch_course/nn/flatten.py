"""Several axes as one."""

import math

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from functorch_course.errors import InvalidValueError

from .module import Module


def flatten(x: ArrayLike, start_dim: int = 1, end_dim: int = -1) -> jax.Array:
    """Join neighbouring axes into one; by default, every sample of a batch becomes a row.

    Shapes: x (N, d1, d2, ...), the result (N, d1 · d2 · ...).

    Args:
        x: An array.
        start_dim: The first axis to join; negative ones count from the end.
        end_dim: The last axis to join.

    Returns:
        The same values in the same order.

    Raises:
        InvalidValueError: If there are no such axes, or they stand in the wrong order.

    Example:
        >>> flatten(jnp.zeros((5, 1, 28, 28))).shape
        (5, 784)

    PyTorch: ``torch.flatten``, whose ``start_dim`` is 0 by default; ``torch.nn.Flatten``.
    """
    shape = jnp.shape(x)
    first, last = (dim + len(shape) if dim < 0 else dim for dim in (start_dim, end_dim))
    if not 0 <= first <= last < len(shape):
        raise InvalidValueError(
            f"flatten(start_dim={start_dim}, end_dim={end_dim}) of shape {shape}: there are "
            f"{len(shape)} axes; for one sample write x[None] to make it a batch"
        )
    joined = math.prod(shape[first : last + 1])
    return jnp.reshape(x, (*shape[:first], joined, *shape[last + 1 :]))


class Flatten(Module):
    """:func:`flatten` as a module, to stand before the first :class:`Linear`.

    Args:
        start_dim: The first axis to join.
        end_dim: The last axis to join.

    Example:
        >>> Flatten()(jnp.zeros((5, 1, 28, 28))).shape
        (5, 784)

    PyTorch: ``torch.nn.Flatten``.
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim = start_dim
        self.end_dim = end_dim

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Join the axes."""
        return flatten(x, self.start_dim, self.end_dim)
