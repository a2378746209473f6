r"""The step size as a function of the count of updates, to be written as ``lr=``.

PyTorch's schedules count calls of ``scheduler.step()``, which most programs make once an epoch.
Here nothing is called: a schedule is a function of the number of updates made so far. So each
schedule that counts epochs in PyTorch asks for ``steps_per_epoch``, the number of updates in one
epoch, ``len(loader)``. Write ``steps_per_epoch=1`` where ``scheduler.step()`` would be called after
every update; all "epochs" below are updates then.
"""

import math
from collections.abc import Callable, Iterable
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from functorch_course.errors import InvalidValueError, one_of

from .checks import at_least_one, not_negative, positive

Schedule = Callable[[ArrayLike], jax.Array]


def StepLR(  # noqa: N802
    lr: float, step_size: int, gamma: float = 0.1, *, steps_per_epoch: int
) -> Schedule:
    r"""Multiply the rate by gamma every ``step_size`` epochs.

    .. math:: \eta_e = \eta \gamma^{\lfloor e / \text{step\_size} \rfloor}

    Args:
        lr: The first rate.
        step_size: After how many epochs the rate falls.
        gamma: What it is multiplied by.
        steps_per_epoch: Updates in an epoch, ``len(loader)``; 1 to count updates.

    Returns:
        A function of the count of updates so far, for the ``lr`` of an optimizer.

    Raises:
        InvalidValueError: If a number is out of its range.

    Example:
        >>> rate = StepLR(0.1, step_size=2, steps_per_epoch=100)
        >>> [round(float(rate(update)), 4) for update in (0, 199, 200, 400)]
        [0.1, 0.1, 0.01, 0.001]

    PyTorch: ``torch.optim.lr_scheduler.StepLR``, of which ``scheduler.step()`` is called once an
    epoch.
    """
    not_negative(lr=lr)
    positive(gamma=gamma)
    at_least_one(step_size=step_size, steps_per_epoch=steps_per_epoch)
    return lambda count: lr * _power(gamma, _epoch(count, steps_per_epoch) // step_size)


def MultiStepLR(  # noqa: N802
    lr: float, milestones: Iterable[int], gamma: float = 0.1, *, steps_per_epoch: int
) -> Schedule:
    r"""Multiply the rate by gamma at each of some epochs.

    .. math:: \eta_e = \eta \gamma^{|\{m : m \le e\}|}

    Args:
        lr: The first rate.
        milestones: The epochs, counted from 0; one named twice counts twice.
        gamma: What the rate is multiplied by.
        steps_per_epoch: Updates in an epoch, ``len(loader)``; 1 to count updates.

    Returns:
        A function of the count of updates so far, for the ``lr`` of an optimizer.

    Raises:
        InvalidValueError: If a number is out of its range.

    Example:
        >>> rate = MultiStepLR(0.1, [1, 3], steps_per_epoch=100)
        >>> [round(float(rate(update)), 4) for update in (99, 100, 300)]
        [0.1, 0.01, 0.001]

    PyTorch: ``torch.optim.lr_scheduler.MultiStepLR``.
    """
    not_negative(lr=lr)
    positive(gamma=gamma)
    at_least_one(steps_per_epoch=steps_per_epoch)
    at = np.array(sorted(milestones), np.int32)
    return lambda count: lr * _power(gamma, (_epoch(count, steps_per_epoch) >= at).sum())


def ExponentialLR(lr: float, gamma: float, *, steps_per_epoch: int) -> Schedule:  # noqa: N802
    r"""Multiply the rate by gamma every epoch.

    .. math:: \eta_e = \eta \gamma^e

    Args:
        lr: The first rate.
        gamma: What the rate is multiplied by.
        steps_per_epoch: Updates in an epoch, ``len(loader)``; 1 to count updates.

    Returns:
        A function of the count of updates so far, for the ``lr`` of an optimizer.

    Raises:
        InvalidValueError: If a number is out of its range.

    Example:
        >>> rate = ExponentialLR(1.0, 0.5, steps_per_epoch=100)
        >>> [float(rate(update)) for update in (0, 99, 100, 300)]
        [1.0, 1.0, 0.5, 0.125]

    PyTorch: ``torch.optim.lr_scheduler.ExponentialLR``.
    """
    not_negative(lr=lr)
    positive(gamma=gamma)
    at_least_one(steps_per_epoch=steps_per_epoch)
    return lambda count: lr * _power(gamma, _epoch(count, steps_per_epoch))


def LinearLR(  # noqa: N802
    lr: float,
    start_factor: float = 1.0 / 3,
    end_factor: float = 1.0,
    total_iters: int = 5,
    *,
    steps_per_epoch: int,
) -> Schedule:
    r"""Lead the rate in a straight line from one share of it to another, a step an epoch.

    .. math:: \eta_e = \eta \left(a + (b - a) \min(e, E) / E\right)

    Args:
        lr: The rate η.
        start_factor: The first share a, in (0, 1].
        end_factor: The last share b, in [0, 1].
        total_iters: The number E of epochs that it takes.
        steps_per_epoch: Updates in an epoch, ``len(loader)``; 1 to count updates.

    Returns:
        A function of the count of updates so far, for the ``lr`` of an optimizer.

    Raises:
        InvalidValueError: If a number is out of its range.

    Example:
        >>> rate = LinearLR(1.0, start_factor=0.5, total_iters=2, steps_per_epoch=100)
        >>> [float(rate(update)) for update in (0, 99, 100, 200, 999)]
        [0.5, 0.5, 0.75, 1.0, 1.0]

    PyTorch: ``torch.optim.lr_scheduler.LinearLR``.
    """
    not_negative(lr=lr)
    at_least_one(total_iters=total_iters, steps_per_epoch=steps_per_epoch)
    if not (0 < start_factor <= 1 and 0 <= end_factor <= 1):
        raise InvalidValueError(
            f"start_factor={start_factor} must lie in (0, 1], end_factor={end_factor} in [0, 1]"
        )

    def rate(count: ArrayLike) -> jax.Array:
        part = jnp.minimum(_epoch(count, steps_per_epoch), total_iters) / total_iters
        return lr * (start_factor + (end_factor - start_factor) * part)

    return rate


def CosineAnnealingLR(  # noqa: N802
    lr: float,
    T_max: int,  # noqa: N803
    eta_min: float = 0.0,
    *,
    steps_per_epoch: int,
) -> Schedule:
    r"""Lead the rate down along half a cosine, a step an epoch; after that, up again.

    .. math:: \eta_e = \eta_{min} + \tfrac12 (\eta - \eta_{min}) (1 + \cos(\pi e / T_{max}))

    Args:
        lr: The first rate.
        T_max: The epoch of the lowest rate.
        eta_min: The lowest rate.
        steps_per_epoch: Updates in an epoch, ``len(loader)``; 1 to count updates.

    Returns:
        A function of the count of updates so far, for the ``lr`` of an optimizer.

    Raises:
        InvalidValueError: If a number is out of its range.

    Example:
        >>> rate = CosineAnnealingLR(1.0, T_max=2, steps_per_epoch=100)
        >>> [round(float(rate(update)), 4) for update in (0, 99, 100, 200)]
        [1.0, 1.0, 0.5, 0.0]

    PyTorch: ``torch.optim.lr_scheduler.CosineAnnealingLR``.

    Source: Loshchilov and Hutter, SGDR, 2017.
    """
    not_negative(lr=lr, eta_min=eta_min)
    at_least_one(T_max=T_max, steps_per_epoch=steps_per_epoch)

    def rate(count: ArrayLike) -> jax.Array:
        # Angles beyond a half turn would cost float32 digits; the wave repeats, so none is needed.
        place = _epoch(count, steps_per_epoch) % (2 * T_max)
        wave = 1 + jnp.cos(math.pi * (jnp.minimum(place, 2 * T_max - place) / T_max))
        return eta_min + (lr - eta_min) * wave / 2

    return rate


def OneCycleLR(  # noqa: N802
    max_lr: float,
    total_steps: int | None = None,
    epochs: int | None = None,
    steps_per_epoch: int | None = None,
    pct_start: float = 0.3,
    anneal_strategy: Literal["cos", "linear"] = "cos",
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    three_phase: bool = False,
) -> Schedule:
    r"""Lead the rate up and then far down, a step an update.

    .. math:: \frac{\eta_{max}}{\text{div}} \to \eta_{max}
        \to \frac{\eta_{max}}{\text{div} \cdot \text{final\_div}}

    Args:
        max_lr: The highest rate.
        total_steps: The number of updates; or give the next two.
        epochs: The number of epochs.
        steps_per_epoch: Updates in an epoch, ``len(loader)``.
        pct_start: The share of the updates in which the rate rises.
        anneal_strategy: ``"cos"`` or ``"linear"``.
        div_factor: The highest rate over the first.
        final_div_factor: The first rate over the last.
        three_phase: Whether to come down to the first rate as fast as it rose, and only then on to
            the last one.

    Returns:
        A function of the count of updates so far, for the ``lr`` of an optimizer. After the last
        update it stays at the last rate.

    Raises:
        InvalidValueError: If the number of updates is not given, or a number is out of its range.

    Example:
        >>> rate = OneCycleLR(1.0, total_steps=11, pct_start=0.5)
        >>> [round(float(rate(update)), 4) for update in (0, 4, 10)]
        [0.04, 0.9711, 0.0]

    PyTorch: ``torch.optim.lr_scheduler.OneCycleLR`` with ``cycle_momentum=False``, stepped after
    every update; it raises an error after the last one.

    Source: Smith and Topin, Super-convergence, 2018.
    """
    one_of("anneal_strategy", anneal_strategy, ["cos", "linear"])
    total = _total_steps(total_steps, epochs, steps_per_epoch)
    if not 0 <= pct_start <= 1:
        raise InvalidValueError(f"pct_start={pct_start} must lie in [0, 1]")
    first = max_lr / div_factor
    last = first / final_div_factor
    turns = [
        pct_start * total - 1,
        *([2 * pct_start * total - 2] if three_phase else []),
        total - 1,
    ]
    rates = [first, max_lr, *([first] if three_phase else []), last]
    starts = [0.0, *turns[:-1]]
    phases = list(zip(starts, turns, rates[:-1], rates[1:], strict=True))

    def rate(count: ArrayLike) -> jax.Array:
        step = jnp.minimum(count, total - 1)
        values = [_between(step, *phase, anneal_strategy) for phase in phases]
        return jnp.select([step <= end for end in turns], values)

    return rate


def _epoch(count: ArrayLike, steps_per_epoch: int) -> jax.Array:
    """Return the epoch of an update, both counted from 0.

    As a float of jax's default width: a rate computed from an int32 would be float32 for ever.
    """
    return (jnp.asarray(count) // steps_per_epoch).astype(jnp.result_type(float))


def _power(base: float, exponent: jax.Array) -> jax.Array:
    """Return a power whose base is not rounded to float32 first."""
    return jnp.exp(exponent * math.log(base))


def _total_steps(total: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    """Return the number of updates, given in one of two ways."""
    if total is None and epochs is not None and steps_per_epoch is not None:
        total = epochs * steps_per_epoch
    if total is None:
        raise InvalidValueError("OneCycleLR needs total_steps, or epochs and steps_per_epoch")
    at_least_one(total_steps=total)
    return total


def _between(
    step: jax.Array, start: float, end: float, first: float, last: float, strategy: str
) -> jax.Array:
    """Return the rate at a step on the way from one rate to another."""
    part = (step - start) / (end - start) if end != start else jnp.ones(())
    if strategy == "linear":
        return first + (last - first) * part
    return last + (first - last) / 2 * (1 + jnp.cos(math.pi * part))
