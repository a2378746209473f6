"""The difference of two traces in every quantity and step, as relative numbers."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .errors import UnequalStructureError
from .trace import Floats, Trace


class Series(NamedTuple):
    """The relative differences of two traces; T is the number of steps that both have.

    Args:
        same_batch: (T,): whether the step saw the same samples in the same order.
        forward: (T,)
        loss: (T,)
        gradient: (T, P)
        update: (T, P)
        parameters: (E,): of all parameters together, after each epoch.
        predictions: (E,): the share of the test set that is predicted differently; of predicted
            values, how far apart they are. Empty if one of the traces has none.

    PyTorch: has no counterpart.
    """

    same_batch: Floats
    forward: Floats
    loss: Floats
    gradient: Floats
    update: Floats
    parameters: Floats
    predictions: Floats


def series(ours: Trace, theirs: Trace) -> Series:
    """Measure the difference of two traces of the same parameters."""
    steps = min(ours.steps, theirs.steps)
    return Series(
        same_batch=ours.batches[:steps] == theirs.batches[:steps],
        forward=_apart(ours.outputs[:steps], theirs.outputs[:steps], _norm),
        loss=_relative(
            _gap(ours.losses[:steps], theirs.losses[:steps]), np.abs(theirs.losses[:steps])
        ),
        gradient=_apart(ours.gradients[:steps], theirs.gradients[:steps], _largest_norm),
        update=_apart(
            ours.updates[:steps], theirs.updates[:steps], _largest_norm, _rounding(ours, theirs)
        ),
        parameters=_parameters(ours, theirs),
        predictions=_predictions(ours, theirs),
    )


def check_parameters(ours: Trace, theirs: Trace) -> None:
    """Raise unless both have the same number of parameters, of the same shapes, in one order."""
    here, there = (
        {name: array.shape for name, array in trace.start.items()} for trace in (ours, theirs)
    )
    if list(here.values()) != list(there.values()):
        raise UnequalStructureError(
            f"the parameters differ: {here} in the first trace, {there} in the second: "
            "compare runs of the same model"
        )


def samples_apart(ours: Trace, theirs: Trace, epoch: int) -> int:
    """Count the samples of an epoch that only one of the traces has, whatever their order."""
    longer = max(ours, theirs, key=lambda trace: len(trace.epoch_steps)).epoch_steps
    start, stop = (0, *longer)[epoch - 1], (*longer, None)[epoch - 1]
    a, b = (Counter(" ".join(trace.batches[start:stop]).split()) for trace in (ours, theirs))
    return max((a - b).total(), (b - a).total())


def _parameters(ours: Trace, theirs: Trace) -> Floats:
    """Return how far apart all parameters together are after each epoch."""
    epochs = min(len(ours.epoch_steps), len(theirs.epoch_steps))
    a, b = (
        np.concatenate(
            [values[:epochs].reshape(epochs, -1) for values in trace.epochs.values()], axis=1
        ).astype(np.float64)
        for trace in (ours, theirs)
    )
    return _relative(np.linalg.norm(_gap(a, b), axis=1), np.linalg.norm(b, axis=1))


def _predictions(ours: Trace, theirs: Trace) -> Floats:
    """Return how far apart the predictions for the test set are; nothing if one has none."""
    epochs = min(len(ours.epoch_steps), len(theirs.epoch_steps))
    a, b = ours.predictions[:epochs], theirs.predictions[:epochs]
    if not (a.size and b.size):
        return np.empty(0)
    if a.shape != b.shape:
        return np.full(epochs, np.inf)
    if np.issubdtype(b.dtype, np.floating):
        return _relative(np.linalg.norm(_gap(a, b), axis=1), np.linalg.norm(b, axis=1))
    return np.asarray((a != b).mean(axis=1))


def _apart(
    ours: Floats,
    theirs: Floats,
    scale: Callable[[Floats], Floats],
    rounding: Floats | float = 0.0,
) -> Floats:
    """Return the difference of sketches, beyond what is rounding, relative to a scale."""
    gap = _gap(ours, theirs).max(axis=-1)
    return _relative(np.maximum(gap - rounding, 0.0), scale(theirs))


def _norm(sketches: Floats) -> Floats:
    """Return the norms."""
    return sketches[..., 1]


def _largest_norm(sketches: Floats) -> Floats:
    """Return the largest norm so far: what cancels is not measured by what is left of it."""
    return np.maximum.accumulate(sketches[..., 1], axis=0)


def _rounding(ours: Trace, theirs: Trace) -> Floats:
    """Return how much of an update is the rounding of the parameters that it was added to."""
    norms = [
        max(np.linalg.norm(end[name].astype(np.float64)) for end in (trace.start, trace.end))
        * np.finfo(ours.dtype).eps
        for trace in (ours, theirs)
        for name in trace.names
    ]
    # Roundings are independent, so that a sketch shows about a fifth of this bound.
    floor: Floats = np.max(np.reshape(norms, (2, -1)), axis=0)
    return floor


def _gap(ours: Floats, theirs: Floats) -> Floats:
    """Return |a - b|; 0 where both are NaN or the same infinity."""
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    with np.errstate(invalid="ignore"):
        return np.where(same, 0.0, np.abs(ours - theirs))


def _relative(gap: Floats, scale: Floats) -> Floats:
    """Return the share of the scale; 0 where nothing differs, infinity where one is NaN."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(gap == 0, 0.0, gap / scale)
    return np.nan_to_num(share, nan=np.inf, posinf=np.inf)
