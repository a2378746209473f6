"""From a new interpreter to the import, the help, the first batch and the first training step.

    python scripts/benchmarks/startup.py

Every program runs in a new process, in turn with its peer, and is timed from outside: what a user
waits for. The files of Python and of the data are warm, since a round goes before that does not
count. Ours compiles its first step meanwhile; torch's is eager.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import harness
from functorch_course.datasets import LESSON_IMAGES

TWIN = Path(__file__).parents[1] / "pytorch" / "softmax_fashion_mnist.py"
PLAIN = "plain Python"
OURS = """
import functorch_course as fc
steps = [fc.transforms.ToTensor(), fc.transforms.Normalize(0.2860, 0.3530), fc.transforms.Flatten()]
transform = fc.transforms.Compose(steps)
loader = fc.data.DataLoader(fc.datasets.FashionMNISTSample(True, transform), 64, shuffle=True)
"""
TORCH = """
import gzip, sys, torch
from torch.utils.data import DataLoader, TensorDataset
def read(kind, header):
    with gzip.open(f"{sys.argv[1]}/train-{kind}-ubyte.gz") as file:
        return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)
x = read("images-idx3", 16).view(-1, 784).float().div(255).sub(0.2860).div(0.3530)
loader = DataLoader(TensorDataset(x, read("labels-idx1", 8).long()), 64, shuffle=True)
"""
OUR_STEP = """
model, optimizer = fc.nn.SoftmaxRegression(784, 10), fc.optim.SGD(lr=0.002, momentum=0.9)
batches = [next(iter(loader))]
print(fc.training.fit(model, batches, fc.nn.cross_entropy, optimizer, 1).history.step_losses)
"""
TORCH_STEP = """
model = torch.nn.Linear(784, 10)
optimizer = torch.optim.SGD(model.parameters(), lr=0.002, momentum=0.9)
inputs, targets = next(iter(loader))
loss = torch.nn.functional.cross_entropy(model(inputs), targets)
loss.backward()
optimizer.step()
print(loss.item())
"""
FIRST = "next(iter(loader))"
WORK = {
    "import": (
        "until the package is imported; every part loads JAX too",
        {
            "ours": ["-c", "import functorch_course"],
            "ours, every part": ["-c", "from functorch_course import *"],
            "torch": ["-c", "import torch"],
            PLAIN: ["-c", "pass"],
        },
    ),
    "help": (
        "until the help is printed; torch's is that of the main job's twin",
        {
            "ours": ["-m", "functorch_course.cli", "train", "--help"],
            "torch": [str(TWIN), "--help"],
            PLAIN: ["-c", "pass"],
        },
    ),
    "first batch": (
        "until there are 64 shuffled, normalised images of the sample",
        {"ours": ["-c", OURS + FIRST], "torch": ["-c", TORCH + FIRST]},
    ),
    "first step": (
        "until softmax regression was updated once; compiled here, eager there",
        {"ours": ["-c", OURS + OUR_STEP], "torch": ["-c", TORCH + TORCH_STEP]},
    ),
}
PAIRS = [harness.Pair(mine, "torch") for mine in ("ours", "ours, every part")]


def measure(name: str, rounds: int, quick: bool) -> harness.Part:
    """Let everybody who is installed start in turn."""
    about, programs = WORK[name]
    sample = str(LESSON_IMAGES.parent)
    contenders = {
        peer: harness.process([*words, sample] if words[0] == "-c" else words)
        for peer, words in programs.items()
        if peer != "torch" or harness.installed("torch")
    }
    figures = harness.take_turns(contenders, rounds, warm_up=not quick)
    return harness.Part(name, about, "seconds", figures, PAIRS, less_is_better=True)


def parts(options: argparse.Namespace) -> harness.Parts:
    """Return what can be measured."""

    def of(name: str) -> Callable[[], list[harness.Part]]:
        return lambda: [measure(name, options.rounds, options.quick)]

    return {name: of(name) for name in WORK}


if __name__ == "__main__":
    harness.main("startup", __doc__, parts)
