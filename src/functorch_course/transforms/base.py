"""What every transform of this package has: a call, a form for whole batches, a ``repr``."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from functorch_course.errors import InvalidValueError

from .draws import coin

Sample: TypeAlias = Any
"""What a transform takes and gives: a PIL image, an array, or whatever a user's own works on."""


class Transform(ABC):
    """A function from one sample to another, with a readable ``repr``.

    Any callable serves as a transform in this library; this class is for those that also take a
    whole batch at once. Subclasses write ``__call__``. Those that are faster on a batch also
    write ``batch`` and set ``batchable``; a parent's ``batch`` does not outlive its ``__call__``.

    Attributes:
        batchable: Whether ``batch`` is worth calling: it works on the whole batch in one step.
        takes_images: Whether ``batch`` understands images that have not been through ``ToTensor``:
            uint8 of shape (N, H, W) or (N, H, W, C), each one the pixels of a PIL image.
        shown: The names of the attributes that the ``repr`` shows.

    Example:
        >>> class Times(Transform):
        ...     shown = ("factor",)
        ...
        ...     def __init__(self, factor):
        ...         self.factor = factor
        ...
        ...     def __call__(self, sample):
        ...         return sample * self.factor
        >>> Times(2)(21), Times(2)
        (42, Times(factor=2))

    PyTorch: ``torchvision.transforms.v2.Transform`` is a ``torch.nn.Module``; this is a function.
    """

    batchable: bool = False
    takes_images: bool = False
    shown: ClassVar[Sequence[str]] = ()

    def __init_subclass__(cls) -> None:
        """Forget how a parent treats batches where a class treats samples in its own way."""
        super().__init_subclass__()
        own = vars(cls)
        if "__call__" in own and "batch" not in own and not issubclass(cls, ArrayTransform):
            cls.batch = Transform.batch  # type: ignore[method-assign]
            cls.batchable = False

    @abstractmethod
    def __call__(self, sample: Sample) -> Sample:
        """Return the transformed sample."""

    def batch(self, samples: Sample) -> Sample:
        """Return what stacking the transformed samples gives.

        Args:
            samples: An array with one more leading axis than one sample has, or a sequence.

        Returns:
            The same as ``np.stack([transform(sample) for sample in samples])``, bit for bit.
        """
        return np.stack([self(sample) for sample in samples])

    def write(self, samples: Sample, out: NDArray[Any]) -> None:
        """Put what :meth:`batch` gives into an array that is there already.

        Args:
            samples: As for :meth:`batch`.
            out: Of the shape and dtype that it gives.
        """
        out[...] = self.batch(samples)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)}" for name in self.shown)
        return f"{type(self).__name__}({shown})"


class ArrayTransform(Transform):
    """A transform that treats each image of an array (..., C, H, W) alike, without chance.

    Then a batch is no more than an array with one more leading axis.

    PyTorch: has no counterpart.
    """

    batchable = True

    def batch(self, samples: Sample) -> Sample:
        """Transform (N, C, H, W) at once; see :meth:`Transform.batch`."""
        return self(np.asarray(samples))


class RandomlyApplied(Transform):
    """A transform that is applied with probability ``p``, and otherwise returns the sample.

    Each call draws one number from the current generator. Subclasses write ``apply``.

    Args:
        p: The probability.

    Raises:
        InvalidValueError: If ``p`` is not from 0 to 1.

    PyTorch: the common form of torchvision's ``RandomHorizontalFlip``, ``RandomInvert`` ...; the
    same draws from the same seed.
    """

    shown: ClassVar[Sequence[str]] = ("p",)

    def __init__(self, p: float = 0.5) -> None:
        self.p = probability(p)

    def __call__(self, sample: Sample) -> Sample:
        """Return the transformed sample, or the sample."""
        return self.apply(sample) if coin(self.p) else sample

    @abstractmethod
    def apply(self, sample: Sample) -> Sample:
        """Return the transformed sample."""


def probability(p: float) -> float:
    """Return ``p`` after checking that it is one."""
    if not 0 <= p <= 1:
        raise InvalidValueError(f"p={p}: write a probability from 0 to 1")
    return p
