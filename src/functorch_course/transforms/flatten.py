"""An image as one vector."""

import numpy as np

from .base import Sample, Transform
from .functional.arrays import require_array


class Flatten(Transform):
    """Turn an array of any shape into a vector, for models that take no images.

    (C, H, W) becomes (C·H·W,), in C order; a batch (N, C, H, W) becomes (N, C·H·W).

    Raises:
        SampleTypeError: If the sample is not an array.

    Example:
        >>> Flatten()(np.zeros((1, 28, 28))).shape
        (784,)
        >>> Flatten().batch(np.zeros((64, 1, 28, 28))).shape
        (64, 784)

    PyTorch: has no counterpart among the transforms; ``torch.nn.Flatten`` does the same inside
    a model, where it keeps the batch axis.
    """

    batchable = True

    def __call__(self, sample: Sample) -> Sample:
        """Return the array as one vector."""
        require_array(sample, "Flatten", dimensions=1)
        return sample.reshape(-1)

    def batch(self, samples: Sample) -> Sample:
        """Flatten every sample of (N, ...); see :meth:`Transform.batch`."""
        samples = np.asarray(samples)
        return samples.reshape(len(samples), -1)
