"""How far apart two arrays are: absolutely, relatively, and in units in the last place."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .tolerance import Tolerance

Array = npt.NDArray[Any]
BITS = {"float16": 16, "bfloat16": 16, "float32": 32, "float64": 64}


class Distance(NamedTuple):
    """The element in which two arrays differ most, measured by what is allowed there.

    Args:
        absolute: The largest absolute difference of all elements.
        relative: The largest difference of all elements, divided by the second array's element.
        ulps: The largest number of floating-point numbers between two elements; None where the
            dtypes differ or are not floating.
        place: Where the difference is largest, measured by the tolerance.
        ours: The first array's element there.
        theirs: The second array's element there.
        within: Whether all elements are within the tolerance.

    PyTorch: has no counterpart; ``torch.testing.assert_close`` reports such numbers in its message.
    """

    absolute: float
    relative: float
    ulps: int | None
    place: tuple[int, ...]
    ours: float
    theirs: float
    within: bool


def distance(ours: Array, theirs: Array, tolerance: Tolerance) -> Distance | None:
    r"""Measure how far apart two arrays of one shape are.

    Formula: element i is within the tolerance where
    :math:`|a_i - b_i| \le \text{absolute} + \text{relative} \cdot |b_i|`

    NaN is equal to NaN, and an infinity to itself.

    Args:
        ours: One array.
        theirs: The other, of the same shape.
        tolerance: What is allowed.

    Returns:
        The distance; None for arrays without elements.

    Example:
        >>> a = np.array([1.0, 2.0], np.float32)
        >>> distance(a, np.nextafter(a, np.float32(3)), Tolerance(1e-5, 0.0)).ulps
        1

    PyTorch: has no counterpart; ``torch.testing.assert_close`` checks alike.
    """
    if not ours.size:
        return None
    a, b = (array.astype(np.float64) for array in (ours, theirs))
    same = (ours == theirs) | (np.isnan(a) & np.isnan(b))
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        gap = np.where(same, 0.0, np.abs(a - b))
        gap = np.where(np.isnan(gap), np.inf, gap)
        gap = np.where(same | (gap > 0), gap, 1.0)  # whole numbers that float64 takes for equal
        relative = np.where(same, 0.0, gap / np.abs(b))
        allowed = tolerance.absolute + tolerance.relative * np.where(np.isfinite(b), np.abs(b), 0.0)
        excess = np.where(same, 0.0, gap / allowed) if allowed.any() else gap
    place = tuple(int(i) for i in np.unravel_index(np.argmax(excess), excess.shape))
    count = ulps(ours, theirs)
    return Distance(
        absolute=float(gap.max()),
        relative=float(np.nan_to_num(relative, nan=np.inf, posinf=np.inf).max()),
        ulps=None if count is None else int(count.max()),
        place=place,
        ours=ours[place].item(),
        theirs=theirs[place].item(),
        within=bool((gap <= allowed).all()),
    )


def ulps(ours: Array, theirs: Array) -> npt.NDArray[np.uint64] | None:
    r"""Count the floating-point numbers between the elements of two arrays.

    Formula: :math:`|k(a) - k(b)|`, where k numbers the floats of a dtype in order, -0 and 0 alike

    Args:
        ours: One array.
        theirs: The other, of the same shape.

    Returns:
        The counts, 0 between NaN and NaN; None where the dtypes differ or are not floating.

    Example:
        >>> a = np.array([1.0, -0.0], np.float32)
        >>> ulps(a, np.array([1.0000001, 0.0], np.float32)).tolist()
        [1, 0]

    PyTorch: has no counterpart.
    """
    if ours.dtype != theirs.dtype or ours.dtype.name not in BITS:
        return None
    a, b = (_number(array) for array in (ours, theirs))
    both_nan = np.isnan(ours) & np.isnan(theirs)
    # As unsigned numbers the difference cannot overflow.
    larger, smaller = (f(a, b).astype(np.uint64) for f in (np.maximum, np.minimum))
    return np.where(both_nan, np.uint64(0), larger - smaller)


def _number(array: Array) -> npt.NDArray[np.int64]:
    """Number the floats of a dtype in order: 0 is 0, the next above is 1, the next below is -1."""
    bits = BITS[array.dtype.name]
    signed = np.ascontiguousarray(array).view(f"int{bits}").astype(np.int64)
    return np.where(signed < 0, np.int64(-(2 ** (bits - 1))) - signed, signed)
