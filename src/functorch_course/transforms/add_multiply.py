"""The course's own first transform."""

from .base import Sample, Transform
from .errors import SampleTypeError


class AddMultiply(Transform):
    """Add to x and multiply y, for samples that are pairs of numbers or arrays.

    ``(x, y)`` becomes ``(x + add_x, y * mul_y)``.

    Args:
        add_x: What to add to x.
        mul_y: What to multiply y by.

    Raises:
        SampleTypeError: If the sample is not a pair.

    Example:
        >>> import numpy as np
        >>> AddMultiply(1, 2)((np.array([2, 2]), np.array([1])))
        (array([3, 3]), array([2]))

    PyTorch: has no counterpart; it is the class ``add_mult`` of the course.
    """

    shown = ("add_x", "mul_y")

    def __init__(self, add_x: float = 1, mul_y: float = 1) -> None:
        self.add_x = add_x
        self.mul_y = mul_y

    def __call__(self, sample: Sample) -> tuple[Sample, Sample]:
        """Return the new pair."""
        if not isinstance(sample, tuple | list) or len(sample) != 2:
            raise SampleTypeError(f"AddMultiply takes a pair (x, y), got {sample!r}")
        x, y = sample
        return x + self.add_x, y * self.mul_y
