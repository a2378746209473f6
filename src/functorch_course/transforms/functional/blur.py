"""Gaussian blur."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image

from functorch_course.errors import InvalidValueError
from functorch_course.transforms.errors import SampleTypeError

from .arrays import Array, Picture, as_working_floats, namespace, require_array, restore

EIGHT_BIT_MODES = ("L", "LA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "HSV")
LANES = 8
"""How many float32 numbers PyTorch's sum takes at once."""


def gaussian_blur(
    image: Picture, kernel_size: int | Sequence[int], sigma: float | Sequence[float] | None = None
) -> Picture:
    r"""Weigh each pixel with its neighbours, the nearer the more.

    .. math:: w(x, y) \propto e^{-x^2 / 2 \sigma_x^2} e^{-y^2 / 2 \sigma_y^2}

    Args:
        image: A PIL image of 8-bit channels, or an array (..., H, W); mirrored beyond its borders.
        kernel_size: How many columns and rows to weigh, odd; one number for both.
        sigma: Standard deviation along the rows and along the columns, in pixels; one number for
            both; ``None`` for ``0.15 * kernel_size + 0.35``.

    Returns:
        An image of the same kind, size and dtype.

    Raises:
        SampleTypeError: If ``image`` is neither a PIL image nor an array (..., H, W).
        InvalidValueError: If a size is not odd and positive, or a deviation not positive.

    Example:
        >>> gaussian_blur(np.array([[0.0, 0, 1, 0, 0]] * 3), 3, sigma=1.0).round(3)[0]
        array([0.   , 0.274, 0.452, 0.274, 0.   ])

    PyTorch: ``torchvision.transforms.functional.gaussian_blur``: the same levels for PIL images
    and uint8 arrays, the last bit apart for floats.
    """
    width, height = sizes = odd_sizes(kernel_size)
    sigmas = [0.15 * size + 0.35 for size in sizes] if sigma is None else _two(sigma, "sigma")
    if min(sigmas) <= 0:
        raise InvalidValueError(f"sigma={sigma}: write positive numbers")
    if isinstance(image, Image.Image):
        return _blur_pil(image, (width, height), sigmas)
    require_array(image, "gaussian_blur")
    return _blur(image, kernel1d(width, sigmas[0]), kernel1d(height, sigmas[1]))


def _two(value: float | Sequence[float], name: str) -> tuple[float, float]:
    """Return one number for both directions, or two."""
    numbers = [value] if isinstance(value, int | float | np.number) else list(value)
    if len(numbers) not in (1, 2):
        raise InvalidValueError(f"{name}={value!r}: write one number, or two")
    return numbers[0], numbers[-1]


def odd_sizes(kernel_size: int | Sequence[int]) -> tuple[int, int]:
    """Return how many columns and rows to weigh."""
    columns, rows = _two(kernel_size, "kernel_size")
    if any(size != int(size) or size < 1 or size % 2 == 0 for size in (columns, rows)):
        raise InvalidValueError(f"kernel_size={kernel_size}: write odd, positive numbers")
    return int(columns), int(rows)


def kernel1d(size: int, sigma: float) -> NDArray[np.float32]:
    """Return ``size`` weights of sum 1, with PyTorch's rounding."""
    x = np.arange(size, dtype=np.float32) - np.float32((size - 1) * 0.5)
    squares = np.square(x / np.float32(sigma))
    bell = np.exp((np.float32(-0.5) * squares).astype(np.float64)).astype(np.float32)
    weights: NDArray[np.float32] = bell / sum_like_pytorch(bell)
    return weights


def sum_like_pytorch(values: NDArray[np.float32]) -> np.float32:
    """Add float32 numbers in the order of PyTorch's CPU kernel: first by lane, then the lanes."""
    whole = len(values) // LANES * LANES
    total = np.float32(0) if whole else _by_four(values)
    for value in values[whole:] if whole else ():
        total += value
    for lane in _by_four(values[:whole].reshape(-1, LANES)) if whole else ():
        total += lane
    return total


