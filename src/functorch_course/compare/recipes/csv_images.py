"""Images listed in a CSV file, randomly cropped and mirrored by two workers."""

import csv
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

import functorch_course as fc
from functorch_course.compare.packages import require

from .images import DEVIATION, MEAN
from .recipe import Here, Recipe, Settings, There

if TYPE_CHECKING:
    import torch

SIZE, PADDING, BATCH, WORKERS = 28, 2, 8, 2


def _here(settings: Settings) -> Here:
    """The program here."""
    model = fc.nn.Sequential(fc.nn.Flatten(), fc.nn.Linear(784, 10, dtype=settings.dtype))
    plain = [fc.transforms.ToTensor(), fc.transforms.Normalize((MEAN,), (DEVIATION,))]
    random = [fc.transforms.RandomCrop(SIZE, PADDING), fc.transforms.RandomHorizontalFlip()]
    folder = fc.datasets.LESSON_IMAGES
    train, test = (
        fc.datasets.CSVImageDataset(folder / "labels.csv", folder, fc.transforms.Compose(steps))
        for steps in ([*random, *plain], plain)
    )
    return Here(
        model,
        fc.data.DataLoader(train, BATCH, shuffle=True, num_workers=WORKERS, augmentation="torch"),
        fc.data.DataLoader(test, 40),
        fc.nn.cross_entropy,
        fc.optim.SGD(lr=0.01, momentum=0.9),
    )


def _there(settings: Settings) -> There:
    """The program in PyTorch; fresh interpreters, for a fork beside jax can hang."""
    torch = require("torch")
    dtype = getattr(torch, settings.dtype)
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10, dtype=dtype))
    loader = torch.utils.data.DataLoader(
        CSVImages(augment=True),
        BATCH,
        shuffle=True,
        num_workers=WORKERS,
        multiprocessing_context="spawn",
    )
    return There(
        model,
        loader,
        torch.utils.data.DataLoader(CSVImages(augment=False), 40),
        torch.nn.CrossEntropyLoss(),
        torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9),
    )


class CSVImages:
    """A dataset as PyTorch's tutorial writes it, with torchvision's draws written out."""

    def __init__(self, augment: bool) -> None:
        self.folder, self.augment = fc.datasets.LESSON_IMAGES, augment
        with (self.folder / "labels.csv").open(newline="") as file:
            self.rows = list(csv.reader(file))[1:]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> "tuple[torch.Tensor, int]":
        label, name = self.rows[index]
        with Image.open(self.folder / name) as image:
            pixels = require("torch").from_numpy(np.array(image, np.uint8))[None]
        if self.augment:
            pixels = _mirrored(_cropped(pixels))
        return pixels.float().div(255).sub(MEAN).div(DEVIATION), int(label)


def _cropped(pixels: Any) -> Any:  # noqa: ANN401
    """Pad the image, and cut out as much at a random place."""
    torch = require("torch")
    padded = torch.nn.functional.pad(pixels, [PADDING] * 4)
    top = int(torch.randint(0, 2 * PADDING + 1, (1,)))
    left = int(torch.randint(0, 2 * PADDING + 1, (1,)))
    return padded[:, top : top + SIZE, left : left + SIZE]


def _mirrored(pixels: Any) -> Any:  # noqa: ANN401
    """Mirror every second image."""
    return pixels.flip(-1) if require("torch").rand(1) < 0.5 else pixels


CSV = Recipe("images-csv", "augmented images from a CSV, two workers", _here, _there, epochs=2)
