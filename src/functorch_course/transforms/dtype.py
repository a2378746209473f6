"""Arrays of another dtype."""

import numpy as np
from numpy.typing import DTypeLike

from . import functional
from .base import ArrayTransform, Sample
from .functional.arrays import require_array


class ConvertImageDtype(ArrayTransform):
    """Convert an array to another dtype, mapping white to white.

    Integers to floats: ``image / white``. Floats to integers: ``trunc(image * (white + 0.999))``.

    Takes an array of any shape; floats lie in [0, 1].

    Args:
        dtype: The dtype to give.

    Raises:
        InvalidValueError: If values do not fit the dtype.
        SampleTypeError: If the sample is not an array.

    Example:
        >>> ConvertImageDtype(np.float32)(np.array([0, 51, 255], np.uint8))
        array([0. , 0.2, 1. ], dtype=float32)

    PyTorch: ``torchvision.transforms.ConvertImageDtype``; there floats outside of [0, 1] wrap
    round silently.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.ConvertImageDtype.html
    """

    shown = ("dtype",)

    def __init__(self, dtype: DTypeLike = np.float32) -> None:
        self.dtype = np.dtype(dtype)

    def __call__(self, sample: Sample) -> Sample:
        """Return the converted array."""
        return functional.convert_image_dtype(sample, self.dtype)


class ToDtype(ArrayTransform):
    """Convert an array to another dtype, with or without scaling.

    Takes an array of any shape; floats lie in [0, 1] if they are scaled.

    Args:
        dtype: The dtype to give.
        scale: Whether to map white to white, as :class:`ConvertImageDtype` does.

    Raises:
        InvalidValueError: If values do not fit the dtype.
        SampleTypeError: If the sample is not an array.

    Example:
        >>> ToDtype(np.float32)(np.array([0, 51], np.uint8))
        array([ 0., 51.], dtype=float32)
        >>> ToDtype(np.float32, scale=True)(np.array([0, 51], np.uint8))
        array([0. , 0.2], dtype=float32)

    PyTorch: ``torchvision.transforms.v2.ToDtype``, for one array.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.ToDtype.html
    """

    shown = ("dtype", "scale")

    def __init__(self, dtype: DTypeLike, scale: bool = False) -> None:
        self.dtype = np.dtype(dtype)
        self.scale = scale

    def __call__(self, sample: Sample) -> Sample:
        """Return the converted array."""
        if self.scale:
            return functional.convert_image_dtype(sample, self.dtype)
        require_array(sample, "ToDtype", dimensions=1)
        return sample.astype(self.dtype)
