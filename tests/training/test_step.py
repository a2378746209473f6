"""The four steps as pure functions."""

import flax.nnx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from functorch_course import nn
from functorch_course.errors import TeachingError
from functorch_course.training import Functional, as_program, make_step, start, with_arrays
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
    state, loss = step(start(line, optimizer), x, y)
    # residuals -1, -2, -3: L = 14/3, dL/dw = 2 * mean(r x) = -16/3, dL/db = 2 * mean(r) = -4
    assert_close(loss, np.float32(14 / 3))
    assert_close(state.parameters["w"], np.float32(1 + 0.1 * 16 / 3))
    assert_close(state.parameters["b"], np.float32(0.4))


def test_a_step_leaves_its_input_as_it_was(line):
    optimizer = optax.adam(0.1)
    before = start(line, optimizer)
    kept = jax.tree.map(np.array, before)
    step = jax.jit(make_step(line, squared, optimizer))
    first = step(before, jnp.ones(3), jnp.zeros(3))
    second = step(before, jnp.ones(3), jnp.zeros(3))
    assert jax.tree.all(jax.tree.map(np.array_equal, before, kept))
    assert jax.tree.all(jax.tree.map(np.array_equal, first, second))


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(
    ("loss", "text"),
    [
        (lambda outputs, targets: squared(outputs, targets).item(), "item|number was taken out"),
        (lambda outputs, targets: float(squared(outputs, targets)), "a Python number was taken"),
        (lambda outputs, targets: np.exp(outputs).sum(), "handed to NumPy"),
        (lambda outputs, targets: outputs.sum().backward(), r"\.backward: an array here"),
    ],
)
def test_what_a_loss_may_not_do_is_explained(line, loss, text, compiled):
    optimizer = optax.sgd(0.1)
    step = make_step(line, loss, optimizer)
    with pytest.raises(TeachingError, match=text):
        (jax.jit(step) if compiled else step)(start(line, optimizer), jnp.ones(3), jnp.ones(3))


def test_a_flax_module_and_the_same_function_agree():
    model = nn.Linear(3, 2)
    function = Functional(
        lambda p, x: x @ p["weight"].T + p["bias"],
        {name: jnp.asarray(value) for name, value in model.state_dict().items()},
    )
    x, y = jnp.arange(12.0).reshape(4, 3), jnp.ones((4, 2))
    losses = []
    for thing in (model, function):
        optimizer = optax.sgd(0.01, momentum=0.9)
        state, step = start(thing, optimizer), make_step(thing, squared, optimizer)
        for _ in range(3):
            state, loss = step(state, x, y)
        losses.append(loss)
    assert_close(*losses)


def test_modules_of_one_structure_share_one_compilation():
    applies = [as_program(nn.Linear(n, 2), training=True).apply for n in (3, 3, 4)]
    assert applies[0] == applies[1] != applies[2]
    assert hash(applies[0]) == hash(applies[1])


def test_new_arrays_make_a_new_model():
    model = nn.Linear(2, 1)
    before = model.state_dict()
    _, parameters, buffers = as_program(model, training=True)
    copy = with_arrays(model, jax.tree.map(lambda p: 2 * p, parameters), buffers)
    assert_close(copy.state_dict()["weight"], 2 * before["weight"])
    assert_close(model.state_dict()["weight"], before["weight"])


def test_running_statistics_are_carried_from_step_to_step():
    model = flax.nnx.BatchNorm(2, momentum=0.5, rngs=flax.nnx.Rngs(0))
    x = jnp.array([[1.0, 2.0], [3.0, 6.0]])
    optimizer = optax.sgd(0.0)
    step = jax.jit(make_step(model, squared, optimizer))
    state = start(model, optimizer)
    for expected in ([1.0, 2.0], [1.5, 3.0]):
        state, _ = step(state, x, x)
        assert_close(state.buffers["mean"][...], np.float32(expected))
    assert_close(model.mean[...], np.zeros(2, np.float32))


def test_dropout_drops_in_training_only_and_differently_each_step():
    model = flax.nnx.Dropout(0.5, rngs=flax.nnx.Rngs(0))
    x = jnp.ones((1, 64))
    apply, parameters, buffers = as_program(model, training=True)
    first, buffers = apply(parameters, buffers, x)
    second, _ = apply(parameters, buffers, x)
    assert 0 < (first == 0).sum() < 64
    assert not np.array_equal(first, second)
    apply, *arrays = as_program(model, training=False)
    assert np.array_equal(apply(*arrays, x)[0], x)
