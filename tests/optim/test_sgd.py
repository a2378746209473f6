"""SGD against PyTorch's numbers."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from functorch_course import optim
from functorch_course.errors import InvalidValueError
from tolerance import assert_close

GRADIENTS = ([0.5, 1.0], [-1.0, 0.25], [0.125, 2.0])


def run(optimizer, start=(1.0, -2.0)):
    """Return the parameters after each of three updates."""
    params, path = jnp.array(start), []
    state = optimizer.init(params)
    for gradient in GRADIENTS:
        updates, state = optimizer.update(jnp.array(gradient), state, params)
        params = optax.apply_updates(params, updates)
        path.append(params)
    return np.stack(path)


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({}, [[0.95, -2.1], [1.05, -2.125], [1.0375, -2.325]]),
        ({"momentum": 0.9}, [[0.95, -2.1], [1.005, -2.215], [1.042, -2.5185]]),
        (
            {"momentum": 0.9, "dampening": 0.5, "weight_decay": 0.1},
            [[0.94, -2.08], [0.9313, -2.1541], [0.9125635, -2.31001949]],
        ),
        (
            {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
            [[0.886, -2.152], [1.010566, -2.22341204], [0.99769867, -2.62230611]],
        ),
        (
            {"momentum": 0.9, "maximize": True, "weight_decay": 0.1},
            [[1.04, -1.88], [0.9656, -1.7282], [0.90148395, -1.37429798]],
        ),
    ],
)
def test_takes_pytorchs_steps(options, path):
    assert_close(run(optim.SGD(lr=0.1, **options)), np.float32(path))


def test_the_first_momentum_is_the_gradient_itself_whatever_the_dampening():
    damped = run(optim.SGD(lr=0.1, momentum=0.9, dampening=0.9))
    plain = run(optim.SGD(lr=0.1))
    assert_close(damped[0], plain[0])
    assert not np.allclose(damped[1], plain[1])


def test_the_rate_may_be_a_function_of_the_count_of_updates():
    path = run(optim.SGD(lr=lambda count: jnp.where(count < 1, 0.1, 0.0)))
    assert_close(path, np.float32([[0.95, -2.1]] * 3))


def test_works_on_any_tree_and_compiles_once():
    optimizer = optim.SGD(lr=0.1, momentum=0.9, dampening=0.1)
    traces = []

    @jax.jit
    def step(params, state):
        traces.append(1)
        updates, state = optimizer.update(params, state, params)
        return optax.apply_updates(params, updates), state

    params = {"a": jnp.ones(2), "b": (jnp.ones((1, 3), jnp.bfloat16),)}
    state = optimizer.init(params)
    for _ in range(3):
        params, state = step(params, state)
    assert len(traces) == 1
    assert params["b"][0].dtype == jnp.bfloat16


@pytest.mark.parametrize("options", [{"lr": -1.0}, {"momentum": -0.5}, {"weight_decay": -1e-9}])
def test_refuses_negative_numbers(options):
    (name, value), *_ = options.items()
    with pytest.raises(InvalidValueError, match=rf"{name}={value} must not be negative"):
        optim.SGD(**options)


@pytest.mark.parametrize("options", [{}, {"momentum": 0.9, "dampening": 0.1}])
def test_refuses_nesterov_without_plain_momentum(options):
    with pytest.raises(InvalidValueError, match=r"Nesterov's momentum needs momentum > 0"):
        optim.SGD(nesterov=True, **options)
