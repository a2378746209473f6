"""Brightness, contrast, saturation, hue, and gray."""

import numpy as np
from PIL import Image, ImageEnhance

from functorch_course.errors import InvalidValueError, one_of

from .arrays import (
    Array,
    Picture,
    as_working_floats,
    full_value,
    is_floating,
    namespace,
    require_channels,
)
from .scale import convert_image_dtype


def adjust_brightness(image: Picture, factor: float) -> Picture:
    """Mix an image with black.

    ``factor * image``, kept within the range of the dtype.

    Args:
        image: A PIL image, or an array (..., 1 or 3, H, W).
        factor: 0 gives black, 1 the image, 2 twice its brightness.

    Returns:
        An image of the same kind and dtype.

    Raises:
        SampleTypeError: If ``image`` is none of those above.
        InvalidValueError: If ``factor`` is negative.

    Example:
        >>> adjust_brightness(np.array([[[10, 200]]], np.uint8), 2)
        array([[[ 20, 255]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.adjust_brightness``.
    """
    _check_factor("brightness", factor)
    if isinstance(image, Image.Image):
        return ImageEnhance.Brightness(image).enhance(factor)
    require_channels(image, "adjust_brightness")
    return blend(image, namespace(image).zeros_like(image), factor)


def adjust_contrast(image: Picture, factor: float) -> Picture:
    """Mix an image with its mean gray.

    ``factor * image + (1 - factor) * mean(gray(image))``

    Args:
        image: A PIL image, or an array (..., 1 or 3, H, W).
        factor: 0 gives plain gray, 1 the image, 2 twice its contrast.

    Returns:
        An image of the same kind and dtype.

    Raises:
        SampleTypeError: If ``image`` is none of those above.
        InvalidValueError: If ``factor`` is negative.

    Example:
        >>> adjust_contrast(np.array([[[10, 30]]], np.uint8), 0.5)
        array([[[15, 25]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.adjust_contrast``.
    """
    _check_factor("contrast", factor)
    if isinstance(image, Image.Image):
        return ImageEnhance.Contrast(image).enhance(factor)
    require_channels(image, "adjust_contrast")
    gray = rgb_to_grayscale(image) if image.shape[-3] == 3 else image
    mean = as_working_floats(gray).mean(axis=(-3, -2, -1), keepdims=True)
    return blend(image, mean, factor)


def adjust_saturation(image: Picture, factor: float) -> Picture:
    """Mix an image with its gray version.

    ``factor * image + (1 - factor) * gray(image)``

    Args:
        image: A PIL image, or an array (..., 1 or 3, H, W); one channel stays as it is.
        factor: 0 gives gray, 1 the image, 2 twice its saturation.

    Returns:
        An image of the same kind and dtype.

    Raises:
        SampleTypeError: If ``image`` is none of those above.
        InvalidValueError: If ``factor`` is negative.

    Example:
        >>> adjust_saturation(np.array([[[200]], [[100]], [[0]]], np.uint8), 0).ravel()
        array([118, 118, 118], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.adjust_saturation``.
    """
    _check_factor("saturation", factor)
    if isinstance(image, Image.Image):
        return ImageEnhance.Color(image).enhance(factor)
    require_channels(image, "adjust_saturation")
    return image if image.shape[-3] == 1 else blend(image, rgb_to_grayscale(image), factor)


def adjust_hue(image: Picture, shift: float) -> Picture:
    """Turn the colour circle: red over green and blue back to red.

    Args:
        image: A PIL image, or an array (..., 1 or 3, H, W); gray stays as it is.
        shift: Part of the circle, from -0.5 to 0.5.

    Returns:
        An image of the same kind and dtype.

    Raises:
        SampleTypeError: If ``image`` is none of those above.
        InvalidValueError: If ``shift`` is outside of [-0.5, 0.5].

    Example:
        >>> adjust_hue(np.array([[[255]], [[0]], [[0]]], np.uint8), 0.5).ravel()
        array([  0, 255, 255], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.adjust_hue``.
    """
    if not -0.5 <= shift <= 0.5:
        raise InvalidValueError(f"hue={shift}: write a number from -0.5 to 0.5")
    if isinstance(image, Image.Image):
        return image if image.mode in ("L", "1", "I", "F") else _turn_hue(image, shift)
    require_channels(image, "adjust_hue")
    if image.shape[-3] == 1:
        return image
    hue, saturation, value = _to_hsv(convert_image_dtype(image, _float_dtype(image)))
    return convert_image_dtype(_from_hsv((hue + shift) % 1.0, saturation, value), image.dtype)


