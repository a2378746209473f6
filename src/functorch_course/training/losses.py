"""The losses of one epoch on their way from the device into the history."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from functorch_course.errors import InvalidValueError, NonFiniteLossError

from .history import History
from .labels import Examine
from .step import State

Look = Callable[[int], tuple[Any, Any]]  # from a batch's number to its inputs' shapes, its targets

FETCH_SECONDS = 0.1  # losses are fetched from the device this often, not at every step


class EpochLosses:
    """Takes losses that may not be computed yet, and fetches them in bulk, so that nobody waits.

    Args:
        epoch: The number of the epoch, for the message when a loss is not finite.
        history: Where the losses go.
        examine: What ``examination`` returned, to look for a wrong label where a loss is not
            finite.

    Example:
        >>> losses = EpochLosses(1, History())
        >>> losses.add(np.array([3.0, 1.0]), [1, 3])
        >>> losses.fetch()
        >>> losses.mean()
        1.5

    PyTorch: has no counterpart; ``loss.item()`` waits for each one.
    """

    def __init__(self, epoch: int, history: History, examine: Examine | None = None) -> None:
        self.epoch, self.history, self.examine = epoch, history, examine
        self.samples: list[int] = []
        self._first = len(history.step_losses)
        self._waiting: list[tuple[jax.Array, Look | None]] = []
        self._fetched = time.perf_counter()

    def add(self, losses: jax.Array, samples: list[int], look: Look | None = None) -> None:
        """Take the losses of some batches, a scalar for one, and how many samples each had.

        Of each that is not finite, ``look`` is asked for the batch.
        """
        self._waiting.append((losses, look))
        self.samples += samples
        if time.perf_counter() - self._fetched > FETCH_SECONDS:
            self.fetch()

    def fetch(self) -> None:
        """Wait for the losses taken so far and check them."""
        taken, self._waiting = self._waiting, []
        arrived = _on_host([losses for losses, _ in taken])
        self._fetched = time.perf_counter()
        for losses, (_, look) in zip(arrived, taken, strict=True):
            for number, value in enumerate(np.ravel(losses).tolist()):
                self.history.step_losses.append(value)
                if not math.isfinite(value):
                    self._refuse(value, look and look(number))

    def _refuse(self, value: float, batch: tuple[Any, Any] | None) -> None:
        """Raise the error about a loss that is not finite, or about the label that made it so."""
        step = len(self.history.step_losses) - self._first
        place = f"in epoch {self.epoch} at step {step}"
        if self.examine is not None and batch is not None:
            self.examine(*batch, f"{place}, batch {step - 1} (counted from 0)")
        raise NonFiniteLossError(
            f"the loss became {value} {place}: write a smaller learning rate, or look into batch "
            f"{step - 1} (counted from 0) for NaN or a label out of range"
        )

    def mean(self) -> float:
        """Return the mean loss over the samples of the epoch."""
        if not self.samples:
            raise InvalidValueError("the loader gave no batch: there is nothing to train on")
        return float(np.average(self.history.step_losses[self._first :], weights=self.samples))


def _on_host(losses: list[jax.Array]) -> list[npt.NDArray[Any]]:
    """Wait for the losses, whose ways from another device overlap; on the CPU they are there."""
    away = jax.default_backend() != "cpu"
    arrived: list[npt.NDArray[Any]]
    arrived = jax.device_get(losses) if away else [np.asarray(loss) for loss in losses]
    return arrived


@contextmanager
def naming_the_parameter(newest: Callable[[], State]) -> Iterator[None]:
    """Let an error about a loss name the first parameter that is not finite either.

    Args:
        newest: Gives the state after the newest update; called only when there is an error.
    """
    try:
        yield
    except NonFiniteLossError as error:
        for path, leaf in jax.tree_util.tree_leaves_with_path(newest().parameters):
            if not np.isfinite(np.asarray(leaf, np.float64)).all():
                name = jax.tree_util.keystr(_named(path), simple=True, separator=".")
                raise NonFiniteLossError(
                    f"{error}; since then the parameter {name} is not finite"
                ) from error
        raise NonFiniteLossError(f"{error}; all parameters are still finite") from error


def _named(path: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a parameter's path without the "value" of the Flax variable around it."""
    inside = len(path) > 1 and path[-1] == jax.tree_util.GetAttrKey("value")
    return path[:-1] if inside else path
