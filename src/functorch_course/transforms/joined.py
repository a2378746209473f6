"""Two transforms in one step that gives the same numbers in less time and memory."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import functional
from .base import ArrayTransform, Sample, Transform
from .conversion import WHITE, ToTensor, axes_channels_first
from .crop import CenterCrop
from .functional.resize_crop import resize_center_crop
from .normalize import Normalize
from .resize import Resize

Part = Callable[[Sample], Sample]


class ResizedCenterCrop(ArrayTransform):
    """A resize and the crop after it: only the pixels that the crop keeps are computed.

    Args:
        resize: The first.
        crop: The second.

    PyTorch: has no counterpart.
    """

    def __init__(self, resize: Resize, crop: CenterCrop) -> None:
        self.resize = resize
        self.crop = crop

    def __call__(self, sample: Sample) -> Sample:
        """Return the middle of the image at its new size."""
        first = self.resize
        return resize_center_crop(
            sample, first.size, self.crop.size, first.interpolation, first.max_size, first.antialias
        )


class NormalizedTensor(Transform):
    """A conversion and the normalisation after it, in the memory that the first has just made.

    Args:
        convert: The first.
        normalize: The second.

    PyTorch: has no counterpart.
    """

    batchable = True
    takes_images = True

    def __init__(self, convert: ToTensor, normalize: Normalize) -> None:
        self.convert = convert
        self.normalize = normalize

    def __call__(self, sample: Sample) -> Sample:
        """Return one image."""
        return self._normalized(self.convert(sample))

    def batch(self, samples: Sample) -> Sample:
        """Return all of a batch; see :meth:`Transform.batch`."""
        return self._normalized(self.convert.batch(samples))

    def write(self, samples: Sample, out: NDArray[Any]) -> None:
        """Convert and normalise in the memory of ``out``; see :meth:`Transform.write`."""
        if samples.dtype != np.uint8:
            super().write(samples, out)
            return
        out[...] = axes_channels_first(samples, leading=1)
        out /= WHITE
        self._normalized(out)

    def _normalized(self, array: Sample) -> Sample:
        """Return the array with its new values."""
        return functional.normalize(array, self.normalize.mean, self.normalize.std, inplace=True)


JOINED: Mapping[tuple[type, type], Callable[[Any, Any], Transform]] = {
    (Resize, CenterCrop): ResizedCenterCrop,
    (ToTensor, Normalize): NormalizedTensor,
}
"""What two parts become. Only these very classes: a subclass may do something else."""


def joined(parts: list[Part]) -> list[Part]:
    """Return the parts, neighbours made one where that is known how to."""
    steps: list[Part] = []
    for part in parts:
        join = JOINED.get((type(steps[-1]), type(part))) if steps else None
        if join is None:
            steps.append(part)
        else:
            steps[-1] = join(steps[-1], part)
    return steps
