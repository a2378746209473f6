"""Softmax regression on Fashion-MNIST: an epoch here beside PyTorch and a NumPy floor, in one run.

    python scripts/benchmarks/training.py --json training.json

Every contender makes one epoch in turn, several times over; what is printed is the median time a
step, and the median of the ratios of neighbours in time. Torch is measured only where it is
installed. The NumPy floor is the gather and the two matrix products of each step and nothing else.
"""

import argparse
import json
import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import jax
import numpy as np

import functorch_course as fc

Epoch = Callable[[], None]
MEAN, DEVIATION = 0.2860, 0.3530
RATE, MOMENTUM = 0.002, 0.9


def open_dataset() -> "fc.datasets.FashionMNIST | fc.datasets.FashionMNISTSample":
    steps = [
        fc.transforms.ToTensor(),
        fc.transforms.Normalize((MEAN,), (DEVIATION,)),
        fc.transforms.Flatten(),
    ]
    transform = fc.transforms.Compose(steps)
    try:
        return fc.datasets.FashionMNIST("data", True, transform)
    except fc.errors.DatasetNotFoundError:
        return fc.datasets.FashionMNISTSample(True, transform)


def ours(dataset: object, batch_size: int, engine: str) -> Epoch:
    """One epoch of ``fit``, already compiled: the timing excludes what happens once a fit."""
    model = fc.nn.SoftmaxRegression(784, 10)
    optimizer = fc.optim.SGD(lr=RATE, momentum=MOMENTUM)
    loader = fc.data.DataLoader(dataset, batch_size, shuffle=True)
    step = fc.training.make_step(model, fc.nn.cross_entropy, optimizer)
    run = fc.training.make_engine(step, loader, engine)
    state = fc.training.start(model, optimizer)

    def epoch() -> None:
        nonlocal state
        losses = fc.training.EpochLosses(1, fc.training.History())
        state = run(state, losses, lambda _: None)
        losses.fetch()
        jax.block_until_ready(state)

    return epoch


def numpy_floor(images: np.ndarray, batch_size: int) -> Epoch:
    """Gather each batch and multiply twice: what no training step on this machine can avoid."""
    weight = np.zeros((10, 784), np.float32)

    def epoch() -> None:
        order = np.random.default_rng(0).permutation(len(images))
        for first in range(0, len(order), batch_size):
            x = images[order[first : first + batch_size]]
            outputs = x @ weight.T
            outputs.T @ x

    return epoch


def pytorch(images: np.ndarray, labels: np.ndarray, batch_size: int) -> dict[str, Epoch]:
    """Eager PyTorch, with its DataLoader and with batches cut by hand."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    x, y = torch.from_numpy(images), torch.from_numpy(labels)
    model = torch.nn.Linear(784, 10)
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=MOMENTUM)
    loader = DataLoader(TensorDataset(x, y), batch_size, shuffle=True)

    def by_hand() -> object:
        for chosen in torch.randperm(len(x)).split(batch_size):
            yield x[chosen], y[chosen]

    def train(batches: object) -> None:
        for inputs, targets in batches:
            loss = criterion(model(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return {
        "torch, DataLoader": lambda: train(loader),
        "torch, batches by hand": lambda: train(by_hand()),
    }


def measure(contenders: dict[str, Epoch], repeats: int) -> dict[str, list[float]]:
    """Seconds of each epoch, all contenders in turn, after one round to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(repeats + 1):
        for name, epoch in contenders.items():
            started = time.perf_counter()
            epoch()
            if turn:
                seconds[name].append(time.perf_counter() - started)
    return seconds


def compare(dataset: object, batch_size: int, repeats: int) -> dict[str, object]:
    images, labels = dataset.get_batch(range(len(dataset)))
    contenders = {
        "whole epoch": ours(dataset, batch_size, "epoch"),
        "streaming": ours(dataset, batch_size, "step"),
        "NumPy floor": numpy_floor(images, batch_size),
    }
    if find_spec("torch"):
        contenders |= pytorch(images, labels, batch_size)
    seconds = measure(contenders, repeats)
    steps = -(-len(images) // batch_size)
    micro = {name: 1e6 * float(np.median(times)) / steps for name, times in seconds.items()}
    ratios = {
        f"{peer} / {mine}": float(np.median(np.divide(seconds[peer], seconds[mine])))
        for mine in ("whole epoch", "streaming")
        for peer in seconds
        if peer != mine
    }
    return {
        "batch_size": batch_size,
        "samples": len(images),
        "microseconds": micro,
        "ratios": ratios,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[64, 512])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--json", type=Path, help="write the numbers there")
    options = parser.parse_args()
    dataset = open_dataset()
    packages = [name for name in ("jax", "numpy", "torch") if find_spec(name)]
    report = {
        "machine": f"{platform.processor() or platform.machine()}, {jax.devices()[0].device_kind}",
        "versions": {name: version(name) for name in packages},
        "results": [compare(dataset, size, options.repeats) for size in options.batch_sizes],
    }
    for result in report["results"]:
        print(f"\nbatch size {result['batch_size']}, {result['samples']:,} images")
        for name, value in result["microseconds"].items():
            print(f"  {name:26}{value:10.0f} us a step")
        for name, value in result["ratios"].items():
            print(f"  {name:42}{value:8.2f}")
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
