"""Write down what each step of a training here computes, as ``trace_recorder.py`` does there."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def digests(*columns: Array) -> list[str]:
    """64 bits for each sample: equal for equal bytes, in whatever batch the sample comes."""
    rows = zip(*(np.ascontiguousarray(column) for column in columns), strict=True)
    texts = (b"".join(value.tobytes() for value in row) for row in rows)
    return [sha256(text).hexdigest()[:16] for text in texts]


def sketch(array: Array) -> tuple[float, float]:
    """Two numbers for many: the product with (cos 0, cos 1, ...), and the norm."""
    flat = np.asarray(array, np.float64).ravel()
    return float(flat @ wave(flat.size)), float(np.linalg.norm(flat))


@cache
def wave(size: int) -> npt.NDArray[np.float64]:
    """(cos 0, cos 1, ...), kept, for it is asked for at every step."""
    return np.cos(np.arange(size))


class TraceWriter:
    """Collects steps whose values are NumPy arrays."""

    def __init__(self, parameters: Mapping[str, Array]) -> None:
        self.start = self.now = parameters
        self.steps: list[tuple[Any, ...]] = []
        self.epochs: list[tuple[Any, ...]] = []

    def step(
        self,
        batch: tuple[Array, Array],
        outputs: Array,
        loss: float,
        gradients: Mapping[str, Array],
        parameters: Mapping[str, Array],
    ) -> None:
        """Write down one step: the parameters are those after it."""
        updates = [parameters[name] - self.now[name] for name in self.start]
        changing = (outputs, *(gradients[name] for name in self.start), *updates)
        sketches = [sketch(array) for array in changing]
        self.steps.append((" ".join(digests(*batch)), float(loss), sketches))
        self.now = parameters

    def end_epoch(self, predictions: Array, accuracy: float) -> None:
        """Write down the parameters, and what is predicted for the test set."""
        now = (self.now[name] for name in self.start)
        self.epochs.append((len(self.steps), accuracy, predictions, *now))

    def arrays(self) -> dict[str, Any]:
        """Return all that the file will hold, by the names that ``np.savez`` gives it."""
        columns = [*zip(*self.steps, strict=True), *zip(*self.epochs, strict=True)]
        start = {f"start.{name}": value for name, value in self.start.items()}
        return {f"arr_{place}": np.asarray(column) for place, column in enumerate(columns)} | start
