"""Gaussian blur of chance width."""

from collections.abc import Sequence

from functorch_course.errors import InvalidValueError

from . import functional
from .base import Sample, Transform
from .draws import uniform
from .functional.arrays import dimensions
from .functional.blur import odd_sizes


class GaussianBlur(Transform):
    r"""Weigh each pixel with its neighbours, the nearer the more.

    .. math:: w(x, y) \propto e^{-(x^2 + y^2) / 2 \sigma^2}

    Takes a PIL image of 8-bit channels, or an array (..., H, W). Each call draws the standard
    deviation from the current generator, even where it is fixed.

    Args:
        kernel_size: How many columns and rows to weigh, odd; one number for both.
        sigma: Least and greatest standard deviation in pixels, or one number for both.

    Raises:
        InvalidValueError: If an argument is none of those above.
        SampleTypeError: If the sample is no image.

    Example:
        >>> GaussianBlur(5)
        GaussianBlur(kernel_size=(5, 5), sigma=(0.1, 2.0))

    PyTorch: ``torchvision.transforms.GaussianBlur``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.GaussianBlur.html
    """

    shown = ("kernel_size", "sigma")

    def __init__(
        self, kernel_size: int | Sequence[int], sigma: float | Sequence[float] = (0.1, 2.0)
    ) -> None:
        self.kernel_size = odd_sizes(kernel_size)
        limits = list(sigma) if isinstance(sigma, Sequence) else [sigma, sigma]
        if len(limits) != 2 or not 0 < limits[0] <= limits[1]:
            raise InvalidValueError(f"sigma={sigma}: write a positive number, or (least, greatest)")
        self.sigma = limits[0], limits[1]

    def __call__(self, sample: Sample) -> Sample:
        """Return the blurred image."""
        dimensions(sample, "GaussianBlur")
        return functional.gaussian_blur(sample, self.kernel_size, uniform(*self.sigma))
