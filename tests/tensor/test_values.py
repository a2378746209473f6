"""Python numbers out of arrays, universal functions, and casts."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course import tensor as ft
from functorch_course.tensor.errors import ShapeError, TracedValueError
from tolerance import assert_close


def test_item_and_tolist():
    x = jnp.array([[7, 4]])
    assert (ft.item(x[0, 1]), type(ft.item(x[0, 1]))) == (4, int)
    assert ft.tolist(x) == [[7, 4]]
    assert ft.tolist(jnp.array(2.5)) == 2.5
    with pytest.raises(ShapeError, match=r"one element, but the shape is \(1, 2\)"):
        ft.item(x)


@pytest.mark.parametrize("read", [ft.item, ft.tolist])
@pytest.mark.parametrize("transform", [jax.jit, jax.grad, jax.hessian], ids=lambda f: f.__name__)
def test_no_numbers_of_a_traced_value(read, transform):
    with pytest.raises(TracedValueError, match=r"\(\) of a float32 of shape \(\) inside"):
        transform(read)(2.0)


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [
        ("sin", [0, np.pi / 2], [0, 1]),
        ("cos", [0, np.pi], [1, -1]),
        ("tanh", [0, 1], [0, 0.7615942]),
        ("exp", [0, 1], [1, 2.7182817]),
        ("log", [1, np.e], [0, 1]),
        ("sqrt", [4, 9], [2, 3]),
        ("abs", [-1.5, 2], [1.5, 2]),
        ("relu", [-1, 2], [0, 2]),
        ("sigmoid", [0, 1], [0.5, 0.7310586]),
    ],
)
def test_universal_functions(name, x, y):
    assert_close(getattr(ft, name)(jnp.float32(x)), np.float32(y))


def test_log_of_zero_and_below_raises_nothing():
    np.testing.assert_array_equal(ft.log(jnp.array([1, 0, -1])), [0, -np.inf, np.nan])


def test_derivatives_at_the_kinks():
    assert jax.grad(ft.abs)(0.0) == 0
    assert jax.grad(ft.abs)(-2.0) == -1
    assert jax.grad(ft.relu)(0.0) == 0


def test_cast_leaves_the_original():
    x = jnp.array([7, 4])
    assert ft.cast(x, "FloatTensor").dtype == "float32"
    assert x.dtype == "int32"
    assert ft.cast([True, False], "torch.uint8").tolist() == [1, 0]
