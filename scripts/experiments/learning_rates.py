"""How the size of a step decides whether the course's line, y = -3x + 1, is found at all.

Every rate starts from the same line and sees the same points in the same order.

    python scripts/experiments/learning_rates.py --rates 0.001 0.01 0.1 0.3
"""

import argparse
from pathlib import Path

import numpy as np

import functorch_course as fc


def points() -> fc.data.TensorDataset:
    x = np.arange(60, dtype=np.float32)[:, None] * np.float32(0.1) - np.float32(3)
    noise = np.float32(0.1) * fc.random.randn(60, 1)
    return fc.data.TensorDataset(x, np.float32(-3) * x + np.float32(1) + noise)


def losses_at(rate: float, options: argparse.Namespace) -> list[float]:
    fc.manual_seed(options.seed)
    model = fc.nn.LinearRegression(1, 1)
    loader = fc.data.DataLoader(points(), options.batch_size, shuffle=True)
    optimizer = fc.optim.SGD(lr=rate)
    return fc.training.fit(
        model, loader, fc.nn.mse_loss, optimizer, options.epochs
    ).history.step_losses


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
