"""Losses of predicted yes or no."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from functorch_course.errors import InvalidValueError

from .errors import same_shape
from .reduction import Reduction, reduce
from .tracing import is_concrete


def binary_cross_entropy(
    probabilities: ArrayLike,
    targets: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: Reduction = "mean",
) -> jax.Array:
    r"""Return the negative log-probability of the right answers.

    .. math:: \ell_i = -w_i (y_i \log p_i + (1 - y_i) \log(1 - p_i))

    No logarithm counts below -100.

    Args:
        probabilities: The predicted probabilities of yes, in [0, 1], of any shape.
        targets: 1 for yes, 0 for no, or between; of exactly that shape.
        weight: A weight for each element, or what broadcasts to the shape; ``None`` means 1.
        reduction: ``"none"``, ``"mean"`` or ``"sum"`` over all elements.

    Returns:
        The loss. In compiled code a probability outside [0, 1] makes it NaN; elsewhere it raises.

    Raises:
        ShapeMismatchError: If the shapes differ.
        InvalidValueError: If a probability lies outside [0, 1], where its value can be seen, or
            ``reduction`` is another word.

    Example:
        >>> binary_cross_entropy(jnp.array([0.5]), jnp.array([1.0]))
        Array(0.6931472, dtype=float32)

    PyTorch: ``torch.nn.functional.binary_cross_entropy``. For scores write
    :func:`binary_cross_entropy_with_logits`, which loses no digits.
    """
    same_shape("probabilities", jnp.shape(probabilities), "targets", jnp.shape(targets))
    if is_concrete(probabilities):
        _check_probabilities(np.asarray(probabilities))
    losses = _cross_entropy(jnp.asarray(probabilities), jnp.asarray(targets))
    return reduce(losses if weight is None else losses * jnp.asarray(weight), reduction)


def binary_cross_entropy_with_logits(
    logits: ArrayLike,
    targets: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: Reduction = "mean",
    pos_weight: ArrayLike | None = None,
) -> jax.Array:
    r"""Return the negative log-probability of the right answers, from scores.

    .. math:: \ell_i = -w_i (p y_i \log \sigma(z_i) + (1 - y_i) \log(1 - \sigma(z_i)))

    Args:
        logits: The predicted log-odds of yes, any real numbers, of any shape.
        targets: 1 for yes, 0 for no, or between; of exactly that shape.
        weight: A weight for each element, or what broadcasts to the shape; ``None`` means 1.
        reduction: ``"none"``, ``"mean"`` or ``"sum"`` over all elements.
        pos_weight: The weight p of yes against no; broadcasts; ``None`` means 1.

    Returns:
        The loss.

    Raises:
        ShapeMismatchError: If the shapes of logits and targets differ.
        InvalidValueError: If ``reduction`` is another word.

    Example:
        >>> binary_cross_entropy_with_logits(jnp.array([0.0]), jnp.array([1.0]))
        Array(0.6931472, dtype=float32)

    PyTorch: ``torch.nn.functional.binary_cross_entropy_with_logits``.
    """
    same_shape("logits", jnp.shape(logits), "targets", jnp.shape(targets))
    z, y = jnp.asarray(logits), jnp.asarray(targets)
    log_weight = 1 if pos_weight is None else (jnp.asarray(pos_weight) - 1) * y + 1
    losses = (1 - y) * z + log_weight * jax.nn.softplus(-z)
    return reduce(losses if weight is None else losses * jnp.asarray(weight), reduction)


@jax.custom_jvp
def _cross_entropy(p: jax.Array, y: jax.Array) -> jax.Array:
    """Return the loss of each element, with logarithms cut at -100."""
    return -(y * jnp.maximum(jnp.log(p), -100) + (1 - y) * jnp.maximum(jnp.log1p(-p), -100))


@_cross_entropy.defjvp
def _cross_entropy_jvp(
    primals: tuple[jax.Array, jax.Array], tangents: tuple[jax.Array, jax.Array]
) -> tuple[jax.Array, jax.Array]:
    """Return the derivative as PyTorch has it: finite at p = 0 and p = 1."""
    p, y = primals
    dp, dy = tangents
    by_p = (p - y) / jnp.maximum((1 - p) * p, 1e-12)
    by_y = jnp.maximum(jnp.log1p(-p), -100) - jnp.maximum(jnp.log(p), -100)
    return _cross_entropy(p, y), by_p * dp + by_y * dy


def _check_probabilities(values: np.ndarray) -> None:
    """Raise unless all values are probabilities; NaN is let through, as the loss shows it."""
    wrong = values[(values < 0) | (values > 1)]
    if wrong.size:
        raise InvalidValueError(
            f"{wrong[0]} is no probability: they lie in [0, 1]; "
            "for scores write binary_cross_entropy_with_logits"
        )
