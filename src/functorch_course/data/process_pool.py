"""Workers that are processes."""

import itertools
import os
import signal
import subprocess
import sys
import time
import warnings
import weakref
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from multiprocessing.reduction import send_handle
from typing import NoReturn

from .collate import learned_functions
from .errors import WorkerError
from .fetch import Recipe, Task
from .launch import Started, main_module, start
from .messages import Begin, Job, Reply, Request, Setup
from .package import wrap
from .ring import Reader

_GRACE = 1.0  # seconds that workers have to end by themselves
_LOOK = 0.5  # seconds between looks whether a silent worker lives


class ProcessPool:
    """Worker processes that make batches on request.

    Args:
        recipe: How to make batches.
        size: How many workers.
        seed: The loader's seed.
        slots: How many batches each worker may have on their way.
        init: The user's ``worker_init_fn``.
        context: How multiprocessing shall start them; None for fresh interpreters.

    Raises:
        Exception: Whatever pickling the dataset raises.
    """

    def __init__(
        self,
        recipe: Recipe,
        size: int,
        seed: int,
        slots: int,
        init: Callable[[int], object] | None = None,
        context: BaseContext | None = None,
    ) -> None:
        self.size = size
        self.seed = seed
        self.ticket = 0
        job = Job(recipe, init, learned_functions())
        self._workers: list[Started] = []
        self._end = weakref.finalize(self, _end, self._workers)
        self._workers.extend(itertools.islice(start(context, job), size))
        self._readers = [Reader(worker.connection) for worker in self._workers]
        self._replies: deque[tuple[int, Reply]] = deque()
        self._warned = False
        try:
            self._set_up(job, slots, forked=bool(context and context.get_start_method() == "fork"))
        except BaseException:
            self.close()
            raise

    def _set_up(self, job: Job, slots: int, forked: bool) -> None:
        """Tell every worker who it is, and hand it the job."""
        package = None if forked else wrap(job)
        sections = package.sections if package else []
        try:
            for number, (process, connection) in enumerate(self._workers):
                connection.send(
                    Setup(number, self.size, self.seed, slots, sections, sys.argv, main_module())
                )
                if package:
                    send_handle(connection, package.descriptor, process.pid)
        except ConnectionError:
            self._raise_death(number)
        finally:
            if package:
                os.close(package.descriptor)

    @property
    def alive(self) -> bool:
        """Whether the workers have not been ended."""
        return self._end.alive

    def begin(self, epoch: int) -> int:
        """Begin an epoch, and give up the one before; return its ticket."""
        self.ticket += 1
        for worker in range(self.size):
            self._send(worker, Begin(self.ticket, self.seed, epoch))
        return self.ticket

    def submit(self, worker: int, task: Task) -> None:
        """Ask a worker for a batch."""
        self._send(worker, Request(self.ticket, task, self._readers[worker].freed()))

    def receive(self, timeout: float) -> Reply:
        """Wait for the next reply of any worker.

        Args:
            timeout: Seconds; 0 to wait without end.

        Raises:
            WorkerError: If a worker has died, or none replies in time.
        """
        end = time.monotonic() + timeout if timeout else float("inf")
        while not self._replies:
            patience = min(_LOOK, end - time.monotonic())
            if patience < 0:
                raise WorkerError(
                    f"DataLoader timed out after {timeout} seconds: no worker had a batch ready; "
                    "write a longer timeout, or timeout=0 to wait without end"
                )
            self._collect(patience)
        return self._replies.popleft()[1]

    def close(self) -> None:
        """End all workers; those that do not end by themselves are killed."""
        self._end()

    def _collect(self, patience: float) -> None:
        """Take what workers have sent; raise if one of them has died."""
        connections = [worker.connection for worker in self._workers]
        ready = wait(connections, patience)
        for number, connection in enumerate(connections):
            if connection in ready:
                self._take(number)
            elif not ready and self._workers[number].process.poll() is not None:
                self._raise_death(number)

    def _take(self, number: int) -> None:
        """Take one reply of a worker."""
        reader = self._readers[number]
        try:
            reply = reader.receive()
        except (EOFError, ConnectionError):
            if self._replies:
                return  # hand out what has arrived, and come back
            self._raise_death(number)
        self._replies.append((number, reply))
        if reader.trouble and not self._warned:
            self._warned = True
            warnings.warn(
                f"there is no shared memory for batches ({reader.trouble}): they go through "
                "sockets, which is slower; free memory, or use fewer workers",
                stacklevel=7,
            )

    def _send(self, worker: int, message: Begin | Request) -> None:
        """Send a message, if the worker still listens; else its death is noticed when waiting."""
        try:
            self._workers[worker].connection.send(message)
        except ConnectionError:
            self._raise_death(worker)

    def _raise_death(self, number: int) -> NoReturn:
        """End all workers and say which one died, and how."""
        process = self._workers[number].process
        try:
            how = _describe(process.wait(_GRACE))
        except subprocess.TimeoutExpired:
            how = "closed its connection"
        self.close()
        raise WorkerError(
            f"DataLoader worker {number} (pid {process.pid}) exited unexpectedly: it {how}"
        )


def _end(workers: list[Started]) -> None:
    """Hang up, wait a moment for all workers together, and kill those that are left."""
    for worker in workers:
        worker.connection.close()
    end = time.monotonic() + _GRACE
    for worker in workers:
        try:
            worker.process.wait(max(end - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            worker.process.kill()
            worker.process.wait()


def _describe(code: int) -> str:
    """What an exit code means."""
    if code >= 0:
        return f"ended with exit code {code}"
    name = signal.Signals(-code).name
    hint = "; the system kills so when memory runs out" if name == "SIGKILL" else ""
    return f"was killed by signal {name}{hint}"
