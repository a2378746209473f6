"""Transforms that leave it to chance which of their parts apply, or in which order."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from functorch_course import random
from functorch_course.errors import InvalidValueError

from .base import Sample, Transform, probability
from .compose import as_parts, format_parts


class RandomApply(Transform):
    """Apply all of the transforms with probability ``p``, or none.

    Each call draws one number from the current generator, before those of the parts.

    Args:
        transforms: The transforms, first to last. Any callables.
        p: The probability.

    Raises:
        SampleTypeError: If one of them cannot be called.
        InvalidValueError: If ``p`` is not from 0 to 1.

    Example:
        >>> RandomApply([lambda x: x + 1], p=1.0)(2), RandomApply([lambda x: x + 1], p=0.0)(2)
        (3, 2)

    PyTorch: ``torchvision.transforms.RandomApply``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomApply.html
    """

    def __init__(self, transforms: Iterable[Callable[[Sample], Sample]], p: float = 0.5) -> None:
        self.transforms = as_parts("RandomApply", transforms)
        self.p = probability(p)

    def __call__(self, sample: Sample) -> Sample:
        """Return what the last part gives, or the sample."""
        if self.p < random.rand():
            return sample
        for transform in self.transforms:
            sample = transform(sample)
        return sample

    def __repr__(self) -> str:
        return format_parts("RandomApply", self.transforms, f"p={self.p}")


class RandomChoice(Transform):
    """Apply one of the transforms, chosen by chance.

    Each call draws from the current generator two words for each transform, before those of the
    chosen part.

    Args:
        transforms: The transforms. Any callables.
        p: How likely each is, relative to the others; ``None``: all alike.

    Raises:
        SampleTypeError: If one of them cannot be called.
        InvalidValueError: If there are none, or not as many weights.

    Example:
        >>> RandomChoice([lambda x: x + 1, lambda x: x * 10], p=[0, 1])(2)
        20

    PyTorch: ``torchvision.transforms.v2.RandomChoice``, with the same draws. The older
    ``torchvision.transforms.RandomChoice`` draws from Python's ``random``, which
    ``torch.manual_seed`` does not seed.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomChoice.html
    """

    def __init__(
        self,
        transforms: Iterable[Callable[[Sample], Sample]],
        p: Sequence[float] | None = None,
    ) -> None:
        self.transforms = as_parts("RandomChoice", transforms)
        self.p = [1.0] * len(self.transforms) if p is None else list(p)
        if len(self.p) != len(self.transforms) or not self.transforms:
            raise InvalidValueError(
                f"{len(self.transforms)} transforms with {len(self.p)} weights: write one weight "
                "for each of at least one transform"
            )
        if min(self.p) < 0 or sum(self.p) == 0:
            raise InvalidValueError(f"p={p}: write weights of 0 or more, not all of them 0")

    def __call__(self, sample: Sample) -> Sample:
        """Return what the chosen part gives."""
        weights = np.asarray(self.p, np.float64)
        shares = (weights / sum(self.p)).astype(np.float32)
        chosen = int(random.multinomial(shares, 1)[0])
        return self.transforms[chosen](sample)

    def __repr__(self) -> str:
        return format_parts("RandomChoice", self.transforms, f"p={self.p}")


class RandomOrder(Transform):
    """Apply all transforms, in an order left to chance.

    Each call draws a permutation from the current generator, before the draws of the parts.

    Args:
        transforms: The transforms. Any callables.

    Raises:
        SampleTypeError: If one of them cannot be called.

    Example:
        >>> RandomOrder([lambda x: x + 1, lambda x: x + 10])(2)
        13

    PyTorch: ``torchvision.transforms.v2.RandomOrder``, with the same draws. The older
    ``torchvision.transforms.RandomOrder`` draws from Python's ``random``, which
    ``torch.manual_seed`` does not seed.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomOrder.html
    """

    def __init__(self, transforms: Iterable[Callable[[Sample], Sample]]) -> None:
        self.transforms = as_parts("RandomOrder", transforms)

    def __call__(self, sample: Sample) -> Sample:
        """Return what the last part gives."""
        for index in random.randperm(len(self.transforms)):
            sample = self.transforms[index](sample)
        return sample

    def __repr__(self) -> str:
        return format_parts("RandomOrder", self.transforms)
