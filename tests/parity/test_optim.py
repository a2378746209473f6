"""functorch_course.optim beside torch.optim: a hundred updates on the same random problem."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import torch

from functorch_course import optim
from tolerance import RELATIVE

STEPS = 100
OPTIMIZERS = {
    "SGD": {"lr": 0.05},
    "SGD with momentum": {"lr": 0.02, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.1},
    "SGD after Nesterov": {"lr": 0.02, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
    "SGD upwards": {"lr": 1e-3, "momentum": 0.5, "maximize": True, "weight_decay": 0.1},
    "Adam": {"lr": 0.05},
    "Adam with all": {"lr": 0.05, "betas": (0.8, 0.99), "weight_decay": 0.1, "amsgrad": True},
    "Adam without memory": {"lr": 0.01, "betas": (0.0, 0.9), "maximize": True},
    "AdamW": {"lr": 0.05},
    "AdamW with all": {"lr": 0.05, "weight_decay": 0.3, "amsgrad": True, "maximize": True},
    "Adagrad": {"lr": 0.1},
    "Adagrad with all": {
        "lr": 0.1,
        "lr_decay": 0.05,
        "weight_decay": 0.1,
        "initial_accumulator_value": 0.2,
        "maximize": True,
    },
    "RMSprop": {"lr": 0.01},
    "RMSprop with all": {
        "lr": 0.01,
        "alpha": 0.9,
        "momentum": 0.7,
        "centered": True,
        "weight_decay": 0.1,
        "eps": 1e-3,
    },
    "Adadelta": {},
    "Adadelta with all": {"lr": 0.5, "rho": 0.8, "eps": 1e-4, "weight_decay": 0.1},
}
# Rounding grows over a hundred updates; float32 may lose a digit against PyTorch's own 1e-7.
LIMIT = {"float32": 1e-6, "float64": 1e-12}


def problem(dtype):
    """A convex problem with noise in its gradient: start, matrix, and the noise of each step."""
    rng = np.random.default_rng(3)
    matrix = rng.normal(size=(8, 5)).astype(dtype)
    start = {"a": rng.normal(size=5).astype(dtype), "b": rng.normal(size=(2, 3)).astype(dtype)}
    noise = rng.normal(size=(STEPS, 5)).astype(dtype)
    return start, matrix, noise


def loss(params, matrix, noise):
    """The same lines for both libraries."""
    fit = ((matrix @ params["a"] - 1.0) ** 2).mean() + (noise * params["a"]).sum() * 0.1
    return fit + ((params["b"] ** 2 + 1.0) ** 0.5).sum()


def ours(optimizers, dtype):
    """The parameters after each update, for each of several optimizers, compiled together."""
    start, matrix, noise = problem(dtype)

    def path(optimizer):
        def step(carry, noise):
            params, state = carry
            gradients = jax.grad(loss)(params, matrix, noise)
            updates, state = optimizer.update(gradients, state, params)
            params = optax.apply_updates(params, updates)
            return (params, state), params

        params = jax.tree.map(jnp.asarray, start)
        return jax.lax.scan(step, (params, optimizer.init(params)), noise)[1]

    with jax.enable_x64(dtype == "float64"):
        return jax.jit(lambda: {name: path(o) for name, o in optimizers.items()})()


def theirs(make, dtype, schedule=None):
    start, matrix, noise = problem(dtype)
    params = {name: torch.tensor(values, requires_grad=True) for name, values in start.items()}
    optimizer = make(params)
    scheduler = schedule(optimizer) if schedule else None
    path = []
    for row in noise:
        optimizer.zero_grad()
        loss(params, torch.tensor(matrix), torch.tensor(row)).backward()
        optimizer.step()
        if scheduler:
            scheduler.step()
        path.append({name: p.detach().numpy().copy() for name, p in params.items()})
    return {name: np.stack([point[name] for point in path]) for name in params}


def assert_same_path(actual, desired, dtype):
    """Every parameter after every update, relative to the size of the parameters."""
    for name, values in desired.items():
        assert actual[name].dtype == values.dtype == dtype
        limit = LIMIT[dtype] * np.abs(values).max()
        np.testing.assert_allclose(actual[name], values, rtol=LIMIT[dtype], atol=limit)


@functools.cache
def all_paths(dtype):
    made = {name: getattr(optim, name.split()[0])(**OPTIMIZERS[name]) for name in OPTIMIZERS}
    return ours(made, dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_hundred_updates_are_equal(name, dtype):
    kind, options = name.split()[0], OPTIMIZERS[name]
    desired = theirs(lambda ps: getattr(torch.optim, kind)(ps.values(), **options), dtype)
    assert_same_path(all_paths(dtype)[name], desired, dtype)


LR = torch.optim.lr_scheduler
SCHEDULES = {
    "StepLR": {"step_size": 7, "gamma": 0.5},
    "MultiStepLR": {"milestones": [20, 5, 20, 60], "gamma": 0.5},
    "ExponentialLR": {"gamma": 0.97},
    "LinearLR": {"start_factor": 0.2, "end_factor": 0.7, "total_iters": 30},
    "LinearLR by default": {},
    "CosineAnnealingLR": {"T_max": 30, "eta_min": 0.01},
    "CosineAnnealingLR to zero": {"T_max": 100},
}


def rates(make, steps, calls_every=1):
    """PyTorch's rate at each update."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
    scheduler = make(optimizer)
    found = []
    for step in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if (step + 1) % calls_every == 0 and step + 1 < steps:
            scheduler.step()
    return np.array(found)


