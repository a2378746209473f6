"""Softmax regression on Fashion-MNIST in plain PyTorch: the twin of `functorch-course train`.

It needs torch and NumPy alone. `--trace` writes what the comparison looks at.

    python scripts/pytorch/softmax_fashion_mnist.py --root /usr/share/datasets/fashion-mnist
"""

import argparse
import gzip
import hashlib
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

MEAN, DEVIATION = 0.2860, 0.3530


def read_idx(path: Path, header: int) -> torch.Tensor:
    with gzip.open(path) as file:
        return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)


def fashion_mnist(root: Path, train: bool) -> TensorDataset:
    split = "train" if train else "t10k"
    images = read_idx(root / f"{split}-images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28)
    labels = read_idx(root / f"{split}-labels-idx1-ubyte.gz", 8).long()
    return TensorDataset(images.float().div(255).sub(MEAN).div(DEVIATION), labels)


class SoftmaxRegression(nn.Module):
    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x.flatten(1))


@torch.no_grad()
def accuracy(model: nn.Module, loader: DataLoader) -> float:
    right = sum(int((model(x).argmax(1) == y).sum()) for x, y in loader)
    return right / len(loader.dataset)


def digest(x: torch.Tensor, y: torch.Tensor) -> str:
    return hashlib.sha256(x.flatten(1).numpy().tobytes() + y.numpy().tobytes()).hexdigest()


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

    torch.manual_seed(options.seed)
    model = SoftmaxRegression(784, 10)
    train, test = (fashion_mnist(options.root, train) for train in (True, False))
    train_loader = DataLoader(train, options.batch_size, shuffle=True)
    test_loader = DataLoader(test, 1000)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(
        model.parameters(),
        lr=options.learning_rate,
        momentum=options.momentum,
        weight_decay=options.weight_decay,
    )
    start = {f"start.{name}": value.clone() for name, value in model.state_dict().items()}
    batches, losses, accuracies = [], [], []
    for epoch in range(options.epochs):
        for x, y in train_loader:
            loss = criterion(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if options.trace:
                batches.append(digest(x, y))
        accuracies.append(accuracy(model, test_loader))
        print(f"epoch {epoch + 1}: loss {losses[-1]:.4f}, test accuracy {accuracies[-1]:.4f}")
    if options.trace:
        end = {f"end.{name}": value for name, value in model.state_dict().items()}
        np.savez(
            options.trace, batches=batches, losses=losses, accuracies=accuracies, **start, **end
        )


if __name__ == "__main__":
    main()
