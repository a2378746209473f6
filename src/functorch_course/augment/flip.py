"""Images that are mirrored by chance."""

import jax
from jax.typing import ArrayLike

from functorch_course.transforms.functional import hflip, vflip

from .images import Key, each_image, probability


def random_horizontal_flip(key: Key, images: ArrayLike, p: ArrayLike = 0.5) -> jax.Array:
    """Mirror left and right, each image with probability ``p``.

    Args:
        key: A jax key. The same key gives the same result.
        images: (..., C, H, W); each image draws for itself.
        p: The probability.

    Returns:
        An array of the same shape and dtype.

    Raises:
        SampleTypeError: If ``images`` is not an array (..., C, H, W).
        InvalidValueError: If ``p`` is not from 0 to 1.

    Example:
        >>> import jax.numpy as jnp
        >>> random_horizontal_flip(jax.random.key(0), jnp.array([[[1, 2, 3]]]), p=1)
        Array([[[3, 2, 1]]], dtype=int32)

    PyTorch: ``torchvision.transforms.v2.RandomHorizontalFlip``, which draws once for a batch, and
    from a hidden generator.
    """
    chance = probability(p)
    return each_image(
        "random_horizontal_flip",
        lambda key, image: hflip(image, jax.random.bernoulli(key, chance)),
        key,
        images,
    )


def random_vertical_flip(key: Key, images: ArrayLike, p: ArrayLike = 0.5) -> jax.Array:
    """Mirror top and bottom, each image with probability ``p``.

    Args:
        key: A jax key. The same key gives the same result.
        images: (..., C, H, W); each image draws for itself.
        p: The probability.

    Returns:
        An array of the same shape and dtype.

    Raises:
        SampleTypeError: If ``images`` is not an array (..., C, H, W).
        InvalidValueError: If ``p`` is not from 0 to 1.

    Example:
        >>> import jax.numpy as jnp
        >>> random_vertical_flip(jax.random.key(0), jnp.array([[[1], [2]]]), p=1)
        Array([[[2],
                [1]]], dtype=int32)

    PyTorch: ``torchvision.transforms.v2.RandomVerticalFlip``, which draws once for a batch, and
    from a hidden generator.
    """
    chance = probability(p)
    return each_image(
        "random_vertical_flip",
        lambda key, image: vflip(image, jax.random.bernoulli(key, chance)),
        key,
        images,
    )
