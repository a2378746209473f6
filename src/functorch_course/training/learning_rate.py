"""A test run over rising learning rates, to see which one to write."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import numpy as np
import numpy.typing as npt
import optax

from functorch_course.errors import InvalidValueError

from .arguments import check_loader, check_loss, check_model, pair
from .evaluate import Batches
from .labels import examination, shapes_of
from .program import Model
from .step import Loss, make_step, start

SMOOTHING = 0.9  # share of the running mean that each loss leaves as it was
BLOWN_UP = 4.0  # times the best smoothed loss: there is nothing more to see


class LearningRateCurve(NamedTuple):
    """Losses over rising learning rates.

    Args:
        rates: The learning rate of each update.
        losses: The loss of its batch, before the update, smoothed.
        suggestion: A tenth of the rate at which the smoothed loss was lowest.

    PyTorch: has no counterpart.
    """

    rates: npt.NDArray[np.float64]
    losses: npt.NDArray[np.float64]
    suggestion: float


def find_learning_rate(
    model: Model,
    loader: Batches,
    loss: Loss,
    optimizer: Callable[[optax.Schedule], optax.GradientTransformation],
    *,
    low: float = 1e-6,
    high: float = 10.0,
    steps: int = 100,
) -> LearningRateCurve:
    r"""Train a copy of a model at ever larger learning rates until the loss blows up.

    Formula: :math:`\eta_k = \mathrm{low} \cdot (\mathrm{high} / \mathrm{low})^{k / (n - 1)}`

    Args:
        model: What would be trained; it is not changed.
        loader: Gives batches (inputs, targets); it is gone through as often as need be.
        loss: A function of (outputs, targets) that gives a scalar.
        optimizer: From a learning rate, as a function of the update's number, to an optimizer, such
            as ``lambda lr: fc.optim.SGD(lr, momentum=0.9)``.
        low: The first learning rate.
        high: The last one, if the loss stays small so long.
        steps: How many updates there are at most.

    Returns:
        The curve and a suggestion; look at the curve before you take it.

    Raises:
        InvalidValueError: If the rates do not rise, or the loader gives no batch.
        NarrowingError: If a batch holds float64 that JAX would narrow.
        IndexRangeError: If a label is out of range, by its step.

    Example:
        >>> import jax.numpy as jnp
        >>> from functorch_course.training import Functional
        >>> line = Functional(lambda w, x: w * x, jnp.array(0.0))
        >>> squared = lambda outputs, targets: ((outputs - targets) ** 2).mean()
        >>> curve = find_learning_rate(line, [(jnp.ones(4), jnp.ones(4))], squared, optax.sgd)
        >>> 0.001 < curve.suggestion < 1
        True

    PyTorch: has no counterpart; PyTorch Lightning's ``Tuner.lr_find`` is alike.

    Source: Smith, Cyclical Learning Rates for Training Neural Networks, 2017
    """
    if not (0 < low < high and steps > 1):
        raise InvalidValueError(
            f"low={low}, high={high}, steps={steps}: write 0 < low < high and 2 steps or more"
        )
    check_model(model)
    check_loader(loader)
    check_loss(loss)
    ratio = (high / low) ** (1 / (steps - 1))
    rule = optimizer(lambda count: low * ratio**count)
    step, state = jax.jit(make_step(model, loss, rule)), start(model, rule)
    smoothed: list[float] = []
    mean = 0.0
    while len(smoothed) < steps:
        before = len(smoothed)
        for batch in loader:
            inputs, targets = pair(batch)
            state, value = step(state, inputs, targets)
            mean = SMOOTHING * mean + (1 - SMOOTHING) * float(value)
            if not np.isfinite(value):
                place = f"at step {len(smoothed) + 1}"
                examination(model, loss)(shapes_of(inputs), targets, place)
            newest = mean / (1 - SMOOTHING ** (len(smoothed) + 1))
            if not newest < BLOWN_UP * min(smoothed, default=np.inf):
                return _curve(low, ratio, smoothed)
            smoothed.append(newest)
            if len(smoothed) == steps:
                break
        if len(smoothed) == before:
            raise InvalidValueError("the loader gave no batch: there is nothing to try")
    return _curve(low, ratio, smoothed)


def _curve(low: float, ratio: float, losses: list[float]) -> LearningRateCurve:
    """Return the curve with its suggestion."""
    if not losses:
        raise InvalidValueError("the first loss is not finite: look for NaN in model and inputs")
    rates = low * ratio ** np.arange(len(losses), dtype=np.float64)
    return LearningRateCurve(
        rates, np.array(losses, np.float64), float(rates[np.argmin(losses)]) / 10
    )
