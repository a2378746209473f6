"""Distances between floating-point numbers, on values worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functorch_course.compare import Tolerance, ulps
from functorch_course.compare.distance import distance
from functorch_course.compare.tolerance import tolerance_of

FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("a", "b", "dtype", "expected"),
    [
        (1.0, 1.0 + 2**-23, np.float32, 1),
        (1.0, 1.0 + 2**-52, np.float64, 1),
        (1.0, 1.0 + 2**-10, np.float16, 1),
        (-0.0, 0.0, np.float32, 0),
        (-(2.0**-149), 2.0**-149, np.float32, 2),
        (1.0, 2.0, np.float32, 2**23),
        (-np.inf, np.inf, np.float64, 2 * 0x7FF0_0000_0000_0000),
        (np.nan, np.nan, np.float32, 0),
    ],
)
def test_ulps_by_hand(a, b, dtype, expected):
    a, b = np.array([a], dtype), np.array([b], dtype)
    assert ulps(a, b).tolist() == ulps(b, a).tolist() == [expected]


@given(FINITE, st.integers(0, 50))
def test_ulps_count_the_steps_between(start, steps):
    end = np.float32(start)
    for _ in range(steps):
        end = np.nextafter(end, np.float32(np.inf))
    assert ulps(np.float32([start]), np.array([end])).tolist() == [steps]


def test_ulps_need_one_floating_dtype():
    assert ulps(np.float32([1]), np.float64([1])) is None
    assert ulps(np.array([1]), np.array([2])) is None


def test_the_distance_points_at_what_exceeds_the_tolerance_most():
    ours, theirs = np.array([[1000.0, 0.0], [2.0, 3.0]]), np.array([[1001.0, 0.01], [2.0, 3.0]])
    far = distance(ours, theirs, Tolerance(1e-2, 1e-4))
    assert far.place == (0, 1)
    assert (far.absolute, far.relative, far.within) == (1.0, 1.0, False)
    assert (far.ours, far.theirs) == (0.0, 0.01)


@pytest.mark.parametrize(("a", "b"), [(np.nan, 1.0), (1.0, np.nan), (np.inf, 1.0), (1.0, -np.inf)])
def test_nan_and_infinity_are_only_equal_to_themselves(a, b):
    far = distance(np.array([a, 1.0]), np.array([b, 1.0]), Tolerance(0.1, 0.1))
    assert (far.within, far.place, far.absolute) == (False, (0,), np.inf)
    assert distance(np.array([a]), np.array([a]), Tolerance(0.0, 0.0)).within


def test_whole_numbers_must_be_equal():
    tolerance = tolerance_of("int64", "int64")
    assert not distance(np.array([2**53]), np.array([2**53 + 1]), tolerance).within
    assert distance(np.array([2**53]), np.array([2**53]), tolerance).within


def test_the_coarser_dtype_decides():
    assert tolerance_of("float64", "float16") == tolerance_of("float16")
