"""Shapes: what comes out, and what is refused with which words."""

import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course import tensor as ft
from functorch_course.tensor.errors import OutOfBoundsError, ShapeError

X = jnp.arange(24).reshape(2, 3, 4)


def test_asking_for_the_shape():
    assert ft.size(X) == (2, 3, 4)
    assert ft.size(X, -1) == 4
    assert ft.ndimension(X) == 3
    assert ft.numel(X) == 24
    assert ft.numel(5) == 1


@pytest.mark.parametrize("change", [ft.view, ft.reshape])
def test_view_and_reshape_keep_the_order(change):
    np.testing.assert_array_equal(change(X, 6, -1), np.arange(24).reshape(6, 4))
    np.testing.assert_array_equal(change(X, (4, 6)), np.arange(24).reshape(4, 6))
    with pytest.raises(ShapeError, match=r"24 elements of shape \(2, 3, 4\) in shape \(5, -1\)"):
        change(X, 5, -1)
    with pytest.raises(ShapeError, match=r"in shape \(-1, -1\)"):
        change(X, -1, -1)
    with pytest.raises(ShapeError, match=r"in shape \(0, -1\)"):
        change(X, 0, -1)


@pytest.mark.parametrize(
    ("call", "shape"),
    [
        (lambda: ft.view(X, -1), (24,)),
        (lambda: ft.unsqueeze(X, -1), (2, 3, 4, 1)),
        (lambda: ft.unsqueeze(X, 0), (1, 2, 3, 4)),
        (lambda: ft.squeeze(jnp.ones((1, 2, 1))), (2,)),
        (lambda: ft.squeeze(jnp.ones((1, 2, 1)), 1), (1, 2, 1)),
        (lambda: ft.squeeze(jnp.ones((1, 2, 1)), -1), (1, 2)),
        (lambda: ft.transpose(X, 0, -1), (4, 3, 2)),
        (lambda: ft.permute(X, 2, 0, 1), (4, 2, 3)),
        (lambda: ft.permute(X, (-1, 0, 1)), (4, 2, 3)),
        (lambda: ft.expand(jnp.ones((3, 1)), 2, -1, 4), (2, 3, 4)),
        (lambda: ft.stack([X, X], -1), (2, 3, 4, 2)),
        (lambda: ft.cat([X, X[:1]]), (3, 3, 4)),
    ],
)
def test_new_shapes(call, shape):
    assert call().shape == shape


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: ft.size(X, 3), OutOfBoundsError, "axis 3 does not exist in an array of 3 axes"),
        (lambda: ft.unsqueeze(X, 4), OutOfBoundsError, "axis 4 does not exist"),
        (lambda: ft.size(5, 0), OutOfBoundsError, "no dim: the array is a single number"),
        (lambda: ft.permute(X, 0, 0, 1), ShapeError, r"permute\(0, 0, 1\) .* each axis once"),
        (lambda: ft.expand(X, 2, 3, 5), ShapeError, r"cannot be expanded to \(2, 3, 5\)"),
        (lambda: ft.expand(X, 3, 4), ShapeError, r"cannot be expanded to \(3, 4\)"),
        (lambda: ft.stack([X, X[0]]), ShapeError, r"got \(2, 3, 4\) and \(3, 4\)"),
        (lambda: ft.cat([X, X[0]]), ShapeError, "cat along axis 0 needs shapes"),
    ],
)
def test_what_does_not_fit_is_refused(call, error, text):
    with pytest.raises(error, match=text):
        call()
