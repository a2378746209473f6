"""How the size of a step decides whether the course's line, y = -3x + 1, is found at all.

The twin of scripts/experiments/learning_rates.py in plain PyTorch.

    python scripts/pytorch/learning_rates.py --rates 0.001 0.01 0.1 0.3
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def points() -> TensorDataset:
    x = torch.arange(60)[:, None] * 0.1 - 3
    return TensorDataset(x, -3 * x + 1 + 0.1 * torch.randn(60, 1))


def losses_at(rate: float, options: argparse.Namespace) -> list[float]:
    torch.manual_seed(options.seed)
    model = nn.Linear(1, 1)
    loader = DataLoader(points(), options.batch_size, shuffle=True)
    criterion = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
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
    parser.add_argument("--rates", type=float, nargs="+", default=[0.001, 0.01, 0.1, 0.3])
    parser.add_argument("--batch-size", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--trace", type=Path, help="write the losses of every rate as .npz")
    options = parser.parse_args()
    found = {str(rate): losses_at(rate, options) for rate in options.rates}
    for rate, losses in found.items():
        print(f"rate {rate}: first loss {losses[0]:.4f}, last loss {losses[-1]:.4f}")
    if options.trace:
        np.savez(options.trace, **found)


if __name__ == "__main__":
    main()
