"""Adagrad, RMSprop and Adadelta: each parameter has a step size of its own."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import optax
from optax import GradientTransformation, ScalarOrSchedule

from .checks import not_negative
from .gradients import prepared


class AdagradState(NamedTuple):
    """The sum of squared gradients."""

    total: optax.Updates


def Adagrad(  # noqa: N802
    lr: ScalarOrSchedule = 1e-2,
    lr_decay: float = 0.0,
    weight_decay: float = 0.0,
    initial_accumulator_value: float = 0.0,
    eps: float = 1e-10,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    r"""Divide the gradient by the root of the sum of all its squares.

    .. math:: s \leftarrow s + g^2, \quad
        \theta \leftarrow \theta - \frac{\eta}{1 + t \gamma} \frac{g}{\sqrt s + \epsilon}

    Args:
        lr: The step size η: a number, or a function of the count t of updates so far.
        lr_decay: How fast the step size falls.
        weight_decay: The factor of the parameters that is added to the gradient.
        initial_accumulator_value: The first s.
        eps: Keeps the divisor away from zero.
        maximize: Whether to step up instead of down.

    Returns:
        An Optax transformation; add its updates with ``optax.apply_updates``.

    Raises:
        InvalidValueError: If a number is negative.

    Example:
        >>> optimizer = Adagrad(lr=0.1)
        >>> w = jnp.array(1.0)
        >>> updates, state = optimizer.update(jnp.array(2.0), optimizer.init(w), w)
        >>> optax.apply_updates(w, updates)
        Array(0.9, dtype=float32)

    PyTorch: ``torch.optim.Adagrad``, equal to rounding. ``optax.adagrad`` starts from another sum
    and puts ε under the root.

    Source: Duchi et al., Adaptive subgradient methods, 2011.
    """
    start = initial_accumulator_value
    not_negative(lr=lr, lr_decay=lr_decay, weight_decay=weight_decay, eps=eps)
    not_negative(initial_accumulator_value=start)

    def rate(count: jax.Array) -> jax.Array:
        base = jnp.asarray(lr(count) if callable(lr) else lr)
        return base / (1 + count * lr_decay)

    return optax.chain(
        prepared(weight_decay, maximize),
        _by_root_of_sum(start, eps),
        optax.scale_by_learning_rate(rate if lr_decay else lr),
    )


def RMSprop(  # noqa: N802
    lr: ScalarOrSchedule = 1e-2,
    alpha: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum: float = 0.0,
    centered: bool = False,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    r"""Divide the gradient by its root mean square.

    .. math:: v \leftarrow \alpha v + (1 - \alpha) g^2, \quad
        b \leftarrow \mu b + \frac{g}{\sqrt v + \epsilon}, \quad
        \theta \leftarrow \theta - \eta b

    Args:
        lr: The step size η: a number, or a function of the count of updates so far.
        alpha: How slowly the mean square forgets.
        eps: Keeps the divisor away from zero.
        weight_decay: The factor of the parameters that is added to the gradient.
        momentum: The share μ of the last direction that is kept.
        centered: Whether to divide by the standard deviation instead.
        maximize: Whether to step up instead of down.

    Returns:
        An Optax transformation; add its updates with ``optax.apply_updates``.

    Raises:
        InvalidValueError: If a number is negative.

    Example:
        >>> optimizer = RMSprop(lr=0.1)
        >>> w = jnp.array(1.0)
        >>> updates, state = optimizer.update(jnp.array(2.0), optimizer.init(w), w)
        >>> optax.apply_updates(w, updates).round(4)
        Array(0., dtype=float32)

    PyTorch: ``torch.optim.RMSprop``, equal to rounding.

    Source: Hinton, Neural networks for machine learning, lecture 6e, 2012.
    """
    not_negative(lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay, momentum=momentum)
    by_root = optax.scale_by_stddev if centered else optax.scale_by_rms
    return optax.chain(
        prepared(weight_decay, maximize),
        by_root(alpha, eps, initial_scale=0.0, eps_in_sqrt=False),
        optax.trace(momentum) if momentum else optax.identity(),
        optax.scale_by_learning_rate(lr),
    )


def Adadelta(  # noqa: N802
    lr: ScalarOrSchedule = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    r"""Step by the root mean square of the last steps over that of the gradients.

    .. math:: v \leftarrow \rho v + (1 - \rho) g^2, \quad
        d = \frac{\sqrt{u + \epsilon}}{\sqrt{v + \epsilon}} g, \quad
        u \leftarrow \rho u + (1 - \rho) d^2, \quad
        \theta \leftarrow \theta - \eta d

    Args:
        lr: The factor η of the step: a number, or a function of the count of updates so far.
        rho: How slowly the mean squares forget.
        eps: Lets the first step be taken.
        weight_decay: The factor of the parameters that is added to the gradient.
        maximize: Whether to step up instead of down.

    Returns:
        An Optax transformation; add its updates with ``optax.apply_updates``.

    Raises:
        InvalidValueError: If a number is negative.

    Example:
        >>> optimizer = Adadelta()
        >>> w = jnp.array(1.0)
        >>> updates, state = optimizer.update(jnp.array(2.0), optimizer.init(w), w)
        >>> round(float(optax.apply_updates(w, updates)), 4)
        0.9968

    PyTorch: ``torch.optim.Adadelta``, equal to rounding.

    Source: Zeiler, ADADELTA, 2012.
    """
    not_negative(lr=lr, rho=rho, eps=eps, weight_decay=weight_decay)
    return optax.chain(
        prepared(weight_decay, maximize),
        optax.scale_by_adadelta(rho, eps),
        optax.scale_by_learning_rate(lr),
    )


def _by_root_of_sum(start: float, eps: float) -> GradientTransformation:
    """Return the gradient divided by the root of the sum of its squares."""

    def init(params: optax.Params) -> AdagradState:
        return AdagradState(jax.tree.map(lambda p: jnp.full_like(p, start), params))

    def update(
        gradients: optax.Updates, state: AdagradState, params: optax.Params | None = None
    ) -> tuple[optax.Updates, AdagradState]:
        del params
        total = jax.tree.map(lambda s, g: s + g * g, state.total, gradients)
        directions = jax.tree.map(lambda g, s: g / (jnp.sqrt(s) + eps), gradients, total)
        return directions, AdagradState(total)

    return GradientTransformation(init, update)
