"""Stochastic, mini-batch and batch gradient descent: the same plane, the same number of epochs.

The twin of scripts/experiments/batch_sizes.py in plain PyTorch.

    python scripts/pytorch/batch_sizes.py --sizes 1 20 200
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def points() -> TensorDataset:
    x = torch.randn(200, 2)
    y = 2 * x[:, :1] - 3 * x[:, 1:] + 1
    return TensorDataset(x, y + 0.2 * torch.randn(200, 1))


def losses_with(size: int, options: argparse.Namespace) -> list[float]:
    torch.manual_seed(options.seed)
    model = nn.Linear(2, 1)
    loader = DataLoader(points(), size, shuffle=True)
    criterion = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=options.learning_rate)
    losses = []
    for _ in range(options.epochs):
        for x, y in loader:
            loss = criterion(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 20, 200])
    parser.add_argument("--learning-rate", type=float, default=0.01)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--trace", type=Path, help="write the losses of every size as .npz")
    options = parser.parse_args()
    found = {str(size): losses_with(size, options) for size in options.sizes}
    for size, losses in found.items():
        last = np.mean(losses[-(len(losses) // options.epochs) :])
        print(f"batches of {size}: {len(losses)} updates, mean loss of the last epoch {last:.4f}")
    if options.trace:
        np.savez(options.trace, **found)


if __name__ == "__main__":
    main()
