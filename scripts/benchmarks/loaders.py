"""Loaders side by side: this library, torch, Grain and jax-dataloader, in one run.

Contenders take turns, round after round, and what counts is the median over the rounds of the ratio
of two of the same round: so a busy machine slows both. Peers that are not installed are left out.

    python scripts/benchmarks/loaders.py --root data --json loaders.json
"""

import argparse
import functools
import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from functorch_course.data import DataLoader, Dataset, TensorDataset

MEAN, DEVIATION, BATCH = 0.2860, 0.3530, 64
HAS_TORCH, HAS_GRAIN = find_spec("torch") is not None, find_spec("grain") is not None
HAS_JAX_DATALOADER = find_spec("jax_dataloader") is not None
WITH_200_MB = 200_000_000

Run = Callable[[], float]
Peer: TypeAlias = Any  # a class or an object of a library that may not be installed


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


class Row:
    """Normalised image after image: what a script with a per-sample transform does."""

    def __init__(self, images: Peer, labels: Peer, transform: Callable[[Peer], Peer]) -> None:
        self.images, self.labels, self.transform = images, labels, transform

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        return self.transform(self.images[index]), self.labels[index]


def speed(batches: Callable[[], Iterable[Any]], samples: int) -> Run:
    """Return a function that goes through the batches once and gives samples a second."""

    def run() -> float:
        gc.collect()
        start = time.perf_counter()
        for _ in batches():
            pass
        return samples / (time.perf_counter() - start)

    return run


def take_turns(contenders: dict[str, Run], rounds: int) -> dict[str, list[float]]:
    """Measure every contender once a round, after a round that does not count."""
    for run in contenders.values():
        run()
    figures: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            figures[name].append(run())
    return figures


def ratio(figures: dict[str, list[float]], ours: str, theirs: str) -> float:
    """Return the median of the ratios within a round."""
    pairs = zip(figures[ours], figures[theirs], strict=True)
    return statistics.median(a / b for a, b in pairs)


def images(root: Path) -> tuple[np.ndarray, np.ndarray, str]:
    """Return Fashion-MNIST, or noise of its shape where it is not at hand."""
    from functorch_course.datasets import FashionMNIST
    from functorch_course.errors import DatasetNotFoundError

    try:
        real = FashionMNIST(root)
    except DatasetNotFoundError:
        rng = np.random.default_rng(0)
        noise = rng.integers(0, 256, (60_000, 28, 28), np.uint8)
        return noise, rng.integers(0, 10, 60_000), "noise of the shape of Fashion-MNIST"
    return real.data.copy(), real.targets, "Fashion-MNIST"


def scaled(x: np.ndarray) -> np.ndarray:
    """Return uint8 as normalised float32, in place where that is possible."""
    y = x.astype(np.float32)
    y /= np.float32(255)
    y -= np.float32(MEAN)
    y /= np.float32(DEVIATION)
    return y


def in_memory(root: Path, rounds: int) -> dict[str, Any]:
    """Measure 28x28 uint8 images, shuffled, to normalised float32 batches of 64."""
    x, y, source = images(root)
    runs: dict[str, Run] = {
        "ours": speed(lambda: our_images(x, y), len(x)),
        "plain NumPy": speed(lambda: plain_loop(x, y), len(x)),
    }
    if HAS_TORCH:
        few = len(x) // 10
        by_sample = torch_by_sample(x[:few], y[:few])
        runs["torch, transform by sample"] = speed(lambda: by_sample, few)
        runs["torch, TensorDataset"] = speed(functools.partial(torch_tensors, x, y), len(x))
    if HAS_GRAIN:
        few = len(x) // 10
        runs["Grain"] = speed(functools.partial(grain_images, x[:few], y[:few]), few)
    if HAS_JAX_DATALOADER:
        runs["jax-dataloader"] = speed(functools.partial(jax_dataloader_images, x, y), len(x))
    figures = take_turns(runs, rounds)
    return {"source": source, "samples a second": figures}


