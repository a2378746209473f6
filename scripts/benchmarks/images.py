"""From image files to batches: this library beside torch's DataLoader with torchvision.

Both sides run by turns in one process, and the ratios are those of the same turn: the speed of the
machine drops out. The files are made on the spot.

    python scripts/benchmarks/images.py            # everything, a few minutes
    python scripts/benchmarks/images.py --quick    # a tenth of the files

Each ratio is the median over the turns, with the least and the greatest.
"""

import argparse
import csv
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from functorch_course import transforms as ours
from functorch_course.data import DataLoader
from functorch_course.datasets import CSVImageDataset, FashionMNISTSample

LIBRARY = torch.library.Library("torchvision", "FRAGMENT")
for operator in ("nms", "qnms"):  # the wheel of torchvision asks for them, and nothing here does
    if not hasattr(torch.ops.torchvision, operator):
        LIBRARY.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torchvision import transforms as theirs


class TorchCSV(torch.utils.data.Dataset):
    """The class of PyTorch's tutorial."""

    def __init__(self, table: Path, folder: Path, transform: Callable[[object], object]) -> None:
        with table.open() as file:
            self.rows = [(row["filename"], int(row["label"])) for row in csv.DictReader(file)]
        self.folder = folder
        self.transform = transform

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> tuple[object, int]:
        name, label = self.rows[index]
        with Image.open(self.folder / name) as image:
            return self.transform(image), label


def small(t: object) -> object:
    """The transform of the small gray images, from either library."""
    return t.Compose([t.ToTensor(), t.Normalize((0.5,), (0.5,))])


def large(t: object) -> object:
    """The transform of the photographs, from either library."""
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    parts = [t.Resize(256), t.CenterCrop(224), t.ToTensor(), t.Normalize(mean, std)]
    return t.Compose(parts)


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


def seconds(batches: Iterable[object]) -> float:
    """Return how long it takes to go through the batches."""
    start = time.perf_counter()
    for _ in batches:
        pass
    return time.perf_counter() - start


def check_equal(one: Iterable[object], other: Iterable[object]) -> None:
    """Make sure that both sides deliver the same numbers."""
    images, labels = next(iter(one))
    other_images, other_labels = next(iter(other))
    np.testing.assert_array_equal(images, np.asarray(other_images))
    np.testing.assert_array_equal(labels, np.asarray(other_labels))


def compare(name: str, table: Path, build: Callable[[object], object], turns: int) -> None:
    """Print rates and ratios for 0 and 2 workers."""
    folder = table.parent
    dataset = CSVImageDataset(table, folder, build(ours))
    reference = TorchCSV(table, folder, build(theirs))
    for workers in (0, 2):
        options = {"batch_size": 64, "num_workers": workers, "persistent_workers": workers > 0}
        loader = DataLoader(dataset, **options)
        torch_loader = torch.utils.data.DataLoader(reference, **options)
        check_equal(loader, torch_loader)
        first = seconds(loader), seconds(torch_loader)  # workers start here
        times = [(seconds(loader), seconds(torch_loader)) for _ in range(turns)]
        ratios = sorted(theirs_took / ours_took for ours_took, theirs_took in times)
        fastest = [len(dataset) / min(column) for column in zip(*times, strict=True)]
        print(
            f"{name}, {workers} workers: ours {fastest[0]:7,.0f}/s, torch {fastest[1]:7,.0f}/s, "
            f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}), "
            f"first epoch {first[1] / first[0]:.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the files, fewer turns")
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    part, turns = (10, 3) if arguments.quick else (1, arguments.turns)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        for name in ("small", "large"):
            (Path(temporary) / name).mkdir()
        table = write_small(Path(temporary) / "small", 10_000 // part)
        compare("PNG 28x28", table, small, turns)
        table = write_large(Path(temporary) / "large", 1_500 // part)
        compare("JPEG 500x375 to 224x224", table, large, turns)


if __name__ == "__main__":
    main()
