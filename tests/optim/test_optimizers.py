"""One contract for all optimizers, and PyTorch's numbers for each."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from functorch_course import optim
from functorch_course.errors import InvalidValueError
from tolerance import assert_close

OPTIMIZERS = {
    "SGD": optim.SGD(lr=0.1),
    "SGD with momentum": optim.SGD(lr=0.05, momentum=0.9, dampening=0.1),
    "Adam": optim.Adam(lr=0.1, weight_decay=1e-4),
    "Adam with the greatest": optim.Adam(lr=0.1, amsgrad=True),
    "AdamW": optim.AdamW(lr=0.1, weight_decay=1e-4),
    "Adagrad": optim.Adagrad(lr=0.5, lr_decay=1e-3),
    "RMSprop": optim.RMSprop(lr=optim.ExponentialLR(0.02, 0.99, steps_per_epoch=1)),
    "RMSprop with all": optim.RMSprop(lr=1e-3, momentum=0.9, centered=True, eps=0.1),
    "Adadelta": optim.Adadelta(lr=optim.ExponentialLR(20.0, 0.99, steps_per_epoch=1), eps=1e-3),
    "groups": optim.parameter_groups({"a": optim.Adam(lr=0.1)}, optim.SGD(lr=0.1)),
    "plateau": optax.chain(
        optim.SGD(lr=0.1), optim.ReduceLROnPlateau(0.1, patience=400, steps_per_epoch=1)
    ),
    "LBFGS": optim.LBFGS(line_search_fn="strong_wolfe"),
    "LBFGS without search": optim.LBFGS(lr=0.5, max_iter=2),
}


def loss(params):
    """A quadratic whose lowest point is at 1 and -2."""
    return ((params["a"] - 1) ** 2).sum() + 2 * ((params["b"][0] + 2) ** 2).sum()


def start(dtype=jnp.float32):
    return {"a": jnp.zeros(2, dtype), "b": (jnp.zeros((1, 3), dtype),)}


def step(optimizer, params, state):
    value, gradients = jax.value_and_grad(loss)(params)
    extra = optax.with_extra_args_support(optimizer)
    updates, state = extra.update(gradients, state, params, value=value, value_fn=loss)
    return optax.apply_updates(params, updates), state


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_finds_the_lowest_point_in_one_compilation(name):
    optimizer, traces = OPTIMIZERS[name], []

    @jax.jit
    def many(params, state):
        traces.append(1)
        body = lambda _, carry: step(optimizer, *carry)  # noqa: E731
        return jax.lax.fori_loop(0, 250, body, (params, state))

    params = start()
    state = optimizer.init(params)
    for _ in range(2):
        params, state = many(params, state)
    assert len(traces) == 1
    np.testing.assert_allclose(params["a"], np.ones(2), atol=0.02)
    np.testing.assert_allclose(params["b"][0], np.full((1, 3), -2.0), atol=0.02)


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if "LBFGS" not in name])
@pytest.mark.parametrize("dtype", [jnp.float32, jnp.bfloat16])
def test_keeps_dtypes_and_structure(name, dtype):
    optimizer, params = OPTIMIZERS[name], start(dtype)
    state = optimizer.init(params)
    new_params, new_state = jax.eval_shape(lambda p, s: step(optimizer, p, s), params, state)
    for old, new in [(params, new_params), (state, new_state)]:
        assert jax.tree.structure(old) == jax.tree.structure(new)
        assert [leaf.dtype for leaf in jax.tree.leaves(old)] == [
            leaf.dtype for leaf in jax.tree.leaves(new)
        ]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_no_two_leaves_of_a_state_share_memory_so_that_it_can_be_donated(name):
    leaves = jax.tree.leaves(OPTIMIZERS[name].init(start()))
    pointers = [leaf.unsafe_buffer_pointer() for leaf in leaves if leaf.size]
    assert len(pointers) == len(set(pointers))


GRADIENTS = ([0.5, 1.0], [-1.0, 0.25], [0.125, 2.0])
GOLDEN = {  # torch.optim.<name> from [1, -2], with the gradients above
    "Adam": (
        {"lr": 0.1, "weight_decay": 0.1, "amsgrad": True},
        [[0.900000002, -2.099999999], [0.925263519, -2.170640036], [0.931904349, -2.251279378]],
    ),
    "AdamW": (
        {"lr": 0.1, "weight_decay": 0.2},
        [[0.880000002, -2.059999999], [0.899010354, -2.101859751], [0.902052476, -2.146008962]],
    ),
    "Adagrad": (
        {"lr": 0.1, "lr_decay": 0.5, "initial_accumulator_value": 0.1},
        [[0.915484575, -2.095346259], [0.972862106, -2.110804222], [0.967513824, -2.154816107]],
    ),
    "RMSprop": (
        {"lr": 0.01, "momentum": 0.9, "centered": True, "eps": 0.01},
        [[0.916317112, -2.091325249], [0.923254698, -2.195871477], [0.919233237, -2.376091412]],
    ),
    "Adadelta": (
        {"weight_decay": 0.1},
        [[0.996837766, -2.003162253], [1.000617747, -2.003454388], [0.999363469, -2.007509277]],
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_takes_pytorchs_steps(name):
    options, desired = GOLDEN[name]
    optimizer = getattr(optim, name)(**options)
    params, path = jnp.array([1.0, -2.0]), []
    state = optimizer.init(params)
    for gradient in GRADIENTS:
        updates, state = optimizer.update(jnp.array(gradient), state, params)
        params = optax.apply_updates(params, updates)
        path.append(params)
    assert_close(np.stack(path), np.float32(desired))


@pytest.mark.parametrize("name", GOLDEN)
def test_maximizing_is_minimizing_the_negative(name):
    up, down = getattr(optim, name)(maximize=True), getattr(optim, name)()
    params, gradient = jnp.array([1.0, -2.0]), jnp.array([0.5, 1.0])
    risen, _ = up.update(gradient, up.init(params), params)
    fallen, _ = down.update(-gradient, down.init(params), params)
    np.testing.assert_array_equal(risen, fallen)


def test_the_first_step_of_adam_is_the_rate_to_the_last_digit():
    optimizer = optim.Adam(lr=1.0, betas=(0.9, 0.9999))
    updates, _ = optimizer.update(jnp.ones(1), optimizer.init(jnp.ones(1)))
    np.testing.assert_allclose(updates, [-1.0], rtol=3e-7)


@pytest.mark.parametrize(
    ("optimizer", "options", "message"),
    [
        ("Adam", {"lr": -1.0}, r"lr=-1\.0 must not be negative"),
        ("Adam", {"betas": (1.0, 0.9)}, r"beta1=1\.0 must lie in \[0, 1\)"),
        ("AdamW", {"betas": (0.9, -0.1)}, r"beta2=-0\.1 must lie in \[0, 1\)"),
        ("AdamW", {"eps": float("nan")}, r"eps=nan must not be negative"),
        ("Adagrad", {"lr_decay": -1.0}, r"lr_decay=-1\.0 must not be negative"),
        ("Adagrad", {"initial_accumulator_value": -1.0}, r"initial_accumulator_value=-1\.0 must"),
        ("RMSprop", {"alpha": -1.0}, r"alpha=-1\.0 must not be negative"),
        ("Adadelta", {"rho": -1.0}, r"rho=-1\.0 must not be negative"),
        ("LBFGS", {"max_iter": 0}, r"max_iter=0 must be at least 1"),
        ("LBFGS", {"line_search_fn": "wolfe"}, r"line_search_fn='wolfe' is unknown"),
    ],
)
def test_refuses_numbers_out_of_range(optimizer, options, message):
    with pytest.raises(InvalidValueError, match=message):
        getattr(optim, optimizer)(**options)
