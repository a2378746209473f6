"""What an image is: a PIL image, or an array with the channels before the rows."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from PIL.Image import Image

from functorch_course.errors import InvalidValueError
from functorch_course.transforms.errors import SampleTypeError

Array: TypeAlias = Any
"""A ``numpy.ndarray``, a ``jax.Array`` or any other array of the array API standard."""
Picture: TypeAlias = Any
"""A ``PIL.Image.Image`` or an :data:`Array`."""

FULL = {"uint8": 2**8 - 1, "int8": 2**7 - 1, "uint16": 2**16 - 1, "int16": 2**15 - 1}
FULL |= {"uint32": 2**32 - 1, "int32": 2**31 - 1, "int64": 2**63 - 1}


def namespace(array: Array) -> Any:  # noqa: ANN401
    """Return the module whose functions work on ``array``: ``numpy`` or ``jax.numpy``."""
    return array.__array_namespace__()


def is_floating(array: Array) -> bool:
    """Whether the items are floating-point numbers."""
    kind = array.dtype.kind  # bfloat16, which NumPy does not know, has another
    return kind == "f" or bool(namespace(array).issubdtype(array.dtype, np.floating))


def full_value(array: Array) -> int:
    """Return the value of white: the largest of an integer dtype, 1 of a floating-point one."""
    return FULL.get(array.dtype.name, 1)


def require_array(image: Picture, name: str, dimensions: int = 2) -> None:
    """Raise unless ``image`` is an array with at least so many dimensions."""
    if not hasattr(image, "__array_namespace__"):
        remedy = ": put ToTensor() before it" if isinstance(image, Image) else ""
        raise SampleTypeError(f"{name} takes an array, got {type(image).__name__}{remedy}")
    if image.ndim < dimensions:
        wanted = ("(..., W)", "(..., H, W)", "(..., C, H, W)")[dimensions - 1]
        raise SampleTypeError(f"{name} takes an array {wanted}, got one of shape {image.shape}")


def require_channels(image: Array, name: str) -> None:
    """Raise unless ``image`` is an array (..., C, H, W) of 1 or 3 channels."""
    require_array(image, name, dimensions=3)
    if image.shape[-3] not in (1, 3):
        raise SampleTypeError(
            f"{name} takes 1 or 3 channels, got {image.shape[-3]} in an array of shape "
            f"{image.shape}: write it as (..., C, H, W)"
        )


def dimensions(image: Picture, name: str) -> tuple[int, int, int]:
    """Return channels, height and width of a PIL image or an array."""
    if isinstance(image, Image):
        return len(image.getbands()), image.height, image.width
    require_array(image, name)
    return (image.shape[-3] if image.ndim > 2 else 1), image.shape[-2], image.shape[-1]


def as_working_floats(image: Array) -> Array:
    """Return ``image`` as float32, or as it is where it is float32 or float64 already."""
    return image if image.dtype.name in ("float32", "float64") else image.astype(np.float32)


def restore(values: Array, dtype: np.dtype[Any]) -> Array:
    """Return floating-point ``values`` in an image's ``dtype``, rounded if that holds integers."""
    if values.dtype == dtype:
        return values
    xp = namespace(values)
    return (xp.round(values) if dtype.kind in "iu" else values).astype(dtype)


def per_channel(image: Array, values: ArrayLike, name: str) -> Array:
    """Return ``values`` as (C, 1, 1) in the image's dtype, after checking their number."""
    column = np.array(values, image.dtype).reshape(-1, 1, 1)
    channels = image.shape[-3] if image.ndim > 2 else 1
    if column.size not in (1, channels):
        raise InvalidValueError(
            f"{name} has {column.size} values but the image has {channels} channels: "
            "write one value for each, or one for all"
        )
    return column if isinstance(image, np.ndarray) else namespace(image).asarray(column)
