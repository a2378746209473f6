"""The four steps as pure functions."""

import flax.nnx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from functorch_course import nn
from functorch_course.errors import InvalidValueError
from functorch_course.training import Functional, State, as_function, make_step, with_parameters
from tolerance import assert_close


def squared(outputs, targets):
    return ((outputs - targets) ** 2).mean()


@pytest.fixture
def line():
    """y = 2x + 1, where the slope and bias are still 1 and 0."""
    return Functional(lambda p, x: p["w"] * x + p["b"], {"w": jnp.array(1.0), "b": jnp.array(0.0)})


def test_a_step_is_forward_loss_gradient_update(line):
    x, y = jnp.array([0.0, 1.0, 2.0]), jnp.array([1.0, 3.0, 5.0])
    optimizer = optax.sgd(0.1)
    step = make_step(line, squared, optimizer)
    state, loss = step(State(line.parameters, optimizer.init(line.parameters)), x, y)
    # residuals -1, -2, -3: L = 14/3, dL/dw = 2 * mean(r x) = -16/3, dL/db = 2 * mean(r) = -4
    assert_close(loss, np.float32(14 / 3))
    assert_close(state.parameters["w"], np.float32(1 + 0.1 * 16 / 3))
    assert_close(state.parameters["b"], np.float32(0.4))


def test_a_step_leaves_its_input_as_it_was(line):
    optimizer = optax.adam(0.1)
    before = State(line.parameters, optimizer.init(line.parameters))
    kept = jax.tree.map(np.array, before)
    step = jax.jit(make_step(line, squared, optimizer))
    first = step(before, jnp.ones(3), jnp.zeros(3))
    second = step(before, jnp.ones(3), jnp.zeros(3))
    assert jax.tree.all(jax.tree.map(np.array_equal, before, kept))
    assert jax.tree.all(jax.tree.map(np.array_equal, first, second))


def test_a_flax_module_and_the_same_function_agree():
    model = nn.Linear(3, 2)
    function = Functional(
        lambda p, x: x @ p["weight"].T + p["bias"],
        {name: jnp.asarray(value) for name, value in model.state_dict().items()},
    )
    x, y = jnp.arange(12.0).reshape(4, 3), jnp.ones((4, 2))
    losses = []
    for thing in (model, function):
        parameters = as_function(thing).parameters
        optimizer = optax.sgd(0.01, momentum=0.9)
        state, step = (
            State(parameters, optimizer.init(parameters)),
            make_step(thing, squared, optimizer),
        )
        for _ in range(3):
            state, loss = step(state, x, y)
        losses.append(loss)
    assert_close(*losses)


def test_modules_of_one_structure_share_one_compilation():
    first, second = as_function(nn.Linear(3, 2)).apply, as_function(nn.Linear(3, 2)).apply
    other = as_function(nn.Linear(4, 2)).apply
    assert first == second
    assert hash(first) == hash(second)
    assert first != other


def test_new_parameters_make_a_new_model():
    model = nn.Linear(2, 1)
    before = model.state_dict()
    doubled = jax.tree.map(lambda p: 2 * p, as_function(model).parameters)
    copy = with_parameters(model, doubled)
    assert_close(copy.state_dict()["weight"], 2 * before["weight"])
    assert_close(model.state_dict()["weight"], before["weight"])


def test_a_model_that_writes_is_refused():
    with pytest.raises(InvalidValueError, match=r"not parameters \(mean, var\)"):
        as_function(flax.nnx.BatchNorm(2, rngs=flax.nnx.Rngs(0)))
