"""What is in a dataset of images: numbers, and a picture to look at."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from functorch_course.transforms.conversion import channels_first, pixels

MARGIN = 6
LINE = 14
"""How many pixels one line of text is high."""


class Images(Protocol):
    """A dataset whose images can be seen before their transform."""

    targets: NDArray[np.integer[Any]]
    classes: list[str]

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> tuple[Any, Any]: ...

    def read(self, index: int) -> Image.Image:
        """Return an image before the transform."""
        ...


@dataclass(frozen=True)
class Overview:
    """The numbers of a dataset of images.

    Args:
        size: How many images.
        image_sizes: How many have each (mode, height, width).
        class_sizes: How many belong to each class, by name.
        mean: The mean of each channel, white being 1.
        std: The standard deviation of each channel.

    Example:
        >>> from functorch_course.datasets import FashionMNISTSample
        >>> numbers = overview(FashionMNISTSample(train=False))
        >>> numbers.image_sizes, [round(value, 3) for value in numbers.mean + numbers.std]
        ({('L', 28, 28): 1000}, [0.29, 0.355])

    PyTorch: has no counterpart.
    """

    size: int
    image_sizes: dict[tuple[str, int, int], int]
    class_sizes: dict[str, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]


def overview(dataset: Images) -> Overview:
    """Read every image of a dataset, and count.

    Args:
        dataset: One of this package's that holds images and integer targets.

    Returns:
        Its numbers. Mean and standard deviation are empty where the images differ in channels.

    Raises:
        DamagedFileError: If an image cannot be read.

    Example:
        >>> from functorch_course.datasets import FashionMNISTSample
        >>> overview(FashionMNISTSample(train=False)).class_sizes["Bag"]
        95

    PyTorch: has no counterpart.
    """
    sizes: dict[tuple[str, int, int], int] = {}
    sums: dict[int, NDArray[np.float64]] = {}
    for index in range(len(dataset)):
        image = dataset.read(index)
        kind = (image.mode, image.height, image.width)
        sizes[kind] = sizes.get(kind, 0) + 1
        values = channels_first(pixels(image)).astype(np.float64)
        parts = [values.size / len(values), values.sum((1, 2)), np.square(values).sum((1, 2))]
        sums[len(values)] = sums.get(len(values), 0) + np.stack(np.broadcast_arrays(*parts))
    mean, std = _moments(next(iter(sums.values()))) if len(sums) == 1 else ((), ())
    return Overview(len(dataset), sizes, _class_sizes(dataset), mean, std)


def _moments(sums: NDArray[np.float64]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and deviation from count, sum and sum of squares of each channel."""
    count, total, squares = sums
    mean = total / count
    std = np.sqrt(np.maximum(squares / count - mean**2, 0))
    return tuple(mean.tolist()), tuple(std.tolist())


def _class_sizes(dataset: Images) -> dict[str, int]:
    """Return how many samples each class has."""
    values, counts = np.unique(dataset.targets, return_counts=True)
    return {_name(dataset, v): c for v, c in zip(values.tolist(), counts.tolist(), strict=True)}


def _name(dataset: Images, target: int) -> str:
    """Return the name of a class, or its number where it has none."""
    return dataset.classes[target] if 0 <= target < len(dataset.classes) else str(target)


def image_grid(
    dataset: Images, indices: Sequence[int], columns: int = 8, side: int = 84
) -> Image.Image:
    """Draw samples with their class names: above as they are, below after the transform.

    Args:
        dataset: One of this package's that holds images and integer targets.
        indices: Which samples.
        columns: How many side by side.
        side: The height and width of each, in pixels.

    Returns:
        A PIL image of mode RGB. What the transform gives is stretched from black to white; what is
        no image is left out.

    Raises:
        DamagedFileError: If an image cannot be read.

    Example:
        >>> from functorch_course.datasets import FashionMNISTSample
        >>> image_grid(FashionMNISTSample(), range(4), columns=2).size
        (186, 214)

    PyTorch: ``torchvision.utils.make_grid``, which draws no labels and knows no transform.
    """
    transformed = getattr(dataset, "transform", None) is not None
    height = side * (1 + transformed) + LINE + MARGIN
    rows = math.ceil(len(indices) / columns)
    grid = Image.new("RGB", (columns * (side + MARGIN) + MARGIN, rows * height + MARGIN), "white")
    draw = ImageDraw.Draw(grid)
    for place, index in enumerate(indices):
        left = MARGIN + place % columns * (side + MARGIN)
        top = MARGIN + place // columns * height
        draw.text((left, top), _name(dataset, int(dataset.targets[index]))[: side // 6], "black")
        grid.paste(_fit(dataset.read(index), side), (left, top + LINE))
        after = as_picture(dataset[index][0]) if transformed else None
        if after is not None:
            grid.paste(_fit(after, side), (left, top + LINE + side))
    return grid


def _fit(image: Image.Image, side: int) -> Image.Image:
    """Return the image in a square of this side, its pixels kept sharp where it grows."""
    scale = side / max(image.size)
    size = max(round(image.width * scale), 1), max(round(image.height * scale), 1)
    sharp = Image.Resampling.NEAREST if scale > 1 else Image.Resampling.BOX
    return image.convert("RGB").resize(size, sharp)


def as_picture(sample: Any) -> Image.Image | None:  # noqa: ANN401
    """Return what a transform gave as a picture, stretched from black to white, if it is one."""
    if isinstance(sample, Image.Image):
        return sample
    array = np.asarray(sample)
    if array.ndim != 3 or len(array) not in (1, 3) or array.dtype.kind not in "fiu":
        return None
    array = array.astype(np.float64)
    low, high = array.min(), array.max()
    levels = np.rint((array - low) * (255 / (high - low or 1))).astype(np.uint8)
    levels = np.broadcast_to(levels, (3, *levels.shape[1:]))
    return Image.fromarray(np.ascontiguousarray(levels.transpose(1, 2, 0)))
