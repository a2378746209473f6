"""Linear and the three linear models."""

import jax
import numpy as np
import pytest

from functorch_course import nn
from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator, manual_seed, rand, use_generator
from tolerance import assert_close

WEIGHT = [  # torch.manual_seed(0); torch.nn.Linear(3, 2)
    [-0.004322517663240433, 0.3097158372402191, -0.4751853346824646],
    [-0.4248946011066437, -0.2223689705133438, 0.15482072532176971],
]
BIAS = [-0.011439144611358643, 0.45777493715286255]
NEXT = 0.4556  # and then torch.rand(1)


def test_starts_like_pytorch_bit_for_bit_and_leaves_the_stream_where_pytorch_does():
    generator = Generator(0)
    layer = nn.Linear(3, 2, generator=generator)
    np.testing.assert_array_equal(layer.weight[...], np.float32(WEIGHT))
    np.testing.assert_array_equal(layer.bias[...], np.float32(BIAS))
    assert round(rand(generator=generator).item(), 4) == NEXT


def test_without_a_generator_it_draws_from_the_current_one():
    with use_generator(Generator(0)):
        inside = nn.Linear(3, 2)
    manual_seed(0)
    default = nn.Linear(3, 2)
    for layer in (inside, default):
        np.testing.assert_array_equal(layer.weight[...], np.float32(WEIGHT))


def test_maps_the_last_axis_like_the_formula():
    layer = nn.Linear(3, 2, generator=Generator(0))
    x = np.linspace(-1, 1, 24, dtype=np.float32).reshape(4, 2, 3)
    desired = x.astype(np.float64) @ np.array(WEIGHT).T + BIAS
    assert_close(layer(x), desired.astype(np.float32))
    assert_close(layer(x[0, 0]), desired[0, 0].astype(np.float32))


def test_compiled_equals_eager_and_gradients_have_the_shapes_of_the_parameters():
    layer = nn.Linear(3, 2)
    x = np.ones((4, 3), np.float32)
    assert_close(jax.jit(lambda m, x: m(x))(layer, x), layer(x))
    gradient = jax.grad(lambda m: m(x).sum())(layer)
    np.testing.assert_array_equal(gradient.weight[...], np.full((2, 3), 4.0))
    np.testing.assert_array_equal(gradient.bias[...], [4.0, 4.0])


def test_without_bias_there_is_none():
    layer = nn.Linear(3, 2, bias=False, generator=Generator(0))
    assert layer.bias is None
    assert list(layer.state_dict()) == ["weight"]
    np.testing.assert_array_equal(layer(np.eye(3, dtype=np.float32)), np.float32(WEIGHT).T)


def test_refuses_float64_that_jax_would_narrow():
    with pytest.raises(InvalidValueError, match=r"dtype=float64 would silently become float32"):
        nn.Linear(3, 2, dtype=np.float64)
    with jax.enable_x64(True):
        assert nn.Linear(3, 2, dtype=np.float64).weight.dtype == np.float64


@pytest.mark.parametrize("shape", [(3, 4), (5, 1), ()])
def test_refuses_inputs_of_another_size(shape):
    with pytest.raises(nn.ShapeMismatchError, match=r"Linear\(5, 2\) needs inputs .*\(\.\.\., 5\)"):
        nn.Linear(5, 2)(np.ones(shape, np.float32))


def test_refuses_integers():
    with pytest.raises(nn.InputTypeError, match=r"needs floating inputs, got uint8: write"):
        nn.Linear(5, 2)(np.ones((1, 5), np.uint8))


def test_refuses_lists_and_images():
    with pytest.raises(nn.InputTypeError, match=r"needs an array, got list: write np\.array"):
        nn.Linear(2, 1)([1.0, 2.0])


def test_refuses_float64_inputs_that_jax_would_narrow():
    with pytest.raises(nn.InputTypeError, match=r"got float64, which jax would silently narrow"):
        nn.Linear(2, 1)(np.ones(2))


def test_compiled_products_are_asked_for_in_full_precision_unless_a_setting_says_otherwise():
    layer, x = nn.Linear(2, 1), np.ones(2, np.float32)
    assert "HIGHEST" in str(jax.make_jaxpr(layer)(x))
    with jax.default_matmul_precision("tensorfloat32"):
        assert "HIGHEST" not in str(jax.make_jaxpr(layer)(x))


@pytest.mark.parametrize(("inputs", "outputs"), [(0, 2), (2, 0), (-1, 1)])
def test_refuses_sizes_below_one(inputs, outputs):
    with pytest.raises(InvalidValueError, match=r"both sizes must be at least 1"):
        nn.Linear(inputs, outputs)


@pytest.mark.parametrize(
    ("model", "x", "shape"),
    [
        (nn.LinearRegression(2), (5, 2), (5, 1)),
        (nn.LinearRegression(2, 3), (2,), (3,)),
        (nn.LogisticRegression(2), (5, 2), (5, 1)),
        (nn.SoftmaxRegression(6, 4), (5, 6), (5, 4)),
        (nn.SoftmaxRegression(6, 4), (5, 1, 2, 3), (5, 4)),
        (nn.SoftmaxRegression(6, 4), (6,), (4,)),
        (nn.SoftmaxRegression(6, 4), (0, 2, 3), (0, 4)),
    ],
)
def test_models_return_pytorchs_shapes(model, x, shape):
    assert model(np.ones(x, np.float32)).shape == shape
    assert list(model.state_dict()) == ["linear.weight", "linear.bias"]


def test_softmax_regression_flattens_each_sample_in_order():
    model = nn.SoftmaxRegression(6, 4)
    x = np.arange(12, dtype=np.float32).reshape(2, 1, 2, 3)
    np.testing.assert_array_equal(model(x), model.linear(x.reshape(2, 6)))
