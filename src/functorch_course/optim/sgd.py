"""Stochastic gradient descent, with PyTorch's momentum."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import optax
from optax import GradientTransformation, ScalarOrSchedule

from functorch_course.errors import InvalidValueError

from .checks import not_negative
from .gradients import prepared


class DampedState(NamedTuple):
    """The running sum of gradients, and whether it has begun."""

    buffer: optax.Updates
    begun: jax.Array


def SGD(  # noqa: N802
    lr: ScalarOrSchedule = 1e-3,
    momentum: float = 0.0,
    dampening: float = 0.0,
    weight_decay: float = 0.0,
    nesterov: bool = False,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    r"""Step down the gradient, with momentum.

    .. math:: g &= \nabla f(\theta) + \lambda \theta \\
        v &\leftarrow \mu v + (1 - \tau) g \text{, starting with } v = g \\
        \theta &\leftarrow \theta - \eta v

    With Nesterov's momentum the last line takes :math:`g + \mu v` instead of v.

    Args:
        lr: The step size η: a number, or a function of the count of updates so far.
        momentum: The share μ of the last direction that is kept.
        dampening: The share τ of the gradient that is left out, from the second update on.
        weight_decay: The factor λ of the parameters that is added to the gradient.
        nesterov: Whether to look one step ahead.
        maximize: Whether to step up instead of down.

    Returns:
        An Optax transformation; add its updates with ``optax.apply_updates``.

    Raises:
        InvalidValueError: If a number is negative, or Nesterov's momentum lacks momentum.

    Example:
        >>> optimizer = SGD(lr=0.1, momentum=0.9)
        >>> w = jnp.array(1.0)
        >>> state = optimizer.init(w)
        >>> updates, state = optimizer.update(jnp.array(2.0), state, w)
        >>> optax.apply_updates(w, updates)
        Array(0.8, dtype=float32)

    PyTorch: ``torch.optim.SGD``, equal to rounding. There is no ``step()`` and no ``zero_grad()``:
    parameters, gradients and state are values. A ``lr`` that must change from outside:
    ``optax.inject_hyperparams(lambda lr: SGD(lr, momentum=0.9))(lr=0.1)``.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html
    """
    not_negative(lr=lr, momentum=momentum, weight_decay=weight_decay)
    if nesterov and (momentum == 0 or dampening != 0):
        raise InvalidValueError(
            f"nesterov=True with momentum={momentum}, dampening={dampening}: "
            "Nesterov's momentum needs momentum > 0 and dampening=0"
        )
    return optax.chain(
        prepared(weight_decay, maximize),
        _momentum(momentum, dampening, nesterov) if momentum else optax.identity(),
        optax.scale_by_learning_rate(lr),
    )


def _momentum(momentum: float, dampening: float, nesterov: bool) -> GradientTransformation:
    """Return the sum of past gradients."""
    if dampening == 0:
        return optax.trace(momentum, nesterov)
    return _damped_momentum(momentum, dampening)


def _damped_momentum(momentum: float, dampening: float) -> GradientTransformation:
    """Return the sum of past gradients, each but the first one damped, which Optax lacks."""

    def init(params: optax.Params) -> DampedState:
        return DampedState(jax.tree.map(jnp.zeros_like, params), jnp.array(False))

    def update(
        gradients: optax.Updates, state: DampedState, params: optax.Params | None = None
    ) -> tuple[optax.Updates, DampedState]:
        del params
        share = jnp.where(state.begun, 1 - dampening, 1.0)
        buffer = jax.tree.map(lambda v, g: momentum * v + share * g, state.buffer, gradients)
        return buffer, DampedState(buffer, jnp.array(True))

    return GradientTransformation(init, update)
