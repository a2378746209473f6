"""Normal numbers: ``randn`` and ``normal``."""

import math
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .arguments import FLOAT64, Size, as_dtype, as_shape
from .blocks import fill
from .box_muller import GROUP, box_muller32, box_muller64, box_muller_pair
from .current import resolve
from .errors import RandomError
from .fused import fused32, fused64
from .generator import Generator
from .uniform import unit24, unit53


def randn(
    *size: int | Size, dtype: DTypeLike = np.float32, generator: Generator | None = None
) -> NDArray[Any]:
    r"""Draw numbers from the normal distribution with mean 0 and standard deviation 1.

    .. math:: p(x) = e^{-x^2/2} / \sqrt{2 \pi}

    Args:
        size: The shape, as ints or as one sequence; none for a single number without axes.
        dtype: float32 or float64.
        generator: Where to draw from; None for the current generator.

    Returns:
        An array of this shape and dtype. What it costs of the stream, :func:`normal` tells.

    Raises:
        RandomError: If a length is negative.
        RandomTypeError: If a length is not a whole number, or the generator not a Generator.
        UnsupportedDtypeError: If the dtype is none of those above.

    Example:
        >>> randn(3, generator=Generator(0))
        array([ 1.5409961, -0.2934289, -2.1787894], dtype=float32)

    PyTorch: ``torch.randn``, bit for bit on processors with AVX2; it refuses a call without a size.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.randn.html
    """
    return normal(0.0, 1.0, size[0] if len(size) == 1 else size, dtype, generator)  # type: ignore[arg-type]


def normal(
    mean: float = 0.0,
    std: float = 1.0,
    size: Size = (),
    dtype: DTypeLike = np.float32,
    generator: Generator | None = None,
) -> NDArray[Any]:
    r"""Draw numbers from the normal distribution.

    .. math:: x = \operatorname{fma}(z, std, mean), \quad z \text{ by the Box-Muller transform}

    Fewer than 16 numbers are made one after another, in float64 whatever the dtype: each pair costs
    four words of the stream, and its second number is kept for the next call of this kind. From 16
    on a call costs one word a number (two for float64), and if the count is not a multiple of 16,
    the last 16 numbers are drawn a second time, for another 16 (32) words.

    Args:
        mean: The centre of the distribution.
        std: Its standard deviation, not negative.
        size: The shape.
        dtype: float32 or float64.
        generator: Where to draw from; None for the current generator.

    Returns:
        An array of this shape and dtype.

    Raises:
        RandomError: If std is negative, one of the two is not finite, or a length is negative.
        RandomTypeError: If a length is not a whole number, or the generator not a Generator.
        UnsupportedDtypeError: If the dtype is none of those above.

    Example:
        >>> normal(10.0, 0.5, 3, generator=Generator(0))
        array([10.770498,  9.853286,  8.910605], dtype=float32)

    PyTorch: ``torch.normal(mean, std, size)`` and ``torch.empty(size).normal_(mean, std)``, bit for
    bit on processors with AVX2; they let numbers pass that are not finite.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.normal.html
    """
    shape = as_shape(size)
    kind = as_dtype(dtype, ("float32", "float64"), "normal")
    source = resolve(generator)
    _check_parameters(mean, std)
    count = math.prod(shape)
    if count < GROUP:
        return _few(source, count, mean, std).astype(kind).reshape(shape)
    draw = _double if kind == FLOAT64 else _single
    numbers = np.empty(count, kind)
    whole = count - count % GROUP
    fill(numbers[:whole], lambda size: draw(source, size, mean, std))
    if whole < count:
        source.words32((count - whole) * kind.itemsize // 4)  # drawn, but written over
        numbers[-GROUP:] = draw(source, GROUP, mean, std)
    return numbers.reshape(shape)


def _single(generator: Generator, count: int, mean: float, std: float) -> NDArray[np.float32]:
    """Whole groups of 16 in float32."""
    numbers = box_muller32(unit24(generator, count))
    if (mean, std) == (0, 1):
        return numbers + np.float32(0)  # leaves no -0.0, as the fused operation does not
    return fused32(numbers, np.float32(std), np.float32(mean))


def _double(generator: Generator, count: int, mean: float, std: float) -> NDArray[np.float64]:
    """Whole groups of 16 in float64."""
    return _scaled(box_muller64(unit53(generator, count)), mean, std)


def _few(generator: Generator, count: int, mean: float, std: float) -> NDArray[np.float64]:
    """One number after another, through the spare one that the generator keeps."""
    numbers = np.array(list(islice(_one_by_one(generator), count)), np.float64)
    return _scaled(numbers, mean, std)


def _scaled(numbers: NDArray[np.float64], mean: float, std: float) -> NDArray[np.float64]:
    """Numbers with this mean and standard deviation."""
    return numbers + 0.0 if (mean, std) == (0, 1) else fused64(numbers, std, mean)


def _one_by_one(generator: Generator) -> Iterator[float]:
    """Standard normal numbers without end; the second of a pair is kept in the generator."""
    while True:
        if generator.spare_normal is None:
            number, generator.spare_normal = box_muller_pair(*unit53(generator, 2).tolist())
        else:
            number, generator.spare_normal = generator.spare_normal, None
        yield number


def _check_parameters(mean: float, std: float) -> None:
    """Refuse what is no normal distribution."""
    if not (math.isfinite(mean) and math.isfinite(std) and std >= 0):
        raise RandomError(
            f"there is no normal distribution with mean={mean}, std={std}: write finite numbers "
            "with std >= 0"
        )