def rgb_to_grayscale(image: Picture, num_output_channels: int = 1) -> Picture:
    """Weigh red, green and blue as the eye does.

    ``0.2989 red + 0.587 green + 0.114 blue``

    Args:
        image: A PIL image, or an array (..., 1 or 3, H, W).
        num_output_channels: 1, or 3 equal ones.

    Returns:
        An image of the same kind and dtype.

    Raises:
        SampleTypeError: If ``image`` is none of those above.
        InvalidValueError: If ``num_output_channels`` is neither 1 nor 3.

    Example:
        >>> rgb_to_grayscale(np.array([[[100]], [[100]], [[100]]], np.uint8))
        array([[[99]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.rgb_to_grayscale``. PIL images take Pillow's
    weights, which are finer: 299, 587 and 114 thousandths.
    """
    one_of("num_output_channels", num_output_channels, (1, 3))
    if isinstance(image, Image.Image):
        gray = image.convert("L")
        return gray if num_output_channels == 1 else Image.merge("RGB", (gray, gray, gray))
    require_channels(image, "rgb_to_grayscale")
    xp = namespace(image)
    if image.shape[-3] == 3:
        red, green, blue = (as_working_floats(image[..., i : i + 1, :, :]) for i in range(3))
        image = (0.2989 * red + 0.587 * green + 0.114 * blue).astype(image.dtype)
    return image if num_output_channels == 1 else xp.concatenate([image] * 3, axis=-3)


def blend(image: Array, other: Array, factor: float) -> Array:
    """Return ``factor * image + (1 - factor) * other`` in the image's dtype, within its range."""
    mixed = factor * as_working_floats(image) + (1.0 - factor) * as_working_floats(other)
    return namespace(image).clip(mixed, 0, full_value(image)).astype(image.dtype)


def _check_factor(name: str, factor: float) -> None:
    """Raise if ``factor`` is negative."""
    if factor < 0:
        raise InvalidValueError(f"{name} factor {factor}: write 0 or more")


def _float_dtype(image: Array) -> type[np.floating]:
    """Return the dtype to compute colours in."""
    return image.dtype if is_floating(image) else np.float32


def _turn_hue(image: Image.Image, shift: float) -> Image.Image:
    """Turn the hue of a PIL image; it wraps round at 256."""
    hue, saturation, value = image.convert("HSV").split()
    step = int(shift * 255) % 256
    hue = hue.point([(level + step) % 256 for level in range(256)])
    return Image.merge("HSV", (hue, saturation, value)).convert(image.mode)


def _to_hsv(image: Array) -> tuple[Array, Array, Array]:
    """Return hue, saturation and value of (..., 3, H, W), each (..., H, W) in [0, 1]."""
    xp = namespace(image)
    red, green, blue = (image[..., i, :, :] for i in range(3))
    high, low = image.max(axis=-3), image.min(axis=-3)
    gray = high == low
    spread = xp.where(gray, 1, high - low)
    saturation = (high - low) / xp.where(gray, 1, high)
    r, g, b = ((high - channel) / spread for channel in (red, green, blue))
    from_green = xp.where(high == green, 2.0 + r - b, 4.0 + g - r)
    sector = xp.where(high == red, b - g, from_green)
    return xp.fmod(sector / 6.0 + 1.0, 1.0), saturation, high


def _from_hsv(hue: Array, saturation: Array, value: Array) -> Array:
    """Return (..., 3, H, W) from hue, saturation and value."""
    xp = namespace(hue)
    sector = xp.floor(hue * 6.0)
    part = hue * 6.0 - sector
    p, q, t = (
        xp.clip(value * (1.0 - saturation * amount), 0.0, 1.0) for amount in (1.0, part, 1.0 - part)
    )
    chosen = sector.astype(np.int32) % 6
    tables = ((value, q, p, p, t, value), (t, value, value, q, p, p), (p, p, t, value, value, q))
    channels = []
    for table in tables:
        channel = table[0]
        for number, candidate in enumerate(table[1:], start=1):
            channel = xp.where(chosen == number, candidate, channel)
        channels.append(channel)
    return xp.stack(channels, axis=-3)
