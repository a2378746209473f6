"""Optimizers by the names of parameters."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx

from functorch_course import nn, optim
from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator


def moved(optimizer, params):
    """Which parameters an update with gradients of 1 moves, and how far, by name."""
    gradients = jax.tree.map(jnp.ones_like, params)
    updates, _ = optimizer.update(gradients, optimizer.init(params), params)
    return updates


@pytest.mark.parametrize("as_state", [False, True])
def test_names_are_those_of_the_state_dict(as_state):
    model = nn.Sequential(nn.Linear(2, 3, generator=Generator(0)), nn.ReLU(), nn.Linear(3, 1))
    groups = {"0.weight": optim.SGD(lr=2.0), "*.bias": optim.SGD(lr=3.0)}
    optimizer = optim.parameter_groups(groups, optim.SGD(lr=1.0))
    updates = moved(optimizer, nnx.state(model) if as_state else model)
    names = {name: float(values.ravel()[0]) for name, values in state_of(updates).items()}
    assert names == {"0.weight": -2.0, "0.bias": -3.0, "2.weight": -1.0, "2.bias": -3.0}


def state_of(updates):
    """Names and arrays of a module or a Flax state."""
    if isinstance(updates, nnx.Module):
        return nn.state_dict(updates)
    flat = nnx.to_flat_state(updates)
    return {".".join(path): np.asarray(variable[...]) for path, variable in flat}


def test_the_first_pattern_that_matches_decides():
    groups = {"a.?": optim.SGD(lr=1.0), "a.*": optim.SGD(lr=2.0)}
    params = {"a": {"b": jnp.ones(()), "long": jnp.ones(())}, "c": jnp.ones(())}
    updates = moved(optim.parameter_groups(groups, optim.SGD(lr=3.0)), params)
    assert jax.tree.map(float, updates) == {"a": {"b": -1.0, "long": -2.0}, "c": -3.0}


def test_each_group_keeps_its_own_state_and_compiles():
    optimizer = optim.parameter_groups(
        {"a": optim.SGD(lr=1.0, momentum=0.9)}, optim.Adam(lr=0.1, weight_decay=0.1)
    )
    params = {"a": jnp.ones(2), "b": jnp.ones(3)}
    update = jax.jit(optimizer.update)
    state = optimizer.init(params)
    for _ in range(2):
        updates, state = update(params, state, params)
    np.testing.assert_allclose(updates["a"], [-1.9, -1.9], rtol=1e-6)
    np.testing.assert_allclose(updates["b"], [-0.1] * 3, rtol=1e-3)


def test_frozen_parameters_stay_exactly_as_they_are():
    params = {"body": {"weight": jnp.array(0.1)}, "head": {"weight": jnp.array(0.1)}}
    optimizer = optim.freeze(optim.AdamW(lr=0.1), "body.*")
    new = optax.apply_updates(params, moved(optimizer, params))
    assert new["body"]["weight"] == params["body"]["weight"]
    assert new["head"]["weight"] < params["head"]["weight"]


def test_a_pattern_that_matches_nothing_is_named_with_what_there_is():
    optimizer = optim.freeze(optim.SGD(), "boddy.*")
    params = {"body": {"bias": 0.0, "weight": 0.0}}
    with pytest.raises(
        InvalidValueError, match=r"'boddy\.\*' is no .*are body\.bias, body\.weight"
    ):
        optimizer.init(params)
