"""What differs between two values, in words; and how values are shown."""

import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course.exercises.difference import TOLERANCES, difference
from functorch_course.exercises.inputs import identical
from functorch_course.exercises.shown import called, shown

ONES = np.ones(3, np.float32)


@pytest.mark.parametrize(
    ("expected", "came", "text"),
    [
        (ONES, ONES, "an array of JAX was expected, not an array of NumPy"),
        (ONES, [1.0, 1.0, 1.0], "an array of JAX was expected, not a value of type list"),
        (ONES, None, "an array of JAX was expected, not a value of type NoneType"),
        (ONES, jnp.ones((3, 1)), "the shape should be (3,), and is (3, 1)"),
        (ONES, jnp.ones(3, int), "the dtype should be float32, and is int32"),
        (
            ONES,
            jnp.array([1.0, 2.0, 3.0]),
            "2 of 3 values differ, the first at index 1: 1 was expected, 2 came",
        ),
        (np.eye(2), jnp.ones((2, 2)), "the dtype should be float64, and is float32"),
        (
            np.eye(2, dtype=np.float32),
            jnp.ones((2, 2)),
            "2 of 4 values differ, the first at index (0, 1): 0 was expected, 1 came",
        ),
        (np.float32(1), jnp.array(2.0), "1 was expected, 2 came"),
        (
            np.array([True]),
            jnp.array([False]),
            "1 of 1 values differ, the first at index 0: 1 was expected, 0 came",
        ),
        ((1, 2), [1, 2], "a tuple was expected, not a value of type list"),
        ((1, 2), (1,), "the tuple should have 2 parts, and has 1"),
        ((1, ONES), (1, jnp.ones(2)), "[1]: the shape should be (3,), and is (2,)"),
        ({"w": 1}, {"w": 2}, "['w']: 1 was expected, 2 came"),
        ([(1, "a")], [(1, "b")], "[0][1]: 'a' was expected, 'b' came"),
        (1, jnp.array(1), "the type should be int, and is an array of JAX"),
        ({"w": 1}, {"v": 1}, "a dict with the keys ['w'] was expected"),
        (1, 1.0, "the type should be int, and is float"),
        (1.0, 1.5, "1 was expected, 1.5 came"),
    ],
)
def test_differences_in_words(expected, came, text):
    assert difference(expected, came, "JAX") == text


@pytest.mark.parametrize("dtype", TOLERANCES)
def test_what_is_within_the_tolerance_is_equal(dtype):
    relative, _ = TOLERANCES[dtype]
    value = np.array([3.0], dtype)
    near, far = (value * (1 + factor * relative) for factor in (0.5, 5))
    assert difference(value, near.astype(dtype), "NumPy") == ""
    assert difference(value, far.astype(dtype), "NumPy").startswith("1 of 1 values differ")


def test_nan_is_nan_and_no_number():
    nan = np.array([np.nan], np.float32)
    assert difference(nan, nan, "NumPy") == ""
    assert difference(nan, np.zeros(1, np.float32), "NumPy") != ""


def test_identical_means_bit_by_bit():
    tree = {"w": (ONES, 2), "b": [np.float32("nan")]}
    assert identical(tree, {"w": (ONES.copy(), 2), "b": [np.float32("nan")]})
    assert not identical(ONES, ONES.astype(np.float64))
    assert not identical(ONES, np.nextafter(ONES, 2))
    assert not identical([1, 2], [1, 2, 3])
    assert not identical({"a": 1}, {"b": 1})
    assert not identical([1, 2], (1, 2))
    assert not identical(ONES, [1, 1, 1])


def test_values_are_shown_with_dtype_and_shape_and_cut():
    assert shown(np.array([0.5, -1, 1e-9], np.float32)) == "[0.5, -1, 1e-09] (float32, shape (3,))"
    assert shown(np.int32(7)) == "7 (int32)"
    assert shown((ONES, "a")) == "([1, 1, 1], 'a')"
    assert shown(list(range(9))) == "[0, 1, 2, 3, 4, … 9 in all]"
    assert shown(np.zeros(1000)).startswith("[0, 0, 0, ..., 0, 0, 0]")
    assert shown("x" * 1000).endswith("x …")
    assert shown(len) == "len"


def test_a_call_is_shown_with_each_argument():
    assert called("f(*given)", ("given",), (1, 2)) == ("f(*given)", "given = 1", "argument 2 = 2")
    assert called("f(x, n)", ("x", "n"), (np.int32(3), 2)) == ("f(x, n)", "x = 3 (int32)", "n = 2")
