"""Values: from the whole range of a dtype to [0, 1] and back, and to mean 0 and deviation 1."""

import numpy as np
from numpy.typing import ArrayLike

from functorch_course.errors import InvalidValueError
from functorch_course.transforms.errors import SampleTypeError

from .arrays import Array, is_floating, namespace, require_image


def normalize(image: Array, mean: ArrayLike, std: ArrayLike) -> Array:
    """Subtract a mean from each channel and divide by a standard deviation.

    ``(image - mean) / std``, in the dtype of the image.

    Args:
        image: Floating-point array (..., C, H, W).
        mean: One number a channel, or one for all.
        std: One number a channel, or one for all.

    Returns:
        An array of the same shape and dtype.

    Raises:
        SampleTypeError: If ``image`` is not a floating-point array.
        InvalidValueError: If there are not 1 or C numbers, or a deviation is zero in that dtype.

    Example:
        >>> normalize(np.array([[[0.0, 0.5, 1.0]]], np.float32), mean=0.5, std=0.5)
        array([[[-1.,  0.,  1.]]], dtype=float32)

    PyTorch: ``torchvision.transforms.functional.normalize``, bit for bit.
    """
    require_image(image, "Normalize", dimensions=3)
    if not is_floating(image):
        raise SampleTypeError(
            f"Normalize takes a floating-point array, got {image.dtype}: put ToTensor() before it"
        )
    return (image - per_channel(image, mean, "mean")) / per_channel(image, std, "std")


def per_channel(image: Array, values: ArrayLike, name: str) -> Array:
    """Return ``values`` as (C, 1, 1) in the image's dtype, after checking number and size."""
    column = np.asarray(values).astype(image.dtype).reshape(-1, 1, 1)
    if column.size not in (1, image.shape[-3]):
        raise InvalidValueError(
            f"{name} has {column.size} values but the image has {image.shape[-3]} channels: "
            "write one value for each, or one for all"
        )
    if name == "std" and not column.all():
        raise InvalidValueError(f"std={values!r} holds a zero in {image.dtype}: nothing divides")
    return namespace(image).asarray(column)
