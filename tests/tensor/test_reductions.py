"""Reductions by PyTorch's conventions, against values worked out by hand."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course import tensor as ft
from functorch_course.tensor.errors import DtypeError, OutOfBoundsError, PrecisionError, ShapeError
from tolerance import assert_close

A = jnp.array([[11, 12, 13], [21, 22, 23], [31, 32, 33]])
F = A.astype(jnp.float32)


def test_sum_over_axes():
    assert ft.sum(A) == 198
    assert ft.sum(A, 0).tolist() == [63, 66, 69]
    assert ft.sum(A, -1, keepdim=True).shape == (3, 1)
    assert ft.sum(F, (0, 1)) == 198
    assert ft.sum(F, dtype="float16").dtype == "float16"


def test_small_integers_do_not_wrap():
    assert ft.sum(jnp.full(3, 200, jnp.uint8)) == 600
    assert ft.sum(jnp.array([True, True])) == 2


def test_integer_results_beyond_int32_are_refused():
    big = jnp.full(3, 2**30)
    with pytest.raises(PrecisionError, match=r"the sum of these .* leaves int32 \(about 3.22"):
        ft.sum(big)
    with pytest.raises(PrecisionError, match="the prod of these integers leaves int32"):
        ft.prod(big)
    with jax.enable_x64(True):
        assert ft.sum(jnp.full(3, 2**30, jnp.int32)) == 3 * 2**30


def test_prod():
    assert ft.prod(jnp.array([2, 3, 4])) == 24
    assert ft.prod(F, 0).shape == (3,)


def test_statistics():
    x = jnp.array([1.0, -1.0, 1.0, -1.0])
    assert ft.mean(x) == 0
    assert_close(ft.std(x), np.float32(1.1547005))
    assert_close(ft.var(x), np.float32(4 / 3))
    assert ft.std(x, correction=0) == 1
    assert ft.var(F, 1).tolist() == [1, 1, 1]


@pytest.mark.parametrize("reduce", [ft.mean, ft.std, ft.var, ft.norm])
def test_integers_are_refused(reduce):
    with pytest.raises(DtypeError, match=r"needs floats(.|\n)*cast\(x, 'float32'\)"):
        reduce(A)


def test_extrema():
    x = jnp.array([[1, 5, 5], [4, 2, 4]])
    assert ft.max(x) == 5
    assert ft.min(x) == 1
    values, indices = ft.max(x, 1)
    assert (values.tolist(), indices.tolist()) == ([5, 4], [1, 0])
    assert ft.min(x, 0, keepdim=True).values.shape == (1, 3)


def test_the_gradient_of_equals_is_shared_without_dim_and_given_to_one_with_it():
    x = jnp.array([1.0, 5.0, 5.0])
    assert jax.grad(ft.max)(x).tolist() == [0, 0.5, 0.5]
    assert jax.grad(lambda x: ft.max(x, 0).values)(x).tolist() == [0, 1, 0]


def test_the_median_is_the_lower_one():
    assert ft.median(jnp.array([4, 1, 3, 2])) == 2
    assert ft.median(jnp.array([3.0, 1.0, 2.0])) == 2
    values, indices = ft.median(jnp.array([[4.0, 1.0, 3.0, 2.0]]), 1)
    assert (values.tolist(), indices.tolist()) == ([2], [3])
    assert jnp.isnan(ft.median(jnp.array([1.0, jnp.nan, 2.0])))


def test_norm_and_its_gradient_at_zero():
    assert ft.norm(jnp.array([3.0, 4.0])) == 5
    assert_close(jax.grad(ft.norm)(jnp.array([3.0, 4.0])), np.float32([0.6, 0.8]))
    assert jax.grad(ft.norm)(jnp.zeros(2)).tolist() == [0, 0]


@pytest.mark.parametrize("reduce", [ft.max, ft.min, ft.median])
def test_nothing_has_no_extremum(reduce):
    with pytest.raises(ShapeError, match="which has no elements"):
        reduce(jnp.zeros(0))


def test_axes_are_checked():
    with pytest.raises(OutOfBoundsError, match="axis 2 does not exist in an array of 2 axes"):
        ft.sum(A, 2)
