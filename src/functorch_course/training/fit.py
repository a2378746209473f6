"""Train a model over epochs: the loop that every script would otherwise write again."""

import time
from collections.abc import Mapping, Sequence, Sized
from typing import Generic, NamedTuple

import optax

from functorch_course.errors import InvalidValueError

from .arguments import (
    check_callbacks,
    check_count,
    check_loader,
    check_loss,
    check_metrics,
    check_model,
    check_optimizer,
)
from .callback import Callback
from .checkpoint import Checkpoints
from .engine import Compile, make_engine
from .evaluate import Batches, Evaluation, evaluate
from .gradient import prepare
from .history import EpochRecord, History
from .labels import examination
from .losses import EpochLosses, naming_the_parameter
from .metrics import Combined, Metric
from .program import ModelT, with_arrays
from .resume import Resume, Saver
from .step import Loss, make_step, start


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
    metrics: Mapping[str, Metric | Combined] | None = None,
    callbacks: Sequence[Callback] = (),
    accumulate: int = 1,
    clip: float | None = None,
    compile: Compile = "auto",  # noqa: A002
    checkpoints: Checkpoints | None = None,
    resume: Resume = None,
) -> FitResult[ModelT]:
    r"""Train a model for some epochs, each update compiled by XLA, or each epoch as a whole.

    Formula: :math:`(\theta, s) \leftarrow \mathrm{step}(\theta, s, x, y)` for each batch

    Args:
        model: A Flax NNX module or a ``Functional``.
        loader: Gives batches (inputs, targets), afresh each time it is iterated.
        loss: A function of (outputs, targets) that gives a scalar.
        optimizer: An Optax gradient transformation, such as ``fc.optim.SGD(lr=0.01)``.
        epochs: How often to go through the loader.
        validation: A second loader, measured after each epoch.
        metrics: What to measure on it beside the loss: name to a function of (outputs, targets)
            that gives one number for each sample, or a ``Combined`` metric such as ``r2_score``.
        callbacks: Told of every step and epoch; see ``Callback``. One that answers True at the
            end of an epoch ends the training.
        accumulate: How many batches to average the gradient over before each update.
        clip: The largest norm of the gradient over all parameters that is let through.
        compile: ``"step"`` makes each update one XLA call. ``"epoch"`` puts the whole dataset on
            the device and makes all updates of an epoch one call; the loader must then be a
            ``DataLoader`` over a dataset that gives whole batches. ``"auto"`` does so where it can,
            the data takes at most 1 GiB, and the loader has no workers, who would have nothing to
            do. The results agree to rounding.
        checkpoints: Where to save the run after each epoch: parameters, buffers, optimizer,
            history, the place of the loaders and of the current generator. Callbacks keep nothing
            there.
        resume: ``"auto"`` goes on from the newest checkpoint, or begins if there is none. A run
            that was killed ends with the same bits as one that was not. None begins anew, and
            refuses a folder that already holds checkpoints.

    Returns:
        The trained copy of the model, and the history.

    Raises:
        ArgumentTypeError: If an argument is of another kind, such as a dataset for a loader.
        InvalidValueError: If ``epochs``, ``accumulate`` or ``clip`` is out of range, or the loader
            gives no batch, or there are metrics but no ``validation``, or ``resume`` and
            ``checkpoints`` do not go together.
        CheckpointMismatchError: If the checkpoint is of another model, optimizer or setting.
        NarrowingError: If a batch holds float64 that JAX would narrow.
        IndexRangeError: If a label is out of range, by its batch; noticed as late as this:
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
    _check(model, loader, loss, optimizer, validation, metrics, callbacks)
    check_count("epochs", epochs, 0)
    optimizer = prepare(optimizer, clip, accumulate)
    state = start(model, optimizer)
    engine = make_engine(make_step(model, loss, optimizer), loader, compile)
    examine = examination(model, loss)
    steps = len(loader) if isinstance(loader, Sized) else None
    history = History()
    settings = {"accumulate": accumulate, "clip": clip}
    saver = Saver(checkpoints, [loader, validation], settings)
    state, stopped = saver.load(resume, state, history)
    if history.epochs:
        model = with_arrays(model, state.parameters, state.buffers)

    def tell(batches: list[int]) -> None:
        for callback in callbacks:
            callback.on_progress(batches, history)

    try:
        for epoch in range(len(history.epochs) + 1, 1 if stopped else epochs + 1):
            for callback in callbacks:
                callback.on_epoch_start(epoch, steps)
            started = time.perf_counter()
            losses = EpochLosses(epoch, history, examine)
            state = engine(state, losses, tell)
            with naming_the_parameter(lambda newest=state: newest):  # type: ignore[misc]
                losses.fetch()
            seconds = time.perf_counter() - started
            model = with_arrays(model, state.parameters, state.buffers)
            measured = (
                evaluate(model, validation, loss, metrics) if validation is not None else None
            )
            history.epochs.append(_record(losses, seconds, measured))
            answers = [callback.on_epoch_end(history, model) for callback in callbacks]
            stopped = any(answers)
            saver.save(state, history, stopped=stopped)
            if stopped:
                break
    finally:
        for callback in callbacks:
            callback.on_fit_end(history)
    return FitResult(model, history)


def _check(
    model: object,
    loader: object,
    loss: object,
    optimizer: object,
    validation: object,
    metrics: object,
    callbacks: object,
) -> None:
    """Raise of what is of another kind, or in another's place."""
    check_model(model)
    check_loader(loader)
    check_loss(loss)
    check_optimizer(optimizer)
    check_metrics(metrics)
    check_callbacks(callbacks)
    if validation is not None:
        check_loader(validation, "validation")
    elif metrics:
        raise InvalidValueError(
            "metrics are measured on the validation set: write validation=… too"
        )


def _record(losses: EpochLosses, seconds: float, measured: Evaluation | None) -> EpochRecord:
    """Sum up one epoch."""
    return EpochRecord(
        epoch=losses.epoch,
        steps=len(losses.samples),
        train_loss=losses.mean(),
        validation_loss=measured.loss if measured else None,
        validation_metrics=measured.metrics if measured else {},
        seconds=seconds,
        samples_per_second=sum(losses.samples) / seconds,
    )
