"""The losses of one epoch on their way from the device into the history."""

import itertools
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import jax
import numpy as np

from functorch_course.errors import InvalidValueError, NonFiniteLossError

from .history import History
from .step import State

FETCH_SECONDS = 0.1  # losses are fetched from the device this often, not at every step


class EpochLosses:
    """Takes losses that may not be computed yet, and fetches them in bulk, so that nobody waits.

    Args:
        epoch: The number of the epoch, for the message when a loss is not finite.
        history: Where the losses go.

    Example:
        >>> losses = EpochLosses(1, History())
        >>> losses.add(np.array([3.0, 1.0]), [1, 3])
        >>> losses.fetch()
        >>> losses.mean()
        1.5

    PyTorch: has no counterpart; ``loss.item()`` waits for each one.
    """

    def __init__(self, epoch: int, history: History) -> None:
        self.epoch, self.history = epoch, history
        self.samples: list[int] = []
        self._first = len(history.step_losses)
        self._waiting: list[jax.Array] = []
        self._fetched = time.perf_counter()

    def add(self, losses: jax.Array, samples: list[int]) -> None:
        """Take the losses of some batches, a scalar for one, and how many samples each had."""
        self._waiting.append(losses)
        self.samples += samples
        if time.perf_counter() - self._fetched > FETCH_SECONDS:
            self.fetch()

    def fetch(self) -> None:
        """Wait for the losses taken so far and check them."""
        values = [np.ravel(losses) for losses in jax.device_get(self._waiting)]
        self._waiting.clear()
        self._fetched = time.perf_counter()
        for value in itertools.chain(*(losses.tolist() for losses in values)):
            self.history.step_losses.append(value)
            if not math.isfinite(value):
                step = len(self.history.step_losses) - self._first
                raise NonFiniteLossError(
                    f"the loss became {value} in epoch {self.epoch} at step {step}: write a "
                    f"smaller learning rate, or look into batch {step - 1} (counted from 0) for "
                    "NaN or a label out of range"
                )

    def mean(self) -> float:
        """Return the mean loss over the samples of the epoch."""
        if not self.samples:
            raise InvalidValueError("the loader gave no batch: there is nothing to train on")
        return float(np.average(self.history.step_losses[self._first :], weights=self.samples))


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
                name = jax.tree_util.keystr(path, simple=True, separator=".")
                raise NonFiniteLossError(
                    f"{error}; since then the parameter {name} is not finite"
                ) from error
        raise NonFiniteLossError(f"{error}; all parameters are still finite") from error
