"""The iterator over one epoch, and its plain form without workers."""

import warnings
from collections.abc import Iterator
from typing import Protocol

from .fetch import Fetched, Fetcher, Task
from .state import Progress
from .types import Batch, Key


class Source(Protocol):
    """Where an epoch's batches come from, in order: loaded here, or by workers."""

    def __next__(self) -> tuple[Task, Fetched]:
        """The next batch with its task."""

    def close(self) -> None:
        """End what is under way."""


class SerialSource:
    """Loads each batch when it is asked for.

    Args:
        tasks: What to load.
        fetcher: What loads it.
    """

    def __init__(self, tasks: Iterator[Task], fetcher: Fetcher) -> None:
        self._tasks = tasks
        self._fetcher = fetcher

    def __next__(self) -> tuple[Task, Fetched]:
        task = next(self._tasks)
        fetched = self._fetcher.fetch(task)
        if fetched is None:
            raise StopIteration
        return task, fetched

    def close(self) -> None:
        """There is nothing under way."""


class LoaderIterator:
    """The batches of one epoch.

    Args:
        source: Where they come from.
        progress: Where to write down how far the epoch has come.
        skipped: Where to write down the samples that were left out.
    """

    def __init__(self, source: Source, progress: Progress, skipped: list[tuple[Key, str]]) -> None:
        self._source = source
        self._progress = progress
        self._skipped = skipped

    def __iter__(self) -> "LoaderIterator":
        return self

    def __next__(self) -> Batch:
        while True:
            try:
                task, fetched = next(self._source)
            except StopIteration:
                self._progress.finished = True
                raise
            self._progress.batches += 1
            self._progress.keys = task.keys
            if fetched.skipped:
                self._report(fetched.skipped)
            if fetched.size:
                return fetched.batch

    def replay(self, batches: int) -> None:
        """Load and throw away what was handed out before the state was saved."""
        while self._progress.batches < batches:
            next(self)

    def close(self) -> None:
        """End what is under way; workers that are not persistent end with it."""
        self._source.close()

    def _report(self, skipped: list[tuple[Key, str]]) -> None:
        """Count samples that were left out, and warn of the first."""
        if not self._skipped:
            key, problem = skipped[0]
            warnings.warn(
                f"sample {key!r} was left out, for on_error='skip' ({problem}); more may follow: "
                "see loader.skipped",
                stacklevel=3,
            )
        self._skipped.extend(skipped)
