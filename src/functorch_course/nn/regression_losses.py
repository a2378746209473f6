"""Losses of predicted numbers."""

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from functorch_course.errors import InvalidValueError

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


def l1_loss(predictions: ArrayLike, targets: ArrayLike, reduction: Reduction = "mean") -> jax.Array:
    r"""Return the absolute error.

    .. math:: \ell_i = |\hat y_i - y_i|

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
        >>> l1_loss(jnp.array([[1.0], [2.0]]), jnp.array([[1.0], [4.0]]))
        Array(1., dtype=float32)

    PyTorch: ``torch.nn.functional.l1_loss``, which broadcasts unequal shapes and only warns.
    """
    return reduce(_distances(predictions, targets), reduction)


def huber_loss(
    predictions: ArrayLike,
    targets: ArrayLike,
    reduction: Reduction = "mean",
    delta: float = 1.0,
) -> jax.Array:
    r"""Return the squared error near 0 and the absolute error far away.

    .. math:: \ell_i = \tfrac12 d_i^2 \text{ if } |d_i| < \delta
        \text{ else } \delta (|d_i| - \tfrac12 \delta), \quad d_i = \hat y_i - y_i

    Args:
        predictions: An array of any shape.
        targets: An array of exactly that shape.
        reduction: ``"none"``, ``"mean"`` or ``"sum"`` over all elements.
        delta: Where the one becomes the other.

    Returns:
        The loss.

    Raises:
        ShapeMismatchError: If the shapes differ.
        InvalidValueError: If ``reduction`` is another word, or ``delta`` is not positive.

    Example:
        >>> huber_loss(jnp.array([0.5, 3.0]), jnp.array([0.0, 0.0]), "none")
        Array([0.125, 2.5  ], dtype=float32)

    PyTorch: ``torch.nn.functional.huber_loss``.

    Source: Huber, Robust estimation of a location parameter, 1964.
    """
    if not delta > 0:
        raise InvalidValueError(f"delta={delta} must be positive; for 0 write l1_loss")
    distances = _distances(predictions, targets)
    near, far = 0.5 * distances * distances, delta * (distances - 0.5 * delta)
    return reduce(jnp.where(distances < delta, near, far), reduction)


def smooth_l1_loss(
    predictions: ArrayLike,
    targets: ArrayLike,
    reduction: Reduction = "mean",
    beta: float = 1.0,
) -> jax.Array:
    r"""Return the absolute error, rounded near 0: the Huber loss divided by its threshold.

    .. math:: \ell_i = \tfrac{1}{2\beta} d_i^2 \text{ if } |d_i| < \beta
        \text{ else } |d_i| - \tfrac12 \beta, \quad d_i = \hat y_i - y_i

    Args:
        predictions: An array of any shape.
        targets: An array of exactly that shape.
        reduction: ``"none"``, ``"mean"`` or ``"sum"`` over all elements.
        beta: Where the one becomes the other; 0 means never, as in :func:`l1_loss`.

    Returns:
        The loss.

    Raises:
        ShapeMismatchError: If the shapes differ.
        InvalidValueError: If ``reduction`` is another word, or ``beta`` is negative.

    Example:
        >>> smooth_l1_loss(jnp.array([0.5, 3.0]), jnp.array([0.0, 0.0]), "none")
        Array([0.125, 2.5  ], dtype=float32)

    PyTorch: ``torch.nn.functional.smooth_l1_loss``.

    Source: Girshick, Fast R-CNN, 2015.
    """
    if beta == 0:
        return l1_loss(predictions, targets, reduction)
    if not beta > 0:
        raise InvalidValueError(f"beta={beta} must not be negative")
    distances = _distances(predictions, targets)
    near, far = 0.5 * distances * distances / beta, distances - 0.5 * beta
    return reduce(jnp.where(distances < beta, near, far), reduction)


def _distances(predictions: ArrayLike, targets: ArrayLike) -> jax.Array:
    """Return absolute differences."""
    return _absolute(_differences(predictions, targets))


def _absolute(x: jax.Array) -> jax.Array:
    """Return absolute values; at 0 the derivative is 0, as in PyTorch, and not jnp.abs's 1."""
    return x * jnp.sign(x)


def _differences(predictions: ArrayLike, targets: ArrayLike) -> jax.Array:
    """Return predictions - targets, refusing to broadcast."""
    predictions, targets = jnp.asarray(predictions), jnp.asarray(targets)
    same_shape("predictions", predictions.shape, "targets", targets.shape)
    return predictions - targets
