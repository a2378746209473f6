"""What the transforms draw: places and rectangles, in numbers that jax may trace."""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from .images import Key

TRIES = 10
"""How often a rectangle is drawn, if it does not fit into the image."""


class Box(NamedTuple):
    """A rectangle of pixels."""

    top: jax.Array
    left: jax.Array
    height: jax.Array
    width: jax.Array


def place(key: Key, rows: int | jax.Array, columns: int | jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return a row and a column, each from 0 up to and with the greatest."""
    for_row, for_column = jax.random.split(key)
    row = jax.random.randint(for_row, (), 0, rows + 1)
    return row, jax.random.randint(for_column, (), 0, columns + 1)


def first_that_fits(
    key: Key,
    area: int,
    most: tuple[int, int],
    scale: tuple[float, float],
    ratio: tuple[float, float],
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Return height, width, and whether they fit, of rectangles of chance area and shape.

    Args:
        key: A jax key.
        area: What the areas are parts of.
        most: The greatest height and width.
        scale: Least and greatest part.
        ratio: Least and greatest width divided by height.
    """
    for_area, for_shape = jax.random.split(key)
    areas = area * jax.random.uniform(for_area, (TRIES,), minval=scale[0], maxval=scale[1])
    low, high = (jnp.log(jnp.float32(bound)) for bound in ratio)
    shapes = jnp.exp(jax.random.uniform(for_shape, (TRIES,), minval=low, maxval=high))
    heights = jnp.round(jnp.sqrt(areas / shapes)).astype(int)
    widths = jnp.round(jnp.sqrt(areas * shapes)).astype(int)
    fit = (heights > 0) & (heights <= most[0]) & (widths > 0) & (widths <= most[1])
    first = jnp.argmax(fit)
    return heights[first], widths[first], fit[first]


def resized_box(
    key: Key, height: int, width: int, scale: tuple[float, float], ratio: tuple[float, float]
) -> Box:
    """Return a rectangle of an image; the largest of an allowed shape if none fits."""
    for_size, for_place = jax.random.split(key)
    rows, columns, fits = first_that_fits(for_size, height * width, (height, width), scale, ratio)
    all_rows = min(height, round(width / ratio[0]))
    all_columns = min(width, round(height * ratio[1]))
    rows, columns = jnp.where(fits, rows, all_rows), jnp.where(fits, columns, all_columns)
    top, left = place(for_place, height - rows, width - columns)
    middle = (height - rows) // 2, (width - columns) // 2
    return Box(jnp.where(fits, top, middle[0]), jnp.where(fits, left, middle[1]), rows, columns)


def erased_box(
    key: Key,
    height: int,
    width: int,
    p: jax.Array,
    scale: tuple[float, float],
    ratio: tuple[float, float],
) -> Box:
    """Return a rectangle smaller than an image; with probability ``1 - p`` one of no size."""
    for_coin, for_size, for_place = jax.random.split(key, 3)
    inner = (height - 1, width - 1)
    rows, columns, fits = first_that_fits(for_size, height * width, inner, scale, ratio)
    erase = jax.random.bernoulli(for_coin, p) & fits
    rows, columns = jnp.where(erase, rows, 0), jnp.where(erase, columns, 0)
    return Box(*place(for_place, height - rows, width - columns), rows, columns)
