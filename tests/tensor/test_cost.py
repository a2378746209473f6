"""The wrappers cost nothing in compiled code, and little elsewhere."""

import time
import timeit

import jax
import jax.numpy as jnp
import pytest

from functorch_course import tensor as ft
from functorch_course.tensor.indexing import checked_key

V = jnp.linspace(0.5, 1.5, 3)
A = jnp.ones((4, 3))
SAME = {
    "add": (ft.add, jnp.add, (A, V)),
    "mul": (ft.mul, jnp.multiply, (A, V)),
    "dot": (ft.dot, jnp.dot, (V, V)),
    "mm": (ft.mm, jnp.matmul, (A, A.T)),
    "matmul": (ft.matmul, jnp.matmul, (A, V)),
    "linear": (ft.linear, lambda x, w, b: x @ w.T + b, (A, A, jnp.ones(4))),
    "index": (lambda x: ft.index(x, (slice(1, 3), 2)), lambda x: x[1:3, 2], (A,)),
    "assign": (lambda x: ft.assign(x, 0, 1.0), lambda x: x.at[0].set(1.0), (V,)),
    "index array": (ft.index, lambda x, i: x[i], (V, jnp.array([0, 1]))),
    "view": (lambda x: ft.view(x, -1, 1), lambda x: x.reshape(-1, 1), (A,)),
    "transpose": (lambda x: ft.transpose(x, 0, 1), lambda x: x.swapaxes(0, 1), (A,)),
    "permute": (lambda x: ft.permute(x, 1, 0), lambda x: x.transpose(1, 0), (A,)),
    "unsqueeze": (lambda x: ft.unsqueeze(x, 0), lambda x: jnp.expand_dims(x, 0), (V,)),
    "stack": (lambda x: ft.stack([x, x]), lambda x: jnp.stack([x, x]), (V,)),
    "cat": (lambda x: ft.cat([x, x]), lambda x: jnp.concatenate([x, x]), (V,)),
    "sum": (lambda x: ft.sum(x, 0), lambda x: x.sum(0), (A,)),
    "mean": (ft.mean, jnp.mean, (A,)),
    "std": (ft.std, lambda x: jnp.std(x, ddof=1), (A,)),
    "max": (ft.max, jnp.max, (A,)),
    "exp": (ft.exp, jnp.exp, (A,)),
    "exp of integers": (ft.exp, jnp.exp, (jnp.arange(3),)),
    "sigmoid": (ft.sigmoid, jax.nn.sigmoid, (A,)),
    "relu": (ft.relu, jax.nn.relu, (A,)),
    "cast": (lambda x: ft.cast(x, "half"), lambda x: x.astype(jnp.float16), (A,)),
}


@pytest.mark.parametrize("name", SAME)
def test_the_jaxpr_is_the_same(name):
    ours, plain, inputs = SAME[name]
    assert str(jax.make_jaxpr(ours)(*inputs)) == str(jax.make_jaxpr(plain)(*inputs))


def _seconds(call, inputs, calls=20):
    start = time.perf_counter()
    for _ in range(calls):
        jax.block_until_ready(call(*inputs))
    return (time.perf_counter() - start) / calls


def _added(name):
    """Time both in turns, and compare the best of each: other load only makes a run longer."""
    ours, plain, inputs = SAME[name]
    pairs = [(_seconds(ours, inputs), _seconds(plain, inputs)) for _ in range(50)]
    fastest, fastest_plain = map(min, zip(*pairs, strict=True))
    return fastest - fastest_plain


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SAME.keys() - {"index", "index array", "assign"}))
def test_at_most_ten_microseconds_are_added(name):
    """A cost that is real shows in every round, one that is noise does not."""
    assert any(_added(name) < 10e-6 for _ in range(5))


@pytest.mark.slow
@pytest.mark.parametrize("key", [1, (slice(1, 3), 2), jnp.array([0, 1]), [0, 1]], ids=str)
def test_checking_an_index_takes_at_most_ten_microseconds(key):
    """Timed alone: indexing itself takes hundreds, and varies by more than this."""
    assert min(timeit.repeat(lambda: checked_key(A, key), number=100, repeat=50)) / 100 < 10e-6
