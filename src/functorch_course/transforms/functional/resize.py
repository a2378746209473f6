"""Other sizes: each row and each column of the result is a weighted sum of the old ones."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functorch_course.errors import InvalidValueError, one_of

from .arrays import Array, Picture, as_working_floats, dimensions, namespace, restore
from .geometry import crop, pair


class InterpolationMode(StrEnum):
    """How values between pixels are found.

    Example:
        >>> InterpolationMode("bilinear").pillow
        <Resampling.BILINEAR: 2>

    PyTorch: ``torchvision.transforms.InterpolationMode``; here the plain text serves as well.
    """

    NEAREST = "nearest"
    NEAREST_EXACT = "nearest-exact"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    BOX = "box"
    HAMMING = "hamming"
    LANCZOS = "lanczos"

    @property
    def pillow(self) -> Image.Resampling:
        """Pillow's name for it."""
        return Image.Resampling[self.name.removesuffix("_EXACT")]


Interpolation: TypeAlias = InterpolationMode | Image.Resampling | str | int


def interpolation_mode(value: Interpolation) -> InterpolationMode:
    """Return the mode from its text, Pillow's number or the mode itself."""
    text = Image.Resampling(value).name.lower() if isinstance(value, int) else str(value)
    one_of("interpolation", text, [mode.value for mode in InterpolationMode])
    return InterpolationMode(text)


def resize(
    image: Picture,
    size: int | Sequence[int],
    interpolation: Interpolation = InterpolationMode.BILINEAR,
    max_size: int | None = None,
    antialias: bool = True,
) -> Picture:
    """Bring an image to another size.

    ``rows @ image @ columns.T``: every pixel is a weighted mean of those under it.

    Args:
        image: A PIL image, or an array (..., H, W).
        size: Height and width; or one number for the shorter side, the other in proportion.
        interpolation: How values between pixels are found. Arrays: nearest, nearest-exact,
            bilinear or bicubic.
        max_size: The most that the longer side may become, where ``size`` is one number.
        antialias: Whether shrinking an array weighs all pixels that a new one covers, as it always
            does for PIL images.

    Returns:
        An image of the same kind and dtype.

    Raises:
        SampleTypeError: If ``image`` is neither a PIL image nor an array (..., H, W).
        InvalidValueError: If an argument is none of those above.

    Example:
        >>> resize(np.arange(16, dtype=np.float32).reshape(4, 4), (2, 2), "nearest")
        array([[ 0.,  2.],
               [ 8., 10.]], dtype=float32)
        >>> resize(Image.new("L", (30, 28)), 14).size
        (15, 14)

    PyTorch: ``torchvision.transforms.functional.resize``: the same pixels for PIL images, at most
    one level apart for uint8 arrays.
    """
    mode = interpolation_mode(interpolation)
    _, *old = dimensions(image, "resize")
    new = resized_size((old[0], old[1]), size, max_size)
    if tuple(old) == new:
        return image
    if isinstance(image, Image.Image):
        return image.resize(new[::-1], mode.pillow)
    if mode in (InterpolationMode.NEAREST, InterpolationMode.NEAREST_EXACT):
        offset = 0.5 if mode is InterpolationMode.NEAREST_EXACT else 0.0
        rows, columns = (nearest(*sizes, offset) for sizes in zip(old, new, strict=True))
        return image[..., rows, :][..., columns]
    return _resize_smoothly(image, new, mode, antialias)


def resized_crop(
    image: Picture,
    top: int,
    left: int,
    height: int,
    width: int,
    size: int | Sequence[int],
    interpolation: Interpolation = InterpolationMode.BILINEAR,
    antialias: bool = True,
) -> Picture:
    """Cut out a rectangle and bring it to another size.

    Args:
        image: A PIL image, or an array (..., H, W).
        top: The first row.
        left: The first column.
        height: The number of rows to cut out.
        width: The number of columns to cut out.
        size: As in :func:`resize`.
        interpolation: As in :func:`resize`.
        antialias: As in :func:`resize`.

    Returns:
        An image of the same kind and dtype.

    Raises:
        SampleTypeError: As :func:`resize`.
        InvalidValueError: As :func:`resize`.

    Example:
        >>> resized_crop(np.arange(16.0).reshape(4, 4), 0, 0, 2, 2, (1, 1)).item()
        2.5

    PyTorch: ``torchvision.transforms.functional.resized_crop``.
    """
    return resize(crop(image, top, left, height, width), size, interpolation, antialias=antialias)


