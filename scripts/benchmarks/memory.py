"""The most memory that the main job, and an import, hold at once, beside torch's.

    python scripts/benchmarks/memory.py

Each program runs in a new process, in turn with its peer, and what counts is the peak of its
resident memory (VmHWM of Linux). The main job is an epoch of softmax regression on Fashion-MNIST:
the command, the script that does the same without reports, and its twin in PyTorch, all on the same
four files.
"""

import argparse
import tempfile
from pathlib import Path

import harness
from fashion_mnist import folder
from functorch_course.datasets import LESSON_IMAGES

SCRIPTS = Path(__file__).parents[1]
PEAK = """
import json, re
status = open("/proc/self/status").read()
print(json.dumps({"MiB": int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) / 1024}))
"""
SCRIPT = "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], None, '__main__')"
COMMAND = """
import contextlib, io, sys
from functorch_course.cli import main
with contextlib.redirect_stderr(io.StringIO()):  # the progress
    main(sys.argv[1:])
"""


def main_job(root: Path, rounds: int) -> harness.Part:
    """Measure an epoch on the whole training set."""
    images = folder(root)
    known = images == LESSON_IMAGES.parent
    dataset = ["--dataset", "fashion-mnist-sample"] if known else ["--root", str(images)]
    options = ["--root", str(images), "--epochs", "1"]
    name = "softmax_fashion_mnist.py"
    with tempfile.TemporaryDirectory() as runs:
        programs = {
            "ours, script": [SCRIPT, str(SCRIPTS / "experiments" / name), *options],
            "ours, command": [COMMAND, "train", *dataset, "--epochs", "1", "--runs", runs],
            "torch": [SCRIPT, str(SCRIPTS / "pytorch" / name), *options],
        }
        return measure("main job", f"an epoch on the images in {images}", programs, rounds)


def imports(rounds: int) -> harness.Part:
    """Measure what is resident when everything is imported."""
    programs = {
        "ours": ["import functorch_course"],
        "ours, every part": ["from functorch_course import *"],
        "torch": ["import torch"],
    }
    return measure("import", "the package alone, and every part with JAX", programs, rounds)


def measure(name: str, about: str, programs: dict[str, list[str]], rounds: int) -> harness.Part:
    """Let everybody who is installed run in turn."""
    words = {
        peer: ["-c", code + PEAK, *arguments]
        for peer, (code, *arguments) in programs.items()
        if peer != "torch" or harness.installed("torch")
    }
    figures = harness.in_new_processes(words, rounds)["MiB"]
    pairs = [harness.Pair(mine, "torch") for mine in programs if mine != "torch"]
    return harness.Part(name, about, "MiB", figures, pairs, less_is_better=True)


def parts(options: argparse.Namespace) -> harness.Parts:
    """Return what can be measured."""
    root = LESSON_IMAGES.parent if options.quick else options.root
    return {
        "main job": lambda: [main_job(root, options.rounds)],
        "import": lambda: [imports(options.rounds)],
    }


def options(parser: argparse.ArgumentParser) -> None:
    """Add what only this script is asked."""
    parser.add_argument("--root", type=Path, default=Path("data"), help="folder of Fashion-MNIST")


if __name__ == "__main__":
    harness.main("memory", __doc__, parts, rounds=3, options=options)
