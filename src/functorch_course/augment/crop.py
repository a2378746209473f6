"""Rectangles cut out of images by chance."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from functorch_course.errors import InvalidValueError
from functorch_course.transforms.functional import crop, pad
from functorch_course.transforms.functional.arrays import as_working_floats, restore
from functorch_course.transforms.functional.geometry import pair

from .draws import Box, place, resized_box
from .images import Key, check_ranges, each_image


def random_crop(
    key: Key,
    images: ArrayLike,
    size: int | Sequence[int],
    padding: int | Sequence[int] = 0,
    fill: float = 0,
    padding_mode: str = "constant",
) -> jax.Array:
    """Cut out a rectangle, of each image at a place of its own.

    Args:
        key: A jax key. The same key gives the same result.
        images: (..., C, H, W); each image draws for itself.
        size: Height and width in pixels, or one number for both.
        padding: A border to add first: one number for all sides, or (left and right, top and
            bottom), or (left, top, right, bottom).
        fill: The value of a constant border.
        padding_mode: ``"constant"``, ``"edge"``, ``"reflect"`` or ``"symmetric"``.

    Returns:
        An array (..., C, height, width) of the same dtype.

    Raises:
        SampleTypeError: If ``images`` is not an array (..., C, H, W).
        InvalidValueError: If ``size`` is larger than the padded image.

    Example:
        >>> images = jnp.zeros((64, 3, 32, 32))
        >>> random_crop(jax.random.key(0), images, 32, padding=4).shape
        (64, 3, 32, 32)

    PyTorch: ``torchvision.transforms.v2.RandomCrop``, which draws once for a batch, and from a
    hidden generator.
    """
    height, width = pair(size, "size")

    def single(key: Key, image: jax.Array) -> jax.Array:
        padded = pad(image, padding, fill, padding_mode)
        rows, columns = padded.shape[-2:]
        if height > rows or width > columns:
            raise InvalidValueError(
                f"size={(height, width)} is larger than the image of {(rows, columns)}: write a "
                "larger padding, or a smaller size"
            )
        result: jax.Array = crop(padded, *place(key, rows - height, columns - width), height, width)
        return result

    return each_image("random_crop", single, key, images)


def random_resized_crop(
    key: Key,
    images: ArrayLike,
    size: int | Sequence[int],
    scale: tuple[float, float] = (0.08, 1.0),
    ratio: tuple[float, float] = (3 / 4, 4 / 3),
) -> jax.Array:
    """Cut out a rectangle of chance area, shape and place, and bring it to one size.

    ``rows @ image @ columns.T``: every pixel is a weighted mean of those under it, as in
    ``transforms.functional.resized_crop`` with bilinear weights.

    Args:
        key: A jax key. The same key gives the same result.
        images: (..., C, H, W); each image draws for itself.
        size: Height and width of the result in pixels, or one number for both.
        scale: Least and greatest area, as part of the image's.
        ratio: Least and greatest width divided by height.

    Returns:
        An array (..., C, height, width) of the same dtype.

    Raises:
        SampleTypeError: If ``images`` is not an array (..., C, H, W).
        InvalidValueError: If a range is upside down.

    Example:
        >>> images = jnp.zeros((64, 3, 40, 50))
        >>> compiled = jax.jit(random_resized_crop, static_argnames="size")
        >>> compiled.eval_shape(jax.random.key(0), images, size=32).shape
        (64, 3, 32, 32)

    PyTorch: ``torchvision.transforms.v2.RandomResizedCrop``, which draws once for a batch, and
    from a hidden generator.
    """
    height, width = pair(size, "size")
    check_ranges(scale=scale, ratio=ratio)

    def single(key: Key, image: jax.Array) -> jax.Array:
        box = resized_box(key, image.shape[-2], image.shape[-1], scale, ratio)
        return resize_box(image, box, height, width)

    return each_image("random_resized_crop", single, key, images)


def resize_box(image: jax.Array, box: Box, height: int, width: int) -> jax.Array:
    """Return a rectangle of an image at its new size; the rectangle may be traced."""
    values = as_working_floats(image)
    rows = _weights(box.top, box.height, image.shape[-2], height).astype(values.dtype)
    columns = _weights(box.left, box.width, image.shape[-1], width).astype(values.dtype)
    exact = jax.lax.Precision.HIGHEST
    values = jnp.matmul(jnp.matmul(rows, values, precision=exact), columns.T, precision=exact)
    if image.dtype == jnp.uint8:
        values = jnp.clip(values, 0, 255)
    result: jax.Array = restore(values, image.dtype)
    return result


def _weights(first: jax.Array, length: jax.Array, old: int, new: int) -> jax.Array:
    """Return the matrix (new, old) that weighs the old pixels from ``first`` on for each new."""
    step = length / new
    centers = first + (jnp.arange(new) + 0.5) * step
    pixels = jnp.arange(old)
    distances = jnp.abs(pixels + 0.5 - centers[:, jnp.newaxis]) / jnp.maximum(step, 1)
    inside = (pixels >= first) & (pixels < first + length)
    weights = jnp.maximum(1 - distances, 0) * inside
    return weights / weights.sum(axis=1, keepdims=True)
