"""The batches of one epoch, made by workers ahead of time and handed out in order."""

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Protocol

from .errors import WorkerError
from .failure import Failure, reraise
from .fetch import Fetched, Task
from .messages import Reply


class Pool(Protocol):
    """Workers that make batches on request."""

    size: int
    seed: int
    ticket: int

    @property
    def alive(self) -> bool:
        """Whether the workers have not been ended."""

    def begin(self, epoch: int) -> int:
        """Begin an epoch, and give up the one before; return its ticket."""

    def submit(self, worker: int, task: Task) -> None:
        """Ask a worker for a batch."""

    def receive(self, timeout: float) -> Reply:
        """Wait for the next reply of any worker."""

    def close(self) -> None:
        """End all workers."""


class ParallelSource:
    """Keeps workers busy with the batches to come.

    Batch b goes to worker b mod W, as in PyTorch; workers whose stream has ended are passed over.

    Args:
        pool: The workers.
        tasks: What to load.
        epoch: The number of the epoch.
        ahead: How many batches may be under way.
        in_order: Whether to hand them out in order.
        timeout: Seconds to wait for a batch; 0 to wait without end.
        persistent: Whether the workers live on after the epoch.
    """

    def __init__(
        self,
        pool: Pool,
        tasks: Iterator[Task],
        epoch: int,
        ahead: int,
        in_order: bool,
        timeout: float,
        persistent: bool,
    ) -> None:
        self._pool = pool
        self._tasks = tasks
        self._in_order = in_order
        self._timeout = timeout
        self._persistent = persistent
        self._most = ahead
        self._ticket = pool.begin(epoch)
        self._turns = itertools.cycle(range(pool.size))
        self._active = set(range(pool.size))
        self._under_way: dict[int, tuple[int, Task]] = {}  # by number, in order: who has it
        self._arrived: dict[int, Reply] = {}
        for _ in range(ahead):
            self._submit_next()

    def __next__(self) -> tuple[Task, Fetched]:
        try:
            return self._next()
        except WorkerError:
            if not self._pool.alive:
                self._under_way.clear()
            raise

    def _next(self) -> tuple[Task, Fetched]:
        """The next batch in order; the next task goes out as soon as it is there."""
        while self._under_way:
            number = self._next_number()
            if number is None:
                self._receive()
                continue
            worker, task = self._under_way.pop(number)
            result = self._arrived.pop(number).result
            if result is None:
                self._active.discard(worker)
            self._submit_next()
            if isinstance(result, Failure):
                reraise(result)
            if result is not None:
                return task, result
        if not self._persistent:
            self._pool.close()
        raise StopIteration

    def close(self) -> None:
        """End the workers, unless they live on; there is nothing more to come."""
        self._under_way.clear()
        if not self._persistent:
            self._pool.close()

    def _next_number(self) -> int | None:
        """The number of the batch to hand out next, if it has arrived."""
        if self._in_order:
            first = next(iter(self._under_way))
            return first if first in self._arrived else None
        return next(iter(self._arrived), None)

    def _receive(self) -> None:
        """Wait for a batch of this epoch."""
        if self._pool.ticket != self._ticket:
            raise WorkerError(
                "this epoch ended when the loader was iterated again: persistent workers serve one "
                "iterator at a time, so write persistent_workers=False to use several"
            )
        reply = self._pool.receive(self._timeout)
        if reply.ticket == self._ticket:
            self._arrived[reply.number] = reply

    def _submit_next(self) -> None:
        """Give the next task to the worker whose turn it is."""
        worker = self._whose_turn()
        task = next(self._tasks, None) if worker is not None else None
        if worker is not None and task is not None:
            self._under_way[task.number] = (worker, task)
            self._pool.submit(worker, task)

    def _whose_turn(self) -> int | None:
        """The next worker that has not ended; out of order, one that has not its full share."""
        loads = Counter(worker for worker, _ in self._under_way.values())
        for worker in itertools.islice(self._turns, self._pool.size):
            if worker in self._active and (
                self._in_order or loads[worker] < self._most // len(self._active)
            ):
                return worker
        return None
