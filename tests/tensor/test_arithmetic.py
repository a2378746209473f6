"""Sums, products, and the product that was meant."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course import tensor as ft
from functorch_course.errors import InvalidValueError
from functorch_course.tensor.errors import DtypeError, ShapeError

U, V = jnp.array([1.0, 2.0]), jnp.array([3.0, 2.0])
M = jnp.ones((3, 2))


def test_values():
    assert ft.add(U, V).tolist() == [4, 4]
    assert ft.mul(U, V).tolist() == [3, 4]
    assert ft.dot(U, V) == 7
    assert ft.mm(M, M.T).shape == (3, 3)
    assert ft.matmul(M, U).tolist() == [3, 3, 3]
    assert ft.matmul(jnp.ones((5, 3, 2)), jnp.ones((2, 4))).shape == (5, 3, 4)


@pytest.mark.parametrize("x64", [False, True])
def test_an_integer_array_beside_a_float_is_float32(x64):
    with jax.enable_x64(x64):
        x = ft.tensor([1, 2])
        assert ft.add(x, 1.5).dtype == ft.mul(2.5, x).dtype == "float32"
        assert ft.add(x, 1).dtype == x.dtype
        assert ft.sin(x).dtype == "float32"


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: ft.add(jnp.ones((32, 10)), jnp.ones(32)), r"\(32, 10\) and \(32,\) do not fit"),
        (lambda: ft.mul(jnp.ones(3), jnp.ones(2)), r"x \* y"),
        (lambda: ft.dot(U, jnp.ones(3)), "two vectors of one length"),
        (lambda: ft.dot(M, M), r"mul\(x, y\), the product element by element"),
        (lambda: ft.mm(M, jnp.ones((4, 2))), r"mm\(x, y.T\), whose inner lengths are equal"),
        (lambda: ft.mm(M, U), r"matmul\(x, y\), which takes these shapes"),
        (lambda: ft.matmul(M, jnp.ones(3)), "make the inner lengths equal"),
        (lambda: ft.matmul(M, jnp.array(1.0)), r"got \(3, 2\) and \(\)"),
        (lambda: ft.linear(jnp.ones((4, 3)), M), r"got \(4, 3\) and \(3, 2\)(.|\n)*\(out, in\)"),
        (lambda: ft.linear(jnp.ones(7), M), "features in its last axis"),
        (lambda: ft.linear(U, M, U), r"a bias of shape \(3,\), but got \(2,\)"),
    ],
)
def test_shapes_that_do_not_fit(call, text):
    with pytest.raises(ShapeError, match=text):
        call()


@pytest.mark.parametrize("product", [ft.dot, ft.mm, ft.matmul])
def test_products_take_one_dtype(product):
    x = U if product is ft.dot else jnp.ones((2, 2))
    with pytest.raises(DtypeError, match=r"float32 and int32(.|\n)*cast\(y, 'float32'\)"):
        product(x, x.astype(int))
    with pytest.raises(RuntimeError, match="a product takes one dtype"):
        ft.linear(U, M.astype(jnp.float16))


def test_linear_takes_any_batch():
    bias = jnp.arange(3.0)
    for batch in [(), (4,), (5, 4)]:
        x = jnp.ones((*batch, 2))
        np.testing.assert_array_equal(ft.linear(x, M, bias), np.broadcast_to(2 + bias, (*batch, 3)))
    assert ft.linear(U, M).tolist() == [3, 3, 3]


def test_annotated_shapes_catch_the_wrong_product():
    @ft.shapes("N D, D -> N")
    def right(x, w):
        return x @ w

    @ft.shapes("N D, D -> N")
    def wrong(x, w):
        return x * w

    assert right(M, U).shape == (3,)
    with pytest.raises(ShapeError, match=r"wrong promises a result of shape N = \(3,\)"):
        wrong(jnp.ones((3, 3)), jnp.ones(3))
    with pytest.raises(ShapeError, match=r"expects w of shape D = \(2,\), but got \(3,\)"):
        right(M, w=jnp.ones(3))


def test_annotations_with_numbers_and_scalars():
    @ft.shapes("N 2, () -> ()")
    def loss(x, scale):
        return scale * x.sum()

    assert loss(M, 2.0) == 12
    with pytest.raises(ShapeError, match="expects x of shape N 2"):
        loss(M.T, 2.0)


def test_annotations_add_nothing_to_compiled_code():
    def plain(x, w):
        return x @ w

    annotated = ft.shapes("N D, D -> N")(plain)
    assert str(jax.make_jaxpr(annotated)(M, U)) == str(jax.make_jaxpr(plain)(M, U))


def test_a_wrong_annotation_is_refused():
    with pytest.raises(InvalidValueError, match="has no '->'"):
        ft.shapes("N D")
    with pytest.raises(InvalidValueError, match="describes 2 arguments, but <lambda> takes 1"):
        ft.shapes("N, N -> N")(lambda x: x)


def test_losses_compare_equal_shapes():
    ft.check_same_shape(U, V)
    with pytest.raises(ShapeError, match=r"\(4, 1\), the target \(4,\); .* shape \(4, 4\)"):
        ft.check_same_shape(jnp.ones((4, 1)), jnp.ones(4))
    with pytest.raises(ShapeError, match="they cannot be compared"):
        ft.check_same_shape(U, jnp.ones(3))
