"""From PIL images to arrays and back."""

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functorch_course.data.aligned import aligned_empty
from functorch_course.errors import InvalidValueError, one_of

from .base import Sample, Transform
from .errors import SampleTypeError
from .functional.arrays import require_array

DTYPES: dict[str, type[np.generic]] = {"I": np.int32, "F": np.float32}
WHITE = np.float32(255)
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


class PILToTensor(Transform):
    """Convert a PIL image to an array with the channels first, without scaling.

    Takes a PIL image. Gives (C, H, W) in the dtype of its pixels: uint8 for 8-bit modes, bool for
    mode 1, int32 for I, uint16 for I;16, float32 for F.

    Raises:
        SampleTypeError: If the sample is not a PIL image.

    Example:
        >>> PILToTensor()(Image.new("RGB", (5, 3))).shape
        (3, 3, 5)

    PyTorch: ``torchvision.transforms.PILToTensor``, which gives a tensor.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.PILToTensor.html
    """

    def __call__(self, sample: Sample) -> NDArray[Any]:
        """Return the pixels as (C, H, W)."""
        if not isinstance(sample, Image.Image):
            raise SampleTypeError(f"PILToTensor takes a PIL image, got {type(sample).__name__}")
        array = np.array(sample)
        return np.moveaxis(array.reshape(sample.height, sample.width, -1), -1, 0)


class ToPILImage(Transform):
    """Convert an array to a PIL image.

    ``trunc(255 * x)`` for floats.

    Takes an array (H, W) or (C, H, W) of 1 to 4 channels: uint8, floats of [0, 1], or of one
    channel also int16 and int32. Gives mode L, LA, RGB or RGBA by the number of channels; I for
    int32, I;16 for int16.

    Args:
        mode: Another mode of the same number of channels, such as ``"HSV"`` or ``"F"``.

    Raises:
        SampleTypeError: If the sample is not an array of such a shape and dtype.
        InvalidValueError: If floats lie outside of [0, 1], or the mode does not fit.

    Example:
        >>> image = ToPILImage()(np.ones((3, 28, 30), np.float32))
        >>> image.mode, image.size, image.getpixel((0, 0))
        ('RGB', (30, 28), (255, 255, 255))

    PyTorch: ``torchvision.transforms.ToPILImage``. There a NumPy array is (H, W, C), a tensor
    (C, H, W); here every array is (C, H, W), so that it undoes ``ToTensor``. There floats outside
    of [0, 1] wrap round silently.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.ToPILImage.html
    """

    shown = ("mode",)

    def __init__(self, mode: str | None = None) -> None:
        self.mode = mode

    def __call__(self, sample: Sample) -> Image.Image:
        """Return the image."""
        require_array(sample, "ToPILImage")
        array = np.asarray(sample)
        if array.ndim > 3 or (array.ndim == 3 and not 1 <= len(array) <= 4):
            raise SampleTypeError(
                f"ToPILImage takes (H, W) or (1 to 4, H, W), got shape {array.shape}"
            )
        array = array[np.newaxis] if array.ndim == 2 else array
        if array.dtype.kind == "f" and self.mode != "F":
            array = as_levels(array)
        mode = image_mode(array, self.mode)
        array = np.ascontiguousarray(np.moveaxis(array, 0, -1))
        return Image.frombytes(mode, array.shape[1::-1], array.tobytes())


MODES = {
    ("uint8", 1): ("L",),
    ("uint8", 2): ("LA",),
    ("uint8", 3): ("RGB", "YCbCr", "HSV"),
    ("uint8", 4): ("RGBA", "CMYK", "RGBX"),
    ("int16", 1): ("I;16",),
    ("int32", 1): ("I",),
    ("float32", 1): ("F",),
}
"""The modes that an array of a dtype and a number of channels can have, the usual one first."""


def image_mode(array: NDArray[Any], mode: str | None) -> str:
    """Return the mode of the image that (C, H, W) becomes."""
    modes = MODES.get((array.dtype.name, len(array)), ())
    if not modes:
        raise SampleTypeError(
            f"ToPILImage makes no image of {len(array)} channels of {array.dtype}: "
            "write array.astype(numpy.uint8)"
        )
    one_of("mode", modes[0] if mode is None else mode, modes)
    return modes[0] if mode is None else mode


def as_levels(array: NDArray[Any]) -> NDArray[np.uint8]:
    """Return floats of [0, 1] as uint8."""
    if not ((array >= 0) & (array <= 1)).all():
        raise InvalidValueError(
            f"values from {array.min():g} to {array.max():g} are not in [0, 1]: undo Normalize, or "
            "clip them, first"
        )
    levels: NDArray[np.uint8] = (array * array.dtype.type(255)).astype(np.uint8)
    return levels


def pixels(image: Image.Image) -> NDArray[Any]:
    """Return the pixels of ``image`` as (H, W) or (H, W, C), in the dtype that its mode means."""
    dtype = DTYPES.get(image.mode, np.uint8)
    array: NDArray[Any] = np.asarray(image, dtype)
    return np.where(array, np.uint8(255), np.uint8(0)) if image.mode == "1" else array


def channels_first(array: NDArray[Any], leading: int = 0) -> NDArray[Any]:
    """Copy (..., H, W) or (..., H, W, C) to (..., C, H, W), dividing uint8 by 255."""
    array = axes_channels_first(array, leading)
    kind = np.float32 if array.dtype == np.uint8 else array.dtype
    empty = aligned_empty if leading else np.empty
    copy: NDArray[Any] = empty(array.shape, kind)
    copy[...] = array
    if array.dtype == np.uint8:
        copy /= WHITE
    return copy


def axes_channels_first(array: NDArray[Any], leading: int = 0) -> NDArray[Any]:
    """Return (..., H, W) or (..., H, W, C) as (..., C, H, W), in the same memory."""
    flat = array.ndim == leading + 2
    return array[..., np.newaxis, :, :] if flat else np.moveaxis(array, -1, -3)
