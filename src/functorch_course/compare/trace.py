"""What a training run computed, step by step, as it is kept in a file."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

import functorch_course as fc

from .trace_recorder import TraceWriter

FORMAT = "functorch_course trace 1"
STEPS = ("samples", "batch_sizes", "outputs", "losses", "gradients", "updates")
ROWS = (*STEPS, "epoch_steps", "accuracies", "predictions")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Trace:
    r"""A training run in numbers: small enough to keep, enough to find where two runs part.

    An array of many numbers is kept as a sketch of two: its product with (cos 0, cos 1, ...), in
    which every change is seen, and its norm.

    Shapes: T steps, P parameters, E epochs, S samples of all batches.

    Args:
        framework: What made it.
        names: The P parameters, in order of their names.
        samples: uint64 (S,): a digest of each sample with its target, in the order of training.
        batch_sizes: (T,): how many samples each step saw.
        outputs: (T, 2): sketches of the model's outputs.
        losses: (T,)
        gradients: (T, P, 2): sketches.
        updates: (T, P, 2): sketches of the parameters' changes.
        epoch_steps: (E,): the number of steps made by the end of each epoch.
        accuracies: (E,): the share of right predictions on the test set; NaN where not measured.
        predictions: (E, N): what was predicted for the N test samples.
        start: The parameters before the first step.
        end: The parameters after the last.

    PyTorch: has no counterpart; ``functorch-course compare --helper`` prints a file that writes
    such traces in a PyTorch program.
    """

    framework: str
    names: list[str]
    samples: npt.NDArray[np.uint64]
    batch_sizes: npt.NDArray[np.int64]
    outputs: Floats
    losses: Floats
    gradients: Floats
    updates: Floats
    epoch_steps: npt.NDArray[np.int64]
    accuracies: Floats
    predictions: npt.NDArray[Any]
    start: dict[str, npt.NDArray[Any]]
    end: dict[str, npt.NDArray[Any]]

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return len(self.losses)

    @property
    def dtype(self) -> str:
        """The name of the dtype of the parameters; the coarsest, if there are several."""
        names = {array.dtype.name for array in self.start.values()}
        return min(names, key=lambda name: np.dtype(name).itemsize)

    def epoch_of(self, step: int) -> int:
        """Return the number of the epoch, from 1, that a step (from 0) belongs to."""
        return int(np.searchsorted(self.epoch_steps, step, side="right")) + 1

    @classmethod
    def of(cls, writer: TraceWriter, framework: str) -> Self:
        """Return what a writer has collected."""
        return cls.from_arrays(writer.arrays() | {"framework": framework})

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> Self:
        """Make a trace of the arrays of a file."""
        names = [str(name) for name in arrays["names"]]
        steps, parameters = len(arrays["losses"]), len(names)
        empty = {"epoch_steps": [steps], "accuracies": [np.nan], "predictions": np.empty((1, 0))}
        epochs = {name: np.asarray(arrays.get(name, value)) for name, value in empty.items()}
        return cls(
            framework=str(arrays["framework"]),
            names=names,
            samples=np.asarray(arrays["samples"], np.uint64),
            batch_sizes=np.asarray(arrays["batch_sizes"], np.int64),
            outputs=np.asarray(arrays["outputs"], np.float64).reshape(steps, 2),
            losses=np.asarray(arrays["losses"], np.float64).reshape(steps),
            gradients=np.asarray(arrays["gradients"], np.float64).reshape(steps, parameters, 2),
            updates=np.asarray(arrays["updates"], np.float64).reshape(steps, parameters, 2),
            start={name: np.asarray(arrays[f"start.{name}"]) for name in names},
            end={name: np.asarray(arrays[f"end.{name}"]) for name in names},
            **epochs,
        )

    def save(self, path: str | Path) -> None:
        """Write the trace to a file; see :func:`load_trace`."""
        kept: dict[str, Any] = {"format": FORMAT, "framework": self.framework, "names": self.names}
        kept |= {name: getattr(self, name) for name in ROWS}
        kept |= {f"start.{name}": value for name, value in self.start.items()}
        kept |= {f"end.{name}": value for name, value in self.end.items()}
        np.savez_compressed(path, **kept)


def load_trace(path: str | Path) -> Trace:
    """Read a trace that was recorded here or by a PyTorch program.

    Args:
        path: An ``.npz`` file.

    Returns:
        The trace.

    Raises:
        DamagedFileError: If the file is no trace, or not a whole one.
        InvalidValueError: If there is no such file.

    Example:
        >>> load_trace("missing.npz")
        Traceback (most recent call last):
        functorch_course.errors.InvalidValueError: missing.npz does not exist: write the path of a
        trace

    PyTorch: has no counterpart.
    """
    if not Path(path).is_file():
        raise fc.errors.InvalidValueError(f"{path} does not exist: write the path of a trace")
    try:
        with Path(path).open("rb") as raw, np.load(raw) as file:
            arrays = dict(file)
        if str(arrays.get("format")) != FORMAT:
            raise fc.errors.DamagedFileError(
                f"{path} is no trace: {FORMAT!r} was expected, {arrays.get('format')} came"
            )
        return Trace.from_arrays(arrays)
    except (zipfile.BadZipFile, EOFError, KeyError, ValueError, AttributeError) as error:
        if isinstance(error, fc.errors.CourseError):
            raise
        raise fc.errors.DamagedFileError(f"{path} is not a whole trace: {error}") from error
