"""The logarithm, sine and cosine behind PyTorch's float32 normal numbers, digit for digit.

They are the polynomials of the Cephes library, evaluated with fused multiply-adds, every step
rounded to float32. Here the numbers are held in float64, where the product of two float32 is exact,
and each step ends in :func:`_rounded`, which leaves them the 24 digits of a float32. For the
numbers that occur in the Box-Muller transform that equals the fused operation: all ``2**24`` of
them were tried.

Source: Moshier, "Cephes Mathematical Library", logf.c and sinf.c, 1989.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""Numbers that float32 could hold, in float64."""

_LOG = np.array(
    [
        7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
        -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
    ],
    np.float32,
).tolist()  # fmt: skip
_SINE = np.array([-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1], np.float32).tolist()
_COSINE = np.array(
    [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2], np.float32
).tolist()
_QUARTER_PI = np.array(
    [0.78515625, 2.4187564849853515625e-4, 3.77489497744594108e-8], np.float32
).tolist()  # in three parts that sum to pi / 4
_LN2_HIGH, _LN2_LOW = 0.693359375, float(np.float32(-2.12194440e-4))
_FOUR_OVER_PI = np.float32(1.27323954473516)
_SQRT_HALF = np.float32(0.707106781186547524)


def log(x: NDArray[np.float32]) -> NDArray[np.float32]:
    r"""The natural logarithm, for 0 < x <= 1.

    With :math:`x = 2^e (1 + t)`, :math:`\sqrt{1/2} \le 1 + t < \sqrt 2` and a polynomial P,

    .. math:: \ln x = e \ln 2 + t - t^2 / 2 + t^3 P(t)
    """
    mantissa, exponent = np.frexp(x)
    is_small = mantissa < _SQRT_HALF
    t = np.where(is_small, mantissa + mantissa, mantissa).astype(np.float64) - 1
    e = (exponent - is_small).astype(np.float64)
    square = _rounded(t * t)
    tail = _rounded(_polynomial(_LOG, t) * t)
    tail = _rounded(tail * square + _rounded(e * _LN2_LOW))
    tail = _rounded(square * -0.5 + tail)
    return (e * _LN2_HIGH + _rounded(t + tail)).astype(np.float32)


def sin_cos(x: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    r"""Sine and cosine, for 0 <= x < 8192.

    With the even whole number k nearest to :math:`4 x / \pi` and :math:`t = x - k \pi / 4`, they
    are those of t, exchanged and negated as the octant k says:

    .. math:: \sin t = t + t^3 S(t^2), \quad \cos t = 1 - t^2 / 2 + t^4 C(t^2)
    """
    octant = ((x * _FOUR_OVER_PI).astype(np.int32) + 1) & ~1
    t, k = x.astype(np.float64), octant.astype(np.float64)
    for part in _QUARTER_PI:
        t = _rounded(t - k * part)
    square = _rounded(t * t)
    cosine = _rounded(_polynomial(_COSINE, square) * square)
    cosine = _rounded(cosine * square - square * 0.5) + 1
    sine = _rounded(_polynomial(_SINE, square) * square)
    sine = sine * t + t
    is_exchanged = (octant & 2) != 0
    sines = np.where(is_exchanged, cosine, sine).astype(np.float32)
    cosines = np.where(is_exchanged, sine, cosine).astype(np.float32)
    sines.view(np.int32)[:] ^= (octant & 4) << 29  # moves bit 2 to the sign
    cosines.view(np.int32)[:] ^= ((octant + 2) & 4) << 29
    return sines, cosines


def _polynomial(coefficients: list[float], x: Floats) -> Floats:
    """Horner's scheme, the highest power first."""
    value: Floats | float = coefficients[0]
    for coefficient in coefficients[1:]:
        value = _rounded(value * x + coefficient)
    return np.asarray(value)


def _rounded(x: Floats) -> Floats:
    """The nearest float32, held in float64 again."""
    return x.astype(np.float32).astype(np.float64)
