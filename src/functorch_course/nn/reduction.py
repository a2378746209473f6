"""How the losses of the samples become one number."""

from typing import Literal

import jax

from functorch_course.errors import one_of

Reduction = Literal["none", "mean", "sum"]


def reduce(losses: jax.Array, reduction: Reduction) -> jax.Array:
    """Return the losses themselves, their mean, or their sum.

    Args:
        losses: One loss an element, of any shape.
        reduction: ``"none"``, ``"mean"`` or ``"sum"``.

    Returns:
        An array of the shape of ``losses`` for ``"none"``, else a scalar.

    Raises:
        InvalidValueError: If ``reduction`` is another word.

    Example:
        >>> import jax.numpy as jnp
        >>> reduce(jnp.array([1.0, 3.0]), "mean")
        Array(2., dtype=float32)

    PyTorch: the ``reduction=`` argument of its losses.
    """
    one_of("reduction", reduction, ["none", "mean", "sum"])
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()
