"""Stochastic, mini-batch and batch gradient descent: the same plane, the same number of epochs.

python scripts/experiments/batch_sizes.py --sizes 1 20 200
"""

import argparse
from pathlib import Path

import numpy as np

import functorch_course as fc


def points() -> fc.data.TensorDataset:
    x = fc.random.randn(200, 2)
    y = np.float32(2) * x[:, :1] - np.float32(3) * x[:, 1:] + np.float32(1)
    return fc.data.TensorDataset(x, y + np.float32(0.2) * fc.random.randn(200, 1))


def losses_with(size: int, options: argparse.Namespace) -> list[float]:
    fc.manual_seed(options.seed)
    model = fc.nn.LinearRegression(2, 1)
    loader = fc.data.DataLoader(points(), size, shuffle=True)
    optimizer = fc.optim.SGD(lr=options.learning_rate)
    return fc.training.fit(
        model, loader, fc.nn.mse_loss, optimizer, options.epochs
    ).history.step_losses


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
