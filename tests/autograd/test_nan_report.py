"""The first operation that makes a NaN, with its line."""

import inspect

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course.autograd import nan_report


def helper(x):
    return jnp.log(x)  # the line that is named


@jax.jit
def compiled(x):
    return helper(x) * 2


@pytest.mark.parametrize(
    ("function", "x", "phase", "operation"),
    [
        (lambda x: jnp.log(x), 0.0, "forward", "log"),
        (lambda x: jnp.log(x), -1.0, "forward", "log"),
        (lambda x: compiled(x) + 1, 0.0, "forward", "log"),
        (lambda x: jnp.sqrt(x), 0.0, "backward", "div"),
        (lambda x: jnp.where(x > 0, jnp.sqrt(x), 0.0), 0.0, "backward", "div"),
        (lambda x: jnp.exp(x), 1000.0, "forward", "exp"),
        (lambda x: x / x, 0.0, "forward", "div"),
        (lambda x: jax.nn.relu(x) / 0.0, 1.0, "forward", "div"),
        (lambda x: jax.checkpoint(helper)(x), 0.0, "forward", "log"),
    ],
)
def test_the_first_fault(function, x, phase, operation):
    report = nan_report(function)(x)
    assert (report.phase, report.operation) == (phase, operation)
    assert bool(report)
    assert "test_nan_report.py" in report.line


def test_the_line_is_that_of_the_user():
    line = 1 + inspect.getsourcelines(helper)[1]
    for function in (helper, compiled, lambda x: jax.lax.cond(x < 1, compiled, jnp.exp, x)):
        assert f"test_nan_report.py:{line}:" in nan_report(function)(0.0).line


def test_the_text():
    text = str(nan_report(lambda x: jnp.sum(jnp.log(x)))(jnp.array([1.0, 0.0])))
    assert text.startswith("inf in the forward pass: log([1., 0.]) = [  0., -inf]\n  at ")


def test_large_arrays_are_shortened():
    x = jnp.ones((10, 10)).at[3, 4].set(-1.0)
    text = str(nan_report(jnp.log)(x))
    assert "log(float32[10, 10]) = float32[10, 10], 1 of them not finite, first at (3, 4)" in text
    assert text.startswith("NaN in the forward pass")


@pytest.mark.parametrize(
    "function",
    [
        lambda x: jnp.sin(x) ** 2,
        lambda x: jax.nn.softmax(jnp.where(jnp.arange(3) < 2, x, -jnp.inf)).sum(),
        lambda x: jax.nn.log_softmax(jnp.stack([x, 1000 * x])),
        lambda x: jax.lax.scan(lambda c, a: (c * a, c), x, jnp.arange(4.0))[0],
    ],
)
def test_sound_functions(function):
    report = nan_report(function)(1.0)
    assert not report
    assert str(report) == "all numbers are finite, forward and backward"


def test_an_input_that_is_already_bad():
    assert str(nan_report(jnp.sin)(jnp.array([1.0, np.nan]))).startswith(
        "the input already holds NaN: [ 1., nan]"
    )


@pytest.mark.parametrize(
    ("loop", "operation", "inputs"),
    [
        (
            lambda x: jax.lax.scan(lambda c, a: (helper(c) + a, c), x, jnp.arange(4.0))[0],
            "log",
            0.0,
        ),
        (lambda x: jax.lax.while_loop(lambda c: c < 5, lambda c: 1 / c, x), "div", 0.0),
        (lambda x: jax.lax.cond(x > 0, jnp.sin, helper, x), "log", 0.0),
        (
            lambda x: jax.lax.scan(
                lambda c, a: (c, jnp.log(a + x)), x, jnp.array([1.0, 0.0, 2.0]), reverse=True
            )[1],
            "log",
            0.0,
        ),
    ],
)
def test_loops_and_branches_are_followed(loop, operation, inputs):
    report = nan_report(loop)(0.0)
    assert report.operation == operation
    assert report.inputs[-1].tolist() == inputs


def test_integer_inputs_go_along():
    report = nan_report(lambda x, n: jnp.log(x) * n)(0.0, 3)
    assert report.operation == "log"