def _by_four(rows: NDArray[np.float32]) -> Any:  # noqa: ANN401
    """Add rows in four running sums, then the four; what is left over goes to the first."""
    whole = len(rows) // 4 * 4
    sums = np.zeros((4, *rows.shape[1:]), np.float32)
    for start in range(0, whole, 4):
        sums += rows[start : start + 4]
    for row in rows[whole:]:
        sums[0] += row
    for row in sums[1:]:
        sums[0] += row
    return sums[0]


def _blur(image: Array, along_x: NDArray[np.float32], along_y: NDArray[np.float32]) -> Array:
    """Blur the last two axes."""
    xp = namespace(image)
    right, down = len(along_x) // 2, len(along_y) // 2
    border = [(0, 0)] * (image.ndim - 2) + [(down, down), (right, right)]
    padded = xp.pad(image, border, mode="reflect")
    if isinstance(image, np.ndarray) and image.dtype == np.uint8:
        return _blur_levels(padded, along_x, along_y)
    return restore(_blur_padded(as_working_floats(padded), along_x, along_y), image.dtype)


def _blur_padded(values: Array, along_x: NDArray[Any], along_y: NDArray[Any]) -> Array:
    """Weigh the rows, then the columns, of an array that has its border already."""
    height = values.shape[-2] - len(along_y) + 1
    width = values.shape[-1] - len(along_x) + 1
    values = sum(float(w) * values[..., i : i + height, :] for i, w in enumerate(along_y))
    return sum(float(w) * values[..., i : i + width] for i, w in enumerate(along_x))


def _blur_levels(
    padded: NDArray[np.uint8], along_x: NDArray[np.float32], along_y: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Blur uint8 levels as PyTorch rounds them.

    Almost everywhere any accurate sum rounds to the same level. Where the sum is so near to the
    middle between two levels that the rounding of float32 decides, it is made again in the order
    of PyTorch's convolution.
    """
    values = _blur_padded(padded.astype(np.float64), along_x, along_y)
    levels = np.rint(values)
    doubtful = np.abs(values % 1 - 0.5) < len(along_x) * len(along_y) * 255 * 2.0**-23
    levels[doubtful] = np.rint(_convolve(padded, along_x, along_y, doubtful))
    rounded: NDArray[np.uint8] = levels.astype(np.uint8)
    return rounded


def _convolve(
    padded: NDArray[Any],
    along_x: NDArray[np.float32],
    along_y: NDArray[np.float32],
    where: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """Weigh the windows of the pixels ``where`` in float32, as PyTorch's convolution does.

    One weight after the other; oneDNN, which PyTorch takes for all but small images of one
    channel, fuses multiply and add and so rounds once, otherwise each of the two rounds.
    """
    kernel = along_y[:, np.newaxis] * along_x
    windows = sliding_window_view(padded, kernel.shape, (-2, -1))[where].reshape(-1, kernel.size)
    several = math.prod(padded.shape[:-2]) > 1
    fused = several or min(kernel.shape) > 3 or padded.size > 20_480
    total = np.zeros(len(windows), np.float32)
    for column, weight in zip(windows.T, kernel.ravel(), strict=True):
        if fused:
            total = (column.astype(np.float64) * np.float64(weight) + total).astype(np.float32)
        else:
            total = total + column.astype(np.float32) * weight
    return total


def _blur_pil(image: Image.Image, size: tuple[int, int], sigmas: Sequence[float]) -> Image.Image:
    """Blur a PIL image of 8-bit channels."""
    if image.mode not in EIGHT_BIT_MODES:
        raise SampleTypeError(
            f"gaussian_blur takes 8-bit channels, got mode {image.mode}: write "
            "image.convert('RGB') or image.convert('L')"
        )
    pixels = np.asarray(image)
    planes = pixels if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)
    blurred = gaussian_blur(planes, size, sigmas)
    pixels = blurred if pixels.ndim == 2 else np.moveaxis(blurred, 0, -1)
    return Image.frombytes(image.mode, image.size, np.ascontiguousarray(pixels).tobytes())
