"""A function of one image, for any number of them."""

import math
from collections.abc import Callable
from typing import TypeAlias

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from functorch_course.errors import InvalidValueError
from functorch_course.transforms.functional.arrays import require_array

Key: TypeAlias = jax.Array
"""What ``jax.random.key`` gives."""


def each_image(
    name: str, single: Callable[[Key, jax.Array], jax.Array], key: Key, images: ArrayLike
) -> jax.Array:
    """Apply a function of a key and an image (C, H, W) to each image, with a key of its own.

    Args:
        name: What to call it in errors.
        single: The function.
        key: Split into one for each image, unless there is one image without leading axes.
        images: (..., C, H, W).

    Returns:
        What the function gives, with the same leading axes.

    Raises:
        SampleTypeError: If ``images`` is not an array (..., C, H, W).

    PyTorch: has no counterpart; its transforms draw once for a whole batch.
    """
    require_array(images, name, dimensions=3)
    images = jnp.asarray(images)
    leading, shape = images.shape[:-3], images.shape[-3:]
    if not leading:
        return single(key, images)
    keys = jax.random.split(key, math.prod(leading))
    results = jax.vmap(single)(keys, images.reshape(-1, *shape))
    return results.reshape(*leading, *results.shape[1:])


def probability(p: ArrayLike) -> jax.Array:
    """Return ``p`` after checking that it is a probability, where it is known already."""
    if isinstance(p, float | int) and not 0 <= p <= 1:
        raise InvalidValueError(f"p={p}: write a probability from 0 to 1")
    return jnp.asarray(p, jnp.float32)


def check_ranges(**ranges: tuple[float, float]) -> None:
    """Raise unless each is (least, greatest), both above 0."""
    for name, (least, greatest) in ranges.items():
        if not 0 < least <= greatest:
            raise InvalidValueError(
                f"{name}={(least, greatest)}: write (least, greatest), both above 0"
            )
