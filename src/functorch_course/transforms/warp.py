"""Turned, moved, sheared and tilted images, by chance."""

from collections.abc import Sequence
from typing import Any

from functorch_course.errors import InvalidValueError

from . import functional
from .base import RandomlyApplied, Sample, Transform
from .draws import integer, uniform
from .functional.arrays import dimensions
from .functional.resize import Interpolation, InterpolationMode, interpolation_mode

Range = float | Sequence[float]
Fill = float | Sequence[float]


class RandomRotation(Transform):
    """Turn by a chance angle.

    Takes a PIL image, or an array (..., H, W). Each call draws the angle from the current
    generator.

    Args:
        degrees: Least and greatest angle, counter-clockwise; or one number d for (-d, d).
        interpolation: How values between pixels are found. Arrays: nearest or bilinear.
        expand: Whether the result grows to hold the whole turned image.
        center: The fixed point (x, y) in pixels from the top left; ``None``: the middle.
        fill: The value outside of the image, one number or one a channel.

    Raises:
        InvalidValueError: If an argument is none of those above.
        SampleTypeError: If the sample is no image.

    Example:
        >>> RandomRotation(10)
        RandomRotation(degrees=[-10.0, 10.0], interpolation=nearest, expand=False, center=None,
        fill=0)

    PyTorch: ``torchvision.transforms.RandomRotation``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomRotation.html
    """

    shown = ("degrees", "interpolation", "expand", "center", "fill")

    def __init__(
        self,
        degrees: Range,
        interpolation: Interpolation = InterpolationMode.NEAREST,
        expand: bool = False,
        center: Sequence[float] | None = None,
        fill: Fill = 0,
    ) -> None:
        self.degrees = around_zero(degrees, "degrees")
        self.interpolation = interpolation_mode(interpolation)
        self.expand = expand
        self.center = two(center, "center")
        self.fill = fill

    def __call__(self, sample: Sample) -> Sample:
        """Return the turned image."""
        dimensions(sample, "RandomRotation")
        angle = uniform(*self.degrees)
        return functional.rotate(
            sample, angle, self.interpolation, self.expand, self.center, self.fill
        )


class RandomAffine(Transform):
    """Turn, move, scale and shear by chance amounts.

    Takes a PIL image, or an array (..., H, W). Each call draws from the current generator, in this
    order and only what is asked for: angle, move to the right, move down, scale, shear along x,
    shear along y.

    Args:
        degrees: Least and greatest angle, clockwise; or one number d for (-d, d).
        translate: The greatest move to the right and down, as part of width and height.
        scale: Least and greatest factor.
        shear: Least and greatest shear along x in degrees, and then along y if there are four
            numbers; or one number s for (-s, s) along x.
        interpolation: As in :class:`RandomRotation`.
        fill: As in :class:`RandomRotation`.
        center: As in :class:`RandomRotation`.

    Raises:
        InvalidValueError: If an argument is none of those above.
        SampleTypeError: If the sample is no image.

    Example:
        >>> RandomAffine(10, translate=(0.1, 0.1))
        RandomAffine(degrees=[-10.0, 10.0], translate=(0.1, 0.1))

    PyTorch: ``torchvision.transforms.RandomAffine``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomAffine.html
    """

    def __init__(
        self,
        degrees: Range,
        translate: Sequence[float] | None = None,
        scale: Sequence[float] | None = None,
        shear: Range | None = None,
        interpolation: Interpolation = InterpolationMode.NEAREST,
        fill: Fill = 0,
        center: Sequence[float] | None = None,
    ) -> None:
        self.degrees = around_zero(degrees, "degrees")
        self.translate = two(translate, "translate")
        self.scale = two(scale, "scale")
        self.shear = None if shear is None else around_zero(shear, "shear", (2, 4))
        self.interpolation = interpolation_mode(interpolation)
        self.fill = fill
        self.center = two(center, "center")
        if self.translate is not None and not all(0 <= part <= 1 for part in self.translate):
            raise InvalidValueError(f"translate={translate}: write parts of the size, 0 to 1")
        if self.scale is not None and min(self.scale) <= 0:
            raise InvalidValueError(f"scale={scale}: write positive numbers")

    def __call__(self, sample: Sample) -> Sample:
        """Return the mapped image."""
        _, height, width = dimensions(sample, "RandomAffine")
        return functional.affine(
            sample, *self._draw(height, width), self.interpolation, self.fill, self.center
        )

    def _draw(
        self, height: int, width: int
    ) -> tuple[float, tuple[int, int], float, tuple[float, float]]:
        """Return angle, moves, scale and shears."""
        angle, moves, scale, shears = uniform(*self.degrees[:2]), (0, 0), 1.0, (0.0, 0.0)
        if self.translate is not None:
            right, down = self.translate[0] * width, self.translate[1] * height
            moves = round(uniform(-right, right)), round(uniform(-down, down))
        if self.scale is not None:
            scale = uniform(*self.scale)
        if self.shear is not None:
            along_x = uniform(*self.shear[:2])
            shears = along_x, (uniform(*self.shear[2:]) if len(self.shear) == 4 else 0.0)
        return angle, moves, scale, shears

    def __repr__(self) -> str:
        usual = {"interpolation": InterpolationMode.NEAREST, "fill": 0}
        names = ("degrees", "translate", "scale", "shear", "interpolation", "fill", "center")
        values = {name: getattr(self, name) for name in names}
        shown = [f"{name}={value}" for name, value in values.items() if value != usual.get(name)]
        return f"RandomAffine({', '.join(shown)})"