def our_images(x: np.ndarray, y: np.ndarray) -> Iterable[Any]:
    """Our loader over an array-backed dataset with its transforms."""
    from functorch_course.datasets import ArrayImages
    from functorch_course.transforms import Compose, Normalize, ToTensor

    transform = Compose([ToTensor(), Normalize(MEAN, DEVIATION)])
    return DataLoader(ArrayImages(x, y, transform=transform), BATCH, shuffle=True)


def plain_loop(x: np.ndarray, y: np.ndarray) -> Iterable[Any]:
    """The loop that one would write by hand."""
    order = np.random.default_rng().permutation(len(x))
    for start in range(0, len(x), BATCH):
        rows = order[start : start + BATCH]
        yield scaled(x[rows][:, None]), y[rows]


def torch_by_sample(x: np.ndarray, y: np.ndarray) -> Iterable[Any]:
    """torch's loader over a dataset that transforms image by image."""
    import torch
    from torch.utils.data import DataLoader as TorchLoader

    def transform(image: Peer) -> Peer:
        return image[None].float().div(255).sub(MEAN).div(DEVIATION)

    dataset = Row(torch.from_numpy(x), torch.from_numpy(y), transform)
    return TorchLoader(dataset, BATCH, shuffle=True)


def torch_tensors(x: np.ndarray, y: np.ndarray) -> Iterable[Any]:
    """torch's loader over a TensorDataset, normalised batch by batch."""
    import torch
    from torch.utils.data import DataLoader as TorchLoader
    from torch.utils.data import TensorDataset as TorchDataset

    dataset = TorchDataset(torch.from_numpy(x[:, None]), torch.from_numpy(y))
    for images_, labels in TorchLoader(dataset, BATCH, shuffle=True):
        yield images_.float().div_(255).sub_(MEAN).div_(DEVIATION), labels


def grain_images(x: np.ndarray, y: np.ndarray) -> Iterable[Any]:
    """Grain's data set over the same source."""
    import grain

    source = grain.MapDataset.source(Row(x, y, lambda image: scaled(image[None])))
    here = grain.ReadOptions(num_threads=0)  # its threads would fight for the interpreter lock
    return source.shuffle(seed=0).to_iter_dataset(here).batch(BATCH)


def jax_dataloader_images(x: np.ndarray, y: np.ndarray) -> Iterable[Any]:
    """The jax backend of jax-dataloader over arrays, normalised batch by batch."""
    import jax_dataloader as jdl

    loader = jdl.DataLoader(jdl.ArrayDataset(x[:, None], y), "jax", batch_size=BATCH, shuffle=True)
    for batch, labels in loader:
        yield scaled(np.asarray(batch)), labels


def many_small(rounds: int) -> dict[str, Any]:
    """Measure a million samples of eight bytes."""
    count = 1_000_000
    numbers = np.arange(count)
    runs = {"ours": speed(lambda: DataLoader(TensorDataset(numbers), BATCH, shuffle=True), count)}
    runs["ours, by sample"] = speed(lambda: DataLoader(range(count), BATCH, shuffle=True), count)
    if HAS_TORCH:
        import torch
        from torch.utils import data

        tensors = data.TensorDataset(torch.arange(count))
        runs["torch"] = speed(lambda: data.DataLoader(tensors, BATCH, shuffle=True), count)
        runs["torch, by sample"] = speed(
            lambda: data.DataLoader(range(count), BATCH, shuffle=True), count
        )
    return {"samples a second": take_turns(runs, rounds)}


FIRST = {
    "ours, a billion on demand": (
        "from functorch_course.data import DataLoader, IndexShuffleSampler\n"
        "r = range(10**9); loader = DataLoader(r, 64, sampler=IndexShuffleSampler(r))"
    ),
    "ours, ten million in PyTorch's order": (
        "from functorch_course.data import DataLoader\n"
        "loader = DataLoader(range(10**7), 64, shuffle=True)"
    ),
    "torch, ten million": (
        "from torch.utils.data import DataLoader\n"
        "loader = DataLoader(range(10**7), 64, shuffle=True)"
    ),
}
MEASURE = """
import re, time
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 2**20
next(iter(DataLoader(range(100), 64, shuffle=True)))
before, start = peak(), time.perf_counter()
next(iter(loader))
print(time.perf_counter() - start, peak() - before)
"""


