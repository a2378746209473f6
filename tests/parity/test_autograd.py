"""Derivatives against PyTorch. The names of the cases are rows of the course, or say what it is."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

from functorch_course import autograd as ag
from functorch_course import tensor as ft
from tolerance import assert_close

TWO, THREE = np.float32(2), np.float32(3)
V = np.array([1.0, -2.0, 3.0], np.float32)
Z = np.zeros(2, np.float32)
TIES = np.array([5.0, 1.0, 5.0], np.float32)

CASES = {
    "D154 square": (lambda m, x: x**2, [TWO]),
    "D164 u v + u ** 2": (lambda m, u, v: u * v + u**2, [TWO, THREE]),
    "D141 a b + c": (lambda m, a, b, c: a * b + c, [TWO, THREE, TWO]),
    "D143 exp(a b)": (lambda m, a, b: m.exp(a * b), [TWO, THREE]),
    "D167 chain": (lambda m, t: t * (2 * t) + t**2, [TWO]),
    "D177 mean absolute error": (lambda m, x: m.mean(m.abs(x)), [V]),
    "M111 sum of squares": (lambda m, w: (w**2).sum(), [V]),
    "T085 relu at 0": (lambda m, x: m.sum(m.relu(x)), [Z]),
    "T085 abs at 0": (lambda m, x: m.sum(m.abs(x)), [Z]),
    "T085 norm at 0": (lambda m, x: m.norm(x), [Z]),
    "norm": (lambda m, x: m.norm(x), [V]),
    "max of equals": (lambda m, x: m.max(x), [TIES]),
    "max of equals by axis": (lambda m, x: m.max(x, 0)[0], [TIES]),
    "min by axis": (lambda m, x: m.min(x, 0)[0], [V]),
    "median": (lambda m, x: m.median(x), [V]),
    "std": (lambda m, x: m.std(x), [V]),
    "var": (lambda m, x: m.var(x), [V]),
    "prod": (lambda m, x: m.prod(x), [V]),
    "prod with a zero": (lambda m, x: m.prod(x), [np.array([0.0, 2.0, 3.0], np.float32)]),
    "sigmoid and tanh": (lambda m, x: m.sum(m.sigmoid(x) * m.tanh(x)), [V]),
    "sqrt at 0": (lambda m, x: m.sum(m.sqrt(x)), [Z]),
    "log": (lambda m, x: m.sum(m.log(x * x)), [V]),
    "M105 bias": (lambda m, x, b: m.sum(m.add(m.stack([x, x]), b)), [V, V]),
}


@pytest.mark.parametrize("name", CASES)
def test_gradients(name):
    function, arrays = CASES[name]
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    theirs = function(torch, *tensors)
    theirs.backward()
    value, gradients = ag.value_and_grad(lambda *inputs: function(ft, *inputs[0]), 0)(
        [jnp.asarray(array) for array in arrays]
    )
    assert_close(value, theirs.detach())
    for ours, tensor in zip(gradients, tensors, strict=True):
        np.testing.assert_allclose(ours, tensor.grad, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("weights", [[1.0, 1, 1], [1, 10, 100], [0, 0, -1]])
def test_vectors_are_pulled_back(weights):
    """Rows D168 to D170."""
    x = torch.tensor(V, requires_grad=True)
    y = x**2
    y.backward(torch.tensor(weights))
    ours = ag.backward(lambda x: x**2, jnp.asarray(V), gradient=jnp.asarray(weights, jnp.float32))
    assert_close(ours, x.grad)


REFUSED = {
    "D169 no gradient for a vector": (
        lambda: (torch.ones(3, requires_grad=True) * 2).backward(),
        lambda: ag.backward(lambda x: x * 2, ft.ones(3)),
    ),
    "D170 wrong shape": (
        lambda: (torch.ones(3, requires_grad=True) * 2).backward(torch.ones(2)),
        lambda: ag.backward(lambda x: x * 2, ft.ones(3), gradient=ft.ones(2)),
    ),
    "D147 integers": (
        lambda: torch.tensor(2, requires_grad=True),
        lambda: ag.grad(lambda x: x**2)(2),
    ),
    "D148 nothing to differentiate": (
        lambda: torch.ones(3).argmax().backward(),
        lambda: ag.backward(lambda x: jnp.argmax(x), ft.ones(3)),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_both_refuse(name):
    theirs, ours = REFUSED[name]
    with pytest.raises(RuntimeError, match=r"grad|floating"):
        theirs()
    with pytest.raises(RuntimeError, match="PyTorch: It raises RuntimeError"):
        ours()


def test_what_pytorch_keeps():
    """Rows D135, D138, D152, D155 to D158, D160 to D162."""
    x = torch.tensor(2.0, requires_grad=True)
    y = x**2
    assert (x.grad_fn, x.is_leaf, x.grad, torch.tensor(1.0).is_leaf) == (None, True, None, True)
    assert type(y.grad_fn).__name__ == "PowBackward0"
    y.retain_grad()
    y.backward(retain_graph=True)
    y.backward()
    assert (x.grad, y.grad) == (8, 2)
    with pytest.raises(RuntimeError, match="second time"):
        y.backward()
    torch.optim.SGD([x], lr=0.1).zero_grad()
    assert x.grad is None


def test_the_class_of_a_node():
    """Row D139."""
    node = torch.exp(torch.ones(1, requires_grad=True)).grad_fn
    assert not isinstance(node, torch.autograd.Function)
    assert isinstance(node, torch.autograd.graph.Node)


def test_accumulation_equals_grad():
    """Rows D160 and D161."""
    x, accumulator = torch.tensor(2.0, requires_grad=True), ag.Accumulator()
    for _ in range(3):
        (x**2).backward()
        accumulator = accumulator.add(ag.grad(lambda x: x**2)(2.0))
        assert float(accumulator.total) == x.grad


def test_an_unused_parameter():
    """Row D172: None there, zero here."""
    used, unused = (torch.tensor(v, requires_grad=True) for v in (3.0, 5.0))
    (used**2).backward()
    assert unused.grad is None
    assert ag.grad(lambda p: p[0] ** 2)([3.0, 5.0]) == [6, 0]


def test_matrices_of_derivatives():
    def function(m, x):
        return m.sin(x) * m.sum(x)

    x = torch.tensor(V)
    ours = ag.jacobian(lambda x: function(ft, x))(jnp.asarray(V))
    assert_close(ours, torch.autograd.functional.jacobian(lambda x: function(torch, x), x))
    second = ag.hessian(lambda x: ft.sum(function(ft, x)))(jnp.asarray(V))
    theirs = torch.autograd.functional.hessian(lambda x: torch.sum(function(torch, x)), x)
    np.testing.assert_allclose(second, theirs, rtol=1e-5, atol=1e-5)
    value, tangent = ag.jvp(lambda x: function(ft, x), [jnp.asarray(V)], [ft.ones(3)])
    for ours, theirs in zip(
        (value, tangent),
        torch.autograd.functional.jvp(lambda x: function(torch, x), x, torch.ones(3)),
        strict=True,
    ):
        assert_close(ours, theirs)


def test_gradcheck_has_pytorchs_verdict():
    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**2

        @staticmethod
        def backward(ctx, gradient):
            (x,) = ctx.saved_tensors
            return 2.001 * x * gradient + 0.01

    wrong = ag.custom_function(lambda x: (x**2, x), lambda x, g: 2.001 * x * g + 0.01)
    x = torch.tensor([0.5, 1.5], dtype=torch.float64, requires_grad=True)
    assert not torch.autograd.gradcheck(Wrong.apply, [x], raise_exception=False)
    assert not ag.gradcheck(wrong, [jnp.array([0.5, 1.5])], raise_exception=False)
    assert torch.autograd.gradcheck(torch.sin, [x])
    assert ag.gradcheck(jnp.sin, [jnp.array([0.5, 1.5])])


def test_detach_and_vanishing_gradients():
    """Rows D174 and D175."""
    x = torch.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(10):
        y = torch.sigmoid(y)
    y.backward()

    def ten_sigmoids(x):
        for _ in range(10):
            x = ft.sigmoid(x)
        return x

    np.testing.assert_allclose(ag.grad(ten_sigmoids)(1.0), x.grad, rtol=1e-5)
    z = torch.tensor(3.0, requires_grad=True)
    ((z**2).detach() + z).backward()
    assert float(ag.grad(lambda x: ag.detach(x**2) + x)(3.0)) == z.grad
    assert not jax.config.jax_enable_x64