@pytest.mark.parametrize("steps_per_epoch", [1, 4])
@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_give_the_same_rates(name, steps_per_epoch):
    kind, options = name.split()[0], SCHEDULES[name]
    make = lambda optimizer: getattr(LR, kind)(optimizer, **options)  # noqa: E731
    desired = rates(make, 100 * steps_per_epoch, steps_per_epoch)
    schedule = getattr(optim, kind)(0.3, **options, steps_per_epoch=steps_per_epoch)
    counts = np.arange(len(desired))
    single = jax.jit(jax.vmap(schedule))(counts)
    np.testing.assert_allclose(single, desired, rtol=1e-6, atol=3e-8)
    with jax.enable_x64(True):
        double = jax.jit(jax.vmap(schedule))(counts)
    np.testing.assert_allclose(double, desired, rtol=RELATIVE["float64"], atol=1e-13)


CYCLES = [
    {"total_steps": 100},
    {"epochs": 10, "steps_per_epoch": 9, "anneal_strategy": "linear"},
    {"total_steps": 97, "pct_start": 0.4, "three_phase": True, "div_factor": 5.0},
    {"total_steps": 50, "pct_start": 0.0, "final_div_factor": 10.0},
]


@pytest.mark.parametrize("options", CYCLES)
def test_one_cycle_gives_the_same_rates(options):
    total = options.get("total_steps", 90)
    make = lambda o: LR.OneCycleLR(o, 0.3, **options, cycle_momentum=False)  # noqa: E731
    desired = rates(make, total)
    schedule = optim.OneCycleLR(0.3, **options)
    np.testing.assert_allclose(
        jax.jit(jax.vmap(schedule))(np.arange(total)), desired, rtol=2e-6, atol=3e-8
    )
    with jax.enable_x64(True):
        double = jax.jit(jax.vmap(schedule))(np.arange(total))
    np.testing.assert_allclose(double, desired, rtol=RELATIVE["float64"], atol=1e-15)


@pytest.mark.parametrize("kind", ["SGD", "AdamW", "Adagrad"])
def test_a_schedule_steers_an_optimizer_alike(kind):
    options = {"lr_decay": 0.1} if kind == "Adagrad" else {}
    make = lambda ps: getattr(torch.optim, kind)(ps.values(), lr=0.05, **options)  # noqa: E731
    desired = theirs(make, "float64", lambda optimizer: LR.StepLR(optimizer, 9, 0.5))
    schedule = optim.StepLR(0.05, 9, 0.5, steps_per_epoch=1)
    actual = ours({kind: getattr(optim, kind)(lr=schedule, **options)}, "float64")
    assert_same_path(actual[kind], desired, "float64")


PLATEAUS = [
    {},
    {"patience": 0, "factor": 0.5, "min_lr": 0.05},
    {"patience": 2, "factor": 0.3, "cooldown": 3, "threshold": 0.05},
    {"mode": "max", "patience": 1, "threshold": 0.02},
    {"mode": "max", "threshold_mode": "abs", "patience": 1, "threshold": 0.1, "eps": 0.01},
    {"threshold_mode": "abs", "patience": 3, "threshold": 0.2},
]


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("options", PLATEAUS)
def test_reduction_on_a_plateau_comes_at_the_same_epochs(options, seed):
    metrics = np.random.default_rng(seed).normal(size=80).cumsum() * 0.1 + 3
    metrics[50] = np.nan
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
    scheduler = LR.ReduceLROnPlateau(optimizer, **options)
    transformation = optim.ReduceLROnPlateau(0.3, **options, steps_per_epoch=1)
    state = transformation.init(None)
    update = jax.jit(lambda value, state: transformation.update(1.0, state, value=value)[1])
    for metric in metrics:
        scheduler.step(metric)
        state = update(metric, state)
        assert np.isclose(state.lr, optimizer.param_groups[0]["lr"], rtol=1e-5)
    assert state.lr < 0.3