def resized_size(
    old: tuple[int, int], size: int | Sequence[int], max_size: int | None = None
) -> tuple[int, int]:
    """Return the new height and width of an image of the ``old`` ones."""
    if not isinstance(size, int) and len(size) == 2:
        if max_size is not None:
            raise InvalidValueError(f"max_size={max_size} goes with one number, not size={size!r}")
        return pair(size, "size")
    short, _ = pair(size, "size")
    long = int(short * max(old) / min(old))
    if max_size is not None:
        if max_size <= short:
            raise InvalidValueError(f"max_size={max_size} must be greater than size={size!r}")
        if long > max_size:
            short, long = int(max_size * short / long), max_size
    return (long, short) if old[1] <= old[0] else (short, long)


def _resize_smoothly(
    image: Array, new: tuple[int, int], mode: InterpolationMode, antialias: bool
) -> Array:
    """Weigh rows and columns."""
    one_of("interpolation of an array", mode.value, ["nearest", "nearest-exact", *FILTERS])
    values = as_working_floats(image)
    rows, columns = (
        weights(*sizes, mode.value, antialias).astype(values.dtype)
        for sizes in zip(image.shape[-2:], new, strict=True)
    )
    xp = namespace(image)
    values = xp.matmul(xp.matmul(rows, values), columns.T)
    if image.dtype == np.uint8:
        values = xp.clip(values, 0, 255)
    return restore(values, image.dtype)


def nearest(old: int, new: int, offset: float) -> NDArray[np.intp]:
    """Return which of the ``old`` pixels each of the ``new`` ones takes."""
    scale = np.float32(old / new)
    positions = (np.arange(new, dtype=np.float32) + np.float32(offset)) * scale
    return np.minimum(positions.astype(np.intp), old - 1)


def triangle(x: NDArray[Any], _: bool) -> NDArray[Any]:
    """Linear interpolation: 1 at 0, 0 from 1 on."""
    values: NDArray[Any] = np.maximum(1 - np.abs(x), 0)
    return values


def cubic(x: NDArray[Any], antialias: bool) -> NDArray[Any]:
    """Keys' cubic interpolation; the slope at 1 is Pillow's with antialiasing, OpenCV's without."""
    a = -0.5 if antialias else -0.75
    x = np.abs(x)
    inner = ((a + 2) * x - (a + 3)) * x * x + 1
    outer = ((x - 5) * x + 8) * x * a - 4 * a
    values: NDArray[Any] = np.where(x < 1, inner, np.where(x < 2, outer, 0))
    return values


FILTERS: dict[str, tuple[Callable[[NDArray[Any], bool], NDArray[Any]], int]]
FILTERS = {"bilinear": (triangle, 1), "bicubic": (cubic, 2)}


@lru_cache(maxsize=64)
def weights(old: int, new: int, kind: str, antialias: bool) -> NDArray[np.float64]:
    """Return the matrix (new, old) whose rows weigh the old pixels for each new one."""
    kernel, radius = FILTERS[kind]
    scale = old / new
    stretch = max(scale, 1.0) if antialias else 1.0
    centers = (np.arange(new) + 0.5) * scale
    matrix = np.zeros((new, old))
    reach = int(np.ceil(radius * stretch))
    taps = np.arange(-reach - 1, reach + 2)
    positions = np.floor(centers).astype(int)[:, np.newaxis] + taps
    values = kernel((positions + 0.5 - centers[:, np.newaxis]) / stretch, antialias)
    if antialias:
        values[(positions < 0) | (positions >= old)] = 0
    rows = np.broadcast_to(np.arange(new)[:, np.newaxis], positions.shape)
    np.add.at(matrix, (rows, np.clip(positions, 0, old - 1)), values)
    matrix /= matrix.sum(axis=1, keepdims=True)
    matrix.flags.writeable = False
    return matrix
