"""Fashion-MNIST for the benchmarks, and how it is normalised."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from functorch_course.datasets import LESSON_IMAGES, FashionMNIST
from functorch_course.errors import DatasetNotFoundError

MEAN, DEVIATION, BATCH = 0.2860, 0.3530, 64


class Images(NamedTuple):
    """Images of 28 by 28 in uint8, their labels, and where they come from."""

    pixels: np.ndarray
    labels: np.ndarray
    source: str

    def first(self, count: int) -> "Images":
        """Return the first of them."""
        return Images(self.pixels[:count], self.labels[:count], self.source)


def images(root: Path) -> Images:
    """Return Fashion-MNIST, or noise of its shape where it is not at hand."""
    try:
        real = FashionMNIST(root)
    except DatasetNotFoundError:
        rng = np.random.default_rng(0)
        noise = rng.integers(0, 256, (60_000, 28, 28), np.uint8)
        return Images(noise, rng.integers(0, 10, 60_000), "noise of the shape of Fashion-MNIST")
    return Images(real.data.copy(), real.targets, "Fashion-MNIST")


def folder(root: Path) -> Path:
    """Return a folder with the four compressed files, that of the sample if there is no other."""
    name = "train-images-idx3-ubyte.gz"
    places = (root / "FashionMNIST" / "raw", root, FashionMNIST.system_folder)
    found = [place for place in places if place is not None and (place / name).is_file()]
    return found[0] if found else LESSON_IMAGES.parent
