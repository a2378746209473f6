from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from functorch_course.random.fused import fused32, fused64

float32 = st.floats(-(2.0**40), 2.0**40, width=32)
float64 = st.floats(-1e80, 1e80)


def is_nearest(number: np.floating, exact: Fraction) -> bool:
    """Whether no neighbour lies closer, and a tie went to the even one."""
    kind = type(number)
    neighbours = [np.nextafter(number, kind(side)) for side in (-np.inf, np.inf)]
    distance = abs(Fraction(float(number)) - exact)
    rivals = [abs(Fraction(float(neighbour)) - exact) for neighbour in neighbours]
    is_even = int(number.view(np.int32 if kind is np.float32 else np.int64)) % 2 == 0
    return distance < min(rivals) or (distance == min(rivals) and is_even)


@given(float32, float32, float32)
def test_fused32_is_rounded_once(a, b, c):
    found = fused32(np.array([a], np.float32), np.float32(b), np.float32(c))
    assert found.dtype == np.float32
    assert is_nearest(found[0], Fraction(a) * Fraction(b) + Fraction(c))


@given(float64, float64, float64)
def test_fused64_is_rounded_once(a, b, c):
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    if exact == 0 or abs(exact) > Fraction(10) ** -200:
        assert is_nearest(fused64(np.array([a]), b, c)[0], exact)


def test_two_roundings_would_be_wrong():
    a, b = np.float32([1 + 2.0**-18]), np.float32(2.0**-24 * (1 - 2.0**-18))
    c = np.float32(1 + 2.0**-23)
    # The exact result lies 2**-60 below the middle between c and the next float32.
    assert fused32(a, b, c).tolist() == [c]
    in_float64 = a.astype(np.float64) * float(b) + float(c)
    assert in_float64.astype(np.float32).tolist() == [1 + 2.0**-22]


def test_two_roundings_would_be_wrong_among_subnormal_numbers():
    a, b = np.float32([2.0**-75 * (1 + 2.0**-18)]), np.float32(2.0**-75 * (1 - 2.0**-18))
    c = np.float32(2.0**-127 + 2.0**-149)
    assert fused32(a, b, c).tolist() == [c]


def test_two_roundings_would_be_wrong_in_float64():
    a, b, c = np.array([1 + 2.0**-28]), 2.0**-53 * (1 - 2.0**-28), 1 + 2.0**-52
    # The exact result lies 2**-109 below the middle between c and the next float64.
    assert fused64(a, b, c).tolist() == [c]


def test_ties_and_tiny_results():
    a = np.float32([3, 5, -3]) * np.float32(2.0**-75)
    for b in (np.float32(2.0**-75), np.float32(2.0**-74)):
        for x, found in zip(a, fused32(a, b, np.float32(0)), strict=True):
            assert is_nearest(found, Fraction(float(x)) * Fraction(float(b)))


def test_zeros_keep_their_sign():
    a = np.array([1.0, -1.0, 0.0, -0.0])
    for b, c in [(0.0, 0.0), (0.0, -0.0), (2.0, 0.0), (2.0, -0.0)]:
        expected = np.signbit(a * b + c)
        assert np.array_equal(np.signbit(fused64(a, b, c)), expected)
        found = fused32(a.astype(np.float32), np.float32(b), np.float32(c))
        assert np.array_equal(np.signbit(found), expected)
