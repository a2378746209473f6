"""Losses of predicted numbers."""

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from .errors import same_shape
from .reduction import Reduction, reduce


def mse_loss(
    predictions: ArrayLike, targets: ArrayLike, reduction: Reduction = "mean"
) -> jax.Array:
    r"""Return the squared error.

    .. math:: \ell_i = (\hat y_i - y_i)^2

    Args:
        predictions: An array of any shape.
        targets: An array of exactly that shape.
        reduction: ``"none"``, ``"mean"`` or ``"sum"`` over all elements.

    Returns:
        The loss.

    Raises:
        ShapeMismatchError: If the shapes differ.
        InvalidValueError: If ``reduction`` is another word.

    Example:
        >>> mse_loss(jnp.array([[1.0], [2.0]]), jnp.array([[1.0], [4.0]]))
        Array(2., dtype=float32)

    PyTorch: ``torch.nn.functional.mse_loss``, which broadcasts unequal shapes and only warns.
    """
    return reduce(jnp.square(_differences(predictions, targets)), reduction)


def _differences(predictions: ArrayLike, targets: ArrayLike) -> jax.Array:
    """Return predictions - targets, refusing to broadcast."""
    predictions, targets = jnp.asarray(predictions), jnp.asarray(targets)
    same_shape("predictions", predictions.shape, "targets", targets.shape)
    return predictions - targets
