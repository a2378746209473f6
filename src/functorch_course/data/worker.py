"""A worker process: it imports NumPy, this package, and what its dataset needs; never jax."""

import multiprocessing.spawn
import os
import pickle
import random
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from queue import SimpleQueue

import numpy as np

from functorch_course.random import manual_seed, numpy_worker_seed

from .collate import default_collate_fn_map
from .failure import pack
from .labour import Labour
from .messages import Begin, Job, Request, Setup
from .package import Package, unwrap
from .ring import Writer
from .worker_info import WorkerInfo, enter_process, importing_main

_GRACE = 1.0  # seconds that a worker has to finish when the loader is gone
_LOOK = 1.0  # seconds between looks whether the parent lives, if its end stays silent


def main(descriptor: int) -> None:
    """Serve the loader at the other end of a socket."""
    serve(Connection(descriptor))


def serve(
    connection: Connection, job: Job | None = None, others: Iterable[Connection] = ()
) -> None:
    """Serve the loader at the other end until it hangs up.

    Args:
        connection: To the loader.
        job: What to do, where a forked process knows it already.
        others: Ends that a forked process has inherited and must not keep open.
    """
    for other in others:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the loader's process decides
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    try:
        setup: Setup = connection.recv()
        package = Package(recv_handle(connection), setup.sections) if job is None else None
        labour = _set_up(setup, job, package)
        _work(_Inbox(connection), Writer(connection, setup.slots), labour)
    except (EOFError, ConnectionError):
        return  # the loader is gone, and nobody waits for this


def _work(inbox: "_Inbox", writer: Writer, labour: Labour) -> None:
    """Answer requests; those of an epoch that has been given up are passed over."""
    while (message := inbox.next()) is not None:
        if isinstance(message, Begin):
            labour.begin(message)
            continue
        writer.reclaim(message.freed)
        if message.ticket == inbox.ticket:
            reply = labour.reply(message)
            try:
                writer.send(reply)
            except ConnectionError:
                raise
            except Exception as error:  # noqa: BLE001 - the batch cannot be pickled
                writer.send(labour.failed(message, error))


def _set_up(setup: Setup, job: Job | None, package: Package | None) -> Labour:
    """Seed, unpack the job, and let the user's function prepare the worker."""
    where = f"worker {setup.worker} (process {os.getpid()})"
    seed = setup.seed + setup.worker
    random.seed(seed)
    manual_seed(seed)
    np.random.seed(numpy_worker_seed(setup.seed, setup.worker))  # noqa: NPY002 - for user code
    sys.argv = setup.arguments
    try:
        if package is not None:
            job = unwrap(package, lambda: _import_main(setup.main))
        assert job is not None
        default_collate_fn_map.update(job.collate_functions)
        enter_process(WorkerInfo(setup.worker, setup.workers, seed, job.recipe.dataset))
        if job.init is not None:
            job.init(setup.worker)
    except Exception as error:  # noqa: BLE001 - it is raised where the first batch is waited for
        return Labour(None, setup.worker, where, pack(error, where))
    return Labour(job.recipe, setup.worker, where)


def _import_main(main: dict[str, str]) -> None:
    """Import the user's main module under another name, as multiprocessing does."""
    with importing_main():
        multiprocessing.spawn.prepare(main)


class _Inbox:
    """Messages of the loader, read ahead so that the loader never waits to get rid of them.

    It notices, too, when the loader is gone, and ends the process if the rest of it does not.
    """

    def __init__(self, connection: Connection) -> None:
        self.ticket = 0
        self._arrived: SimpleQueue[bytes | None] = SimpleQueue()
        self._messages: deque[Begin | Request | None] = deque()
        threading.Thread(target=self._read, args=(connection,), daemon=True).start()

    def next(self) -> Begin | Request | None:
        """The next message, or None when there will be no more."""
        while not self._messages or not self._arrived.empty():
            data = self._arrived.get()
            message = None if data is None else pickle.loads(data)  # noqa: S301 - our loader's
            if isinstance(message, Begin):
                self.ticket = message.ticket
            self._messages.append(message)
        return None if None in self._messages else self._messages.popleft()

    def _read(self, connection: Connection) -> None:
        """Read until the loader hangs up or dies."""
        parent = os.getppid()
        try:
            while connection.poll(_LOOK) or os.getppid() == parent:
                if connection.poll(0):
                    self._arrived.put(connection.recv_bytes())
        except (EOFError, OSError):
            pass  # either way it is gone
        self._arrived.put(None)
        time.sleep(_GRACE)
        os._exit(1)
