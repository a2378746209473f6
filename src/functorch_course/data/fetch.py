"""From the keys of a batch to the batch: the one piece of code that every way of loading uses."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from functorch_course.random import use_generator

from .batches import can_get_batch, items_getter
from .collate import default_collate, learned_functions
from .errors import FetchError
from .sample_random import SampleGenerator
from .types import AnyDataset, Batch, Key, Sample

OnError = Literal["raise", "skip"] | Callable[[Key, Exception], Sample]
"""What to do about a sample that fails: raise, leave it out, or replace it by what this returns."""

_NOTE = "DataLoader: at sample {!r} of the dataset"
_PLACES_A_BATCH = 2**32  # positions of samples are counted in a row of their own in each batch


class Padded(NamedTuple):
    """A batch filled up to the full batch size.

    Shapes: ``mask`` is bool (batch_size,).

    Args:
        batch: As always; the rows that fill it up repeat its first sample.
        mask: True for samples, False for rows that only fill up.

    Example:
        >>> from functorch_course.data import DataLoader
        >>> for padded in DataLoader([1, 2, 3], batch_size=2, pad_last=True):
        ...     print(padded.batch, padded.mask)
        [1 2] [ True  True]
        [3 3] [ True False]

    PyTorch: has no counterpart.
    """

    batch: Batch
    mask: NDArray[np.bool_]


class Task(NamedTuple):
    """One batch to fetch: its number in the epoch, and its keys.

    Without batches ``keys`` is one key. A stream looks only at how many there are.
    """

    number: int
    keys: Key


class Fetched(NamedTuple):
    """A batch, how many samples are in it, and which were left out and why."""

    batch: Batch
    size: int
    skipped: list[tuple[Key, str]]


@dataclass(frozen=True)
class Recipe:
    """All that a worker needs to know to make batches."""

    dataset: AnyDataset
    collate_fn: Callable[[Any], Batch]
    batched: bool
    stream: bool
    drop_last: bool = False
    pad_to: int | None = None
    on_error: OnError = "raise"
    repeats: bool = False
    per_sample: bool = True


class Fetcher:
    """Makes batches of samples that are asked for by key.

    Args:
        recipe: How.
        generator: Whence samples draw; None for the current generator.
    """

    def __init__(self, recipe: Recipe, generator: SampleGenerator | None) -> None:
        self.recipe = recipe
        self.dataset = recipe.dataset
        self.skipped: list[tuple[Key, str]] = []
        self._begin = _begin_nothing if generator is None else generator.begin
        self._randomness = _randomness(generator)
        self._items = items_getter(self.dataset)
        self._usual_collate = recipe.collate_fn is default_collate and not learned_functions()

    def fetch(self, task: Task) -> Fetched | None:
        """The batch; None if a stream has no more."""
        self.skipped = []
        with self._randomness:
            try:
                return self._fetch(task)
            except StopIteration as error:
                raise FetchError(
                    f"batch {task.number}: StopIteration came from the dataset or the collate_fn, "
                    "and would have ended the epoch: raise another error there"
                ) from error

    def _fetch(self, task: Task) -> Fetched | None:
        """One sample, a whole batch at once, or sample by sample."""
        if not self.recipe.batched:
            samples = self._samples(task.number, [task.keys])
            return self._collated(task, samples[0]) if samples else Fetched(None, 0, self.skipped)
        if self._takes_whole_batches():
            whole = self._whole_batch(task)
            if whole is not None:
                return whole
        return self._batch(task, self._samples(task.number, task.keys))

    def _batch(self, task: Task, samples: list[Sample]) -> Fetched:
        """The batch of these samples, filled up if that is wished."""
        count = len(samples)
        if count == 0 and self.skipped:
            return Fetched(None, 0, self.skipped)
        full = self.recipe.pad_to
        if full is None:
            return self._collated(task, samples, count)
        filled = [*samples, *samples[:1] * (full - count)]
        return self._padded(self._collated(task, filled, count), full)

    def _collated(self, task: Task, samples: Any, count: int = 1) -> Fetched:  # noqa: ANN401
        """What the collate function makes of them; what it draws belongs to the batch."""
        self._begin("collate", task.number)
        return Fetched(self.recipe.collate_fn(samples), count, self.skipped)

    def _padded(self, fetched: Fetched, full: int) -> Fetched:
        """The batch with its mask."""
        mask = np.arange(full) < fetched.size
        return fetched._replace(batch=Padded(fetched.batch, mask))

    def _takes_whole_batches(self) -> bool:
        """Whether the dataset makes the batches itself, and nobody asked for others."""
        return self._usual_collate and can_get_batch(self.dataset)

    def _whole_batch(self, task: Task) -> Fetched | None:
        """The batch in one step; None if samples fail that may be left out or replaced."""
        keys, count, full = task.keys, len(task.keys), self.recipe.pad_to
        if full is not None:
            keys = [*keys, *keys[:1] * (full - count)]
        self._begin("batch", task.number)
        try:
            fetched = Fetched(self.dataset.get_batch(keys), count, self.skipped)
        except Exception as error:
            if self.recipe.on_error != "raise":
                return None
            error.add_note(f"DataLoader: at batch {task.number}, the samples {_few(task.keys)}")
            raise
        return fetched if full is None else self._padded(fetched, full)

    def _samples(self, number: int, keys: list[Key]) -> Any:  # noqa: ANN401
        """The samples, all in one call if the dataset offers it and none fails."""
        if self._items is not None and self.recipe.batched:
            self._begin("items", number)
            try:
                return self._items(keys)
            except Exception as error:
                if self.recipe.on_error == "raise":
                    error.add_note(f"DataLoader: at batch {number}, the samples {_few(keys)}")
                    raise
        samples: list[Sample] = []
        positions: Iterable[int] = itertools.repeat(0)
        if self.recipe.repeats:
            positions = itertools.count(number * _PLACES_A_BATCH)
        begin, dataset = self._begin, self.dataset
        for key, position in zip(keys, positions, strict=False):
            begin(key, position)
            try:
                samples.append(dataset[key])
            except Exception as error:
                if self.recipe.on_error != "raise":
                    samples.extend(self._instead(key, error))
                    continue
                if isinstance(error, StopIteration):
                    raise FetchError(
                        f"dataset[{key!r}] raised StopIteration, which would have ended the epoch: "
                        "raise IndexError for a missing sample, or another error"
                    ) from error
                error.add_note(_NOTE.format(key))
                raise
        return samples

    def _instead(self, key: Key, error: Exception) -> list[Sample]:
        """What comes in the place of a sample that failed: nothing, or what ``on_error`` gives."""
        if callable(self.recipe.on_error):
            return [self.recipe.on_error(key, error)]
        self.skipped.append((key, f"{type(error).__name__}: {error}"))
        return []


class StreamFetcher(Fetcher):
    """Makes batches of samples as a stream gives them.

    Args:
        recipe: How.
        generator: Whence samples draw; None for the current generator.
        worker: The number of the worker, which has its own stream of random numbers.
    """

    def __init__(self, recipe: Recipe, generator: SampleGenerator | None, worker: int = 0) -> None:
        super().__init__(recipe, generator)
        self._name = f"stream {worker}"
        self._taken = 0
        self._ended = False
        with self._randomness:
            self._begin(self._name)
            self._iterator: Iterator[Sample] = iter(self.dataset)

    def _fetch(self, task: Task) -> Fetched | None:
        """The next samples; None if there are none."""
        if not self.recipe.batched:
            samples = self._next_samples(1)
            if samples:
                return self._collated(task, samples[0])
            return Fetched(None, 0, self.skipped) if self.skipped else None
        samples = self._next_samples(len(task.keys))
        if self._ended and len(samples) < len(task.keys) and self.recipe.drop_last:
            samples = []
        if not samples and not self.skipped:
            return None
        return self._batch(task, samples)

    def _next_samples(self, count: int) -> list[Sample]:
        """Up to so many samples."""
        samples: list[Sample] = []
        while len(samples) < count and not self._ended:
            self._taken += 1
            self._begin(self._name, self._taken)
            try:
                samples.append(next(self._iterator))
            except StopIteration:
                self._ended = True
            except Exception as error:
                if self.recipe.on_error == "raise":
                    error.add_note(_NOTE.format(self._taken - 1))
                    raise
                samples.extend(self._instead(self._taken - 1, error))
        return samples


def make_fetcher(recipe: Recipe, seed: int, epoch: int, worker: int = 0) -> Fetcher:
    """The fetcher for an epoch, in the main process (worker 0 of none) or in a worker."""
    generator = SampleGenerator(seed, epoch) if recipe.per_sample else None
    return StreamFetcher(recipe, generator, worker) if recipe.stream else Fetcher(recipe, generator)


def _randomness(generator: SampleGenerator | None) -> AbstractContextManager[object]:
    """Send the draws of the dataset to its own generator, if there is one."""
    return nullcontext() if generator is None else use_generator(generator)


def _begin_nothing(key: Key, position: int = 0) -> None:
    """What is drawn belongs to no key: it comes from one stream after another."""


def _few(keys: list[Key]) -> str:
    """The keys as text, the first few if there are many."""
    return str(keys) if len(keys) <= 8 else f"{str(keys[:8])[:-1]}, ...]"
