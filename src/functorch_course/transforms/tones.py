"""Every value mapped by itself: always, or by chance."""

from functorch_course.errors import InvalidValueError

from . import functional
from .base import ArrayTransform, RandomlyApplied, Sample


class AutoContrast(ArrayTransform):
    """Stretch each channel so that its darkest value becomes black and its brightest white.

    Takes a PIL image of mode L or RGB, or an array (..., 1 or 3, H, W).

    Raises:
        SampleTypeError: If the sample is none of those.

    Example:
        >>> import numpy as np
        >>> AutoContrast()(np.array([[[50, 75, 100]]], np.uint8))
        array([[[  0, 127, 255]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.autocontrast``, which has no class without chance.
    """

    def __call__(self, sample: Sample) -> Sample:
        """Return the mapped image."""
        return functional.autocontrast(sample)


class RandomAutocontrast(RandomlyApplied):
    """Stretch each channel from black to white, with probability ``p``.

    Takes a PIL image of mode L or RGB, or an array (..., 1 or 3, H, W). Each call
    draws one number from the current generator.

    Args:
        p: The probability.

    Raises:
        InvalidValueError: If ``p`` is not from 0 to 1.
        SampleTypeError: If the sample is none of those.

    Example:
        >>> import numpy as np
        >>> RandomAutocontrast(p=1)(np.array([[[50, 75, 100]]], np.uint8))
        array([[[  0, 127, 255]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.RandomAutocontrast``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomAutocontrast.html
    """

    def apply(self, sample: Sample) -> Sample:
        """Return the mapped image."""
        return functional.autocontrast(sample)


class Equalize(ArrayTransform):
    """Map the values of each channel so that all become about equally frequent.

    Takes a PIL image of mode L, P or RGB, or a uint8 array (..., 1 or 3, H, W).

    Raises:
        SampleTypeError: If the sample is none of those.

    Example:
        >>> import numpy as np
        >>> Equalize()(np.full((1, 1, 3), 7, np.uint8))
        array([[[7, 7, 7]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.equalize``, which has no class without chance.
    """

    def __call__(self, sample: Sample) -> Sample:
        """Return the mapped image."""
        return functional.equalize(sample)


class RandomEqualize(RandomlyApplied):
    """Make the values of each channel equally frequent, with probability ``p``.

    Takes a PIL image of mode L, P or RGB, or a uint8 array (..., 1 or 3, H, W). Each call
    draws one number from the current generator.

    Args:
        p: The probability.

    Raises:
        InvalidValueError: If ``p`` is not from 0 to 1.
        SampleTypeError: If the sample is none of those.

    Example:
        >>> import numpy as np
        >>> RandomEqualize(p=1)(np.full((1, 1, 3), 7, np.uint8))
        array([[[7, 7, 7]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.RandomEqualize``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomEqualize.html
    """

    def apply(self, sample: Sample) -> Sample:
        """Return the mapped image."""
        return functional.equalize(sample)


class Invert(ArrayTransform):
    """Swap black and white.

    Takes a PIL image of mode L or RGB, or an array (..., 1 or 3, H, W).

    Raises:
        SampleTypeError: If the sample is none of those.

    Example:
        >>> import numpy as np
        >>> Invert()(np.array([[[0, 100, 255]]], np.uint8))
        array([[[255, 155,   0]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.invert``, which has no class without chance.
    """

    def __call__(self, sample: Sample) -> Sample:
        """Return the mapped image."""
        return functional.invert(sample)


class RandomInvert(RandomlyApplied):
    """Swap black and white, with probability ``p``.

    Takes a PIL image of mode L or RGB, or an array (..., 1 or 3, H, W). Each call
    draws one number from the current generator.

    Args:
        p: The probability.

    Raises:
        InvalidValueError: If ``p`` is not from 0 to 1.
        SampleTypeError: If the sample is none of those.

    Example:
        >>> import numpy as np
        >>> RandomInvert(p=1)(np.array([[[0, 100, 255]]], np.uint8))
        array([[[255, 155,   0]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.RandomInvert``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomInvert.html
    """

    def apply(self, sample: Sample) -> Sample:
        """Return the mapped image."""
        return functional.invert(sample)


