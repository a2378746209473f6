"""Embedding and Conv2d, and what they refuse."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course import nn
from functorch_course.errors import InvalidValueError


def test_an_embedding_looks_rows_up():
    layer = nn.Embedding(5, 3)
    x = np.array([[0, 4], [2, 2]])
    np.testing.assert_array_equal(layer(x), np.asarray(layer.weight[...])[x])


@pytest.mark.parametrize("index", [5, -1, 2**31 - 1])
def test_an_index_out_of_range_raises_or_is_nan_but_never_clamps(index):
    layer = nn.Embedding(5, 3)
    with pytest.raises(nn.IndexRangeError, match=rf"index {index} is not one of 0 \.\.\. 4"):
        layer(np.array([1, index]))
    vectors = jax.jit(lambda x: layer(x))(np.array([1, index]))
    np.testing.assert_array_equal(np.isnan(vectors).any(1), [False, True])


def test_embedding_refuses_floating_indices():
    with pytest.raises(nn.InputTypeError, match=r"Embedding\(5, 3\) needs integers, got float32"):
        nn.Embedding(5, 3)(jnp.ones(2))


def test_embedding_refuses_impossible_sizes():
    with pytest.raises(InvalidValueError, match=r"both sizes must be at least 1"):
        nn.Embedding(0, 3)
    with pytest.raises(InvalidValueError, match=r"padding_idx=5 is not one of its rows"):
        nn.Embedding(5, 3, padding_idx=5)


def test_convolution_of_one_pixel_is_a_linear_map_of_the_channels():
    layer = nn.Conv2d(3, 2, 1)
    x = np.random.default_rng(0).normal(size=(4, 3, 5, 6)).astype(np.float32)
    weight = np.asarray(layer.weight[...])[:, :, 0, 0]
    desired = np.einsum("oc,nchw->nohw", weight, x) + np.asarray(layer.bias[...])[:, None, None]
    np.testing.assert_allclose(layer(x), desired, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "shape"),
    [
        ({}, (2, 4, 7, 8)),
        ({"stride": 2}, (2, 4, 4, 4)),
        ({"padding": "same"}, (2, 4, 9, 10)),
        ({"padding": (1, 0), "dilation": 2}, (2, 4, 7, 6)),
    ],
)
def test_outputs_have_the_size_of_the_formula(options, shape):
    x = np.ones((2, 3, 9, 10), np.float32)
    assert nn.Conv2d(3, 4, 3, **options)(x).shape == shape


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((3, 4, 0), {}, r"kernel_size=0: write one or two numbers of at least 1"),
        ((3, 4, 3), {"stride": (1, 2, 3)}, r"stride=\(1, 2, 3\): write one or two numbers"),
        ((3, 4, 3), {"padding": -1}, r"padding=-1: write one or two numbers of at least 0"),
        ((3, 4, 3), {"padding": "full"}, r"padding='full': write numbers, 'valid' or 'same'"),
        ((3, 4, 3), {"padding": "same", "stride": 2}, r"padding='same' needs stride=1"),
        ((3, 4, 3), {"groups": 2}, r"groups must divide both numbers of channels"),
        ((0, 4, 3), {}, r"all must be at least 1"),
    ],
)
def test_convolution_refuses_impossible_settings(arguments, options, message):
    with pytest.raises(InvalidValueError, match=message):
        nn.Conv2d(*arguments, **options)


def test_convolution_refuses_other_inputs():
    layer = nn.Conv2d(3, 4, 3)
    with pytest.raises(nn.ShapeMismatchError, match=r"\(N, 3, H, W\), got \(2, 9, 9, 3\)"):
        layer(np.ones((2, 9, 9, 3), np.float32))
    with pytest.raises(nn.ShapeMismatchError, match=r"the filter covers 3 x 3 pixels"):
        layer(np.ones((2, 3, 2, 9), np.float32))
    with pytest.raises(nn.InputTypeError, match=r"Conv2d needs floating inputs, got uint8"):
        layer(np.ones((2, 3, 9, 9), np.uint8))
