"""Images of another size."""

from collections.abc import Sequence

from . import functional
from .base import ArrayTransform, Sample
from .functional.resize import Interpolation, InterpolationMode, interpolation_mode, resized_size


class Resize(ArrayTransform):
    """Bring an image to another size.

    Takes a PIL image, or an array (..., H, W) of any dtype, which it keeps.

    Args:
        size: Height and width in pixels; or one number for the shorter side, the other in
            proportion.
        interpolation: How values between pixels are found: ``"nearest"``, ``"bilinear"``,
            ``"bicubic"``; for PIL images also ``"box"``, ``"hamming"`` and ``"lanczos"``.
        max_size: The most that the longer side may become, where ``size`` is one number.
        antialias: Whether shrinking an array weighs all pixels that a new one covers, as it always
            does for PIL images.

    Raises:
        InvalidValueError: If an argument is none of those above.
        SampleTypeError: If the sample is no image.

    Example:
        >>> from PIL import Image
        >>> Resize(14)(Image.new("L", (30, 28))).size, Resize((14, 20))
        ((15, 14), Resize(size=(14, 20), interpolation=bilinear, max_size=None, antialias=True))

    PyTorch: ``torchvision.transforms.Resize``.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.Resize.html
    """

    shown = ("size", "interpolation", "max_size", "antialias")

    def __init__(
        self,
        size: int | Sequence[int],
        interpolation: Interpolation = InterpolationMode.BILINEAR,
        max_size: int | None = None,
        antialias: bool = True,
    ) -> None:
        resized_size((1, 1), size, max_size)
        self.size = size
        self.interpolation = interpolation_mode(interpolation)
        self.max_size = max_size
        self.antialias = antialias

    def __call__(self, sample: Sample) -> Sample:
        """Return the image at its new size."""
        return functional.resize(
            sample, self.size, self.interpolation, self.max_size, self.antialias
        )
