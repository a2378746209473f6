"""From PIL images to arrays and back."""

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .base import Sample, Transform
from .errors import SampleTypeError

DTYPES: dict[str, type[np.generic]] = {"I": np.int32, "F": np.float32}
DTYPES["I;16" if sys.byteorder == "little" else "I;16B"] = np.int16


class ToTensor(Transform):
    """Convert a PIL image, or its pixels, to an array with the channels first, scaled to [0, 1].

    ``x / 255`` for 8-bit values; every other dtype is left as it is.

    Takes a PIL image of any mode, or an array (H, W) or (H, W, C). Gives float32 (C, H, W) for
    8-bit images, int32 for mode I, int16 for I;16, float32 unscaled for F, and for other arrays
    their own dtype. ``batch`` takes (N, H, W) or (N, H, W, C) and gives (N, C, H, W).

    Raises:
        SampleTypeError: If the sample is neither a PIL image nor an array of 2 or 3 dimensions.

    Example:
        >>> pixels = np.array([[0, 51, 255]], np.uint8)
        >>> ToTensor()(Image.fromarray(pixels))
        array([[[0. , 0.2, 1. ]]], dtype=float32)
        >>> ToTensor().batch(np.zeros((64, 32, 32, 3), np.uint8)).shape
        (64, 3, 32, 32)

    PyTorch: ``torchvision.transforms.ToTensor``, bit for bit. It gives a NumPy array here: "tensor"
    is the name that the field knows it by.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.ToTensor.html
    """

    batchable = True
    takes_images = True

    def __call__(self, sample: Sample) -> NDArray[Any]:
        """Return the pixels as (C, H, W)."""
        if isinstance(sample, Image.Image):
            return channels_first(pixels(sample))
        if isinstance(sample, np.ndarray) and sample.ndim in (2, 3):
            return channels_first(sample)
        raise SampleTypeError(
            "ToTensor takes a PIL image or a NumPy array (H, W) or (H, W, C), got "
            + (f"shape {sample.shape}" if hasattr(sample, "shape") else type(sample).__name__)
        )

    def batch(self, samples: Sample) -> NDArray[Any]:
        """Convert (N, H, W) or (N, H, W, C) at once; see :meth:`Transform.batch`."""
        samples = np.asarray(samples)
        if samples.ndim not in (3, 4):
            raise SampleTypeError(
                f"ToTensor.batch takes (N, H, W) or (N, H, W, C), got shape {samples.shape}"
            )
        return channels_first(samples, leading=1)


def pixels(image: Image.Image) -> NDArray[Any]:
    """Return the pixels of ``image`` as (H, W) or (H, W, C), in the dtype that its mode means."""
    dtype = DTYPES.get(image.mode, np.uint8)
    array: NDArray[Any] = np.asarray(image, dtype)
    return np.where(array, np.uint8(255), np.uint8(0)) if image.mode == "1" else array


def channels_first(array: NDArray[Any], leading: int = 0) -> NDArray[Any]:
    """Copy (..., H, W) or (..., H, W, C) to (..., C, H, W), dividing uint8 by 255."""
    flat = array.ndim == leading + 2
    array = array[..., np.newaxis, :, :] if flat else np.moveaxis(array, -1, -3)
    if array.dtype != np.uint8:
        return array.copy(order="C")
    scaled: NDArray[Any] = np.divide(array, np.float32(255), dtype=np.float32, order="C")
    return scaled
