"""The first step at which two runs part, and in which quantity."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from .limits import Limits
from .series import Series, samples_apart
from .trace import Trace

Quantity = Literal[
    "batch size",
    "batch content",
    "batch order",
    "initial weight",
    "forward",
    "loss",
    "gradient",
    "update",
    "number of steps",
    "test predictions",
    "test accuracy",
]
CAUSES: dict[str, str] = {
    "batch size": "look at batch_size and drop_last",
    "batch content": "look at the dataset, the transforms and their random draws, and the dtype",
    "batch order": "look at the seed, at shuffle, and at what else draws from the same stream",
    "initial weight": "look at the seed, the order in which layers are made, and their dtype",
    "forward": "look at the model: its layers, activations, dropout, training mode",
    "loss": "look at the loss function and its reduction",
    "gradient": "look at zero_grad, at clipping, at what is detached or frozen, and, if it comes "
    "late, at kinks: beside a ReLU's 0, rounding decides about the derivative",
    "update": "look at the optimizer: rate, momentum, weight decay, schedule",
    "number of steps": "look at the number of epochs, and at the size of the dataset",
    "test predictions": "look at the test set, its order, its transforms, and at evaluation mode",
    "test accuracy": "look at the test set and its transforms",
}
LATER = (
    "look at training mode after an evaluation, or for a small difference that has grown: weight "
    "decay, eps, schedule, the dtype of constants"
)
NOTICED = 30  # a difference this many times below the limit is already more than rounding


@dataclass(frozen=True)
class Parting:
    """Where two runs part.

    Args:
        quantity: In what.
        step: At which step, from 0, counted through all epochs.
        epoch: In which epoch, from 1.
        detail: The two values, or how many differ.
        parameter: The parameter it is about, or None.
        difference: The relative difference.
        limit: What would have been allowed.
        also: What else is different at the same step without being its consequence.
        grown_from: A difference in an earlier step that was within its limit, but above rounding.

    Example:
        >>> print(Parting("loss", 0, 1, "0.5 and 0.25", difference=1.0, limit=1e-05))
        They part at step 0 (epoch 1) in the loss: 0.5 and 0.25 (difference 1, limit 1e-05).
        Cause: look at the loss function and its reduction.

    PyTorch: has no counterpart.
    """

    quantity: Quantity
    step: int
    epoch: int
    detail: str
    parameter: str | None = None
    difference: float = np.inf
    limit: float = 0.0
    also: tuple[Quantity, ...] = ()
    grown_from: "Parting | None" = None

    @property
    def cause(self) -> str:
        """Where to look."""
        if self.grown_from is not None:
            return self.grown_from.cause
        if self.step and self.quantity in ("forward", "loss"):
            return LATER
        return "; ".join(CAUSES[quantity] for quantity in (self.quantity, *self.also))

    def __str__(self) -> str:
        also = f", and also in the {' and the '.join(self.also)}" if self.also else ""
        before = self.grown_from
        first = f"\nA smaller difference came before: {before._where()}." if before else ""
        return f"They part {self._where()}{also}.{first}\nCause: {self.cause}."

    def _where(self) -> str:
        """Return step and quantity in words."""
        of = f" of {self.parameter}" if self.parameter else ""
        sizes = f" (difference {self.difference:.3g}, limit {self.limit:.3g})" if self.limit else ""
        place = f"at step {self.step} (epoch {self.epoch}) in the {self.quantity}{of}"
        return f"{place}: {self.detail}{sizes}"


def find_parting(ours: Trace, theirs: Trace, apart: Series, limits: Limits) -> Parting | None:
    """Return the first parting in the order of time, and within a step in that of the work."""
    first = next(_partings(ours, theirs, apart, limits), None)
    if first is None:
        return None
    if first.quantity.startswith("batch") and not first.step and _same_start(ours, theirs):
        return replace(first, also=("initial weight",))
    if first.quantity in ("forward", "loss", "gradient") and first.step:
        return replace(first, grown_from=_germ(ours, theirs, apart, limits, first.step))
    return first


def _germ(ours: Trace, theirs: Trace, apart: Series, limits: Limits, end: int) -> Parting | None:
    """Return the first gradient or update, before a step, that differs by more than rounding."""
    tight = Limits(limits.first_epoch / NOTICED, limits.later / NOTICED)
    for step in range(end):
        epoch = max(ours.epoch_of(step), theirs.epoch_of(step))
        for found in _computed(ours, theirs, apart, tight, step, epoch):
            if found.quantity in ("gradient", "update"):
                return found
    return None


def _partings(ours: Trace, theirs: Trace, apart: Series, limits: Limits) -> Iterator[Parting]:
    """Yield what differs, step by step."""
    differs = _same_start(ours, theirs)
    for step in range(len(apart.loss)):
        epoch = max(ours.epoch_of(step), theirs.epoch_of(step))
        if not apart.same_batch[step]:
            yield _batch(ours, theirs, step, epoch)
        if step == 0 and differs is not None:
            yield differs
        yield from _computed(ours, theirs, apart, limits, step, epoch)
    steps = len(apart.loss)
    if ours.steps != theirs.steps:
        counts = f"{ours.steps} and {theirs.steps}"
        yield Parting("number of steps", steps, ours.epoch_of(steps), counts)
    allowed = limits.of_predictions(theirs.predictions.dtype)
    for epoch, gap in enumerate(apart.predictions, 1):
        if gap > allowed:
            detail = f"apart by {gap:.3g}" if np.isfinite(gap) else "another number of samples"
            yield Parting("test predictions", steps, epoch, detail, None, gap, allowed)
    for epoch, (a, b) in enumerate(zip(ours.accuracies, theirs.accuracies, strict=False), 1):
        if abs(a - b) > limits.accuracy + 1e-9:
            detail, gap = f"{a:.4f} and {b:.4f}", abs(a - b)
            yield Parting("test accuracy", steps, epoch, detail, None, gap, limits.accuracy)


def _batch(ours: Trace, theirs: Trace, step: int, epoch: int) -> Parting:
    """Say in what the batches of a step differ."""
    sizes = [len(trace.samples_of(step)) for trace in (ours, theirs)]
    if sizes[0] != sizes[1]:
        return Parting("batch size", step, epoch, f"{sizes[0]} and {sizes[1]} samples")
    count = samples_apart(ours, theirs, epoch)
    if count:
        detail = f"{count:,} samples of the epoch are in one run only"
        return Parting("batch content", step, epoch, detail)
    return Parting("batch order", step, epoch, "the same samples come in another order")


def _same_start(ours: Trace, theirs: Trace) -> Parting | None:
    """Say in what the initial parameters differ, bit for bit."""
    for name, other in zip(ours.names, theirs.names, strict=True):
        a, b = ours.start[name], theirs.start[other]
        if a.dtype != b.dtype:
            return Parting("initial weight", 0, 1, f"dtype {a.dtype} and {b.dtype}", name)
        if a.tobytes() != b.tobytes():
            gap = np.abs(a.astype(np.float64) - b.astype(np.float64)).max()
            detail = f"{np.sum(a != b)} of {a.size} values differ, by {gap:.3g} at most"
            return Parting("initial weight", 0, 1, detail, name)
    return None


def _computed(
    ours: Trace, theirs: Trace, apart: Series, limits: Limits, step: int, epoch: int
) -> Iterator[Parting]:
    """Yield what differs in outputs, loss, gradients and updates of a step."""
    norms = (trace.outputs[step, 1] for trace in (ours, theirs))
    losses = (trace.losses[step] for trace in (ours, theirs))
    scalars: list[tuple[Quantity, float, str]] = [
        ("forward", apart.forward[step], "norms of the outputs {:.6g} and {:.6g}".format(*norms)),
        ("loss", apart.loss[step], "{:.8g} and {:.8g}".format(*losses)),
    ]
    for quantity, gap, detail in scalars:
        limit = limits.at(quantity, epoch)
        if gap > limit:
            yield Parting(quantity, step, epoch, detail, None, gap, limit)
    vectors: list[tuple[Quantity, np.ndarray, np.ndarray, np.ndarray]] = [
        ("gradient", apart.gradient[step], ours.gradients[step], theirs.gradients[step]),
        ("update", apart.update[step], ours.updates[step], theirs.updates[step]),
    ]
    for quantity, gaps, here, there in vectors:
        limit = limits.at(quantity, epoch)
        worst = int(gaps.argmax())
        if gaps[worst] > limit:
            detail = f"norms {here[worst, 1]:.6g} and {there[worst, 1]:.6g}"
            yield Parting(quantity, step, epoch, detail, ours.names[worst], gaps[worst], limit)
