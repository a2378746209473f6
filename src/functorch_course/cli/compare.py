"""``functorch-course compare``: the same training here and in PyTorch, and where the two part."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import functorch_course as fc

from . import options as kinds

if TYPE_CHECKING:
    from functorch_course.compare import Comparison

HELP = "run a recipe here and in PyTorch, or read two traces, and tell where they part"
RECIPES = (
    "line",
    "plane",
    "logistic",
    "softmax-fashion-mnist",
    "mlp-dropout",
    "momentum-step",
    "adam-exponential",
    "adamw-cosine",
    "images-csv",
)  # of compare.RECIPES, which is not imported for --help


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options: two traces, or a recipe."""
    add = parser.add_argument
    add("traces", nargs="*", type=Path, metavar="trace.npz", help="two recorded runs, ours first")
    add("--recipe", choices=RECIPES, help="what to train on both sides, instead of two traces")
    add("--seed", type=kinds.seed, default=0, help="of everything, as torch.manual_seed")
    add("--epochs", type=kinds.count, help="how many (without it: as the recipe says)")
    add("--dtype", choices=["float32", "float64"], default="float32", help="of the parameters")
    add("--images", type=Path, help="folder of Fashion-MNIST's files (without it: the sample)")
    add("--timing", action="store_true", help="also time some epochs on both sides")
    add("--json", type=Path, help="file to write the numbers to")
    add("--html", type=Path, help="file to write a page with charts to")
    add("--save", type=Path, help="folder to keep both traces in")
    add("--helper", action="store_true", help="print a file that records traces in PyTorch")


def run(options: argparse.Namespace) -> None:
    """Compare, print the table, and exit with 1 if the two are not within the tolerance."""
    if options.helper:
        print(Path(fc.compare.__file__).with_name("trace_recorder.py").read_text(encoding="utf-8"))
        return
    comparison = _compare(options)
    fc.report.show(fc.compare.table(comparison))
    print(fc.compare.summary(comparison))
    if options.json is not None:
        fc.compare.to_json(comparison, options.json)
    if options.html is not None:
        fc.compare.to_html(comparison, options.html)
    if options.save is not None:
        options.save.mkdir(parents=True, exist_ok=True)
        comparison.ours.save(options.save / "ours.npz")
        comparison.theirs.save(options.save / "theirs.npz")
    if not comparison.equal:
        sys.exit(1)


def _compare(options: argparse.Namespace) -> "Comparison":
    """Run the recipe, or read the traces."""
    if options.recipe is not None and not options.traces:
        return fc.compare.training(
            options.recipe,
            options.seed,
            epochs=options.epochs,
            dtype=options.dtype,
            images=options.images,
            timing=options.timing,
        )
    if options.recipe is not None or len(options.traces) != 2:
        raise fc.errors.InvalidValueError(
            f"{len(options.traces)} traces and --recipe {options.recipe}: write two traces, as in "
            "`functorch-course compare ours.npz theirs.npz`, or a --recipe"
        )
    ours, theirs = (fc.compare.load_trace(path) for path in options.traces)
    return fc.compare.traces(ours, theirs, " and ".join(map(str, options.traces)))
