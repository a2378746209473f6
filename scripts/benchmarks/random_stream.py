"""How fast the random stream is, beside PyTorch, NumPy and the plain loop, in one run.

    python scripts/benchmarks/random_stream.py

Both sides of a line take turns, and the ratio is the median over the turns: below 1 this library is
the slower one. PyTorch runs on one thread, as all of its random kernels do; without it those lines
are left out.
"""

import argparse
import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import harness
from functorch_course import random


class Line(NamedTuple):
    """Two ways to do the same, and the least ratio that is good enough, if one was set."""

    name: str
    other: str
    mine: Callable[[], object]
    others: Callable[[], object]
    bar: float | None = None


def measure(line: Line, rounds: int) -> harness.Part:
    """Let both sides of a line take turns."""
    sides = {"ours": harness.seconds(line.mine), line.other: harness.seconds(line.others)}
    in_milliseconds = {
        name: functools.partial(lambda run: 1e3 * run(), run) for name, run in sides.items()
    }
    figures = harness.take_turns(in_milliseconds, rounds)
    pair = harness.Pair("ours", line.other, line.bar)
    about = f"the same by {line.other}"
    return harness.Part(line.name, about, "ms", figures, [pair], less_is_better=True)


def loop_over_a_list(generator: random.Generator, n: int) -> list[int]:
    """PyTorch's permutation as one would write it down."""
    order = list(range(n))
    for i, word in enumerate(generator.words32(n - 1).tolist()):
        target = i + word % (n - i)
        order[i], order[target] = order[target], order[i]
    return order


def beside_plain_python() -> list[Line]:
    """Permutations."""
    generator = random.Generator(0)
    return [
        Line(
            f"randperm({n:,})",
            "a loop over a list",
            lambda n=n: random.randperm(n, generator=generator),
            lambda n=n: loop_over_a_list(generator, n),
            bar=1,
        )
        for n in (60_000, 1_000_000)
    ]


def beside_numpy() -> list[Line]:
    """An order that needs no memory, and the seeding of one generator beside making another."""
    generator = random.Generator(0)
    numpy = np.random.default_rng(0)
    shuffle = random.IndexShuffle(1_000_000, seed=0)
    return [
        Line(
            "IndexShuffle(1,000,000)[:]",
            "NumPy's permutation",
            lambda: shuffle[:],
            lambda: numpy.permutation(1_000_000),
        ),
        Line(
            "1,000 x manual_seed, rand(1)",
            "NumPy's new MT19937",
            harness.repeated(1000, lambda: random.rand(1, generator=generator.manual_seed(5))),
            harness.repeated(1000, lambda: np.random.MT19937(5).random_raw()),
            bar=1,
        ),
    ]


def beside_pytorch() -> list[Line]:
    """The same draws in PyTorch."""
    import torch

    torch.set_num_threads(1)
    mine, theirs = random.Generator(0), torch.Generator().manual_seed(0)
    million = 1_000_000
    weights = np.linspace(1, 2, 60_000)
    return [
        Line(
            "1,000 x manual_seed",
            "torch",
            harness.repeated(1000, lambda: mine.manual_seed(5)),
            harness.repeated(1000, lambda: theirs.manual_seed(5)),
        ),
        Line(
            "1,000 x rand(1)",
            "torch",
            harness.repeated(1000, lambda: random.rand(1, generator=mine)),
            harness.repeated(1000, lambda: torch.rand(1, generator=theirs)),
        ),
        Line(
            "rand(1,000,000)",
            "torch",
            lambda: random.rand(million, generator=mine),
            lambda: torch.rand(million, generator=theirs),
            bar=1 / 3,
        ),
        Line(
            "uniform(-1, 1, 1,000,000)",
            "torch",
            lambda: random.uniform(-1, 1, million, generator=mine),
            lambda: torch.empty(million).uniform_(-1, 1, generator=theirs),
            bar=1 / 3,
        ),
        Line(
            "randint(0, 10, 1,000,000)",
            "torch",
            lambda: random.randint(0, 10, million, generator=mine),
            lambda: torch.randint(0, 10, (million,), generator=theirs),
        ),
        Line(
            "randn(1,000,000)",
            "torch",
            lambda: random.randn(million, generator=mine),
            lambda: torch.randn(million, generator=theirs),
            bar=1 / 10,
        ),
        Line(
            "randn(100,000, float64)",
            "torch",
            lambda: random.randn(100_000, dtype=np.float64, generator=mine),
            lambda: torch.randn(100_000, dtype=torch.float64, generator=theirs),
            bar=1 / 10,
        ),
        Line(
            "bernoulli(0.5, 1,000,000)",
            "torch",
            lambda: random.bernoulli(0.5, million, generator=mine),
            lambda: torch.empty(million).bernoulli_(0.5, generator=theirs),
        ),
        Line(
            "multinomial(60,000 weights)",
            "torch",
            lambda: random.multinomial(weights, 60_000, True, generator=mine),
            lambda: torch.multinomial(torch.from_numpy(weights), 60_000, True, generator=theirs),
        ),
        Line(
            "randperm(60,000)",
            "torch",
            lambda: random.randperm(60_000, generator=mine),
            lambda: torch.randperm(60_000, generator=theirs),
        ),
        Line(
            "randperm(1,000,000)",
            "torch",
            lambda: random.randperm(million, generator=mine),
            lambda: torch.randperm(million, generator=theirs),
        ),
    ]


def parts(options: argparse.Namespace) -> harness.Parts:
    """Return what can be measured."""
    sources = {"plain Python": beside_plain_python, "NumPy": beside_numpy}
    if harness.installed("torch"):
        sources["torch"] = beside_pytorch

    def of(make: Callable[[], list[Line]]) -> Callable[[], list[harness.Part]]:
        return lambda: [measure(line, options.rounds) for line in make()]

    return {name: of(make) for name, make in sources.items()}


if __name__ == "__main__":
    harness.main("random_stream", __doc__, parts, rounds=15)