def first_batches() -> dict[str, Any]:
    """Measure seconds and GiB until the first batch of very long shuffled datasets."""
    found = {}
    for name, code in FIRST.items():
        if HAS_TORCH or not name.startswith("torch"):
            done = subprocess.run(
                [sys.executable, "-c", code + MEASURE], capture_output=True, text=True, check=True
            )
            seconds, memory = map(float, done.stdout.split())
            found[name] = {"seconds": seconds, "GiB": memory}
    return found


def start_workers(rounds: int) -> dict[str, Any]:
    """Measure how often a second two new workers could give their first batch."""
    dataset = Slow(64, 0.0)
    runs = {"ours": once(lambda: DataLoader(dataset, 8, num_workers=2))}
    if HAS_TORCH:
        from torch.utils.data import DataLoader as TorchLoader

        runs["torch"] = once(
            lambda: TorchLoader(dataset, 8, num_workers=2, multiprocessing_context="forkserver")  # type: ignore[arg-type]
        )
    return {"first batches a second": take_turns(runs, rounds)}


def once(make: Callable[[], Iterable[Any]]) -> Run:
    """Return a function that starts a loader and waits for one batch."""

    def run() -> float:
        start = time.perf_counter()
        batches = iter(make())
        next(batches)
        seconds = time.perf_counter() - start
        del batches
        return 1 / seconds

    return run


def slow_transform(rounds: int) -> dict[str, Any]:
    """Measure samples that cost 1 ms of pure Python each."""
    dataset = Slow(2000, 0.001)
    runs = {"none": speed(lambda: DataLoader(dataset, 20), 2000)}
    for kind in ("process", "thread"):
        loader = DataLoader(dataset, 20, num_workers=2, worker_type=kind, persistent_workers=True)
        runs[f"two of kind {kind}"] = speed(functools.partial(iter, loader), 2000)
    runs["two bare processes"] = bare_processes
    return {"samples a second": take_turns(runs, rounds)}


SPIN = """
import time
start, end = time.perf_counter(), time.thread_time() + 1
while time.thread_time() < end:
    pass
print(time.perf_counter() - start)
"""


def bare_processes() -> float:
    """Return what the machine gives two processes now that do nothing but the same work."""
    command = [sys.executable, "-c", SPIN]
    pair = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    return 2000 / max(float(process.communicate()[0]) for process in pair)


