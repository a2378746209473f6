"""``functorch-course data``: look at a dataset, in numbers and as a picture."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import functorch_course as fc

from . import options as kinds
from .image_sets import DATASETS, ROOT

HELP = "show what is in a dataset: info for numbers, show for a picture"
NAMED = {"mnist": "MNIST", "kmnist": "KMNIST", "cifar10": "CIFAR10", "cifar100": "CIFAR100"}
TRANSFORMS = ("augment", "normalize", "none")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    names = ", ".join([*DATASETS, *NAMED])
    dataset_help = f"{names}, a folder with one folder for each class, or a .csv or .jsonl file"
    add = parser.add_argument
    add("what", choices=["info", "show"], help="print numbers, or draw samples")
    add("dataset", help=dataset_help)
    add("--root", type=Path, default=ROOT, metavar="FOLDER", help="folder of the datasets")
    add("--test", action="store_true", help="the test images instead of the training images")
    add("--download", action="store_true", help="fetch what is missing")
    add("--count", type=kinds.count, default=32, metavar="N", help="how many samples to draw")
    add("--transform", choices=TRANSFORMS, default="augment", help="what to draw below each")
    add("--seed", type=kinds.seed, default=0, metavar="N", help="of the samples and transforms")
    add("--out", type=Path, default=Path("samples.png"), metavar="FILE", help="the PNG to write")


def run(options: argparse.Namespace) -> None:
    """Open the dataset and show it."""
    fc.manual_seed(options.seed)
    transform = _transform(options.transform) if options.what == "show" else None
    dataset = _open(options, transform)
    if options.what == "info":
        _print_numbers(options.dataset, dataset)
        return
    chosen = fc.random.randperm(len(dataset))[: options.count]
    fc.datasets.image_grid(dataset, chosen.tolist()).save(options.out, "PNG")
    print(f"written to {options.out}: {len(chosen)} of {len(dataset):,} images")


def _transform(name: str) -> Callable[[Any], Any] | None:
    """Return a transform to look at."""
    transforms = fc.transforms
    if name == "none":
        return None
    if name == "normalize":
        return transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    turn = transforms.RandomAffine(15, translate=(0.1, 0.1), scale=(0.8, 1.2))
    return transforms.Compose([transforms.RandomHorizontalFlip(), turn])


def _open(options: argparse.Namespace, transform: Callable[[Any], Any] | None) -> Any:  # noqa: ANN401
    """Return the dataset that a name or a path stands for."""
    train, path = not options.test, Path(options.dataset)
    if options.dataset in NAMED:
        kind = getattr(fc.datasets, NAMED[options.dataset])
        return kind(options.root, train, transform, download=options.download)
    if options.dataset == "fashion-mnist-sample":
        return fc.datasets.FashionMNISTSample(train, transform)
    if options.dataset == "fashion-mnist":
        return fc.datasets.FashionMNIST(options.root, train, transform, download=options.download)
    if path.is_dir():
        return fc.datasets.ImageFolder(path, transform)
    if path.is_file():
        return fc.datasets.CSVImageDataset(path, path.parent, transform)
    raise fc.errors.DatasetNotFoundError(
        f"{options.dataset!r} is neither a known name ({', '.join([*DATASETS, *NAMED])}) "
        "nor a folder or file: look for a spelling mistake"
    )


def _print_numbers(name: str, dataset: Any) -> None:  # noqa: ANN401
    """Print sizes, classes, mean and standard deviation."""
    numbers = fc.datasets.overview(dataset)
    print(f"{name}: {numbers.size:,} images")
    for (mode, height, width), count in numbers.image_sizes.items():
        print(f"  {count:,} of mode {mode}, {height} x {width}")
    for title, values in (("mean", numbers.mean), ("std ", numbers.std)):
        print(f"  {title} {', '.join(f'{value:.4f}' for value in values) or 'of mixed channels'}")
    width = max(map(len, numbers.class_sizes), default=0)
    for label, count in numbers.class_sizes.items():
        print(f"  {label:{width}} {count:>8,}")
