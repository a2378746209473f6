"""Fused multiply-add, ``a * b + c`` with a single rounding, which NumPy does not have.

PyTorch's kernels use the instruction of the processor. Here the exact result is first rounded *to
odd* with more digits than needed: whatever does not fit sets the last digit to 1. Rounding that
number again is then as good as rounding the exact result once.

Source: Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms
using rounding to odd", 2008.
"""

import numpy as np
from numpy.typing import NDArray

_BELOW_FLOAT32, _HALF_WAY = 2**29 - 1, 2**28  # the digits of a float64 that a float32 lacks
_SMALLEST_NORMAL = 2.0**-126
_SPLITTER = 2.0**27 + 1  # cuts a float64 into two halves of 26 digits


def fused32(a: NDArray[np.float32], b: np.float32, c: np.float32) -> NDArray[np.float32]:
    r"""Return ``a * b + c``, rounded once to float32.

    .. math:: \operatorname{round}_{32}(a b + c)
    """
    product = a.astype(np.float64) * float(b)  # exact: 24 + 24 digits
    total = product + float(c)
    twice = _may_round_twice(total)
    if twice.any():
        total[twice] = _round_to_odd(*_two_sum(product[twice], np.asarray(c, np.float64)))
    return total.astype(np.float32)


def _may_round_twice(total: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where the float64 sum lies half-way between two float32, or among the subnormal ones."""
    is_half_way: NDArray[np.bool_] = (total.view(np.int64) & _BELOW_FLOAT32) == _HALF_WAY
    return is_half_way | (np.abs(total) < _SMALLEST_NORMAL)


def fused64(a: NDArray[np.float64], b: float, c: float) -> NDArray[np.float64]:
    r"""Return ``a * b + c``, rounded once to float64.

    .. math:: \operatorname{round}_{64}(a b + c)

    Unless c is 0, the factors must lie below ``2**996``, and the sum not below ``2**-960``: there
    what a product loses is no float64 any more.
    """
    if c == 0:
        return a * b + c
    high, low = _two_product(np.asarray(a, np.float64), np.asarray(b, np.float64))
    sum_high, sum_low = _two_sum(np.asarray(c, np.float64), low)
    total, rest = _two_sum(high, sum_high)
    return total + _round_to_odd(*_two_sum(sum_low, rest))


def _two_sum(
    a: NDArray[np.float64], b: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The rounded sum and what rounding lost, exactly (Knuth)."""
    total = a + b
    shadow = total - a
    return total, (a - (total - shadow)) + (b - shadow)


def _two_product(
    a: NDArray[np.float64], b: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The rounded product and what rounding lost, exactly (Dekker)."""
    product = a * b
    a_high, a_low = _halves(a)
    b_high, b_low = _halves(b)
    lost = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, lost


def _halves(a: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two numbers of 26 digits each whose sum is ``a`` (Veltkamp)."""
    shifted = _SPLITTER * a
    high = shifted - (shifted - a)
    return high, a - high


def _round_to_odd(total: NDArray[np.float64], rest: NDArray[np.float64]) -> NDArray[np.float64]:
    """The exact ``total + rest`` rounded to odd, where ``total`` is that sum rounded to nearest."""
    total = np.array(total, ndmin=1)
    is_even = (total.view(np.int64) & 1) == 0
    towards = np.where(rest > 0, np.inf, -np.inf)
    odd = np.where((rest != 0) & is_even, np.nextafter(total, towards), total)
    return odd.reshape(np.shape(rest))
