"""Adam and AdamW: steps of nearly equal length in every direction."""

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
import optax
from optax import GradientTransformation, ScalarOrSchedule

from .checks import not_negative, share
from .gradients import prepared


class AdamState(NamedTuple):
    """The count of updates, the running means of g and g², and the greatest of the latter."""

    steps: jax.Array
    mean: optax.Updates
    square: optax.Updates
    greatest: optax.Updates


def Adam(  # noqa: N802
    lr: ScalarOrSchedule = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    amsgrad: bool = False,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    r"""Step along the mean gradient, divided by its root mean square.

    .. math:: g &= \nabla f(\theta) + \lambda \theta \\
        m &\leftarrow \beta_1 m + (1 - \beta_1) g, \quad
        v \leftarrow \beta_2 v + (1 - \beta_2) g^2 \\
        \theta &\leftarrow \theta - \eta \frac{m / (1 - \beta_1^t)}
        {\sqrt{v / (1 - \beta_2^t)} + \epsilon}

    Args:
        lr: The step size η: a number, or a function of the count of updates so far.
        betas: How slowly the mean and the mean square forget.
        eps: Keeps the divisor away from zero.
        weight_decay: The factor λ of the parameters that is added to the gradient.
        amsgrad: Whether to divide by the greatest v so far.
        maximize: Whether to step up instead of down.

    Returns:
        An Optax transformation; add its updates with ``optax.apply_updates``.

    Raises:
        InvalidValueError: If a number is out of its range.

    Example:
        >>> optimizer = Adam(lr=0.1)
        >>> w = jnp.array(1.0)
        >>> updates, state = optimizer.update(jnp.array(2.0), optimizer.init(w), w)
        >>> optax.apply_updates(w, updates)
        Array(0.9, dtype=float32)

    PyTorch: ``torch.optim.Adam``, equal to rounding. ``optax.adam`` rounds the corrections
    :math:`1 - \beta^t` more coarsely in float32, and its AMSGrad compares corrected values.

    Source: Kingma and Ba, Adam, 2015; Reddi et al., On the convergence of Adam and beyond, 2018.
    """
    not_negative(lr=lr, eps=eps, weight_decay=weight_decay)
    return optax.chain(
        prepared(weight_decay, maximize),
        _directions(betas, eps, amsgrad),
        optax.scale_by_learning_rate(lr),
    )


def AdamW(  # noqa: N802
    lr: ScalarOrSchedule = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 1e-2,
    amsgrad: bool = False,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    r"""Step like :func:`Adam`, with the decay of the weights apart from the gradient.

    .. math:: \theta \leftarrow (1 - \eta \lambda) \theta - \eta \cdot \text{Adam's direction}

    Args:
        lr: The step size η: a number, or a function of the count of updates so far.
        betas: How slowly the mean and the mean square forget.
        eps: Keeps the divisor away from zero.
        weight_decay: The factor λ.
        amsgrad: Whether to divide by the greatest v so far.
        maximize: Whether to step up instead of down; the weights decay in either case.

    Returns:
        An Optax transformation; add its updates with ``optax.apply_updates``.

    Raises:
        InvalidValueError: If a number is out of its range.

    Example:
        >>> optimizer = AdamW(lr=0.1, weight_decay=0.5)
        >>> w = jnp.array(1.0)
        >>> updates, state = optimizer.update(jnp.array(2.0), optimizer.init(w), w)
        >>> optax.apply_updates(w, updates)
        Array(0.85, dtype=float32)

    PyTorch: ``torch.optim.AdamW``, equal to rounding. Its weight decay is 0.01 by default;
    ``optax.adamw`` has 0.0001.

    Source: Loshchilov and Hutter, Decoupled weight decay regularization, 2019.
    """
    not_negative(lr=lr, eps=eps, weight_decay=weight_decay)
    return optax.chain(
        prepared(0.0, maximize),
        _directions(betas, eps, amsgrad),
        optax.add_decayed_weights(weight_decay),
        optax.scale_by_learning_rate(lr),
    )


def _directions(betas: tuple[float, float], eps: float, amsgrad: bool) -> GradientTransformation:
    """Return the corrected mean of the gradients, divided by their root mean square."""
    beta1, beta2 = betas
    share(beta1=beta1, beta2=beta2)

    def init(params: optax.Params) -> AdamState:
        mean, square, greatest = (jax.tree.map(jnp.zeros_like, params) for _ in range(3))
        return AdamState(jnp.zeros((), jnp.int32), mean, square, greatest if amsgrad else ())

    def update(
        gradients: optax.Updates, state: AdamState, params: optax.Params | None = None
    ) -> tuple[optax.Updates, AdamState]:
        del params
        count = optax.safe_increment(state.steps)
        mean = optax.tree.update_moment(gradients, state.mean, beta1, 1)
        square = optax.tree.update_moment(gradients, state.square, beta2, 2)
        greatest = jax.tree.map(jnp.maximum, state.greatest, square) if amsgrad else ()
        correction, root = _correction(beta1, count), jnp.sqrt(_correction(beta2, count))

        def direction(m: jax.Array, v: jax.Array) -> jax.Array:
            return (m / correction / (jnp.sqrt(v) / root + eps)).astype(m.dtype)

        directions = jax.tree.map(direction, mean, greatest if amsgrad else square)
        return directions, AdamState(count, mean, square, greatest)

    return GradientTransformation(init, update)


def _correction(beta: float, count: jax.Array) -> jax.Array:
    """Return 1 - beta ** count without the cancellation that costs float32 four digits."""
    return -jnp.expm1(count * (math.log(beta) if beta else -math.inf))
