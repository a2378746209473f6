"""The teaching checks of a gradient cost nothing in compiled code."""

import jax
import jax.numpy as jnp
import pytest

from functorch_course import autograd as ag
from functorch_course.autograd.explain import explain

PARAMETERS = {f"layer {i}": {"weight": jnp.ones((3, 3)), "bias": jnp.ones(3)} for i in range(10)}


def loss(parameters, x):
    for layer in parameters.values():
        x = jax.nn.relu(layer["weight"] @ x + layer["bias"])
    return x.sum()


@pytest.mark.parametrize(
    ("ours", "plain"),
    [
        (ag.grad(loss), jax.grad(loss)),
        (ag.value_and_grad(loss, "parameters"), jax.value_and_grad(loss)),
        (ag.value_and_grad(loss, (0, 1)), jax.value_and_grad(loss, (0, 1))),
        (ag.jacobian(loss, "x"), jax.jacrev(loss, 1)),
        (ag.hessian(loss, "x"), jax.hessian(loss, 1)),
        (lambda p, x: ag.backward(loss, p, x), jax.grad(loss, (0, 1))),
        (explain()(loss), loss),
    ],
)
def test_compiled_code_is_the_same(ours, plain):
    x = jnp.ones(3)
    assert str(jax.make_jaxpr(ours)(PARAMETERS, x)) == str(jax.make_jaxpr(plain)(PARAMETERS, x))
