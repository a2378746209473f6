"""How many copies of a large array all workers hold together."""

import os
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from functorch_course.data import DataLoader, TensorDataset
from harness import Limit, Part, take_turns

MEGABYTES, WORKERS = 200, (1, 2, 4)
FEW = 40_000
MOST = {"in memory": 1.1, "mapped": 0.1}


def measure(rounds: int) -> Iterator[Part]:
    """Hand workers an array, once in memory and once mapped from a file."""
    data = np.ones((MEGABYTES * 10**6 // 800, 100))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "array.npy"
        np.save(path, data)
        for name, array in (("in memory", data), ("mapped", np.load(path, mmap_mode="r"))):
            contenders = {workers(count): partial(copies, array, count) for count in WORKERS}
            figures = take_turns(contenders, rounds, warm_up=False)
            limits = [Limit(contender, MOST[name]) for contender in figures]
            about = "held by all workers together"
            yield Part(f"{MEGABYTES} MB {name}", about, "copies", figures, limits=limits)


def copies(array: np.ndarray, count: int) -> float:
    """Return how much more workers hold with an array than with its beginning, by what it is more.

    The beginning is enough for every worker to fill its shared memory with batches.
    """
    few = array[:FEW]
    more = held_by_workers(array, count) - held_by_workers(few, count)
    return more / (array.nbytes - few.nbytes)


def workers(count: int) -> str:
    """Return how a number of workers is called."""
    return f"ours, {count} worker{'s' if count > 1 else ''}"


def held_by_workers(array: np.ndarray, count: int) -> int:
    """Return the bytes that all workers hold together, without files."""
    with DataLoader(
        TensorDataset(array), 1000, shuffle=True, num_workers=count, persistent_workers=True
    ) as loader:
        for _ in loader:
            pass
        return sum(memory_of(child) for child in children())


def memory_of(process: int) -> int:
    """Return the bytes of anonymous and shared memory of a process, by its share; no files."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8")
    found = dict(line.split(":") for line in text.splitlines()[1:])
    return sum(int(found[name].split()[0]) * 1024 for name in ("Pss_Anon", "Pss_Shmem"))


def children() -> list[int]:
    """Return the processes below this one."""
    own = Path(f"/proc/{os.getpid()}/task")
    return [int(p) for task in own.iterdir() for p in (task / "children").read_text().split()]