class Posterize(ArrayTransform):
    """Keep only the highest bits of each value.

    Takes a PIL image of mode L or RGB, or a uint8 array (..., 1 or 3, H, W).

    Args:
        bits: How many bits to keep, 0 to 8.

    Raises:
        InvalidValueError: If ``bits`` does not fit.
        SampleTypeError: If the sample is none of those.

    Example:
        >>> import numpy as np
        >>> Posterize(bits=2)(np.array([[[3, 77, 255]]], np.uint8))
        array([[[  0,  64, 192]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.posterize``, which has no class without chance.
    """

    shown = ("bits",)

    def __init__(self, bits: int) -> None:
        self.bits = check_bits(bits)

    def __call__(self, sample: Sample) -> Sample:
        """Return the mapped image."""
        return functional.posterize(sample, self.bits)


class RandomPosterize(RandomlyApplied):
    """Keep only the highest bits of each value, with probability ``p``.

    Takes a PIL image of mode L or RGB, or a uint8 array (..., 1 or 3, H, W). Each call
    draws one number from the current generator.

    Args:
        bits: How many bits to keep, 0 to 8.
        p: The probability.

    Raises:
        InvalidValueError: If ``bits`` does not fit, or ``p`` is not from 0 to 1.
        SampleTypeError: If the sample is none of those.

    Example:
        >>> import numpy as np
        >>> RandomPosterize(bits=2, p=1)(np.array([[[3, 77, 255]]], np.uint8))
        array([[[  0,  64, 192]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.RandomPosterize``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomPosterize.html
    """

    shown = ("bits", "p")

    def __init__(self, bits: int, p: float = 0.5) -> None:
        super().__init__(p)
        self.bits = check_bits(bits)

    def apply(self, sample: Sample) -> Sample:
        """Return the mapped image."""
        return functional.posterize(sample, self.bits)


class Solarize(ArrayTransform):
    """Invert what is bright.

    Takes a PIL image of mode L or RGB, or an array (..., 1 or 3, H, W).

    Args:
        threshold: The least value that is inverted.

    Raises:
        InvalidValueError: If ``threshold`` does not fit.
        SampleTypeError: If the sample is none of those.

    Example:
        >>> import numpy as np
        >>> Solarize(threshold=100)(np.array([[[0, 100, 255]]], np.uint8))
        array([[[  0, 155,   0]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.functional.solarize``, which has no class without chance.
    """

    shown = ("threshold",)

    def __init__(self, threshold: float) -> None:
        self.threshold = threshold

    def __call__(self, sample: Sample) -> Sample:
        """Return the mapped image."""
        return functional.solarize(sample, self.threshold)


class RandomSolarize(RandomlyApplied):
    """Invert what is bright, with probability ``p``.

    Takes a PIL image of mode L or RGB, or an array (..., 1 or 3, H, W). Each call
    draws one number from the current generator.

    Args:
        threshold: The least value that is inverted.
        p: The probability.

    Raises:
        InvalidValueError: If ``threshold`` does not fit, or ``p`` is not from 0 to 1.
        SampleTypeError: If the sample is none of those.

    Example:
        >>> import numpy as np
        >>> RandomSolarize(threshold=100, p=1)(np.array([[[0, 100, 255]]], np.uint8))
        array([[[  0, 155,   0]]], dtype=uint8)

    PyTorch: ``torchvision.transforms.RandomSolarize``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomSolarize.html
    """

    shown = ("threshold", "p")

    def __init__(self, threshold: float, p: float = 0.5) -> None:
        super().__init__(p)
        self.threshold = threshold

    def apply(self, sample: Sample) -> Sample:
        """Return the mapped image."""
        return functional.solarize(sample, self.threshold)


def check_bits(bits: int) -> int:
    """Return ``bits`` after checking that a uint8 has them."""
    if not 0 <= bits <= 8:
        raise InvalidValueError(f"bits={bits}: write a number from 0 to 8")
    return bits