def shared_arrays(folder: Path) -> dict[str, Any]:
    """Measure how many copies of a 200 MB array all workers hold together."""
    data = np.ones((WITH_200_MB // 800, 100))
    path = folder / "array.npy"
    np.save(path, data)
    copies: dict[str, dict[str, float]] = {"in memory": {}, "mapped": {}}
    for workers in (1, 2, 4):
        empty = workers_memory(np.ones((1000, 100)), workers)
        for name, array in (("in memory", data), ("mapped", np.load(path, mmap_mode="r"))):
            taken = workers_memory(array, workers) - empty
            copies[name][str(workers)] = taken / WITH_200_MB
    path.unlink()
    return copies


def workers_memory(array: np.ndarray, workers: int) -> float:
    """Return the bytes that all workers hold together, without files."""
    with DataLoader(
        TensorDataset(array), 1000, shuffle=True, num_workers=workers, persistent_workers=True
    ) as loader:
        for _ in loader:
            pass
        fields = [memory_of(child) for child in children()]
    return float(sum(fields))


def memory_of(process: int) -> int:
    """Return the bytes of anonymous and shared memory of a process, by its share; no files."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    found = dict(line.split(":") for line in text.splitlines()[1:])
    return sum(int(found[name].split()[0]) * 1024 for name in ("Pss_Anon", "Pss_Shmem"))


def children() -> list[int]:
    """Return the processes below this one."""
    own = Path(f"/proc/{os.getpid()}/task")
    return [int(p) for task in own.iterdir() for p in (task / "children").read_text().split()]


def bars(results: dict[str, Any]) -> list[tuple[str, float, str, float]]:
    """Return what was promised: name, what was found, at least or at most, and the bar."""
    found: list[tuple[str, float, str, float]] = []

    def compare(part: str, unit: str, ours: str, theirs: str, bar: float) -> None:
        figures = results.get(part, {}).get(unit, {})
        if ours in figures and theirs in figures:
            value = ratio(figures, ours, theirs)
            found.append((f"{part}: {ours} / {theirs}", value, ">=", bar))

    unit = "samples a second"
    compare("in memory", unit, "ours", "torch, transform by sample", 20)
    compare("in memory", unit, "ours", "torch, TensorDataset", 4)
    compare("in memory", unit, "ours", "jax-dataloader", 1.5)
    compare("in memory", unit, "ours", "Grain", 1)
    compare("in memory", unit, "ours", "plain NumPy", 0.7)
    compare("many small", unit, "ours", "torch", 3)
    compare("many small", unit, "ours, by sample", "torch, by sample", 1)
    compare("workers start", "first batches a second", "ours", "torch", 3)
    compare("1 ms of Python", unit, "two of kind process", "none", 1.8)
    compare("1 ms of Python", unit, "two of kind process", "two bare processes", 0.9)
    for name, figures in results.get("first batch", {}).items():
        if name.startswith("ours"):
            bar = 0.5 if "ten million" in name else 0.01
            found.append((f"first batch: GiB, {name}", figures["GiB"], "<=", bar))
    for name, bar in (("in memory", 1.1), ("mapped", 0.1)):
        for workers, copies in results.get("200 MB", {}).get(name, {}).items():
            found.append((f"200 MB {name}: copies, {workers} workers", copies, "<=", bar))
    return found


def report(results: dict[str, Any]) -> list[dict[str, Any]]:
    """Print all figures and ratios; return the ratios."""
    for part, figures in results.items():
        print(part)
        for name, value in flat(figures):
            print(f"  {name:60} {value}")
    rows = []
    for name, value, relation, bar in bars(results):
        met = value >= bar if relation == ">=" else value <= bar
        rows.append({"name": name, "value": value, "relation": relation, "bar": bar, "met": met})
        print(f"{'met   ' if met else 'MISSED'} {name:60} {value:8.3f} {relation} {bar}")
    return rows


def flat(figures: object, prefix: str = "") -> Iterable[tuple[str, str]]:
    """Yield name and text of every figure, medians of lists."""
    if isinstance(figures, dict):
        for name, value in figures.items():
            yield from flat(value, f"{prefix}{name}  ")
    elif isinstance(figures, list):
        yield prefix, f"{statistics.median(figures):,.4g}  ({len(figures)} rounds)"
    else:
        yield prefix, f"{figures:,.4g}" if isinstance(figures, float) else str(figures)


def use_one_thread() -> None:
    """Keep torch to one thread, as the others are: with more, busy processors stall it."""
    if HAS_TORCH:
        import torch

        torch.set_num_threads(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path("data"), help="folder of Fashion-MNIST")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="where to write all figures")
    parser.add_argument("--only", nargs="*", help="parts to run")
    options = parser.parse_args()
    use_one_thread()
    folder = Path(os.environ.get("TMPDIR", "/tmp"))
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "in memory": lambda: in_memory(options.root, options.rounds),
        "many small": lambda: many_small(max(options.rounds // 2, 1)),
        "first batch": first_batches,
        "workers start": lambda: start_workers(options.rounds),
        "1 ms of Python": lambda: slow_transform(options.rounds),
        "200 MB": lambda: shared_arrays(folder),
    }
    results = {
        name: run() for name, run in parts.items() if not options.only or name in options.only
    }
    rows = report(results)
    machine = {"python": platform.python_version(), "processors": os.cpu_count()}
    if options.json:
        document = {"machine": machine, "results": results, "bars": rows}
        options.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
