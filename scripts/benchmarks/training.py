"""Softmax regression on Fashion-MNIST: an epoch here beside PyTorch and a NumPy floor, in one run.

    python scripts/benchmarks/training.py --json training.json

Every contender makes a training of ten epochs in turn, several times over; what it compiles, it has
compiled before. One more epoch before each of them does not count: the threads of the one before
watch for work a while longer, on the processor that its successor needs. What is printed is the
median time a step, and the median of the ratios of a round.
Torch is measured only where it is installed, with one thread or all, whichever is faster. The NumPy
floor is the gather and the two matrix products of each step and nothing else.
"""

import argparse
import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import jax
import numpy as np

import functorch_course as fc
import harness
from fashion_mnist import DEVIATION, MEAN

Epoch = Callable[[], None]
Images = fc.datasets.FashionMNIST | fc.datasets.FashionMNISTSample
RATE, MOMENTUM = 0.002, 0.9
EPOCHS = 10  # of each training: as many as `functorch-course train` makes
WHOLE, STREAMING = "ours, whole epoch", "ours, streaming"
LOADER, BY_HAND, FLOOR = "torch, DataLoader", "torch, batches by hand", "NumPy floor"
BARS = {
    64: {(WHOLE, LOADER): 8, (WHOLE, BY_HAND): 4, (WHOLE, FLOOR): 0.8, (STREAMING, LOADER): 3},
    512: {(WHOLE, LOADER): 4, (WHOLE, BY_HAND): 2.5, (STREAMING, LOADER): 3},
}


def open_dataset(quick: bool) -> Images:
    """Return the training images, flattened; those of the sample where there are no others."""
    steps = [
        fc.transforms.ToTensor(),
        fc.transforms.Normalize((MEAN,), (DEVIATION,)),
        fc.transforms.Flatten(),
    ]
    transform = fc.transforms.Compose(steps)
    if not quick:
        with contextlib.suppress(fc.errors.DatasetNotFoundError):
            return fc.datasets.FashionMNIST("data", True, transform)
    return fc.datasets.FashionMNISTSample(True, transform)


def ours(dataset: Images, batch_size: int, engine: str) -> Epoch:
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

    def by_hand() -> Iterator[Any]:
        for chosen in torch.randperm(len(x)).split(batch_size):
            yield x[chosen], y[chosen]

    def train(batches: Iterable[Any]) -> None:
        for inputs, targets in batches:
            loss = criterion(model(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    torch.set_num_threads(faster_threads(lambda: train(by_hand())))
    return {
        LOADER: lambda: train(loader),
        BY_HAND: lambda: train(by_hand()),
    }


def faster_threads(epoch: Epoch) -> int:
    """Return the number of threads, one or all, with which PyTorch is faster."""
    import torch

    times = {}
    for threads in (torch.get_num_threads(), 1):
        torch.set_num_threads(threads)
        epoch()
        times[threads] = harness.seconds(epoch)()
    return min(times, key=lambda threads: times[threads])


def measure(dataset: Images, batch_size: int, rounds: int) -> harness.Part:
    """Let everybody train an epoch in turn."""
    images, labels = dataset.get_batch(range(len(dataset)))
    epochs = {
        WHOLE: ours(dataset, batch_size, "epoch"),
        STREAMING: ours(dataset, batch_size, "step"),
        FLOOR: numpy_floor(images, batch_size),
    }
    if harness.installed("torch"):
        epochs |= pytorch(images, labels, batch_size)
    steps = -(-len(images) // batch_size)
    runs = {name: step_time(epoch, steps) for name, epoch in epochs.items()}
    figures = harness.take_turns(runs, rounds)
    about = f"{EPOCHS} epochs of softmax regression on {len(images):,} images"
    return harness.Part(
        f"batches of {batch_size}",
        about,
        "us a step",
        figures,
        pairs(batch_size),
        less_is_better=True,
    )


def pairs(batch_size: int) -> list[harness.Pair]:
    """Return who is compared with whom, and what was promised for this size."""
    bars = BARS.get(batch_size, {})
    compared = itertools.product((WHOLE, STREAMING), (LOADER, BY_HAND, FLOOR))
    return [harness.Pair(*pair, bars.get(pair)) for pair in (*compared, (WHOLE, STREAMING))]


def step_time(epoch: Epoch, steps: int) -> harness.Run:
    """Return what measures the microseconds of a step in a training of some epochs."""
    training = harness.repeated(EPOCHS, epoch)
    measure_training = harness.seconds(training, warm_up=epoch)
    return lambda: 1e6 * measure_training() / EPOCHS / steps


def parts(options: argparse.Namespace) -> harness.Parts:
    """Return what can be measured."""
    dataset = open_dataset(options.quick)

    def of_size(size: int) -> Callable[[], list[harness.Part]]:
        return lambda: [measure(dataset, size, options.rounds)]

    return {f"batches of {size}": of_size(size) for size in options.batch_sizes}


def options(parser: argparse.ArgumentParser) -> None:
    """Add what only this script is asked."""
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[64, 512])


if __name__ == "__main__":
    harness.main("training", __doc__, parts, rounds=7, options=options)
