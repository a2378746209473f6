"""Measuring contenders in turns, so that a busy machine slows them all."""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

Run = Callable[[], float]
"""Does a contender's work once, and returns its figure."""


def take_turns(
    contenders: Mapping[str, Run], rounds: int, *, warm_up: bool = True
) -> dict[str, list[float]]:
    """Measure every contender once a round, after a round to warm up, which does not count."""
    figures: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(rounds + warm_up):
        for name, run in contenders.items():
            figure = run()
            if turn >= warm_up:
                figures[name].append(figure)
    return figures


def seconds(work: Callable[[], object], warm_up: Callable[[], object] = lambda: None) -> Run:
    """Return what measures the seconds of some work, each time after a warm-up that is not."""

    def run() -> float:
        gc.collect()
        warm_up()
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return run


def rate(batches: Callable[[], Iterable[object]], samples: int) -> Run:
    """Return what goes through the batches once, and measures samples a second."""

    def go_through() -> None:
        for _ in batches():
            pass

    measure = seconds(go_through)
    return lambda: samples / measure()


def repeated(count: int, work: Callable[[], object]) -> Callable[[], None]:
    """Return the work done so many times, for what is too short to be timed once."""

    def all_of_it() -> None:
        for _ in range(count):
            work()

    return all_of_it


def process(words: Sequence[str]) -> Run:
    """Return what measures the seconds of a new interpreter, from its start to its end."""
    command = [sys.executable, *words]
    return seconds(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True))


def in_new_processes(
    contenders: Mapping[str, Sequence[str]], rounds: int
) -> dict[str, dict[str, list[float]]]:
    """Run programs in turns, each in a new interpreter; the last line of each is JSON of figures.

    Returns:
        Of each figure the contenders' values: ``found["seconds"]["torch"]`` is a list.
    """
    found: dict[str, dict[str, list[float]]] = {}
    for _ in range(rounds):
        for name, words in contenders.items():
            command = [sys.executable, *words]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            for figure, value in json.loads(done.stdout.splitlines()[-1]).items():
                found.setdefault(figure, {}).setdefault(name, []).append(value)
    return found
