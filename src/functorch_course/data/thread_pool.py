"""Workers that are threads: for work that releases the interpreter lock."""

import threading
import time
import weakref
from collections.abc import Callable
from queue import Empty, SimpleQueue

from functorch_course.random import Generator, use_generator

from .errors import WorkerError
from .failure import Failure, pack
from .fetch import Recipe, Task
from .labour import Labour
from .messages import Begin, Reply, Request
from .worker_info import WorkerInfo, enter_thread

_GRACE = 1.0  # seconds that closing waits for threads that are at work

Inbox = SimpleQueue[Begin | Request | None]
Outbox = SimpleQueue[Reply]


class ThreadPool:
    """Worker threads that make batches on request, all of the one dataset.

    Args:
        recipe: How to make batches.
        size: How many workers.
        seed: The loader's seed.
        init: The user's ``worker_init_fn``.
    """

    def __init__(
        self, recipe: Recipe, size: int, seed: int, init: Callable[[int], object] | None = None
    ) -> None:
        self.size = size
        self.seed = seed
        self.ticket = 0
        self._inboxes: list[Inbox] = [SimpleQueue() for _ in range(size)]
        self._outbox: Outbox = SimpleQueue()
        closed = threading.Event()
        self._threads = []
        for number, inbox in enumerate(self._inboxes):
            info = WorkerInfo(number, size, seed + number, recipe.dataset)
            arguments = (inbox, self._outbox, recipe, info, init, closed)
            # Daemons, so that a thread in the middle of a sample does not stop the interpreter.
            thread = threading.Thread(target=_serve, args=arguments, daemon=True)
            thread.start()
            self._threads.append(thread)
        self._end = weakref.finalize(self, _end, self._inboxes, self._threads, closed)

    @property
    def alive(self) -> bool:
        """Whether the workers have not been ended."""
        return self._end.alive

    def begin(self, epoch: int) -> int:
        """Begin an epoch, and give up the one before; return its ticket."""
        self.ticket += 1
        for inbox in self._inboxes:
            inbox.put(Begin(self.ticket, self.seed, epoch))
        return self.ticket

    def submit(self, worker: int, task: Task) -> None:
        """Ask a worker for a batch."""
        self._inboxes[worker].put(Request(self.ticket, task))

    def receive(self, timeout: float) -> Reply:
        """Wait for the next reply of any worker.

        Args:
            timeout: Seconds; 0 to wait without end.

        Raises:
            WorkerError: If none replies in time.
        """
        try:
            return self._outbox.get(timeout=timeout or None)
        except Empty:
            raise WorkerError(
                f"DataLoader timed out after {timeout} seconds: no worker had a batch ready; "
                "write a longer timeout, or timeout=0 to wait without end"
            ) from None

    def close(self) -> None:
        """End all workers as soon as each has finished its batch."""
        self._end()


def _serve(
    inbox: Inbox,
    outbox: Outbox,
    recipe: Recipe,
    info: WorkerInfo,
    init: Callable[[int], object] | None,
    closed: threading.Event,
) -> None:
    """Answer requests until there are no more."""
    enter_thread(info)
    where = f"worker {info.id} (thread)"
    with use_generator(Generator(info.seed % 2**64)):
        labour = Labour(recipe, info.id, where, _prepare(init, info.id, where))
        while (message := inbox.get()) is not None and not closed.is_set():
            if isinstance(message, Begin):
                labour.begin(message)
            elif message.ticket == labour.ticket:
                outbox.put(_reply(labour, message))


def _prepare(init: Callable[[int], object] | None, worker: int, where: str) -> Failure | None:
    """Let the user's function prepare the worker; return what went wrong."""
    try:
        if init is not None:
            init(worker)
    except Exception as error:  # noqa: BLE001 - it is raised where the first batch is waited for
        return pack(error, where)
    return None


def _reply(labour: Labour, request: Request) -> Reply:
    """The reply, even if the dataset tries to end the thread."""
    try:
        return labour.reply(request)
    except BaseException as error:  # noqa: BLE001 - SystemExit in a thread would end in a hang
        return labour.failed(request, error)


def _end(inboxes: list[Inbox], threads: list[threading.Thread], closed: threading.Event) -> None:
    """Let every thread end after the batch that it is at."""
    closed.set()
    for inbox in inboxes:
        inbox.put(None)
    end = time.monotonic() + _GRACE
    for thread in threads:
        if thread is not threading.current_thread():
            thread.join(max(end - time.monotonic(), 0))
