"""What every transform of this package has: a call, and a form for whole batches."""

from abc import ABC, abstractmethod
from typing import Any, TypeAlias

import numpy as np

Sample: TypeAlias = Any
"""What a transform takes and gives: a PIL image, an array, or whatever a user's own works on."""


class Transform(ABC):
    """A function from one sample to another, with a readable ``repr``.

    Any callable serves as a transform in this library; this class is for those that also take a
    whole batch at once. Subclasses write ``__call__``. Those that are faster on a batch also
    write ``batch`` and set ``batchable``.

    Attributes:
        batchable: Whether ``batch`` is worth calling: it works on the whole batch in one step.
        takes_images: Whether ``batch`` understands images that have not been through ``ToTensor``:
            uint8 of shape (N, H, W) or (N, H, W, C), each one the pixels of a PIL image.

    Example:
        >>> class Double(Transform):
        ...     def __call__(self, sample):
        ...         return sample * 2
        >>> Double()(21), Double()
        (42, Double())

    PyTorch: ``torchvision.transforms.v2.Transform`` is a ``torch.nn.Module``; this is a function.
    """

    batchable: bool = False
    takes_images: bool = False

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

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
