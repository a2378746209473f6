"""Starting worker processes."""

import multiprocessing
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.spawn import get_executable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from .errors import WorkerError
from .messages import Job
from .worker import serve
from .worker_info import is_importing_main

_CODE = (
    "import sys; descriptor = int(sys.argv[1]); sys.path[:] = sys.argv[2:]; "
    "from functorch_course.data.worker import main; main(descriptor)"
)
_SETTINGS = {  # several workers share the processors, and none may take the accelerator
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
}


class Process(Protocol):
    """A running worker, whoever started it: what ``subprocess.Popen`` offers."""

    @property
    def pid(self) -> int:
        """Its number in the system."""

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, when it has ended."""

    def kill(self) -> None:
        """End it at once."""


class Started(NamedTuple):
    """A worker process and the loader's end of the socket to it."""

    process: Process
    connection: Connection


def start(context: BaseContext | None, job: Job) -> Iterator[Started]:
    """Start one worker process after another, as many as are asked for.

    Args:
        context: How multiprocessing shall start them; None for a fresh interpreter that does not
            import the user's main module.
        job: What a forked process needs to know.
    """
    _check_place()
    method = None if context is None else context.get_start_method()
    if method == "fork":
        warnings.warn(
            "worker processes are forked: beside JAX, whose threads do not survive a fork, they "
            "can hang; leave multiprocessing_context away, or write 'forkserver' or 'spawn'",
            stacklevel=5,
        )
    ours: list[Connection] = []
    while True:
        near, far = multiprocessing.Pipe()
        ours.append(near)
        if context is None:
            process: Process = _interpreter(far)
        else:
            known = (job, list(ours)) if method == "fork" else ()
            process = _Child(context.Process(target=serve, args=(far, *known), daemon=True))  # type: ignore[attr-defined]
        far.close()
        yield Started(process, near)


def main_module() -> dict[str, str]:
    """How a worker finds the user's main module, in the words of ``multiprocessing.spawn``."""
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    if spec is not None:
        return {"init_main_from_name": spec.name}
    path = getattr(main, "__file__", None)
    return {} if path is None else {"init_main_from_path": str(Path(path).absolute())}


def _check_place() -> None:
    """Refuse to start workers where that cannot end well."""
    if sys.platform == "win32":
        raise WorkerError(
            "worker processes need a POSIX system: write worker_type='thread' on Windows"
        )
    if is_importing_main():
        raise WorkerError(
            "a worker imported the main module to find the dataset's class, and the main module "
            "began to load data: put what it does under `if __name__ == '__main__':`, or define "
            "the dataset in another module"
        )


def _interpreter(far: Connection) -> subprocess.Popen[bytes]:
    """A fresh interpreter that serves at this end."""
    executable = os.fsdecode(get_executable() or sys.executable)
    with _no_interrupts():
        return subprocess.Popen(
            [executable, "-c", _CODE, str(far.fileno()), *sys.path],
            stdin=subprocess.DEVNULL,
            pass_fds=[far.fileno()],
            env={**_SETTINGS, **os.environ},
        )


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Let a child begin with Ctrl-C blocked, until it has said that it ignores it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Child:
    """A process of multiprocessing, in the words of subprocess."""

    def __init__(self, process: Any) -> None:  # noqa: ANN401 - each context has a class of its own
        self._process = process
        process.start()

    @property
    def pid(self) -> int:
        """Its number in the system."""
        return int(self._process.pid)

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""
        code: int | None = self._process.exitcode
        return code

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, when it has ended."""
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(str(self._process), timeout or 0.0)
        return code

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
