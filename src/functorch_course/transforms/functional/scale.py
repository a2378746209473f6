"""Values: from the whole range of a dtype to [0, 1] and back, and to mean 0 and deviation 1."""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from functorch_course.errors import InvalidValueError
from functorch_course.transforms.errors import SampleTypeError

from .arrays import FULL, Array, full_value, is_floating, namespace, per_channel, require_array


def normalize(image: Array, mean: ArrayLike, std: ArrayLike, inplace: bool = False) -> Array:
    """Subtract a mean from each channel and divide by a standard deviation.

    ``(image - mean) / std``, in the dtype of the image.

    Args:
        image: Floating-point array (..., C, H, W).
        mean: One number a channel, or one for all.
        std: One number a channel, or one for all.
        inplace: Whether to write the result over ``image``, which must be NumPy's for that.

    Returns:
        An array of the same shape and dtype.

    Raises:
        SampleTypeError: If ``image`` is not a floating-point array.
        InvalidValueError: If there are not 1 or C numbers, a deviation is zero in that dtype, or
            ``image`` is an array that cannot be written to.

    Example:
        >>> normalize(np.array([[[0.0, 0.5, 1.0]]], np.float32), mean=0.5, std=0.5)
        array([[[-1.,  0.,  1.]]], dtype=float32)

    PyTorch: ``torchvision.transforms.functional.normalize``, bit for bit.
    """
    require_array(image, "Normalize", dimensions=3)
    if not is_floating(image):
        raise SampleTypeError(
            f"Normalize takes a floating-point array, got {image.dtype}: put ToTensor() before it"
        )
    deviations = np.array(std, image.dtype)
    if np.count_nonzero(deviations) < deviations.size:
        raise InvalidValueError(f"std={std!r} holds a zero in {image.dtype}: nothing divides by it")
    means = per_channel(image, mean, "mean")
    centred = _subtract_in_place(image, means) if inplace else image - means
    centred /= per_channel(image, deviations, "std")  # into the same memory, where it is NumPy's
    return centred


def _subtract_in_place(image: Array, means: Array) -> Array:
    """Return the image itself, less the means."""
    if not (isinstance(image, np.ndarray) and image.flags.writeable):
        raise InvalidValueError(
            f"inplace=True writes over the image, but this {type(image).__name__} cannot be "
            "written to: leave inplace away, and keep the result"
        )
    image -= means
    return image


def convert_image_dtype(image: Array, dtype: DTypeLike = np.float32) -> Array:
    """Convert an array to another dtype, mapping white to white.

    Integers to floats: ``image / white``. Floats to integers: ``trunc(image * (white + 0.999))``,
    which gives every integer an equal share of [0, 1]. Between integers: times or divided by the
    ratio of their ranges.

    Args:
        image: An array of any shape; floats lie in [0, 1].
        dtype: The dtype to return.

    Returns:
        An array of the same shape.

    Raises:
        SampleTypeError: If ``image`` is not an array.
        InvalidValueError: If the integers are too wide for the floats to tell apart, or floats
            of a NumPy array lie outside of [0, 1].

    Example:
        >>> convert_image_dtype(np.array([0, 51, 255], np.uint8))
        array([0. , 0.2, 1. ], dtype=float32)
        >>> convert_image_dtype(np.array([0.0, 0.5, 1.0]), np.uint8)
        array([  0, 127, 255], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.convert_image_dtype``, bit for bit in NumPy. There
    floats outside of [0, 1] wrap round silently; here they raise, except while ``jax`` traces.
    """
    require_array(image, "ConvertImageDtype", dimensions=1)
    dtype = np.dtype(dtype)
    to_floats = namespace(image).issubdtype(dtype, np.floating)
    if image.dtype == dtype:
        return image
    if is_floating(image):
        return image.astype(dtype) if to_floats else _floats_to_integers(image, dtype)
    if to_floats:
        overflows = dtype == np.float16 and full_value(image) > np.finfo(dtype).max
        working = np.dtype(np.float32) if overflows else dtype
        return (image.astype(working) / working.type(full_value(image))).astype(dtype)
    return _between_integers(image, dtype)


def _floats_to_integers(image: Array, dtype: np.dtype[np.generic]) -> Array:
    """Return floats of [0, 1] as integers of the whole range."""
    if dtype.itemsize >= 4 and dtype.itemsize >= image.dtype.itemsize:
        raise InvalidValueError(
            f"{image.dtype} cannot tell all values of {dtype} apart: write dtype=numpy.int16, "
            "or give float64"
        )
    if isinstance(image, np.ndarray) and not ((image >= 0) & (image <= 1)).all():
        raise InvalidValueError(
            f"values from {image.min():g} to {image.max():g} do not fit {dtype}: "
            "bring them into [0, 1] first, for instance with numpy.clip"
        )
    return (image * image.dtype.type(FULL[dtype.name] + 1.0 - 1e-3)).astype(dtype)


def _between_integers(image: Array, dtype: np.dtype[np.generic]) -> Array:
    """Return integers of one range as integers of another."""
    old, new = full_value(image) + 1, FULL[dtype.name] + 1
    return (
        image.astype(dtype) * (new // old) if new > old else (image // (old // new)).astype(dtype)
    )
