"""A rectangle wiped out, by chance."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functorch_course import random
from functorch_course.errors import InvalidValueError

from .base import RandomlyApplied, Sample
from .crop import ordered
from .draws import integer, log_uniform, uniform
from .functional.arrays import require_array


class RandomErasing(RandomlyApplied):
    """Replace a rectangle of chance area, shape and place with probability ``p``.

    Takes an array (..., C, H, W): it belongs after ``ToTensor``. Each call draws from the current
    generator one number, and if something is erased area and shape, up to ten times until they
    fit, the noise if that is asked for, then the first row and the first column. If area and shape
    never fit, nothing is erased.

    Args:
        p: The probability.
        scale: Least and greatest area, as part of the image's.
        ratio: Least and greatest height divided by width.
        value: What to put there: a number, one a channel, or ``"random"`` for normal noise.

    Raises:
        InvalidValueError: If an argument is none of those above, or the channels do not fit.
        SampleTypeError: If the sample is not an array (..., C, H, W).

    Example:
        >>> from functorch_course.random import manual_seed
        >>> _ = manual_seed(3)
        >>> RandomErasing(p=1)(np.ones((1, 3, 4)))
        array([[[0., 1., 1., 1.],
                [1., 1., 1., 1.],
                [1., 1., 1., 1.]]])

    PyTorch: ``torchvision.transforms.RandomErasing``, with the same draws, but never in place.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomErasing.html
    """

    shown = ("p", "scale", "ratio", "value")

    def __init__(
        self,
        p: float = 0.5,
        scale: tuple[float, float] = (0.02, 0.33),
        ratio: tuple[float, float] = (0.3, 3.3),
        value: float | Sequence[float] | str = 0,
    ) -> None:
        super().__init__(p)
        self.scale = ordered(scale, "scale")
        self.ratio = ordered(ratio, "ratio")
        self.value = value
        if scale[1] > 1:
            raise InvalidValueError(f"scale={scale}: write parts of the area, 0 to 1")
        if isinstance(value, str) and value != "random":
            raise InvalidValueError(f"value={value!r}: write a number, one a channel, or 'random'")

    def __call__(self, sample: Sample) -> Sample:
        """Return the image with a rectangle erased, or the image."""
        require_array(sample, "RandomErasing", dimensions=3)
        return super().__call__(sample)

    def apply(self, sample: Sample) -> Sample:
        """Return the image with a rectangle erased, if one fits."""
        channels, height, width = sample.shape[-3:]
        for _ in range(10):
            area = height * width * uniform(*self.scale)
            shape = log_uniform(*self.ratio)
            rows, columns = round(math.sqrt(area * shape)), round(math.sqrt(area / shape))
            if rows < height and columns < width:
                values = self._values(channels, rows, columns)
                top, left = integer(0, height - rows + 1), integer(0, width - columns + 1)
                erased = np.array(sample)
                erased[..., top : top + rows, left : left + columns] = values
                return erased
        return sample

    def _values(self, channels: int, rows: int, columns: int) -> NDArray[Any]:
        """Return what to put into the rectangle, to broadcast to (C, rows, columns)."""
        if isinstance(self.value, str):
            return random.normal(0.0, 1.0, (channels, rows, columns))
        values = np.asarray(self.value, np.float32).reshape(-1, 1, 1)
        if len(values) not in (1, channels):
            raise InvalidValueError(
                f"value={self.value} has {len(values)} numbers but the image has {channels} "
                "channels: write one for each, or one for all"
            )
        return values
