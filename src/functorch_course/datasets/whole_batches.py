"""Which parts of a transform see one image, and which a whole batch."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functorch_course.data import default_collate
from functorch_course.data.aligned import aligned_empty
from functorch_course.transforms import Compose, Transform
from functorch_course.transforms.base import ArrayTransform
from functorch_course.transforms.conversion import pixels

CACHED = 2**16
"""Images of more bytes are transformed one by one: then each fits into the processor's cache."""


def split_transform(transform: object) -> tuple[Callable[[Any], Any], Transform] | None:
    """Cut a transform into a part for each PIL image and one for the batch of their pixels.

    The cut is before the first part that turns images to arrays. The parts before it must be of
    those that draw no random numbers: a random one belongs to its sample, not to the batch.

    Args:
        transform: A transform, or ``None``.

    Returns:
        ``(single, whole)``, or ``None`` where there is no such cut.

    Example:
        >>> from functorch_course.transforms import CenterCrop, Normalize, ToTensor
        >>> split_transform(Compose([CenterCrop(4), ToTensor(), Normalize(0, 1)]))
        (Compose(
            CenterCrop(size=(4, 4))
        ), Compose(
            ToTensor()
            Normalize(mean=0, std=1)
        ))

    PyTorch: has no counterpart.
    """
    parts: list[Any] = transform.transforms if type(transform) is Compose else [transform]
    for number, part in enumerate(parts):
        if getattr(part, "takes_images", False):
            whole = Compose(parts[number:])
            return (Compose(parts[:number]), whole) if whole.batchable else None
        if not isinstance(part, ArrayTransform):
            return None
    return None


def stack_transformed(images: list[Image.Image], whole: Transform) -> NDArray[Any]:
    """Return the transformed images as one array.

    Args:
        images: PIL images.
        whole: A transform that takes whole batches of their pixels.

    Raises:
        CollateError: If the transformed images are not all of one shape.
    """
    batch: NDArray[Any]
    if len({(image.size, image.mode) for image in images}) != 1:
        batch = default_collate([whole(pixels(image)) for image in images])
    elif pixels(images[0]).nbytes < CACHED:
        batch = whole.batch(stack_pixels(images))
    else:
        batch = write_each(images, whole)
    return batch


def write_each(images: list[Image.Image], whole: Transform) -> NDArray[Any]:
    """Return the transformed images as one array, having transformed one after the other."""
    first = whole.batch(pixels(images[0])[np.newaxis])
    batch = aligned_empty((len(images), *first.shape[1:]), first.dtype)
    batch[:1] = first
    for number, image in enumerate(images[1:], start=1):
        whole.write(pixels(image)[np.newaxis], batch[number : number + 1])
    return batch


def stack_pixels(images: list[Image.Image]) -> NDArray[Any]:
    """Return the pixels of images of one size and mode as (N, H, W) or (N, H, W, C)."""
    first = pixels(images[0])
    if images[0].mode not in ("L", "RGB"):
        return np.stack([first, *(pixels(image) for image in images[1:])])
    joined = bytearray().join([image.tobytes() for image in images])
    return np.frombuffer(joined, np.uint8).reshape(len(images), *first.shape)
