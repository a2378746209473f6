"""Modules made of modules, and the small ones that stand in them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from functorch_course import nn
from functorch_course.errors import InvalidValueError, TeachingError
from functorch_course.random import Generator

GOLDEN = [
    2.0,
    2.0,
    2.0,
    2.0,
    0.0,
    2.0,
    2.0,
    0.0,
]  # torch.manual_seed(1); torch.nn.Dropout(0.5)(torch.ones(8))


def test_sequential_applies_its_layers_in_order_even_when_rebuilt():
    model = nn.Sequential(*[nn.Linear(2, 2) for _ in range(12)])
    x = np.ones((1, 2), np.float32)
    desired = x
    for layer in model:
        desired = layer(desired)
    rebuilt = nnx.merge(*nnx.split(model))
    np.testing.assert_array_equal(model(x), desired)
    np.testing.assert_array_equal(rebuilt(x), desired)
    assert list(rebuilt.state_dict()) == list(model.state_dict())
    assert list(model.state_dict())[-2:] == ["11.weight", "11.bias"]


def test_sequential_is_a_sequence():
    relu, linear = nn.ReLU(), nn.Linear(2, 2)
    model = nn.Sequential(linear, relu)
    assert len(model) == 2
    assert model[0] is linear
    assert model[-1] is relu
    assert list(model) == [linear, relu]
    with pytest.raises(IndexError, match="out of range"):
        model[2]


def test_an_empty_sequential_changes_nothing():
    np.testing.assert_array_equal(nn.Sequential()(np.ones(2)), np.ones(2))


def test_sequential_refuses_functions():
    with pytest.raises(nn.InputTypeError, match=r"layer 1 of Sequential is .*not a module"):
        nn.Sequential(nn.Linear(2, 2), nn.relu)


def test_sequential_takes_any_flax_module():
    model = nn.Sequential(nnx.Linear(2, 3, rngs=nnx.Rngs(0)), nn.ReLU())
    assert model(np.ones((1, 2), np.float32)).shape == (1, 3)


def test_without_nonlinearities_two_layers_are_one():
    first, second = nn.Linear(3, 4), nn.Linear(4, 2)
    x = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    weight = second.weight @ first.weight[...]
    bias = second.weight @ first.bias[...] + second.bias[...]
    np.testing.assert_allclose(nn.Sequential(first, second)(x), x @ weight.T + bias, atol=1e-6)
    bent = nn.Sequential(first, nn.ReLU(), second)(x)
    assert not np.allclose(bent, x @ weight.T + bias, atol=1e-3)


def test_mlp_has_its_layers_and_takes_images_and_single_samples():
    model = nn.MLP(6, [5, 4], 2, activation=nn.Tanh)
    assert [type(layer).__name__ for layer in model] == [
        "Linear",
        "Tanh",
        "Linear",
        "Tanh",
        "Linear",
    ]
    assert model(np.ones((3, 1, 2, 3), np.float32)).shape == (3, 2)
    assert model(np.ones(6, np.float32)).shape == (2,)
    assert nn.MLP(6, [], 2)(np.ones((3, 6), np.float32)).shape == (3, 2)


def test_mlp_with_dropout_compiles_and_evaluates_without_it():
    model = nn.MLP(6, [50], 2, dropout=0.5, rngs=nnx.Rngs(0))
    x = np.ones((3, 6), np.float32)
    compiled = nnx.jit(lambda m, x: m(x))
    assert not np.allclose(compiled(model, x), compiled(model, x))
    model.eval()
    np.testing.assert_array_equal(compiled(model, x), compiled(model, x))


@pytest.mark.parametrize(
    ("arguments", "shape"),
    [((), (2, 60)), ((0,), (120,)), ((1, 2), (2, 12, 5)), ((-2,), (2, 3, 20))],
)
def test_flatten_joins_axes_in_order(arguments, shape):
    x = np.arange(120, dtype=np.float32).reshape(2, 3, 4, 5)
    np.testing.assert_array_equal(nn.Flatten(*arguments)(x), x.reshape(shape))
    assert nn.flatten(jnp.zeros((0, 3, 4))).shape == (0, 12)


@pytest.mark.parametrize("arguments", [(4,), (2, 1), (0, 4), (-5,)])
def test_flatten_refuses_axes_that_are_not_there(arguments):
    with pytest.raises(InvalidValueError, match=r"of shape \(2, 3, 4, 5\): there are 4 axes"):
        nn.flatten(np.zeros((2, 3, 4, 5)), *arguments)


def test_dropout_keeps_the_mean_and_the_share():
    x = np.ones(20_000, np.float32)
    y = np.asarray(nn.Dropout(0.3, rngs=nnx.Rngs(0))(x))
    assert set(np.unique(y)) == {np.float32(0), np.float32(1) / np.float32(0.7)}
    assert abs((y == 0).mean() - 0.3) < 0.02


def test_dropout_layers_of_one_rngs_have_masks_of_their_own_and_new_ones_each_time():
    rngs = nnx.Rngs(0)
    first, second = nn.Dropout(0.5, rngs=rngs), nn.Dropout(0.5, rngs=rngs)
    x = np.ones(64, np.float32)
    masks = [np.asarray(layer(x)) for layer in (first, second, first)]
    assert not any(np.array_equal(a, b) for a, b in [masks[:2], masks[1:], masks[::2]])


def test_dropout_is_pytorchs_mask():
    layer = nn.Dropout(0.5, generator=Generator(1))
    np.testing.assert_array_equal(layer(np.ones(8, np.float32)), GOLDEN)


def test_dropout_without_a_source_is_refused_only_where_it_would_freeze():
    layer, x = nn.Dropout(0.5), jnp.ones(8)
    jax.grad(lambda x: layer(x).sum())(x)
    message = r"(?s)one mask would be drawn and used for ever.*nn\.Dropout\(0\.5, rngs="
    with pytest.raises(TeachingError, match=message):
        jax.jit(layer)(x)
    layer.eval()
    np.testing.assert_array_equal(jax.jit(lambda x: layer(x))(x), x)


@pytest.mark.parametrize("p", [-0.1, 1.5, float("nan")])
def test_dropout_refuses_what_is_no_probability(p):
    with pytest.raises(InvalidValueError, match=r"p must lie in \[0, 1\]"):
        nn.Dropout(p)


def test_dropout_takes_one_source():
    with pytest.raises(InvalidValueError, match=r"not both"):
        nn.Dropout(0.5, rngs=nnx.Rngs(0), generator=Generator(0))
