"""Parts of an image, at a fixed place or at one left to chance."""

import math
from collections.abc import Sequence

from functorch_course.errors import InvalidValueError, one_of

from . import functional
from .base import ArrayTransform, Sample, Transform
from .draws import integer, log_uniform, uniform
from .functional.arrays import dimensions
from .functional.geometry import PADDING_MODES, pair, sides
from .functional.resize import Interpolation, InterpolationMode, interpolation_mode


class CenterCrop(ArrayTransform):
    """Cut out the middle; an image that is too small gets a border of 0 first.

    Takes a PIL image, or an array (..., H, W).

    Args:
        size: Height and width in pixels, or one number for both.

    Raises:
        InvalidValueError: If ``size`` is not one or two positive numbers.
        SampleTypeError: If the sample is no image.

    Example:
        >>> from PIL import Image
        >>> CenterCrop(20)(Image.new("L", (30, 28))).size
        (20, 20)

    PyTorch: ``torchvision.transforms.CenterCrop``.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.CenterCrop.html
    """

    shown = ("size",)

    def __init__(self, size: int | Sequence[int]) -> None:
        self.size = pair(size, "size")

    def __call__(self, sample: Sample) -> Sample:
        """Return the middle."""
        return functional.center_crop(sample, self.size)


class FiveCrop(Transform):
    """Cut out the four corners and the middle.

    Takes a PIL image, or an array (..., H, W). Gives a tuple of five images: top left, top right,
    bottom left, bottom right, middle.

    Args:
        size: Height and width in pixels, or one number for both.

    Raises:
        InvalidValueError: If ``size`` is larger than the image.
        SampleTypeError: If the sample is no image.

    Example:
        >>> from PIL import Image
        >>> len(FiveCrop(20)(Image.new("L", (30, 28))))
        5

    PyTorch: ``torchvision.transforms.FiveCrop``.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.FiveCrop.html
    """

    shown = ("size",)

    def __init__(self, size: int | Sequence[int]) -> None:
        self.size = pair(size, "size")

    def __call__(self, sample: Sample) -> Sample:
        """Return the five parts."""
        return functional.five_crop(sample, self.size)


class Pad(ArrayTransform):
    """Add a border, or cut one off where the padding is negative.

    Takes a PIL image, or an array (..., H, W).

    Args:
        padding: Pixels: one number for all sides, or (left and right, top and bottom), or
            (left, top, right, bottom).
        fill: The value of a constant border; for PIL images also one for each channel.
        padding_mode: ``"constant"``, ``"edge"``, ``"reflect"`` or ``"symmetric"``.

    Raises:
        InvalidValueError: If an argument is none of those above.
        SampleTypeError: If the sample is no image.

    Example:
        >>> from PIL import Image
        >>> Pad((1, 2))(Image.new("L", (30, 28))).size
        (32, 32)

    PyTorch: ``torchvision.transforms.Pad``.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.Pad.html
    """

    shown = ("padding", "fill", "padding_mode")

    def __init__(
        self,
        padding: int | Sequence[int],
        fill: float | Sequence[float] = 0,
        padding_mode: str = "constant",
    ) -> None:
        sides(padding)
        one_of("padding_mode", padding_mode, PADDING_MODES)
        self.padding = padding
        self.fill = fill
        self.padding_mode = padding_mode

    def __call__(self, sample: Sample) -> Sample:
        """Return the image with its border."""
        return functional.pad(sample, self.padding, self.fill, self.padding_mode)


