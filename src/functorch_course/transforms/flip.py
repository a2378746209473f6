"""Mirror images, by chance."""

from . import functional
from .base import RandomlyApplied, Sample


class RandomHorizontalFlip(RandomlyApplied):
    """Mirror left and right with probability ``p``.

    Takes a PIL image, or an array (..., H, W). Each call draws one number from the current
    generator.

    Args:
        p: The probability.

    Raises:
        InvalidValueError: If ``p`` is not from 0 to 1.
        SampleTypeError: If the sample is no image.

    Example:
        >>> import numpy as np
        >>> RandomHorizontalFlip(p=1)(np.array([[1, 2, 3]]))
        array([[3, 2, 1]])

    PyTorch: ``torchvision.transforms.RandomHorizontalFlip``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomHorizontalFlip.html
    """

    def apply(self, sample: Sample) -> Sample:
        """Return the mirror image."""
        return functional.hflip(sample)


class RandomVerticalFlip(RandomlyApplied):
    """Mirror top and bottom with probability ``p``.

    Takes a PIL image, or an array (..., H, W). Each call draws one number from the current
    generator.

    Args:
        p: The probability.

    Raises:
        InvalidValueError: If ``p`` is not from 0 to 1.
        SampleTypeError: If the sample is no image.

    Example:
        >>> import numpy as np
        >>> RandomVerticalFlip(p=1)(np.array([[1], [2]]))
        array([[2],
               [1]])

    PyTorch: ``torchvision.transforms.RandomVerticalFlip``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomVerticalFlip.html
    """

    def apply(self, sample: Sample) -> Sample:
        """Return the mirror image."""
        return functional.vflip(sample)
