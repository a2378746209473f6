"""A rectangle of other values."""

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Array, namespace, require_array


def erase(
    image: Array,
    top: int | Array,
    left: int | Array,
    height: int | Array,
    width: int | Array,
    value: ArrayLike,
) -> Array:
    """Replace a rectangle.

    ``value`` where ``top <= row < top + height`` and ``left <= column < left + width``.

    Args:
        image: An array (..., C, H, W).
        top: The first row; may be traced by ``jax``, as may the other three.
        left: The first column.
        height: The number of rows.
        width: The number of columns.
        value: What to put there: anything that broadcasts to ``image``.

    Returns:
        An array of the same shape and dtype.

    Raises:
        SampleTypeError: If ``image`` is not an array (..., C, H, W).

    Example:
        >>> erase(np.ones((1, 2, 3)), top=0, left=1, height=1, width=2, value=0)
        array([[[1., 0., 0.],
                [1., 1., 1.]]])

    PyTorch: ``torchvision.transforms.functional.erase``, where ``value`` has the rectangle's size.
    """
    require_array(image, "erase", dimensions=3)
    xp = namespace(image)
    rows, columns = np.arange(image.shape[-2])[:, np.newaxis], np.arange(image.shape[-1])
    inside = (rows >= top) & (rows < top + height) & (columns >= left) & (columns < left + width)
    return xp.where(inside, xp.asarray(value).astype(image.dtype), image)
