"""Softmax regression on Fashion-MNIST, with everything visible that `functorch-course train` does.

`--trace` writes what is compared with the twin, scripts/pytorch/softmax_fashion_mnist.py.

    python scripts/experiments/softmax_fashion_mnist.py --root /usr/share/datasets/fashion-mnist
"""

import argparse
import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import functorch_course as fc

MEAN, DEVIATION = 0.2860, 0.3530


def fashion_mnist(root: Path, train: bool) -> fc.data.TensorDataset:
    split = "train" if train else "t10k"
    images = fc.datasets.read_idx(root / f"{split}-images-idx3-ubyte.gz")
    labels = fc.datasets.read_idx(root / f"{split}-labels-idx1-ubyte.gz")
    steps = [fc.transforms.ToTensor(), fc.transforms.Normalize((MEAN,), (DEVIATION,))]
    return fc.data.TensorDataset(fc.transforms.Compose(steps).batch(images), labels.astype(int))


class Digests:
    """A loader that writes down the sha256 of each batch that it passes on."""

    def __init__(self, loader: fc.data.DataLoader) -> None:
        self.loader = loader
        self.seen: list[str] = []

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for x, y in self.loader:
            self.seen.append(hashlib.sha256(x.tobytes() + y.tobytes()).hexdigest())
            yield x, y


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path("data/FashionMNIST/raw"))
    parser.add_argument("--learning-rate", type=float, default=0.002)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--weight-decay", type=float, default=0.0)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--trace", type=Path, help="write batches, losses and weights as .npz")
    options = parser.parse_args()

    fc.manual_seed(options.seed)
    model = fc.nn.SoftmaxRegression(784, 10)
    train, test = (fashion_mnist(options.root, train) for train in (True, False))
    loader = fc.data.DataLoader(train, options.batch_size, shuffle=True)
    watched = Digests(loader)
    result = fc.training.fit(
        model,
        watched if options.trace else loader,
        fc.nn.cross_entropy,
        fc.optim.SGD(
            lr=options.learning_rate,
            momentum=options.momentum,
            weight_decay=options.weight_decay,
        ),
        options.epochs,
        validation=fc.data.DataLoader(test, 1000),
        metrics={"accuracy": fc.training.accuracy},
    )
    losses, epochs = result.history.step_losses, result.history.epochs
    accuracies = [record.validation_metrics["accuracy"] for record in epochs]
    for epoch, accuracy in enumerate(accuracies, 1):
        last = losses[epoch * len(loader) - 1]
        print(f"epoch {epoch}: loss {last:.4f}, test accuracy {accuracy:.4f}")
    if options.trace:
        start = {f"start.{name}": value for name, value in model.state_dict().items()}
        end = {f"end.{name}": value for name, value in result.model.state_dict().items()}
        np.savez(
            options.trace,
            batches=watched.seen,
            losses=losses,
            accuracies=accuracies,
            **start,
            **end,
        )


if __name__ == "__main__":
    main()
