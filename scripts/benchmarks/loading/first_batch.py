"""Seconds and memory until the first batch of very long shuffled datasets, in new processes."""

from collections.abc import Iterator

from harness import Limit, Pair, Part, in_new_processes, installed

ON_DEMAND, IN_ORDER, TORCH = "ours, a billion on demand", "ours, ten million", "torch, ten million"
LOADERS = {
    ON_DEMAND: (
        "from functorch_course.data import DataLoader, IndexShuffleSampler\n"
        "r = range(10**9); loader = DataLoader(r, 64, sampler=IndexShuffleSampler(r))"
    ),
    IN_ORDER: (
        "from functorch_course.data import DataLoader\n"
        "loader = DataLoader(range(10**7), 64, shuffle=True)  # in PyTorch's order"
    ),
    TORCH: (
        "from torch.utils.data import DataLoader\n"
        "loader = DataLoader(range(10**7), 64, shuffle=True)"
    ),
}
MEASURE = """
import json, re, time
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 2**20
next(iter(DataLoader(range(100), 64, shuffle=True)))
before, start = peak(), time.perf_counter()
next(iter(loader))
print(json.dumps({"seconds": time.perf_counter() - start, "GiB": peak() - before}))
"""
PAIRS = (Pair(IN_ORDER, TORCH),)
LIMITS = (Limit(ON_DEMAND, 0.01), Limit(IN_ORDER, 0.5))


def measure(rounds: int) -> Iterator[Part]:
    """Start a loader in a new process of each kind."""
    programs = {
        name: ["-c", code + MEASURE]
        for name, code in LOADERS.items()
        if name != TORCH or installed("torch")
    }
    found = in_new_processes(programs, rounds)
    about = "of a very long dataset, shuffled"
    for unit, name, limits in (
        ("seconds", "first batch", ()),
        ("GiB", "first batch, memory", LIMITS),
    ):
        yield Part(name, about, unit, found[unit], PAIRS, limits, less_is_better=True)
