"""The wrappers cost nothing in compiled code; scripts/benchmarks/checks.py times them elsewhere."""

import jax
import jax.numpy as jnp
import pytest

from functorch_course import tensor as ft

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
