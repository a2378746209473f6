"""Which parts of a transform see one image, and which a whole batch."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functorch_course.data import default_collate
from functorch_course.transforms import Compose, Transform
from functorch_course.transforms.base import ArrayTransform

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
    parts: list[Any] = transform.transforms if isinstance(transform, Compose) else [transform]
    for number, part in enumerate(parts):
        if getattr(part, "takes_images", False):
            whole = Compose(parts[number:])
            return (Compose(parts[:number]), whole) if whole.batchable else None
        if not isinstance(part, ArrayTransform):
            return None
    return None


def stack_transformed(arrays: list[NDArray[Any]], whole: Transform) -> NDArray[Any]:
    """Return the transformed images as one array.

    Args:
        arrays: The pixels of each image.
        whole: A transform that takes whole batches of them.

    Raises:
        CollateError: If the transformed images are not all of one shape.
    """
    if len({(array.shape, array.dtype) for array in arrays}) != 1:
        batch: NDArray[Any] = default_collate([whole(array) for array in arrays])
    elif arrays[0].nbytes < CACHED:
        batch = whole.batch(np.stack(arrays))
    else:
        first = whole.batch(arrays[0][np.newaxis])
        batch = np.empty((len(arrays), *first.shape[1:]), first.dtype)
        batch[:1] = first
        for number, array in enumerate(arrays[1:], start=1):
            batch[number] = whole.batch(array[np.newaxis])[0]
    return batch
