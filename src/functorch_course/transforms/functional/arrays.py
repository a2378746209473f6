"""What an image array is, whichever library made it."""

from typing import Any, TypeAlias

import numpy as np

from functorch_course.transforms.errors import SampleTypeError

Array: TypeAlias = Any
"""A ``numpy.ndarray``, a ``jax.Array`` or any other array of the array API standard."""

LARGEST = {"uint8": 255, "int8": 127, "int16": 2**15 - 1, "uint16": 2**16 - 1, "int32": 2**31 - 1}


def namespace(array: Array) -> Any:  # noqa: ANN401
    """Return the module whose functions work on ``array``: ``numpy`` or ``jax.numpy``."""
    return array.__array_namespace__()


def is_array(value: object) -> bool:
    """Whether ``value`` follows the array API standard."""
    return hasattr(value, "__array_namespace__")


def is_floating(array: Array) -> bool:
    """Whether the items are floating-point numbers."""
    return bool(namespace(array).issubdtype(array.dtype, np.floating))


def require_image(array: Array, name: str, dimensions: int = 2) -> None:
    """Raise unless ``array`` is an array with at least so many dimensions."""
    if not is_array(array):
        raise SampleTypeError(
            f"{name} takes an array (C, H, W), got {type(array).__name__}: "
            "for a PIL image put ToTensor() before it"
        )
    if array.ndim < dimensions:
        wanted = "(..., H, W)" if dimensions == 2 else "(..., C, H, W)"
        raise SampleTypeError(f"{name} takes an array {wanted}, got one of shape {array.shape}")
