"""Which parts of a transform see one image, and which a whole batch."""

from collections.abc import Callable
from typing import Any

from functorch_course.transforms import Compose, Transform
from functorch_course.transforms.base import ArrayTransform


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