class RandomCrop(Transform):
    """Cut out a rectangle at a place left to chance.

    Takes a PIL image, or an array (..., H, W). Each call draws the first row and the first column
    from the current generator, unless the padded image has the size already.

    Args:
        size: Height and width in pixels, or one number for both.
        padding: A border to add first, as in :class:`Pad`; ``None``: none.
        pad_if_needed: Whether an image that is too small gets a border, so that it is not.
        fill: As in :class:`Pad`.
        padding_mode: As in :class:`Pad`.

    Raises:
        InvalidValueError: If the image is smaller than ``size``, or as :class:`Pad`.
        SampleTypeError: If the sample is no image.

    Example:
        >>> import numpy as np
        >>> from functorch_course.random import manual_seed
        >>> _ = manual_seed(0)
        >>> RandomCrop(2)(np.arange(16).reshape(4, 4))
        array([[ 8,  9],
               [12, 13]])

    PyTorch: ``torchvision.transforms.RandomCrop``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomCrop.html
    """

    shown = ("size", "padding")

    def __init__(
        self,
        size: int | Sequence[int],
        padding: int | Sequence[int] | None = None,
        pad_if_needed: bool = False,
        fill: float | Sequence[float] = 0,
        padding_mode: str = "constant",
    ) -> None:
        sides(padding or 0)
        one_of("padding_mode", padding_mode, PADDING_MODES)
        self.size = pair(size, "size")
        self.padding = padding
        self.pad_if_needed = pad_if_needed
        self.fill = fill
        self.padding_mode = padding_mode

    def __call__(self, sample: Sample) -> Sample:
        """Return the rectangle."""
        sample = self._padded(sample)
        height, width = self.size
        _, rows, columns = dimensions(sample, "RandomCrop")
        if height > rows or width > columns:
            raise InvalidValueError(
                f"size={self.size} is larger than the image of {(rows, columns)}: write "
                "pad_if_needed=True, or resize first"
            )
        top = left = 0
        if (height, width) != (rows, columns):
            top, left = integer(0, rows - height + 1), integer(0, columns - width + 1)
        return functional.crop(sample, top, left, height, width)

    def _padded(self, sample: Sample) -> Sample:
        """Return the image with the borders it is to get."""
        if self.padding is not None:
            sample = functional.pad(sample, self.padding, self.fill, self.padding_mode)
        _, rows, columns = dimensions(sample, "RandomCrop")
        if self.pad_if_needed and columns < self.size[1]:
            border = [self.size[1] - columns, 0]
            sample = functional.pad(sample, border, self.fill, self.padding_mode)
        if self.pad_if_needed and rows < self.size[0]:
            border = [0, self.size[0] - rows]
            sample = functional.pad(sample, border, self.fill, self.padding_mode)
        return sample


class RandomResizedCrop(Transform):
    """Cut out a rectangle of chance area, shape and place, and bring it to one size.

    Takes a PIL image, or an array (..., H, W). Each call draws from the current generator area and
    shape, up to ten times until they fit, then the first row and the first column; if they never
    fit, the largest rectangle of an allowed shape in the middle is taken.

    Args:
        size: Height and width of the result in pixels, or one number for both.
        scale: Least and greatest area, as part of the image's.
        ratio: Least and greatest width divided by height.
        interpolation: How values between pixels are found.
        antialias: As in :class:`Resize`.

    Raises:
        InvalidValueError: If a range is upside down, or an argument is none of those above.
        SampleTypeError: If the sample is no image.

    Example:
        >>> from PIL import Image
        >>> RandomResizedCrop(224)(Image.new("RGB", (500, 375))).size
        (224, 224)

    PyTorch: ``torchvision.transforms.RandomResizedCrop``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomResizedCrop.html
    """

    shown = ("size", "scale", "ratio", "interpolation", "antialias")

    def __init__(
        self,
        size: int | Sequence[int],
        scale: tuple[float, float] = (0.08, 1.0),
        ratio: tuple[float, float] = (3 / 4, 4 / 3),
        interpolation: Interpolation = InterpolationMode.BILINEAR,
        antialias: bool = True,
    ) -> None:
        self.size = pair(size, "size")
        self.scale = ordered(scale, "scale")
        self.ratio = ordered(ratio, "ratio")
        self.interpolation = interpolation_mode(interpolation)
        self.antialias = antialias

    def __call__(self, sample: Sample) -> Sample:
        """Return the rectangle at its new size."""
        _, height, width = dimensions(sample, "RandomResizedCrop")
        box = self._draw(height, width)
        return functional.resized_crop(
            sample, *box, self.size, self.interpolation, antialias=self.antialias
        )

    def _draw(self, height: int, width: int) -> tuple[int, int, int, int]:
        """Return top, left, height and width of the rectangle."""
        for _ in range(10):
            area = height * width * uniform(*self.scale)
            shape = log_uniform(*self.ratio)
            columns, rows = round(math.sqrt(area * shape)), round(math.sqrt(area / shape))
            if 0 < columns <= width and 0 < rows <= height:
                top = integer(0, height - rows + 1)
                return top, integer(0, width - columns + 1), rows, columns
        return self._middle(height, width)

    def _middle(self, height: int, width: int) -> tuple[int, int, int, int]:
        """Return the largest rectangle of an allowed shape in the middle."""
        rows, columns = height, width
        if width / height < self.ratio[0]:
            rows = round(width / self.ratio[0])
        elif width / height > self.ratio[1]:
            columns = round(height * self.ratio[1])
        return (height - rows) // 2, (width - columns) // 2, rows, columns


def ordered(values: tuple[float, float], name: str) -> tuple[float, float]:
    """Return (least, greatest) after checking that they are in this order, and above 0."""
    if len(values) != 2 or not 0 < values[0] <= values[1]:
        raise InvalidValueError(f"{name}={values}: write (least, greatest), both above 0")
    return values[0], values[1]