class RandomPerspective(RandomlyApplied):
    """Tilt with probability ``p``: each corner moves inwards by a chance amount.

    Takes a PIL image, or an array (..., H, W). Each call draws from the current generator one
    number, and if the image is tilted eight more: x and y of the corners, clockwise from top left.

    Args:
        distortion_scale: How far a corner may move, as part of half the width and height, 0 to 1.
        p: The probability.
        interpolation: As in :class:`RandomRotation`.
        fill: As in :class:`RandomRotation`.

    Raises:
        InvalidValueError: If an argument is none of those above.
        SampleTypeError: If the sample is no image.

    Example:
        >>> RandomPerspective()
        RandomPerspective(distortion_scale=0.5, p=0.5, interpolation=bilinear, fill=0)

    PyTorch: ``torchvision.transforms.RandomPerspective``, with the same draws.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomPerspective.html
    """

    shown = ("distortion_scale", "p", "interpolation", "fill")

    def __init__(
        self,
        distortion_scale: float = 0.5,
        p: float = 0.5,
        interpolation: Interpolation = InterpolationMode.BILINEAR,
        fill: Fill = 0,
    ) -> None:
        super().__init__(p)
        if not 0 <= distortion_scale <= 1:
            raise InvalidValueError(f"distortion_scale={distortion_scale}: write a part, 0 to 1")
        self.distortion_scale = distortion_scale
        self.interpolation = interpolation_mode(interpolation)
        self.fill = fill

    def __call__(self, sample: Sample) -> Sample:
        """Return the tilted image, or the image."""
        dimensions(sample, "RandomPerspective")
        return super().__call__(sample)

    def apply(self, sample: Sample) -> Sample:
        """Return the tilted image."""
        _, height, width = dimensions(sample, "RandomPerspective")
        right, bottom = width - 1, height - 1
        corners = [(0, 0), (right, 0), (right, bottom), (0, bottom)]
        moved = [(self._draw(x, width), self._draw(y, height)) for x, y in corners]
        return functional.perspective(sample, corners, moved, self.interpolation, self.fill)

    def _draw(self, corner: int, size: int) -> int:
        """Return where a corner at ``corner``, 0 or size - 1, moves along one axis."""
        reach = int(self.distortion_scale * (size // 2))
        return integer(0, reach + 1) if corner == 0 else integer(size - reach - 1, size)


def around_zero(value: Range, name: str, lengths: Sequence[int] = (2,)) -> list[float]:
    """Return the limits of a range; one number stands for both signs of it."""
    if not isinstance(value, Sequence):
        if value < 0:
            raise InvalidValueError(f"{name}={value}: write a positive number, or the range")
        return [-float(value), float(value)]
    if len(value) not in lengths:
        raise InvalidValueError(f"{name}={value}: write {' or '.join(map(str, lengths))} numbers")
    return [float(number) for number in value]


def two(value: Sequence[Any] | None, name: str) -> Sequence[Any] | None:
    """Return ``value`` after checking that it is ``None`` or two numbers."""
    if value is not None and len(value) != 2:
        raise InvalidValueError(f"{name}={value}: write two numbers")
    return value
