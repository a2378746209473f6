"""From image files to batches: this library beside torch's DataLoader with torchvision.

Both sides run by turns in one process, and the ratios are those of the same turn: the speed of the
machine drops out. The files are made on the spot.

    python scripts/benchmarks/images.py            # everything, a few minutes
    python scripts/benchmarks/images.py --quick    # a tenth of the files
"""

import argparse
import csv
import functools
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from PIL import Image

import harness
from functorch_course import transforms as ours
from functorch_course.data import DataLoader
from functorch_course.datasets import CSVImageDataset, FashionMNISTSample

Library: TypeAlias = Any  # transforms, ours or torchvision's
Transform = Callable[[Any], Any]
PEER = "torch, torchvision"
SIZES = {"PNG": "of 28x28", "JPEG": "of 500x375, cut to 224x224"}
BARS = {("PNG", 0): 3, ("PNG", 2): 3.5, ("JPEG", 2): 1.4}  # by the number of workers


class TorchCSV:
    """The dataset of PyTorch's tutorial."""

    def __init__(self, table: Path, transform: Transform) -> None:
        with table.open() as file:
            self.rows = [(row["filename"], int(row["label"])) for row in csv.DictReader(file)]
        self.folder = table.parent
        self.transform = transform

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> tuple[object, int]:
        name, label = self.rows[index]
        with Image.open(self.folder / name) as image:
            return self.transform(image), label


def small(t: Library) -> Transform:
    """The transform of the small gray images, from either library."""
    return t.Compose([t.ToTensor(), t.Normalize((0.5,), (0.5,))])


def large(t: Library) -> Transform:
    """The transform of the photographs, from either library."""
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    return t.Compose([t.Resize(256), t.CenterCrop(224), t.ToTensor(), t.Normalize(mean, std)])


def write_small(folder: Path, count: int) -> Path:
    """Write ``count`` PNG files of 28 by 28."""
    data = FashionMNISTSample().data
    names = [f"{number:05}.png" for number in range(count)]
    for number, name in enumerate(names):
        Image.fromarray(data[number % len(data)]).save(folder / name)
    return write_table(folder, names)


def write_large(folder: Path, count: int) -> Path:
    """Write ``count`` JPEG files of 500 by 375, smooth and rough in places as photographs are."""
    names = [f"{number:05}.jpg" for number in range(count)]
    for number, name in enumerate(names):
        generator = np.random.default_rng(number)
        coarse = generator.integers(0, 256, (12, 16, 3), np.uint8)
        smooth = np.asarray(Image.fromarray(coarse).resize((500, 375), Image.Resampling.BICUBIC))
        fine = generator.normal(0, 12, (375, 500, 1)) * (smooth[..., :1] > 120)
        pixels = np.clip(smooth + fine, 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / name, quality=90)
    return write_table(folder, names)


def write_table(folder: Path, names: list[str]) -> Path:
    """Write the labels of the files."""
    table = folder / "labels.csv"
    lines = [f"{number % 10},{name}" for number, name in enumerate(names)]
    table.write_text("\n".join(["label,filename", *lines]) + "\n")
    return table


def check_equal(one: Iterable[Any], other: Iterable[Any]) -> None:
    """Make sure that both sides deliver the same numbers."""
    images, labels = next(iter(one))
    other_images, other_labels = next(iter(other))
    np.testing.assert_array_equal(images, np.asarray(other_images))
    np.testing.assert_array_equal(labels, np.asarray(other_labels))


def loaders(
    table: Path, build: Callable[[Library], Transform], workers: int
) -> dict[str, Iterable[Any]]:
    """Return the loaders of all who are installed."""
    options: dict[str, Any] = {"num_workers": workers, "persistent_workers": workers > 0}
    dataset = CSVImageDataset(table, table.parent, build(ours))
    found: dict[str, Iterable[Any]] = {"ours": DataLoader(dataset, 64, **options)}
    if harness.installed("torch") and harness.installed("torchvision"):
        import torch

        from torchvision_transforms import transforms as theirs

        torch.set_num_threads(1)
        reference: Any = TorchCSV(table, build(theirs))
        found[PEER] = torch.utils.data.DataLoader(reference, 64, **options)
        check_equal(found["ours"], found[PEER])
    return found


def measure(
    name: str,
    write: Callable[[Path, int], Path],
    count: int,
    build: Callable[[Library], Transform],
    rounds: int,
) -> Iterator[harness.Part]:
    """Yield rates for 0 and 2 workers, and for the first epoch of the two, in which they start."""
    with tempfile.TemporaryDirectory() as folder:
        table = write(Path(folder), count)
        for workers in (0, 2):
            sides = loaders(table, build, workers)
            runs = {
                side: harness.rate(functools.partial(iter, loader), count)
                for side, loader in sides.items()
            }
            title, about = f"{name}, {workers} workers", f"{count:,} files {SIZES[name]}"
            first = {side: [run()] for side, run in runs.items()}
            figures = harness.take_turns(runs, rounds)
            pairs = [harness.Pair("ours", PEER, BARS.get((name, workers)))]
            yield harness.Part(title, about, "images a second", figures, pairs)
            if workers:
                title, about = f"{title}, first epoch", "the start of the workers and one epoch"
                pairs = [harness.Pair("ours", PEER)]
                yield harness.Part(title, about, "images a second", first, pairs)


def parts(options: argparse.Namespace) -> harness.Parts:
    """Return what can be measured."""
    part = 10 if options.quick else 1
    return {
        "PNG": lambda: measure("PNG", write_small, 10_000 // part, small, options.rounds),
        "JPEG": lambda: measure("JPEG", write_large, 1_500 // part, large, options.rounds),
    }


if __name__ == "__main__":
    harness.main("images", __doc__, parts)
