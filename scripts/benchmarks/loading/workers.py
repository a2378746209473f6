"""Two workers: until their first batch, and sharing out samples of 1 ms of Python each."""

import functools
import subprocess
import sys
import time
from collections.abc import Callable, Iterable

from functorch_course.data import DataLoader, Dataset
from harness import Pair, Part, Run, installed, rate, seconds, take_turns

START = (Pair("ours", "torch", 3),)
SLOW = (
    Pair("ours, two processes", "ours, none", 1.8),
    Pair("ours, two processes", "two bare processes", 0.9),
)
SPIN = """
import sys, time
start, end = time.perf_counter(), time.thread_time() + float(sys.argv[1])
while time.thread_time() < end:
    pass
print(time.perf_counter() - start)
"""


class Slow(Dataset):
    """Samples that cost so many seconds of pure Python."""

    def __init__(self, length: int, seconds: float) -> None:
        self.length, self.seconds = length, seconds

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> int:
        end = time.thread_time() + self.seconds
        while time.thread_time() < end:
            pass
        return index


def start(rounds: int) -> Part:
    """Measure the seconds until two new workers give their first batch."""
    dataset = Slow(64, 0.0)
    contenders = {"ours": once(lambda: DataLoader(dataset, 8, num_workers=2))}
    if installed("torch"):
        from torch.utils.data import DataLoader as TorchLoader

        contenders["torch"] = once(
            lambda: TorchLoader(dataset, 8, num_workers=2, multiprocessing_context="forkserver")  # type: ignore[arg-type]
        )
    figures = take_turns(contenders, rounds)
    about = "until two new workers give their first batch; torch's by forkserver"
    return Part("workers start", about, "seconds", figures, START, less_is_better=True)


def once(make: Callable[[], Iterable[object]]) -> Run:
    """Return what starts a loader, waits for one batch, and then ends the workers untimed."""

    def run() -> float:
        kept: list[object] = []

        def first() -> None:
            kept.append(iter(make()))
            next(kept[0])  # type: ignore[call-overload]

        return seconds(first)()

    return run


def slow_transform(count: int, rounds: int) -> Part:
    """Measure samples that cost 1 ms of pure Python each."""
    dataset = Slow(count, 0.001)
    contenders = {"ours, none": rate(lambda: DataLoader(dataset, 20), count)}
    for kind, name in (("process", "ours, two processes"), ("thread", "ours, two threads")):
        loader = DataLoader(dataset, 20, num_workers=2, worker_type=kind, persistent_workers=True)
        contenders[name] = rate(functools.partial(iter, loader), count)
    contenders["two bare processes"] = functools.partial(bare_processes, count)
    figures = take_turns(contenders, rounds)
    return Part("1 ms of Python", "a sample", "samples a second", figures, SLOW)


def bare_processes(count: int) -> float:
    """Return what the machine gives two processes now that do nothing but the same work."""
    command = [sys.executable, "-c", SPIN, str(count / 2000)]
    pair = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    return count / max(float(process.communicate()[0]) for process in pair)
