"""What a training run computed, step by step, as it is kept in a file."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

import functorch_course as fc

START = "start."  # and the name: a parameter before the first step
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
        batches: (T,): for each step the digests of its samples, each with its target, in order.
        outputs: (T, 2): sketches of the model's outputs.
        losses: (T,)
        gradients: (T, P, 2): sketches.
        updates: (T, P, 2): sketches of the parameters' changes.
        epoch_steps: (E,): the number of steps made by the end of each epoch.
        accuracies: (E,): the share of right predictions on the test set; NaN where not measured.
        predictions: (E, N): what was predicted for the N test samples.
        start: The parameters before the first step.
        epochs: The parameters after each epoch, each of shape (E, ...).

    PyTorch: has no counterpart; ``functorch-course compare --helper`` prints a file that writes
    such traces in a PyTorch program.
    """

    framework: str
    names: list[str]
    batches: npt.NDArray[np.str_]
    outputs: Floats
    losses: Floats
    gradients: Floats
    updates: Floats
    epoch_steps: npt.NDArray[np.int64]
    accuracies: Floats
    predictions: npt.NDArray[Any]
    start: dict[str, npt.NDArray[Any]]
    epochs: dict[str, npt.NDArray[Any]]

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return len(self.losses)

    @property
    def dtype(self) -> str:
        """The name of the dtype of the parameters; the coarsest, if there are several."""
        names = {array.dtype.name for array in self.start.values()}
        return min(names, key=lambda name: np.dtype(name).itemsize)

    @property
    def end(self) -> dict[str, npt.NDArray[Any]]:
        """The parameters after the last epoch."""
        return {name: values[-1] for name, values in self.epochs.items()}

    def epoch_of(self, step: int) -> int:
        """Return the number of the epoch, from 1, that a step (from 0) belongs to."""
        return int(np.searchsorted(self.epoch_steps, step, side="right")) + 1

    def samples_of(self, step: int) -> list[str]:
        """Return the digests of the samples of a step."""
        return str(self.batches[step]).split()

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any], framework: str = "PyTorch") -> Self:
        """Make a trace of what a recorder has written."""
        start = {
            key.removeprefix(START): np.asarray(value)
            for key, value in arrays.items()
            if key.startswith(START)
        }
        places = sorted(range(len(start)), key=list(start).__getitem__)
        names, count = sorted(start), len(start)
        sketches = np.asarray(arrays["arr_2"], np.float64).reshape(-1, 1 + 2 * count, 2)
        epochs = [arrays[f"arr_{number}"] for number in range(3, 6 + count)]
        return cls(
            framework=str(arrays.get("framework", framework)),
            names=names,
            batches=np.asarray(arrays["arr_0"], np.str_),
            outputs=sketches[:, 0],
            losses=np.asarray(arrays["arr_1"], np.float64),
            gradients=sketches[:, 1 : count + 1][:, places],
            updates=sketches[:, count + 1 :][:, places],
            epoch_steps=np.asarray(epochs[0], np.int64),
            accuracies=np.asarray(epochs[1], np.float64),
            predictions=np.asarray(epochs[2]),
            start={name: start[name] for name in names},
            epochs={names[i]: np.asarray(epochs[3 + places[i]]) for i in range(count)},
        )

    def save(self, path: str | Path) -> None:
        """Write the trace to a file, as the recorder does; see :func:`load_trace`."""
        sketches = np.concatenate([self.outputs[:, None], self.gradients, self.updates], axis=1)
        columns = (self.batches, self.losses, sketches)
        epochs = (self.epoch_steps, self.accuracies, self.predictions, *self.epochs.values())
        start = {f"{START}{name}": value for name, value in self.start.items()}
        np.savez_compressed(
            path,
            *columns,
            *epochs,
            framework=np.str_(self.framework),
            allow_pickle=False,
            **start,
        )


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
        if not any(key.startswith(START) for key in arrays):
            raise fc.errors.DamagedFileError(
                f"{path} is no trace: no parameters are in it: write the path of a file that "
                "TraceRecorder or Trace.save wrote"
            )
        return Trace.from_arrays(arrays)
    except KeyError as error:
        raise fc.errors.DamagedFileError(
            f"{path} is not a whole trace: {error} is missing: call step() after each step, "
            "end_epoch() after each epoch, and save() at the end"
        ) from error
    except (zipfile.BadZipFile, EOFError, ValueError, AttributeError) as error:
        if isinstance(error, fc.errors.CourseError):
            raise
        raise fc.errors.DamagedFileError(f"{path} is not a whole trace: {error}") from error
