"""Section D of the course, in PyTorch and here."""

import warnings

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import torch

from functorch_course import optim
from functorch_course import tensor as ft
from functorch_course.autograd import (
    Accumulator,
    GlobalStateError,
    GradientError,
    accumulate,
    backward,
    custom_function,
    detach,
    grad,
    merge,
    split,
    tap,
    tapped_gradients,
    value_and_grad,
    vjp,
    zero_grad,
)
from functorch_course.errors import TeachingError
from functorch_course.graph import graph
from functorch_course.graph.nodes import Node
from parity.course.columns import Case, Raises, compare, rows

VECTOR = [1.0, 2.0, 3.0]


def variables(*values):
    return [torch.tensor(value, requires_grad=True) for value in values]


def gradients(function, *values):
    """Run a function in PyTorch, and return its value and gradients."""
    inputs = variables(*values)
    value = function(*inputs)
    value.backward()
    return value, *(each.grad for each in inputs)


def our_gradients(function, *values):
    """Do the same here."""
    value, found = value_and_grad(function, tuple(range(len(values))))(*map(ft.tensor, values))
    return value, *found


def square(x):
    return x**2


def f(u, v):
    return u * v + u**2


def product_then_sum(a, b, c):
    return a * b + c


def name_of(node):
    return None if node is None else type(node).__name__


def torch_names(node):
    """Name a node, and those right behind it."""
    return name_of(node), *(name_of(behind) for behind, _ in node.next_functions)


def our_names(node):
    """Do the same here."""
    return node.name, *(behind.name for behind, _ in node.next_functions)


def torch_exponential():
    a, b = variables([2.0], [3.0])
    y = a * b
    loss = y.exp()
    return a, b, y, loss


def our_exponential():
    return graph(lambda a, b: jnp.exp(a * b))(ft.tensor([2.0]), ft.tensor([3.0]))


def torch_exponential_gradients():
    a, b, _, loss = torch_exponential()
    loss.backward()
    return a.grad, b.grad


