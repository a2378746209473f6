"""Values of mean 0 and deviation 1."""

import numpy as np
from numpy.typing import ArrayLike

from functorch_course.errors import InvalidValueError

from . import functional
from .base import ArrayTransform, Sample


class Normalize(ArrayTransform):
    """Subtract a mean from each channel and divide by a standard deviation.

    ``(image - mean) / std``, in the dtype of the image.

    Takes a floating-point array (C, H, W), or any number of leading axes before them.

    Args:
        mean: One number a channel, or one for all.
        std: One number a channel, or one for all.

    Raises:
        InvalidValueError: If a deviation is zero, or the channels do not fit.
        SampleTypeError: If the sample is not a floating-point array.

    Example:
        >>> Normalize(mean=[0.5], std=[0.5])(np.array([[[0.0, 0.5, 1.0]]], np.float32))
        array([[[-1.,  0.,  1.]]], dtype=float32)

    PyTorch: ``torchvision.transforms.Normalize``, bit for bit, but never in place.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.Normalize.html
    """

    shown = ("mean", "std")

    def __init__(self, mean: ArrayLike, std: ArrayLike) -> None:
        if not np.all(np.asarray(std)):
            raise InvalidValueError(f"std={std!r} holds a zero: nothing can be divided by it")
        self.mean = mean
        self.std = std

    def __call__(self, sample: Sample) -> Sample:
        """Return the normalised array."""
        return functional.normalize(sample, self.mean, self.std)
