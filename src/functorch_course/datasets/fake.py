"""Images of noise, for trying out code."""

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from functorch_course.data import Dataset
from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator, randint, randn
from functorch_course.transforms import ToPILImage

from .array_images import Transform
from .describe import describe


class FakeData(Dataset[tuple[Any, Any]]):
    """Noise that looks like a dataset of images: the same for the same index.

    Args:
        size: How many images.
        image_size: Channels, height and width.
        num_classes: How many classes.
        transform: Applied to each image, a PIL image.
        target_transform: Applied to each target, an ``int``.
        random_offset: Added to the index to give the seed of an image.

    Raises:
        InvalidValueError: If ``image_size`` is not (1 to 4, height, width).
        IndexError: If ``dataset[i]`` is asked for an index out of range.

    Example:
        >>> image, target = FakeData(size=10, image_size=(3, 32, 24))[0]
        >>> image.size, target
        ((24, 32), 0)

    PyTorch: ``torchvision.datasets.FakeData``, the same images and targets.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.FakeData.html
    """

    def __init__(
        self,
        size: int = 1_000,
        image_size: Sequence[int] = (3, 224, 224),
        num_classes: int = 10,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
        random_offset: int = 0,
    ) -> None:
        if len(image_size) != 3 or not 1 <= image_size[0] <= 4:
            raise InvalidValueError(f"image_size={image_size}: write (1 to 4, height, width)")
        self.size = size
        self.image_size = tuple(image_size)
        self.num_classes = num_classes
        self.transform = transform
        self.target_transform = target_transform
        self.random_offset = random_offset

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        position = operator.index(index)
        if not 0 <= position < self.size:
            raise IndexError(f"index {position} is out of range for {self.size} images")
        generator = Generator(position + self.random_offset)
        image: Any = self._image(generator)
        target: Any = int(randint(0, self.num_classes, generator=generator))
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def _image(self, generator: Generator) -> Image.Image:
        """Return normal noise, wrapped round into 0 to 255 as PyTorch does."""
        noise = randn(*self.image_size, generator=generator) * np.float32(255)
        return ToPILImage()(noise.astype(np.int32).astype(np.uint8))

    def __repr__(self) -> str:
        return describe(self, [])