def test_parameter_groups_are_equal():
    def make(params):
        groups = [{"params": [params["a"]], "lr": 0.2}, {"params": [params["b"]], "momentum": 0.5}]
        return torch.optim.SGD(groups, lr=0.05)

    desired = theirs(make, "float64")
    groups = {"a": optim.SGD(lr=0.2)}
    optimizer = optim.parameter_groups(groups, optim.SGD(lr=0.05, momentum=0.5))
    actual = ours({"groups": optimizer}, "float64")
    assert_same_path(actual["groups"], desired, "float64")


LBFGS = {
    "plain": {},
    "search": {"line_search_fn": "strong_wolfe"},
    "short memory": {"line_search_fn": "strong_wolfe", "history_size": 3, "max_iter": 5},
    "few evaluations": {"line_search_fn": "strong_wolfe", "lr": 0.3, "max_iter": 4, "max_eval": 5},
    "one iteration": {"lr": 0.5, "max_iter": 1},
}


def bowl(w, matrix, answers):
    """A convex function, in the same lines for both libraries."""
    z = matrix @ w
    return ((1 + 2.718281828 ** (-z)) ** 0.5 + (1 - answers) * z).mean() + 0.01 * (w**2).sum()


def valley(w, matrix, answers):
    """Rosenbrock's function of six numbers."""
    return (100 * (w[1:] - w[:-1] ** 2) ** 2 + (1 - w[:-1]) ** 2).sum()


def lbfgs_steps(loss, options, dtype):
    """PyTorch's parameters after each of five updates, and its count of iterations."""
    matrix, answers, start = lbfgs_problem(dtype)
    w = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.LBFGS([w], **options)

    def closure():
        optimizer.zero_grad()
        value = loss(w, torch.tensor(matrix), torch.tensor(answers))
        value.backward()
        return value

    path = []
    for _ in range(5):
        optimizer.step(closure)
        path.append(w.detach().numpy().copy())
    return np.stack(path), optimizer.state[w]["n_iter"]


def lbfgs_problem(dtype):
    rng = np.random.default_rng(0)
    answers = rng.integers(0, 2, 30).astype(dtype)
    return rng.normal(size=(30, 6)).astype(dtype), answers, np.full(6, -0.5, dtype)


def our_lbfgs_steps(loss, options, dtype):
    matrix, answers, start = lbfgs_problem(dtype)
    of = lambda w: loss(w, jnp.asarray(matrix), jnp.asarray(answers))  # noqa: E731
    optimizer = optim.LBFGS(**options)

    @jax.jit
    def step(carry, _):
        w, state = carry
        value, gradients = jax.value_and_grad(of)(w)
        moves, state = optimizer.update(gradients, state, w, value=value, value_fn=of)
        w = optax.apply_updates(w, moves)
        return (w, state), w

    w = jnp.asarray(start)
    (_, state), path = jax.lax.scan(step, (w, optimizer.init(w)), length=5)
    return path, state.iterations


WAYS = [(bowl, name) for name in LBFGS]
WAYS += [(valley, "search")]  # without a search both jump out of it, to infinity


@pytest.mark.parametrize(("loss", "name"), WAYS)
def test_lbfgs_goes_the_same_way(loss, name):
    options = LBFGS[name]
    desired, iterations = lbfgs_steps(loss, options, "float64")
    with jax.enable_x64(True):
        actual, count = our_lbfgs_steps(loss, options, "float64")
    assert count == iterations
    # In the valley each iteration multiplies the rounding of the one before.
    np.testing.assert_allclose(actual, desired, rtol=1e-12 if loss is bowl else 1e-8, atol=1e-12)


@pytest.mark.slow
def test_lbfgs_in_float32_reaches_the_same_point():
    options = LBFGS["search"]
    desired, _ = lbfgs_steps(bowl, options, "float32")
    actual, _ = our_lbfgs_steps(bowl, options, "float32")
    # It stops when the loss no longer changes, which float32 notices here or an iteration later.
    np.testing.assert_allclose(actual[-1], desired[-1], rtol=1e-3, atol=1e-4)
