"""The image datasets that the commands know by name, each as a training and a test set."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import functorch_course as fc

if TYPE_CHECKING:
    from functorch_course.datasets import FashionMNIST, FashionMNISTSample

DATASETS = ("fashion-mnist", "fashion-mnist-sample")
MEAN, DEVIATION = 0.2860, 0.3530  # of Fashion-MNIST's training pixels in [0, 1]
ROOT = Path("data")


class ImageSets(NamedTuple):
    """What a name on the command line stands for."""

    name: str
    train: "FashionMNIST | FashionMNISTSample"
    test: "FashionMNIST | FashionMNISTSample"


def open_images(name: str, root: Path | None) -> ImageSets:
    """Open the dataset called ``name``, its images as normalised vectors."""
    if root is not None and not root.is_dir():
        raise fc.errors.DatasetNotFoundError(
            f"--root {root} is no folder: make it, or leave --root away to use {ROOT}"
        )
    transform = fc.transforms.Compose(
        [
            fc.transforms.ToTensor(),
            fc.transforms.Normalize((MEAN,), (DEVIATION,)),
            fc.transforms.Flatten(),
        ]
    )
    if name == "fashion-mnist":
        try:
            return _full(root or ROOT, transform)
        except fc.errors.DatasetNotFoundError as error:
            reason = str(error).splitlines()[0].rstrip(".")
            print(f"{reason}; using the sample that comes with the package", file=sys.stderr)
    sets = (fc.datasets.FashionMNISTSample(train, transform) for train in (True, False))
    return ImageSets("fashion-mnist-sample", *sets)


def _full(root: Path, transform: "fc.transforms.Compose") -> ImageSets:
    """Open Fashion-MNIST, downloading what is missing; what is damaged is never replaced."""
    try:
        sets = [fc.datasets.FashionMNIST(root, train, transform) for train in (True, False)]
    except fc.errors.DatasetNotFoundError:
        sets = [
            fc.datasets.FashionMNIST(root, train, transform, download=True)
            for train in (True, False)
        ]
    return ImageSets("fashion-mnist", *sets)
