"""The step size that falls when a metric stops improving."""

from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax.typing import ArrayLike
from optax import GradientTransformationExtraArgs

from functorch_course.errors import InvalidValueError, TeachingError, one_of

from .checks import at_least_one, not_negative


class PlateauState(NamedTuple):
    """The rate, the best metric, and what is counted on the way to the next reduction."""

    lr: jax.Array
    best: jax.Array
    bad_epochs: jax.Array
    cooldown: jax.Array
    total: jax.Array
    seen: jax.Array


def ReduceLROnPlateau(  # noqa: N802
    lr: float,
    mode: Literal["min", "max"] = "min",
    factor: float = 0.1,
    patience: int = 10,
    threshold: float = 1e-4,
    threshold_mode: Literal["rel", "abs"] = "rel",
    cooldown: int = 0,
    min_lr: float = 0.0,
    eps: float = 1e-8,
    *,
    steps_per_epoch: int,
) -> GradientTransformationExtraArgs:
    r"""Multiply the rate by ``factor`` after more than ``patience`` epochs without improvement.

    It stands after the optimizer in a chain and scales its updates. The metric is the mean of the
    ``value=`` that the updates of an epoch are given, such as the training loss.

    Args:
        lr: The rate that the optimizer before it was given.
        mode: Whether a smaller or a greater metric is better.
        factor: What the rate is multiplied by, less than 1.
        patience: How many epochs without improvement are borne.
        threshold: By how much a metric must be better than the best to count as better.
        threshold_mode: Whether that is a share of the best, ``"rel"``, or a difference, ``"abs"``.
        cooldown: For how many epochs after a reduction none is counted as bad.
        min_lr: The lowest rate.
        eps: Smaller changes of the rate are left out.
        steps_per_epoch: Updates in an epoch, ``len(loader)``; 1 to judge every value.

    Returns:
        An Optax transformation whose ``update`` takes ``value=``. Its state has the rate as ``lr``.

    Raises:
        InvalidValueError: If a number is out of its range, or a word is unknown.
        TeachingError: If ``update`` is called without ``value``.

    Example:
        >>> from functorch_course import optim
        >>> plateau = ReduceLROnPlateau(lr=1.0, factor=0.5, patience=1, steps_per_epoch=1)
        >>> optimizer = optax.chain(optim.SGD(lr=1.0), plateau)
        >>> w = jnp.array(0.0)
        >>> state = optimizer.init(w)
        >>> for loss in (3.0, 3.0, 3.0, 3.0):
        ...     updates, state = optimizer.update(jnp.array(1.0), state, w, value=loss)
        ...     print(float(updates), float(state[1].lr))
        -1.0 1.0
        -1.0 1.0
        -1.0 0.5
        -0.5 0.5

    PyTorch: ``torch.optim.lr_scheduler.ReduceLROnPlateau``, whose ``step(metric)`` is called
    once an epoch. ``optax.contrib.reduce_on_plateau`` loses patience one epoch earlier.
    """
    one_of("mode", mode, ["min", "max"])
    one_of("threshold_mode", threshold_mode, ["rel", "abs"])
    not_negative(lr=lr, patience=patience, threshold=threshold, cooldown=cooldown, min_lr=min_lr)
    at_least_one(steps_per_epoch=steps_per_epoch)
    if not 0 < factor < 1:
        raise InvalidValueError(f"factor={factor} must lie in (0, 1)")
    sign = 1 if mode == "min" else -1

    def is_better(metric: jax.Array, best: jax.Array) -> jax.Array:
        if threshold_mode == "rel":
            return sign * metric < sign * best * (1 - sign * threshold)
        return sign * metric < sign * best - threshold

    def init(params: optax.Params) -> PlateauState:
        del params
        bad_epochs, cooldown, seen = (jnp.zeros((), jnp.int32) for _ in range(3))
        best = jnp.asarray(sign * jnp.inf)
        return PlateauState(jnp.asarray(float(lr)), best, bad_epochs, cooldown, jnp.zeros(()), seen)

    def judge(state: PlateauState) -> PlateauState:
        metric = state.total / steps_per_epoch
        better = is_better(metric, state.best)
        bad = jnp.where(better | (state.cooldown > 0), 0, state.bad_epochs + 1)
        lower = jnp.maximum(state.lr * factor, min_lr)
        reduces = bad > patience
        return PlateauState(
            lr=jnp.where(reduces & (state.lr - lower > eps), lower, state.lr),
            best=jnp.where(better, metric, state.best),
            bad_epochs=jnp.where(reduces, 0, bad),
            cooldown=jnp.where(reduces, cooldown, jnp.maximum(state.cooldown - 1, 0)),
            total=jnp.zeros_like(state.total),
            seen=jnp.zeros_like(state.seen),
        )

    def update(
        updates: optax.Updates,
        state: PlateauState,
        params: optax.Params | None = None,
        *,
        value: ArrayLike | None = None,
        **_: object,
    ) -> tuple[optax.Updates, PlateauState]:
        del params
        if value is None:
            raise TeachingError(
                "ReduceLROnPlateau was asked for an update without a metric",
                "scheduler.step(metric) is called once an epoch.",
                "optimizer.update(gradients, state, params, value=loss)",
            )
        scale = state.lr / lr
        scaled = jax.tree.map(lambda u: scale.astype(jnp.result_type(u)) * u, updates)
        counted = state._replace(total=state.total + value, seen=state.seen + 1)
        ends = counted.seen == steps_per_epoch
        return scaled, jax.lax.cond(ends, judge, lambda same: same, counted)

    return GradientTransformationExtraArgs(init, update)
