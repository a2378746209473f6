"""Rectangles of images replaced by chance."""

import jax
from jax.typing import ArrayLike

from functorch_course.transforms.functional import erase

from .draws import erased_box
from .images import Key, check_ranges, each_image, probability


def random_erasing(
    key: Key,
    images: ArrayLike,
    p: ArrayLike = 0.5,
    scale: tuple[float, float] = (0.02, 0.33),
    ratio: tuple[float, float] = (0.3, 3.3),
    value: ArrayLike = 0,
) -> jax.Array:
    """Replace a rectangle of chance area, shape and place, in each image with probability ``p``.

    Args:
        key: A jax key. The same key gives the same result.
        images: (..., C, H, W); each image draws for itself.
        p: The probability.
        scale: Least and greatest area, as part of the image's.
        ratio: Least and greatest width divided by height.
        value: What to put there: anything that broadcasts to (C, H, W).

    Returns:
        An array of the same shape and dtype.

    Raises:
        SampleTypeError: If ``images`` is not an array (..., C, H, W).
        InvalidValueError: If ``p`` is not from 0 to 1, or a range is upside down.

    Example:
        >>> import jax.numpy as jnp
        >>> image = jax.jit(random_erasing)(jax.random.key(0), jnp.ones((3, 20, 20)), p=1)
        >>> 0.6 < float(image.mean()) < 1
        True

    PyTorch: ``torchvision.transforms.v2.RandomErasing``, which draws once for a batch, and from a
    hidden generator.

    Source: Zhong et al., Random Erasing Data Augmentation, 2017.
    """
    chance = probability(p)
    check_ranges(scale=scale, ratio=ratio)

    def single(key: Key, image: jax.Array) -> jax.Array:
        box = erased_box(key, image.shape[-2], image.shape[-1], chance, scale, ratio)
        result: jax.Array = erase(image, *box, value)
        return result

    return each_image("random_erasing", single, key, images)
