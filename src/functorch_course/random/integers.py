"""Whole numbers: ``randint`` and ``random_int64``."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from functorch_course.errors import InvalidValueError

from .arguments import Size, as_count, as_dtype, as_shape
from .blocks import filled
from .current import resolve
from .errors import RandomError
from .generator import Generator

_WIDE = 2**28  # from this range on PyTorch takes 64 bits a number
_EXACT = {"float16": 2**11, "float32": 2**24, "float64": 2**53}
_DTYPES = (
    "int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8", "bool",
    "float64", "float32", "float16",
)  # fmt: skip


def randint(
    low: int,
    high: int,
    size: Size = (),
    dtype: DTypeLike = np.int64,
    generator: Generator | None = None,
) -> NDArray[Any]:
    r"""Draw whole numbers from low, low + 1, ..., high - 1.

    .. math:: x = low + (w \bmod (high - low)), \quad
        w = w_{32} \text{ if } high - low < 2^{28} \text{ else } w_{64}

    The remainder favours small numbers by less than one part in 16, and in ``(high - low) / 2**32``
    for short ranges.

    Args:
        low: The least number.
        high: One more than the greatest.
        size: The shape.
        dtype: Any integer dtype, bool, or a float dtype that holds every number of the range.
        generator: Where to draw from; None for the current generator.

    Returns:
        An array of this shape and dtype. It costs one word of the stream a number, or two if
        high - low is 2**28 or more.

    Raises:
        RandomError: If low >= high, the dtype cannot hold the range, or a length is negative.
        InvalidValueError: If a bound is not an int64.
        RandomTypeError: If a bound or a length is not a whole number, or the generator not a
            Generator.
        UnsupportedDtypeError: If the dtype is none of those above.

    Example:
        >>> randint(0, 10, 5, generator=Generator(0))
        array([4, 9, 3, 0, 3])

    PyTorch: ``torch.randint``, bit for bit; it only warns when a float dtype cannot hold the range.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.randint.html
    """
    shape = as_shape(size)
    kind = as_dtype(dtype, _DTYPES, "randint")
    source = resolve(generator)
    first, count = _checked_range(low, high, kind)
    words = source.words32 if count < _WIDE else source.words64
    return filled(shape, kind, lambda size: _shifted(_remainder(words(size), count), first, kind))


def random_int64(size: Size = (), generator: Generator | None = None) -> NDArray[np.int64]:
    r"""Draw from all non-negative int64, as the seeds of loaders and workers are drawn.

    .. math:: x = w_{64} \bmod 2^{63}

    Args:
        size: The shape; ``()`` for one number.
        generator: Where to draw from; None for the current generator.

    Returns:
        An int64 array of this shape. It costs two words of the stream a number.

    Raises:
        RandomError: If a length is negative.
        RandomTypeError: If a length is not a whole number, or the generator not a Generator.

    Example:
        >>> int(random_int64(generator=Generator(0)))
        900450186894289455

    PyTorch: ``torch.empty(size, dtype=torch.int64).random_()``, bit for bit.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.Tensor.random_.html
    """
    source = resolve(generator)
    return filled(
        as_shape(size),
        np.dtype(np.int64),
        lambda count: source.words64(count) & np.uint64(2**63 - 1),
    )


def _remainder(words: NDArray[Any], divisor: int) -> NDArray[Any]:
    """``words % divisor``; NumPy is far quicker at dividing by one number than at remainders."""
    number = words.dtype.type(divisor)
    remainder: NDArray[Any] = words - words // number * number
    return remainder


def _shifted(numbers: NDArray[Any], start: int, kind: np.dtype[Any]) -> NDArray[Any]:
    """``start + numbers`` modulo 2**64, read with the sign of the dtype."""
    total = numbers + np.uint64(start % 2**64)
    return total if kind == np.uint64 else total.view(np.int64)


def _checked_range(low: int, high: int, kind: np.dtype[Any]) -> tuple[int, int]:
    """The first number and how many there are, if the dtype holds them all."""
    first, end = as_count("low", low), as_count("high", high)
    if not -(2**63) <= min(first, end) <= max(first, end) < 2**63:
        raise InvalidValueError(
            f"low={low}, high={high} do not fit int64: write bounds from -2**63 to 2**63 - 1"
        )
    if first >= end:
        raise RandomError(
            f"there is no whole number from low={low} to below high={high}: write low < high"
        )
    least, greatest = _limits(kind)
    if first < least or end - 1 > greatest:
        raise RandomError(
            f"{kind.name} holds whole numbers from {least} to {greatest}, but low={low}, "
            f"high={high} ask for more: write another dtype"
        )
    return first, end - first


@cache
def _limits(kind: np.dtype[Any]) -> tuple[int, int]:
    """The least and greatest whole number up to which the dtype misses none."""
    if kind == np.bool_:
        return 0, 1
    if kind.name in _EXACT:
        return -_EXACT[kind.name], _EXACT[kind.name]
    limits = np.iinfo(kind)
    return int(limits.min), int(limits.max)
