"""Indexing agrees with NumPy where NumPy answers, and raises where NumPy raises."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functorch_course.tensor import assign, index, index_select, take
from functorch_course.tensor.errors import OutOfBoundsError, TracedValueError

X = jnp.array([7, 4, 3, 2, 6])
A = jnp.array([[11, 12, 13], [21, 22, 23], [31, 32, 33]])
SMALL = st.integers(-4, 4)
PARTS = st.one_of(
    SMALL,
    st.builds(slice, st.none() | SMALL, st.none() | SMALL),
    st.lists(SMALL, min_size=1, max_size=3),
)


@given(st.one_of(PARTS, st.tuples(PARTS), st.tuples(SMALL, SMALL), st.tuples(PARTS, st.just(...))))
def test_as_numpy(key):
    try:
        expected = np.asarray(A)[key]
    except IndexError:
        with pytest.raises(OutOfBoundsError, match="outside axis"):
            index(A, key)
    else:
        np.testing.assert_array_equal(index(A, key), expected)


@pytest.mark.parametrize(
    "key",
    [
        None,
        (None, 1),
        (..., 2),
        (1, ..., 2),
        (slice(None), [0, 2]),
        np.int64(1),
        np.eye(3) > 0,
    ],
    ids=str,
)
def test_other_keys(key):
    np.testing.assert_array_equal(index(A, key), np.asarray(A)[key])


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (5, "index 5 is outside axis 0 of length 5"),
        (-9, r"index -9 is outside axis 0 of length 5(.|\n)*from -5 to 4 \(plain JAX"),
        ([0, 5], "index 5 is outside"),
        (jnp.array([-6, 0]), "index -6 is outside"),
        ((0, 0), "2 indices for an array of 1 axes"),
        (np.array([True, False]), r"mask of shape \(2,\) does not match the axes of shape \(5,\)"),
    ],
    ids=str,
)
def test_out_of_bounds_is_an_index_error(key, text):
    with pytest.raises(IndexError, match=text):
        index(X, key)
    with pytest.raises(OutOfBoundsError, match=text):
        assign(X, key, 0)


def test_a_number_cannot_be_indexed():
    with pytest.raises(OutOfBoundsError, match=r"index 0 into an array of shape \(\)"):
        index(jnp.array(5), 0)


def test_an_empty_axis_has_no_index():
    with pytest.raises(OutOfBoundsError, match="no index: the axis is empty"):
        index(jnp.zeros(0), 0)
    assert index(X, []).shape == (0,)


def test_assign_leaves_the_original():
    y = assign(assign(X, 0, 100), 4, 0)
    assert y.tolist() == [100, 4, 3, 2, 0]
    assert X.tolist() == [7, 4, 3, 2, 6]


def test_take_and_index_select():
    assert take(A, jnp.array([[0, 8]])).tolist() == [[11, 33]]
    assert index_select(A, 1, [2]).tolist() == [[13], [23], [33]]
    assert index_select(A, -2, [2]).tolist() == [[31, 32, 33]]
    with pytest.raises(OutOfBoundsError, match="index 9 is outside axis 0 of length 9"):
        take(A, [9])
    with pytest.raises(OutOfBoundsError, match="index 3 is outside axis 1 of length 3"):
        index_select(A, 1, [3])


def test_a_computed_index_runs_under_jit():
    assert jax.jit(index)(X, jnp.array(2)) == 3


def test_a_static_index_is_checked_under_jit():
    with pytest.raises(OutOfBoundsError, match="index 5 is outside"):
        jax.jit(lambda x: index(x, 5))(X)


def test_a_traced_mask_teaches():
    with pytest.raises(TracedValueError, match=r"boolean mask of shape \(5,\)(.|\n)*jnp.where"):
        jax.jit(lambda x: index(x, x > 3))(X)
