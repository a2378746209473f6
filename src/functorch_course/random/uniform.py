"""Uniform numbers: ``rand`` and ``uniform``."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .arguments import FLOAT32, FLOAT64, Size, as_dtype, as_shape
from .blocks import filled
from .current import resolve
from .errors import RandomError
from .fused import fused32, fused64
from .generator import Generator

_LARGEST = {kind: float(np.finfo(kind).max) for kind in (FLOAT32, FLOAT64)}
_DIGITS_24 = np.uint32(2**24 - 1)
_DIGITS_53 = np.uint64(2**53 - 1)


def unit24(generator: Generator, count: int) -> NDArray[np.float32]:
    r"""Numbers of 24 binary digits in [0, 1): the low digits of one word each.

    .. math:: u_{24} = (w_{32} \bmod 2^{24}) / 2^{24}
    """
    digits = generator.words32(count)
    digits &= _DIGITS_24
    return digits.view(np.int32).astype(np.float32) * np.float32(2.0**-24)


def unit53(generator: Generator, count: int) -> NDArray[np.float64]:
    r"""Numbers of 53 binary digits in [0, 1): the low digits of two words each.

    .. math:: u_{53} = (w_{64} \bmod 2^{53}) / 2^{53}
    """
    digits = generator.words64(count)
    digits &= _DIGITS_53
    return digits.view(np.int64).astype(np.float64) * 2.0**-53


def rand(
    *size: int | Size, dtype: DTypeLike = np.float32, generator: Generator | None = None
) -> NDArray[Any]:
    r"""Draw numbers from the uniform distribution over [0, 1).

    .. math:: x = u_{24} \quad\text{(float64: } u_{53}\text{)}

    Args:
        size: The shape, as ints or as one sequence; none for a single number without axes.
        dtype: float32, float64, float16 or bfloat16.
        generator: Where to draw from; None for the current generator.

    Returns:
        An array of this shape and dtype. It costs one word of the stream a number, two for float64.

    Raises:
        RandomError: If a length is negative.
        RandomTypeError: If a length is not a whole number, or the generator not a Generator.
        UnsupportedDtypeError: If the dtype is none of those above.

    Example:
        >>> rand(3, generator=Generator(0))
        array([0.4962566 , 0.7682218 , 0.08847743], dtype=float32)

    PyTorch: ``torch.rand``, bit for bit; it refuses a call without a size.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.rand.html
    """
    shape = as_shape(size[0] if len(size) == 1 else size)  # type: ignore[arg-type]
    kind = as_dtype(dtype, ("float32", "float64", "float16", "bfloat16"), "rand")
    source = resolve(generator)
    if kind == FLOAT64:
        return filled(shape, kind, lambda count: unit53(source, count))
    numbers = filled(shape, kind, lambda count: unit24(source, count))
    return numbers if kind == FLOAT32 else np.where(numbers == 1, kind.type(0), numbers)


def uniform(
    low: float = 0.0,
    high: float = 1.0,
    size: Size = (),
    dtype: DTypeLike = np.float32,
    generator: Generator | None = None,
) -> NDArray[Any]:
    r"""Draw numbers from the uniform distribution over [low, high).

    .. math:: x = \operatorname{fma}(u, high - low, low), \quad u = u_{24} \text{ or } u_{53}

    A result that rounds to ``high`` becomes ``low``.

    Args:
        low: The least number, taken in ``dtype``.
        high: The bound that is never reached, taken in ``dtype``.
        size: The shape.
        dtype: float32 or float64.
        generator: Where to draw from; None for the current generator.

    Returns:
        An array of this shape and dtype. It costs one word of the stream a number, two for float64.

    Raises:
        RandomError: If low > high, one of them or their distance is not finite in ``dtype``, or a
            length is negative.
        RandomTypeError: If a length is not a whole number, or the generator not a Generator.
        UnsupportedDtypeError: If the dtype is none of those above.

    Example:
        >>> uniform(-1.0, 1.0, 3, generator=Generator(0))
        array([-0.00748682,  0.5364436 , -0.82304513], dtype=float32)

    PyTorch: ``torch.empty(size, dtype=dtype).uniform_(low, high)``, bit for bit (on processors with
    fused multiply-add).

    Source: https://docs.pytorch.org/docs/stable/generated/torch.Tensor.uniform_.html
    """
    shape = as_shape(size)
    kind = as_dtype(dtype, ("float32", "float64"), "uniform")
    source = resolve(generator)
    low, high = float(low), float(high)
    _check_bounds(low, high, kind)
    if kind == FLOAT64:
        return filled(shape, kind, lambda count: _stretch64(unit53(source, count), low, high))
    if shape == ():
        return np.array(_single32(unit24(source, 1), low, high))
    return filled(shape, kind, lambda count: _stretch32(unit24(source, count), low, high))


def _check_bounds(low: float, high: float, kind: np.dtype[Any]) -> None:
    """Refuse bounds between which no number of the dtype can be drawn."""
    largest = _LARGEST[kind]
    if not (-largest <= low <= high <= largest and high - low <= largest):
        raise RandomError(
            f"no {kind.name} can be drawn from [low={low}, high={high}): write finite bounds with "
            f"low <= high and high - low <= {largest:.4g}"
        )


def _stretch32(unit: NDArray[np.float32], low: float, high: float) -> NDArray[np.float32]:
    """Map [0, 1) to [low, high) in float32."""
    start, end = np.float32(low), np.float32(high)
    numbers = fused32(unit, end - start, start)
    numbers[numbers == end] = start
    return numbers


def _single32(unit: NDArray[np.float32], low: float, high: float) -> np.float32:
    """The same for one number, which transforms draw for each sample and arrays are slow at."""
    start, end = np.float32(low), np.float32(high)
    first, product = float(start), unit.item() * float(end - start)
    total = product + first
    if total - first != product or total - product != first:  # digits were lost: round with care
        return np.float32(_stretch32(unit, low, high)[0])
    number = np.float32(total)
    return start if number == end else number


def _stretch64(unit: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    """Map [0, 1) to [low, high) in float64."""
    width = high - low
    scale = 2.0**-600 if width > 2.0**600 else 1.0  # keeps the parts of a product finite
    numbers = fused64(unit, width * scale, low * scale) / scale
    numbers[numbers == high] = low
    return numbers
