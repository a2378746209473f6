"""Loaders side by side: this library and those of its peers that are installed, in one run.

Contenders take turns, round after round, and what counts is the median over the rounds of the ratio
of two of the same round: so a busy machine slows both. Peers that are not installed are left out.

    python scripts/benchmarks/loaders.py --root data --json loaders.json
"""

import argparse
from pathlib import Path

import harness
from fashion_mnist import images
from loading import first_batch, in_memory, many_small, shared_memory, workers


def parts(options: argparse.Namespace) -> harness.Parts:
    """Return what can be measured."""
    use_one_thread()
    rounds, part = options.rounds, 10 if options.quick else 1

    def of_images() -> list[harness.Part]:
        found = images(options.root)
        return [in_memory.measure(found.first(len(found.labels) // part), rounds)]

    return {
        "in memory": of_images,
        "many small": lambda: [many_small.measure(1_000_000 // part, max(rounds // 2, 1))],
        "first batch": lambda: first_batch.measure(1),
        "workers start": lambda: [workers.start(rounds)],
        "1 ms of Python": lambda: [workers.slow_transform(2000 // part, rounds)],
        "200 MB": lambda: shared_memory.measure(min(rounds, 3)),
    }


def use_one_thread() -> None:
    """Keep torch to one thread, as the others are: with more, busy processors stall it."""
    if harness.installed("torch"):
        import torch

        torch.set_num_threads(1)


def options(parser: argparse.ArgumentParser) -> None:
    """Add what only this script is asked."""
    parser.add_argument("--root", type=Path, default=Path("data"), help="folder of Fashion-MNIST")


if __name__ == "__main__":
    harness.main("loaders", __doc__, parts, options=options)