def torch_fit(steps, *, forget=False, slope_only=False):
    """Fit y = -3x + 1 by full batches; the losses, and where it ends."""
    x = torch.arange(-3, 3, 0.1)
    y = -3 * x + 1
    w, b = variables(-15.0, -10.0)
    learned = [w] if slope_only else [w, b]
    optimizer = torch.optim.SGD(learned, lr=0.1)
    losses = []
    for _ in range(steps):
        if not forget:
            optimizer.zero_grad()
        output = w * x if slope_only else w * x + b
        loss = ((output - y) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return w, b, np.float32(losses)


def our_fit(steps, *, forget=False, slope_only=False):
    """Do the same here."""
    x = ft.arange(-3, 3, 0.1)
    y = -3 * x + 1

    @value_and_grad
    def loss_of(params):
        output = params["w"] * x if slope_only else params["w"] * x + params["b"]
        return ((output - y) ** 2).mean()

    params, total, losses = {"w": ft.tensor(-15.0), "b": ft.tensor(-10.0)}, None, []
    loss_of = jax.jit(loss_of)
    for _ in range(steps):
        loss, gradient = loss_of(params)
        total = accumulate(total if forget else None, gradient)
        params = jax.tree.map(lambda p, g: p - 0.1 * g, params, total)
        losses.append(loss.item())
    return params["w"], params["b"], np.float32(losses)


def ends(fit):
    w, b, losses = fit(20)
    return w, b, losses[0], losses[-1]


def torch_adam():
    (w,) = variables([1.0, -2.0])
    optimizer = torch.optim.Adam([w], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        (w**2).sum().backward()
        optimizer.step()
    return w


def our_adam():
    w = ft.tensor([1.0, -2.0])
    optimizer = optim.Adam(lr=0.1)
    state = optimizer.init(w)
    for _ in range(3):
        updates, state = optimizer.update(grad(lambda w: (w**2).sum())(w), state, w)
        w = optax.apply_updates(w, updates)
    return w


class TheirCube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return 3 * x**2 * gradient


our_cube = custom_function(lambda x: (x**3, x), lambda x, gradient: 3 * x**2 * gradient)


def torch_constant():
    (torch.tensor(2.0) ** 2).backward()


def torch_result_gradient(retain):
    (x,) = variables(2.0)
    y = x**2
    if retain:
        y.retain_grad()
    y.backward()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return x.grad, y.grad


def torch_twice(**options):
    (x,) = variables(2.0)
    y = x**2
    y.backward(**options)
    y.backward()
    return x.grad


def our_accumulated(times):
    accumulator = Accumulator()
    for _ in range(times):
        accumulator = accumulator.add(grad(square)(2.0))
    return accumulator.total


def torch_before_backward():
    (x,) = variables(2.0)
    y = x**2
    before = x.grad
    y.backward()
    return before, x.grad


def our_before_backward():
    _, pull = vjp(square, 2.0)
    return None, pull(1.0)[0]


def torch_zeroed():
    (w,) = variables(3.0)
    (w**2).backward()
    torch.optim.SGD([w], lr=0.1).zero_grad()
    return w.grad


def torch_pulled(*weights):
    (x,) = variables(VECTOR)
    (x**2).backward(*map(torch.tensor, weights))
    return x.grad


def torch_pulled_from_two():
    (x,) = variables(2.0)
    (x**2).backward(torch.tensor(1.0))
    return x.grad


def our_pulled(*weights):
    gradient = ft.tensor(weights[0]) if weights else None
    return backward(square, ft.tensor(VECTOR), gradient=gradient)


def torch_unused():
    used, unused = variables(3.0, 5.0)
    (used**2).backward()
    return used.grad, unused.grad


def our_unused():
    gradient = grad(lambda p: p["used"] ** 2)({"used": 3.0, "unused": 5.0})
    return gradient["used"], gradient["unused"]


def ten(sigmoid):
    def chain(x):
        for _ in range(10):
            x = sigmoid(x)
        return x

    return chain


def twenty(x):
    for _ in range(20):
        x = x * 1.5
    return x


def torch_frozen():
    w, b = variables(1.0, 1.0)
    w.requires_grad_(False)
    (w * b).backward()
    torch.optim.SGD([w, b], lr=0.1).step()
    return w, b


def our_frozen():
    trained, frozen = split({"w": ft.tensor(1.0), "b": ft.tensor(1.0)}, "w")
    optimizer = optim.SGD(lr=0.1)

    def loss(trained):
        params = merge(trained, frozen)
        return params["w"] * params["b"]

    updates, _ = optimizer.update(grad(loss)(trained), optimizer.init(trained), trained)
    params = merge(optax.apply_updates(trained, updates), frozen)
    return params["w"], params["b"]


TABLE = {
    "D130": Case(
        lambda: ends(torch_fit),
        lambda: ends(our_fit),
        tuple(pytest.approx(v, rel=1e-5) for v in (-3.00327, 0.86899, 540.038, 0.0267843)),
    ),
    "D130 Adam": Case(torch_adam, our_adam, np.float32([0.7015863, -1.7006234])),
    "D135": Case(
        lambda: (variables(2.0)[0].grad_fn, name_of((variables(2.0)[0] ** 2).grad_fn)),
        lambda: (graph(lambda x: x)(2.0).grad_fn, graph(square)(2.0).grad_fn.name),
        (None, "PowBackward0"),
    ),
    "D135 as an attribute": Case(
        lambda: variables(2.0)[0].grad_fn,
        lambda: ft.tensor(2.0).grad_fn,
        None,
        here=Raises(TeachingError, r"\.grad_fn: an array here has no such attribute"),
    ),
    "D138": Case(
        lambda: tuple(each.is_leaf for each in (*variables(2.0), variables(2.0)[0] ** 2)),
        lambda: tuple(node.is_leaf for node in graph(square)(2.0).nodes),
        (True, False),
    ),
    "D139": Case(
        lambda: isinstance((variables(2.0)[0] ** 2).grad_fn, torch.autograd.graph.Node),
        lambda: isinstance(graph(square)(2.0).grad_fn, Node),
        True,
    ),
    "D139 no Function": Case(
        lambda: isinstance((variables(2.0)[0] ** 2).grad_fn, torch.autograd.Function),
        lambda: callable(graph(square)(2.0).grad_fn),
        False,
    ),
    "D139 of one's own": Case(
        lambda: gradients(TheirCube.apply, 2.0), lambda: our_gradients(our_cube, 2.0), (8, 12)
    ),
    "D141": Case(
        lambda: gradients(product_then_sum, 2.0, 3.0, 4.0),
        lambda: our_gradients(product_then_sum, 2.0, 3.0, 4.0),
        (10, 3, 2, 1),
    ),
    "D141 nodes": Case(
        lambda: torch_names(product_then_sum(*variables(2.0, 3.0, 4.0)).grad_fn),
        lambda: our_names(graph(product_then_sum)(2.0, 3.0, 4.0).grad_fn),
        ("AddBackward0", "MulBackward0", "AccumulateGrad"),
    ),
    "D143": Case(
        lambda: torch_exponential()[2:],
        lambda: (our_exponential().grad_fn.inputs[0].value, our_exponential().value),
        ([6], np.float32([403.4288])),
    ),
    "D144": Case(
        lambda: name_of(torch_exponential()[3].grad_fn),
        lambda: our_exponential().grad_fn.name,
        "ExpBackward0",
    ),
    "D145": Case(
        lambda: tuple((name_of(n), i) for n, i in torch_exponential()[3].grad_fn.next_functions),
        lambda: tuple((n.name, i) for n, i in our_exponential().grad_fn.next_functions),
        (("MulBackward0", 0),),
    ),
    "D146": Case(
        torch_exponential_gradients,
        lambda: tuple(leaf.gradient for leaf in our_exponential().leaves),
        (np.float32([1210.2864]), np.float32([806.8576])),
    ),
    "D147": Case(
        lambda: variables(2),
        lambda: grad(square)(2),
        Raises(RuntimeError, "Only Tensors of floating point"),
        here=Raises(GradientError, "only floats have a gradient"),
    ),
    "D148": Case(
        torch_constant,
        lambda: backward(lambda x: jnp.argmax(x), ft.tensor(VECTOR)),
        Raises(RuntimeError, "does not require grad"),
        here=Raises(GradientError, "does not require grad"),
    ),
    "D150": Case(lambda: torch.tensor(2.0) ** 2, lambda: square(ft.tensor(2.0)), 4),
    "D151": Case(
        lambda: (lambda node: (node._saved_self, node._saved_exponent))(
            (variables(2.0)[0] ** 2).grad_fn
        ),
        lambda: tuple(graph(square)(2.0).grad_fn.saved.values()),
        (2, 2),
    ),
    "D152": Case(torch_before_backward, our_before_backward, (None, 4)),
    "D154": Case(lambda: gradients(square, 2.0)[1], lambda: grad(square)(2.0), 4),
    "D154 as a method": Case(
        lambda: gradients(square, 2.0)[1],
        lambda: ft.tensor(4.0).backward(),
        4,
        here=Raises(TeachingError, r"\.backward: an array here has no such attribute"),
    ),
    "D155": Case(
        lambda: (variables(2.0)[0].is_leaf, torch.tensor(2.0).is_leaf),
        lambda: (graph(square)(2.0).leaves[0].is_leaf, graph(square, wrt=())(2.0).grad_fn is None),
        (True, True),
    ),
    "D156": Case(
        lambda: torch_result_gradient(retain=False),
        lambda: ft.tensor(4.0).grad,
        (4, None),
        here=Raises(TeachingError, r"\.grad: an array here has no such attribute"),
    ),
    "D157": Case(
        lambda: torch_result_gradient(retain=True)[1],
        lambda: tapped_gradients(lambda x: tap(square(x), "y"))(2.0)["y"],
        1,
    ),
    "D158": Case(
        lambda: name_of((variables(2.0)[0] ** 2).grad_fn),
        lambda: graph(square)(2.0).grad_fn.name,
        "PowBackward0",
    ),
    "D160": Case(lambda: torch_twice(retain_graph=True), lambda: our_accumulated(2), 8),
    "D160 as written": Case(
        torch_twice,
        lambda: (lambda pull: pull(1.0)[0] + pull(1.0)[0])(vjp(square, 2.0)[1]),
        Raises(RuntimeError, "backward through the graph a second time"),
        here=8,
    ),
    "D162": Case(
        torch_zeroed, zero_grad, None, here=Raises(GlobalStateError, "no stored gradient")
    ),
    "D163": Case(
        lambda: torch_fit(5, forget=True, slope_only=True)[2],
        lambda: our_fit(5, forget=True, slope_only=True)[2],
        pytest.approx([432.0, 69.9, 84.7, 446.3, 416.6], abs=0.05),
    ),
    "D163 with zeros": Case(
        lambda: torch_fit(5, slope_only=True)[2],
        lambda: our_fit(5, slope_only=True)[2],
        pytest.approx([432.0, 69.9, 12.0, 2.8, 1.3], abs=0.05),
    ),
    "D164": Case(lambda: f(*variables(1.0, 2.0)), lambda: f(1.0, 2.0), 3),
    "D165": Case(lambda: gradients(f, 1.0, 2.0)[1], lambda: grad(f, "u")(1.0, 2.0), 4),
    "D166": Case(lambda: gradients(f, 1.0, 2.0)[2], lambda: grad(f, "v")(1.0, 2.0), 1),
    "D168": Case(
        lambda: (
            gradients(square, 2.0)[1],
            torch.func.vjp(square, torch.tensor(2.0))[1](torch.tensor(1.0))[0],
        ),
        lambda: (backward(square, 2.0), backward(square, 2.0, gradient=1.0)),
        (4, 4),
    ),
    "D169": Case(
        lambda: torch_pulled([1.0, 1.0, 1.0]), lambda: our_pulled([1.0, 1.0, 1.0]), [2, 4, 6]
    ),
    "D169 without": Case(
        torch_pulled,
        our_pulled,
        Raises(RuntimeError, "grad can be implicitly created only for scalar outputs"),
    ),
    "D170": Case(
        lambda: torch_pulled([1.0, 10.0, 100.0]),
        lambda: our_pulled([1.0, 10.0, 100.0]),
        [2, 40, 600],
    ),
    "D170 wrong shape": Case(
        lambda: torch_pulled([1.0, 1.0]),
        lambda: our_pulled([1.0, 1.0]),
        Raises(RuntimeError, "(?i)mismatch in shape"),
    ),
    "D171": Case(
        lambda: torch_fit(20, forget=True)[2][-1],
        lambda: our_fit(20, forget=True)[2][-1],
        pytest.approx(555, abs=0.5),
    ),
    "D172": Case(torch_unused, our_unused, (6, None), here=(6, 0)),
    "D174": Case(
        lambda: gradients(ten(torch.sigmoid), 1.0)[1],
        lambda: grad(ten(ft.sigmoid))(1.0),
        pytest.approx(2.7848e-07, rel=1e-4),
    ),
    "D174 exploding": Case(
        lambda: gradients(twenty, 1.0)[1], lambda: grad(twenty)(1.0), np.float32(3325.257)
    ),
    "D175": Case(
        lambda: gradients(lambda x: (x**2).detach() + x, 3.0)[1],
        lambda: grad(lambda x: detach(x**2) + x)(3.0),
        1,
    ),
    "D176": Case(torch_frozen, our_frozen, (1, 0.9)),
    "D177": Case(
        lambda: gradients(lambda x: x.abs().mean(), [1.0, -2.0])[1],
        lambda: grad(lambda x: ft.mean(ft.abs(x)))(ft.tensor([1.0, -2.0])),
        [0.5, -0.5],
    ),
}


@rows(TABLE)
def test_both_columns(case):
    compare(case)
