"""Who is asking: what a dataset can learn about the worker that it runs in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from .types import AnyDataset


class WorkerInfo(NamedTuple):
    """A worker, seen from inside.

    Args:
        id: Its number, from 0.
        num_workers: How many there are.
        seed: The seed of its random generators: the loader's seed plus ``id``.
        dataset: Its dataset: a copy in a process, the loader's own in a thread.

    PyTorch: what ``torch.utils.data.get_worker_info()`` returns.
    """

    id: int
    num_workers: int
    seed: int
    dataset: AnyDataset


_of_thread: ContextVar[WorkerInfo | None] = ContextVar("functorch_course_worker", default=None)
_of_process: list[WorkerInfo] = []


def get_worker_info() -> WorkerInfo | None:
    """Return the worker that this code runs in.

    Returns:
        Its number, their number, its seed and its dataset; None outside of workers.

    Example:
        >>> get_worker_info() is None
        True

    PyTorch: ``torch.utils.data.get_worker_info``.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.get_worker_info
    """
    return _of_thread.get() or (_of_process[0] if _of_process else None)


def enter_process(info: WorkerInfo) -> None:
    """Let the whole process be this worker."""
    _of_process[:] = [info]


def enter_thread(info: WorkerInfo) -> None:
    """Let this thread be this worker."""
    _of_thread.set(info)


_importing_main: list[bool] = []


@contextmanager
def importing_main() -> Iterator[None]:
    """Mark that the user's main module is being imported in a worker."""
    _importing_main.append(True)
    try:
        yield
    finally:
        _importing_main.pop()


def is_importing_main() -> bool:
    """Whether this is a worker that imports the user's main module."""
    return bool(_importing_main)
