"""Accumulating, detaching, freezing, tapping, measuring, and derivatives of one's own."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from functorch_course import autograd as ag
from functorch_course import nn
from functorch_course.autograd import Accumulator, GradientError, tap, tapped_gradients
from functorch_course.errors import InvalidValueError

PARAMETERS = {"linear": {"weight": jnp.ones((2, 3)), "bias": jnp.ones(2)}, "scale": jnp.ones(())}


def test_the_accumulator_shows_4_8_12():
    accumulator, seen = Accumulator(), []
    for _ in range(3):
        accumulator = accumulator.add(ag.grad(lambda x: x**2)(2.0))
        seen.append(float(accumulator.total))
    assert seen == [4, 8, 12]
    assert accumulator.count == 3
    assert accumulator.mean() == 4


def test_an_accumulator_goes_through_jit():
    start = Accumulator({"w": jnp.zeros(2)})
    after = jax.jit(lambda accumulator: accumulator.add({"w": jnp.ones(2)}))(start)
    assert after.total["w"].tolist() == [1, 1]
    assert start.total["w"].tolist() == [0, 0]


def test_only_alike_gradients_are_added():
    with pytest.raises(InvalidValueError, match="accumulate gradients of the same parameters"):
        ag.accumulate({"w": 1.0}, {"b": 1.0})


def test_detach_cuts():
    assert ag.grad(lambda x: ag.detach(x**2) + x)(3.0) == 1
    assert ag.grad(lambda x: ag.detach({"a": x})["a"] * x)(3.0) == 3


def loss(parameters):
    return sum(jnp.sum(leaf**2) for leaf in jax.tree.leaves(parameters))


def test_frozen_parameters_have_no_gradient():
    gradient = ag.grad(lambda p: loss(ag.freeze(p, "linear.weight", "scale")))(PARAMETERS)
    assert ag.gradient_norms(gradient)["linear.weight"] == 0
    assert ag.gradient_norms(gradient)["scale"] == 0
    assert gradient["linear"]["bias"].tolist() == [2, 2]
    assert (
        ag.grad(lambda p: loss(ag.freeze(p, "linear")))(PARAMETERS)["linear"]["bias"] == 0
    ).all()


def test_parameters_of_a_module_are_named_as_in_its_state_dict():
    model = nn.SoftmaxRegression(4, 3)
    gradient = ag.grad(lambda model: loss(ag.freeze(model, "linear.weight")))(model)
    norms = ag.gradient_norms(gradient)
    assert norms.keys() == nn.state_dict(model).keys()
    assert norms["linear.weight"] == 0 < norms["linear.bias"]


def test_a_frozen_parameter_stays_even_with_momentum_and_decay():
    trainable, frozen = ag.split(PARAMETERS, "linear.weight")
    optimizer = optax.chain(optax.add_decayed_weights(0.1), optax.sgd(0.1, momentum=0.9))
    state = optimizer.init(trainable)
    for _ in range(3):
        gradient = ag.grad(lambda t: loss(ag.merge(t, frozen)))(trainable)
        updates, state = optimizer.update(gradient, state, trainable)
        trainable = optax.apply_updates(trainable, updates)
    after = ag.merge(trainable, frozen)
    assert (after["linear"]["weight"] == 1).all()
    assert (after["linear"]["bias"] < 1).all()


def test_a_name_that_fits_nothing():
    with pytest.raises(InvalidValueError, match=r"called 'lin': write one of 'linear.bias', 'l"):
        ag.freeze(PARAMETERS, "lin")


def test_gradients_of_tapped_values():
    def f(x):
        y = tap(jnp.exp(x), "y")
        return (tap(y * y, "z") + y).sum()

    x = jnp.array([0.0, 1.0])
    gradients = tapped_gradients(f)(x)
    np.testing.assert_allclose(gradients["y"], 2 * np.exp(x) + 1, rtol=1e-6)
    assert gradients["z"].tolist() == [1, 1]
    weighted = tapped_gradients(lambda x: tap(x, "x") ** 2, gradient=jnp.array([1.0, 10.0]))(x)
    assert weighted["x"].tolist() == [0, 20]


def test_a_tap_under_jit_and_beside_a_custom_rule():
    inner = jax.jit(lambda x: tap(jax.nn.relu(x), "hidden"))
    gradients = tapped_gradients(lambda x: inner(x).sum() * 3)(jnp.array([-1.0, 2.0]))
    assert gradients["hidden"].tolist() == [3, 3]
    assert jax.grad(lambda x: tap(x, "x") ** 2)(3.0) == 6


@pytest.mark.parametrize(
    ("function", "error", "text"),
    [
        (lambda x: x**2, GradientError, "nothing is tapped"),
        (lambda x: tap(x, "a") * tap(x, "a"), InvalidValueError, "'a' is tapped 2 times"),
        (
            lambda x: jax.lax.fori_loop(0, 2, lambda _, y: tap(y * x, "step"), 1.0),
            GradientError,
            "tap 'step' stands inside a loop or branch",
        ),
    ],
)
def test_taps_that_cannot_be_read(function, error, text):
    with pytest.raises(error, match=text):
        tapped_gradients(function)(2.0)


cube = ag.custom_function(lambda x: (x**3, x), lambda x, gradient: 3 * x**2 * gradient)


def test_a_custom_function():
    assert cube(2.0) == 8
    assert jax.grad(cube)(2.0) == 12
    assert jax.jit(jax.vmap(jax.grad(cube)))(jnp.array([1.0, 2.0])).tolist() == [3, 12]


def test_a_custom_function_of_several_inputs():
    product = ag.custom_function(lambda x, y: (x * y, (x, y)), lambda kept, g: (kept[1] * g, None))
    assert ag.backward(product, 2.0, 3.0) == (3, 0)


@pytest.mark.parametrize(
    ("backward", "text"),
    [
        (lambda _, g: (g, g), "backward returned 2 gradients for 1 inputs"),
        (lambda _, g: g.sum(), r"of shape \(\) for input 0 of shape \(2,\)"),
    ],
)
def test_a_custom_function_that_returns_the_wrong_thing(backward, text):
    wrong = ag.custom_function(lambda x: (x * 2, ()), backward)
    with pytest.raises(GradientError, match=text):
        ag.backward(wrong, jnp.ones(2), gradient=jnp.ones(2))


def test_gradcheck_agrees_with_true_derivatives():
    x = jnp.array([[0.5, 1.5], [2.5, -1.0]])
    assert ag.gradcheck(lambda x: (jnp.sin(x) @ x, jnp.exp(x).sum()), [x])
    assert ag.gradcheck(lambda x, y: x * y, [x, jnp.array(2.0)])
    assert ag.gradcheck(cube, [x])
    assert ag.gradgradcheck(lambda x, y: x**3 * y, [x, x])
    assert not jax.config.jax_enable_x64


def test_gradcheck_names_the_element():
    wrong = ag.custom_function(
        lambda x: (x**2, x), lambda x, g: 2 * x * g * jnp.array([1.0, 1.0, 1.5])
    )

    def function(weights):
        return wrong(weights)

    with pytest.raises(
        ag.GradcheckError,
        match=r"element 2 of output 0, with respect to element \(2,\) of input 'weights': the "
        r"derivative gives 9, finite differences 6 \(1 of 9 elements differ\)",
    ):
        ag.gradcheck(function, [jnp.array([1.0, 2.0, 3.0])])
    assert not ag.gradcheck(function, [jnp.ones(3)], raise_exception=False)


def test_gradgradcheck_fails_where_the_second_derivative_is_wrong():
    @jax.custom_jvp
    def linear_rule(x):
        return x**2

    linear_rule.defjvps(lambda t, _, x: 2 * jax.lax.stop_gradient(x) * t)
    assert ag.gradcheck(linear_rule, [jnp.array([1.5])])
    assert not ag.gradgradcheck(linear_rule, [jnp.array([1.5])], raise_exception=False)


def test_gradcheck_needs_floats():
    with pytest.raises(GradientError, match="holds int32"):
        ag.gradcheck(lambda x: x, [jnp.arange(3)])


def test_gradcheck_sees_a_nan():
    with np.errstate(all="ignore"):
        assert not ag.gradcheck(jnp.linalg.norm, [jnp.zeros(2)], raise_exception=False)


def test_gradient_norms_and_their_report():
    gradients = {
        "first": jnp.array([3e-9, 4e-9]),
        "last": jnp.array([3.0, 4.0]),
        "loud": jnp.array([2e4]),
        "off": jnp.zeros(2),
        "bad": jnp.array([jnp.nan]),
    }
    assert ag.gradient_norms(gradients)["last"] == 5
    lines = dict(line.split(maxsplit=1) for line in ag.gradient_report(gradients).splitlines())
    assert lines["first"].endswith("vanishing")
    assert lines["last"].endswith("█")
    assert lines["loud"].endswith("exploding")
    assert lines["off"].endswith("zero: unused or frozen")
    assert lines["bad"].endswith("NaN: see nan_report")


def test_ten_sigmoids_vanish():
    def chain(weights):
        x = 1.0
        for weight in weights:
            x = jax.nn.sigmoid(weight * x)
        return x

    norms = ag.gradient_norms(ag.grad(chain)([1.0] * 10))
    assert norms["0"] < 1e-6 < norms["9"]
