"""L-BFGS: what it finds, when it stops, and what it needs."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from functorch_course import optim
from functorch_course.errors import TeachingError
from functorch_course.optim.line_search import Point, strong_wolfe

# torch.optim.LBFGS from (-1.2, 1): three updates of four iterations with a memory of two
GOLDEN = [-0.5125309076136719, 0.21876859574661656]
ITERATIONS = 10


def rosenbrock(params):
    x, y = params["x"], params["y"]
    return 100 * (y - x**2) ** 2 + (1 - x) ** 2


def run(optimizer, loss, params, updates):
    @jax.jit
    def step(params, state):
        value, gradients = jax.value_and_grad(loss)(params)
        moves, state = optimizer.update(gradients, state, params, value=value, value_fn=loss)
        return optax.apply_updates(params, moves), state

    state = optimizer.init(params)
    for _ in range(updates):
        params, state = step(params, state)
    return params, state


def test_finds_the_end_of_the_curved_valley():
    optimizer = optim.LBFGS(line_search_fn="strong_wolfe", max_iter=60)
    start = {"x": jnp.array(-1.2), "y": jnp.array(1.0)}
    params, state = run(optimizer, rosenbrock, start, 1)
    np.testing.assert_allclose([params["x"], params["y"]], [1.0, 1.0], atol=1e-3)
    assert 20 < state.iterations < 60


def test_takes_pytorchs_steps_in_float64():
    with jax.enable_x64(True):
        optimizer = optim.LBFGS(line_search_fn="strong_wolfe", max_iter=4, history_size=2)
        start = {"x": jnp.array(-1.2), "y": jnp.array(1.0)}
        params, state = run(optimizer, rosenbrock, start, 3)
        np.testing.assert_allclose([params["x"], params["y"]], GOLDEN, rtol=1e-10)
        assert state.iterations == ITERATIONS


def test_least_squares_reaches_the_normal_equations():
    rng = np.random.default_rng(0)
    matrix, targets = rng.normal(size=(40, 6)), rng.normal(size=40)
    desired = np.linalg.lstsq(matrix, targets)[0]
    with jax.enable_x64(True):
        loss = lambda w: ((matrix @ w - targets) ** 2).mean()  # noqa: E731
        params, _ = run(optim.LBFGS(max_iter=50, tolerance_change=1e-17), loss, jnp.zeros(6), 1)
        np.testing.assert_allclose(params, desired, atol=1e-7)


def test_at_the_optimum_nothing_moves():
    params, state = run(optim.LBFGS(), lambda w: (w**2).sum(), jnp.zeros(3), 2)
    np.testing.assert_array_equal(params, np.zeros(3))
    assert state.iterations == 0
    assert state.updates == 2


def test_the_rate_may_be_a_schedule_of_updates():
    schedule = optim.StepLR(0.5, 1, 0.5, steps_per_epoch=1)
    optimizer = optim.LBFGS(lr=schedule, max_iter=1)
    params, _ = run(optimizer, lambda w: (w**2).sum() / 2, jnp.array([0.25]), 1)
    np.testing.assert_allclose(params, [0.125])
    params, _ = run(optimizer, lambda w: (w**2).sum() / 2, jnp.array([0.25]), 2)
    np.testing.assert_allclose(params, [0.125 * 0.75])


def test_without_the_loss_as_a_function_it_teaches():
    optimizer = optim.LBFGS()
    state = optimizer.init(jnp.ones(2))
    with pytest.raises(TeachingError, match=r"(?s)closure.*value=value, value_fn=loss"):
        optimizer.update(jnp.ones(2), state, jnp.ones(2))


LINES = {
    "parabola": lambda t: (t - 1) ** 2,
    "far away": lambda t: (t - 300.0) ** 2 * 1e-3,
    "steep wall": lambda t: -t + jnp.exp(8 * (t - 1)),
    "waves": lambda t: -t - 0.3 * jnp.sin(9 * t) + 0.1 * t**2,
}


@pytest.mark.parametrize("name", LINES)
def test_the_point_found_satisfies_the_wolfe_conditions(name):
    line = jax.value_and_grad(LINES[name])

    def search(first):
        evaluate = lambda t: Point(t, *line(t), jnp.zeros(1))  # noqa: E731
        start = evaluate(jnp.zeros(()))
        return start, *strong_wolfe(evaluate, start, first, jnp.array(1e-9), 25)

    with jax.enable_x64(True):
        found = jax.jit(jax.vmap(search))(jnp.array([1e-3, 1.0, 50.0]))
    start, point, tries = jax.tree.map(np.asarray, found)
    assert (point.value <= start.value + 1e-4 * point.step * start.slope).all()
    assert (np.abs(point.slope) <= 0.9 * np.abs(start.slope)).all()
    assert (tries <= 26).all()


def test_the_line_search_ends_when_its_tries_are_used_up():
    evaluate = lambda t: Point(t, -t, -jnp.ones_like(t), jnp.zeros(1))  # noqa: E731
    start = evaluate(jnp.zeros(()))
    point, tries = strong_wolfe(evaluate, start, jnp.array(1.0), jnp.array(1e-9), 3)
    assert tries == 4
    assert point.step > 1
