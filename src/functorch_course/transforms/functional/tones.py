"""Every value mapped by itself: invert, posterize, solarize, and stretching the contrast."""

import numpy as np
from PIL import Image, ImageOps

from functorch_course.errors import InvalidValueError
from functorch_course.transforms.errors import SampleTypeError

from .arrays import Array, Picture, as_working_floats, full_value, namespace, require_channels


def invert(image: Picture) -> Picture:
    """Swap black and white.

    ``white - image``

    Args:
        image: A PIL image of mode L or RGB, or an array (..., 1 or 3, H, W).

    Returns:
        An image of the same kind and dtype.

    Raises:
        SampleTypeError: If ``image`` is none of those above.

    Example:
        >>> invert(np.array([[[0, 100, 255]]], np.uint8))
        array([[[255, 155,   0]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.invert``.
    """
    if isinstance(image, Image.Image):
        return ImageOps.invert(image)
    require_channels(image, "invert")
    return (full_value(image) - image).astype(image.dtype)


def posterize(image: Picture, bits: int) -> Picture:
    """Keep only the highest bits of each value.

    Args:
        image: A PIL image of mode L or RGB, or a uint8 array (..., 1 or 3, H, W).
        bits: How many to keep, 0 to 8.

    Returns:
        An image of the same kind.

    Raises:
        SampleTypeError: If ``image`` is none of those above.
        InvalidValueError: If ``bits`` is not from 0 to 8.

    Example:
        >>> posterize(np.array([[[3, 77, 255]]], np.uint8), bits=2)
        array([[[  0,  64, 192]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.posterize``.
    """
    if not 0 <= bits <= 8:
        raise InvalidValueError(f"bits={bits}: write a number from 0 to 8")
    if isinstance(image, Image.Image):
        return ImageOps.posterize(image, bits)
    _require_uint8(image, "posterize")
    return image & np.uint8(256 - 2 ** (8 - bits) if bits else 0)


def solarize(image: Picture, threshold: float) -> Picture:
    """Invert what is bright.

    ``white - image`` where ``image >= threshold``

    Args:
        image: A PIL image of mode L or RGB, or an array (..., 1 or 3, H, W).
        threshold: The least value that is inverted.

    Returns:
        An image of the same kind and dtype.

    Raises:
        SampleTypeError: If ``image`` is none of those above.
        InvalidValueError: If ``threshold`` is greater than white.

    Example:
        >>> solarize(np.array([[[0, 100, 255]]], np.uint8), threshold=100)
        array([[[  0, 155,   0]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.solarize``.
    """
    if isinstance(image, Image.Image):
        return ImageOps.solarize(image, threshold)  # type: ignore[arg-type]
    require_channels(image, "solarize")
    if threshold > full_value(image):
        raise InvalidValueError(
            f"threshold={threshold} is above the white of {image.dtype}, {full_value(image)}: "
            "nothing would change"
        )
    return namespace(image).where(image >= threshold, invert(image), image)


def autocontrast(image: Picture) -> Picture:
    """Stretch each channel so that its darkest value becomes black and its brightest white.

    ``(image - low) * white / (high - low)``; a channel of one value stays as it is.

    Args:
        image: A PIL image of mode L or RGB, or an array (..., 1 or 3, H, W).

    Returns:
        An image of the same kind and dtype.

    Raises:
        SampleTypeError: If ``image`` is none of those above.

    Example:
        >>> autocontrast(np.array([[[50, 75, 100]]], np.uint8))
        array([[[  0, 127, 255]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.autocontrast``.
    """
    if isinstance(image, Image.Image):
        return ImageOps.autocontrast(image)
    require_channels(image, "autocontrast")
    xp, values, white = namespace(image), as_working_floats(image), full_value(image)
    low = values.min(axis=(-2, -1), keepdims=True)
    spread = values.max(axis=(-2, -1), keepdims=True) - low
    flat = spread == 0
    scale = xp.where(flat, 1, white / xp.where(flat, 1, spread))
    stretched = (values - xp.where(flat, 0, low)) * scale.astype(values.dtype)
    return xp.clip(stretched, 0, white).astype(image.dtype)


def equalize(image: Picture) -> Picture:
    """Map the values of each channel so that all of them become about equally frequent.

    Args:
        image: A PIL image of mode L, P or RGB, or a uint8 array (..., 1 or 3, H, W).

    Returns:
        An image of the same kind.

    Raises:
        SampleTypeError: If ``image`` is none of those above.

    Example:
        >>> image = np.repeat(np.array([10, 11, 12, 13], np.uint8), 510).reshape(1, 40, 51)
        >>> np.unique(equalize(image))
        array([  0,  85, 170, 255], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.equalize``.
    """
    if isinstance(image, Image.Image):
        return ImageOps.equalize(image)
    _require_uint8(image, "equalize")
    xp = namespace(image)
    channels = image.reshape(-1, image.shape[-2] * image.shape[-1])
    return xp.stack([_equalize_channel(channel) for channel in channels]).reshape(image.shape)


def _equalize_channel(values: Array) -> Array:
    """Map the values of one channel, a vector, by their share of the pixels."""
    xp = namespace(values)
    up_to = xp.searchsorted(xp.sort(values), xp.arange(256, dtype=np.uint8), side="right")
    below_brightest = values.size - (values == values.max()).sum()
    step = below_brightest // 255
    before = xp.concatenate([xp.zeros(1, up_to.dtype), up_to[:-1]])
    table = xp.clip((before + step // 2) // xp.maximum(step, 1), 0, 255)
    table = xp.where(xp.arange(256) == 0, 0, table).astype(np.uint8)
    return xp.where(step == 0, values, table[values])


def _require_uint8(image: Array, name: str) -> None:
    """Raise unless ``image`` is a uint8 array of 1 or 3 channels."""
    require_channels(image, name)
    if image.dtype != np.uint8:
        raise SampleTypeError(f"{name} takes uint8, got {image.dtype}: put it before ToTensor()")
