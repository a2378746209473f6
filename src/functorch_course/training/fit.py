"""Train a model over epochs: the loop that every script would otherwise write again."""

import math
import time
from collections.abc import Mapping, Sequence, Sized
from typing import Generic, NamedTuple, NoReturn

import jax
import numpy as np
import optax

from functorch_course.errors import InvalidValueError, NonFiniteLossError

from .callback import Callback
from .evaluate import Batches, Evaluation, evaluate
from .history import EpochRecord, History
from .metrics import Metric
from .program import ModelT, with_arrays
from .step import Loss, State, Step, make_step, start

FETCH_SECONDS = 0.1  # losses are fetched from the device this often, not at every step


class FitResult(NamedTuple, Generic[ModelT]):
    """What training gives back.

    Args:
        model: A trained copy; the model that went in is as it was.
        history: One record an epoch, one loss a step.

    PyTorch: has no counterpart; there the model itself has changed.
    """

    model: ModelT
    history: History


def fit(
    model: ModelT,
    loader: Batches,
    loss: Loss,
    optimizer: optax.GradientTransformation,
    epochs: int,
    *,
    validation: Batches | None = None,
    metrics: Mapping[str, Metric] | None = None,
    callbacks: Sequence[Callback] = (),
) -> FitResult[ModelT]:
    r"""Train a model for some epochs, with one compiled XLA call an update.

    Formula: :math:`(\theta, s) \leftarrow \mathrm{step}(\theta, s, x, y)` for each batch

    Args:
        model: A Flax NNX module or a ``Functional``.
        loader: Gives batches (inputs, targets), afresh each time it is iterated.
        loss: A function of (outputs, targets) that gives a scalar.
        optimizer: An Optax gradient transformation, such as ``fc.optim.SGD(lr=0.01)``.
        epochs: How often to go through the loader.
        validation: A second loader, measured after each epoch.
        metrics: What to measure on it beside the loss: name to a function of (outputs, targets)
            that gives one number for each sample.
        callbacks: Told of every step and epoch; see ``Callback``.

    Returns:
        The trained copy of the model, and the history.

    Raises:
        InvalidValueError: If ``epochs`` is negative, or the loader gives no batch.
        NonFiniteLossError: If the loss becomes NaN or infinite; noticed within a fraction of a
            second, and the callbacks are still given the history so far.

    Example:
        >>> import jax.numpy as jnp, optax
        >>> from functorch_course.training import Functional
        >>> line = Functional(lambda p, x: p["slope"] * x + p["bias"], {"slope": 0.0, "bias": 0.0})
        >>> squared = lambda outputs, targets: ((outputs - targets) ** 2).mean()
        >>> x = jnp.linspace(-1.0, 1.0, 20)
        >>> result = fit(line, [(x, -3 * x + 1)], squared, optax.sgd(0.3), epochs=100)
        >>> {name: round(float(value), 3) for name, value in result.model.parameters.items()}
        {'bias': 1.0, 'slope': -3.0}

    PyTorch: has no counterpart; it is the training loop of every tutorial. The order of work is
    that loop's, so the same seed gives the same losses to rounding.
    """
    if epochs < 0:
        raise InvalidValueError(f"epochs={epochs}: write a number of 0 or more")
    state = start(model, optimizer)
    step = jax.jit(make_step(model, loss, optimizer))
    history = History()
    try:
        for epoch in range(1, epochs + 1):
            started = time.perf_counter()
            losses = _Losses(epoch, history)
            state = _train_epoch(step, state, loader, losses, callbacks)
            seconds = time.perf_counter() - started
            model = with_arrays(model, state.parameters, state.buffers)
            measured = evaluate(model, validation, loss, metrics) if validation else None
            history.epochs.append(_record(losses, seconds, measured))
            for callback in callbacks:
                callback.on_epoch_end(history)
    finally:
        for callback in callbacks:
            callback.on_fit_end(history)
    return FitResult(model, history)


def _train_epoch(
    step: Step, state: State, loader: Batches, losses: "_Losses", callbacks: Sequence[Callback]
) -> State:
    """Go through the loader once."""
    steps = len(loader) if isinstance(loader, Sized) else None
    for callback in callbacks:
        callback.on_epoch_start(losses.epoch, steps)
    for inputs, targets in loader:
        state, loss = step(state, inputs, targets)
        losses.add(loss, len(targets))
        for callback in callbacks:
            callback.on_step(len(targets), losses.history)
    losses.fetch()
    return state


class _Losses:
    """The losses of one epoch: fetched from the device in bulk, so that it need not wait."""

    def __init__(self, epoch: int, history: History) -> None:
        self.epoch, self.history = epoch, history
        self.first = len(history.step_losses)
        self.waiting: list[jax.Array] = []
        self.samples: list[int] = []
        self.fetched = time.perf_counter()

    def add(self, loss: jax.Array, samples: int) -> None:
        """Take the loss of one batch, which may not be computed yet."""
        self.waiting.append(loss)
        self.samples.append(samples)
        if time.perf_counter() - self.fetched > FETCH_SECONDS:
            self.fetch()

    def fetch(self) -> None:
        """Wait for the losses taken so far and check them."""
        values = [float(loss) for loss in jax.device_get(self.waiting)]
        self.waiting.clear()
        self.fetched = time.perf_counter()
        for value in values:
            self.history.step_losses.append(value)
            if not math.isfinite(value):
                self._refuse(value)

    def mean(self) -> float:
        """Return the mean loss over the samples of the epoch."""
        return float(np.average(self.history.step_losses[self.first :], weights=self.samples))

    def _refuse(self, value: float) -> NoReturn:
        step = len(self.history.step_losses) - self.first
        raise NonFiniteLossError(
            f"the loss became {value} in epoch {self.epoch} at step {step}: "
            "write a smaller learning rate, or look for NaN among the inputs"
        )


def _record(losses: _Losses, seconds: float, measured: Evaluation | None) -> EpochRecord:
    """Sum up one epoch."""
    samples = sum(losses.samples)
    if samples == 0:
        raise InvalidValueError("the loader gave no batch: there is nothing to train on")
    return EpochRecord(
        epoch=losses.epoch,
        steps=len(losses.samples),
        train_loss=losses.mean(),
        validation_loss=measured.loss if measured else None,
        validation_metrics=measured.metrics if measured else {},
        seconds=seconds,
        samples_per_second=samples / seconds,
    )
