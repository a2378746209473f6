"""Other colours, and none."""

from collections.abc import Sequence

from functorch_course import random
from functorch_course.errors import InvalidValueError, one_of

from . import functional
from .base import ArrayTransform, RandomlyApplied, Sample, Transform
from .draws import uniform
from .functional.arrays import dimensions

Jitter = float | Sequence[float]


class ColorJitter(Transform):
    """Change brightness, contrast, saturation and hue by chance amounts, in a chance order.

    Takes a PIL image, or an array (..., 1 or 3, H, W). Each call draws from the current generator
    the order, three numbers, and then one number for each of the four that is switched on.

    Args:
        brightness: Least and greatest factor; or one number b for (max(0, 1 - b), 1 + b).
        contrast: As ``brightness``.
        saturation: As ``brightness``.
        hue: Least and greatest part of the colour circle; or one number h for (-h, h). At most
            half the circle.

    Raises:
        InvalidValueError: If an argument is none of those above.
        SampleTypeError: If the sample is no image.

    Example:
        >>> ColorJitter(brightness=0.5, hue=(-0.1, 0.2))
        ColorJitter(brightness=(0.5, 1.5), contrast=None, saturation=None, hue=(-0.1, 0.2))

    PyTorch: ``torchvision.transforms.ColorJitter``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.ColorJitter.html
    """

    shown = ("brightness", "contrast", "saturation", "hue")

    def __init__(
        self,
        brightness: Jitter = 0,
        contrast: Jitter = 0,
        saturation: Jitter = 0,
        hue: Jitter = 0,
    ) -> None:
        self.brightness = jitter_range(brightness, "brightness")
        self.contrast = jitter_range(contrast, "contrast")
        self.saturation = jitter_range(saturation, "saturation")
        self.hue = jitter_range(hue, "hue", neutral=0.0, least=-0.5, greatest=0.5)

    def __call__(self, sample: Sample) -> Sample:
        """Return the changed image."""
        dimensions(sample, "ColorJitter")
        order = random.randperm(4)
        ranges = (self.brightness, self.contrast, self.saturation, self.hue)
        amounts = [None if limits is None else uniform(*limits) for limits in ranges]
        for index in order:
            if (amount := amounts[index]) is not None:
                sample = ADJUSTMENTS[index](sample, amount)
        return sample


ADJUSTMENTS = (
    functional.adjust_brightness,
    functional.adjust_contrast,
    functional.adjust_saturation,
    functional.adjust_hue,
)


def jitter_range(
    value: Jitter,
    name: str,
    neutral: float = 1.0,
    least: float = 0.0,
    greatest: float = float("inf"),
) -> tuple[float, float] | None:
    """Return the limits of an amount, or ``None`` where it can only be the neutral one."""
    if isinstance(value, Sequence):
        limits = tuple(float(number) for number in value)
    else:
        clipped = max(neutral - value, 0.0) if neutral else neutral - value
        limits = (clipped, neutral + float(value))
    if len(limits) != 2 or not least <= limits[0] <= limits[1] <= greatest:
        raise InvalidValueError(
            f"{name}={value}: write a number of 0 or more, or (least, greatest), within "
            f"[{least}, {greatest}]"
        )
    return None if limits == (neutral, neutral) else (float(limits[0]), limits[1])


class Grayscale(ArrayTransform):
    """Weigh red, green and blue as the eye does.

    ``0.299 red + 0.587 green + 0.114 blue``

    Takes a PIL image, or an array (..., 1 or 3, H, W).

    Args:
        num_output_channels: 1, or 3 equal ones.

    Raises:
        InvalidValueError: If it is neither.
        SampleTypeError: If the sample is no image.

    Example:
        >>> from PIL import Image
        >>> Grayscale()(Image.new("RGB", (2, 2), "red")).getpixel((0, 0))
        76

    PyTorch: ``torchvision.transforms.Grayscale``.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.Grayscale.html
    """

    shown = ("num_output_channels",)

    def __init__(self, num_output_channels: int = 1) -> None:
        one_of("num_output_channels", num_output_channels, (1, 3))
        self.num_output_channels = num_output_channels

    def __call__(self, sample: Sample) -> Sample:
        """Return the gray image."""
        return functional.rgb_to_grayscale(sample, self.num_output_channels)


class RandomGrayscale(RandomlyApplied):
    """Take the colour away with probability ``p``; the number of channels stays.

    Takes a PIL image, or an array (..., 1 or 3, H, W). Each call draws one number from the current
    generator.

    Args:
        p: The probability.

    Raises:
        InvalidValueError: If ``p`` is not from 0 to 1, or the image has other channels.
        SampleTypeError: If the sample is no image.

    Example:
        >>> from PIL import Image
        >>> RandomGrayscale(p=1)(Image.new("RGB", (2, 2), "red")).getpixel((0, 0))
        (76, 76, 76)

    PyTorch: ``torchvision.transforms.RandomGrayscale``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomGrayscale.html
    """

    def __init__(self, p: float = 0.1) -> None:
        super().__init__(p)

    def apply(self, sample: Sample) -> Sample:
        """Return the gray image."""
        channels, _, _ = dimensions(sample, "RandomGrayscale")
        return functional.rgb_to_grayscale(sample, channels)
