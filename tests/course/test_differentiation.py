"""Section D of the course: differentiation."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from functorch_course import nn, optim
from functorch_course import tensor as ft
from functorch_course.autograd import (
    Accumulator,
    GlobalStateError,
    GradientError,
    accumulate,
    backward,
    custom_function,
    detach,
    explain,
    freeze,
    grad,
    gradient_norms,
    gradient_report,
    jvp,
    merge,
    nan_report,
    retain_grad,
    split,
    tap,
    tapped_gradients,
    value_and_grad,
    vjp,
    zero_grad,
)
from functorch_course.errors import TeachingError
from functorch_course.graph import graph
from tolerance import assert_close

course = pytest.mark.course
X = ft.tensor([1.0, 2.0, 3.0])


def square(x):
    return x**2


def f(u, v):
    return u * v + u**2


def line_loss(params, x, y):
    return ((params["w"] * x + params["b"] - y) ** 2).mean()


def fit(steps, *, forget=False):
    """Fit y = -3x + 1 by full batches, as the reference run does."""
    x = ft.arange(-3, 3, 0.1)
    y = -3 * x + 1
    params = {"w": ft.tensor(-15.0), "b": ft.tensor(-10.0)}
    losses, total = [], None
    for _ in range(steps):
        loss, gradient = value_and_grad(line_loss)(params, x, y)
        total = accumulate(total if forget else None, gradient)
        params = jax.tree.map(lambda p, g: p - 0.1 * g, params, total)
        losses.append(float(loss))
    return params, losses


@course("D130")
def test_the_reference_fit():
    params, losses = fit(20)
    assert_close(params["w"], np.float32(-3.00327))
    assert_close(params["b"], np.float32(0.86899))
    assert losses[0] == pytest.approx(540.038, rel=1e-5)
    assert losses[-1] == pytest.approx(0.0267843, rel=1e-4)


@course("D171")
def test_the_fit_as_listed_never_converges():
    _, losses = fit(20, forget=True)
    assert min(losses) > 20
    assert losses[-1] == pytest.approx(555, rel=0.02)


@course("D132")
def test_python_branches_run_under_grad_and_not_under_jit():
    def branch(x):
        return x**2 if x > 0 else -x

    assert (grad(branch)(2.0), grad(branch)(-2.0)) == (4, -1)
    with pytest.raises(TeachingError, match=r"if or while asked for a value"), explain():
        jax.jit(branch)(2.0)


@course("D133", "D134")
def test_the_graph_is_directed_and_acyclic():
    g = graph(lambda a, b, c: a * b + c)(2.0, 3.0, 4.0)
    place = {node: i for i, node in enumerate(g.nodes)}
    for node in g.nodes:
        assert all(place[behind] < place[node] for behind, _ in node.next_functions if behind)
    assert (len(g.leaves), len(g.nodes) - len(g.leaves), len(g.outputs)) == (3, 2, 1)


@course("D135", "D158")
def test_every_result_has_a_grad_fn_and_an_input_has_none():
    assert graph(square)(2.0).grad_fn.name == "PowBackward0"
    assert graph(lambda x: x)(2.0).grad_fn is None
    with pytest.raises(TeachingError, match=r"\.grad_fn: an array here has no such"), explain():
        X.grad_fn  # noqa: B018


@course("D136", "D137", "D152")
def test_forward_first_and_backward_on_request():
    calls = []

    def counted(x):
        calls.append(x)
        return square(x)

    value, pull = vjp(counted, 2.0)
    assert (value, len(calls)) == (4, 1)
    assert pull(1.0) == (4,)
    assert len(calls) == 1


@course("D138", "D155")
def test_leaves_are_the_inputs():
    g = graph(square)(2.0)
    assert [node.is_leaf for node in g.nodes] == [True, False]
    assert g.leaves[0].gradient == 4


@course("D139")
def test_functions_of_ones_own_bring_their_derivative():
    cube = custom_function(lambda x: (x**3, x), lambda x, gradient: 3 * x**2 * gradient)
    assert grad(cube)(2.0) == 12


@course("D141", "D142")
def test_product_then_sum():
    g = graph(lambda a, b, c: a * b + c)(2.0, 3.0, 4.0)
    assert g.value == 10
    assert [leaf.gradient for leaf in g.leaves] == [3, 2, 1]
    addition, (product, leaf) = g.grad_fn, [node for node, _ in g.grad_fn.next_functions]
    assert (addition.name, product.name, leaf.name) == (
        "AddBackward0", "MulBackward0", "AccumulateGrad",
    )  # fmt: skip
    assert (product.gradient, leaf.gradient) == (1, 1)
    assert product.saved == {"self": 2, "other": 3}


@course("D143", "D144", "D145", "D146")
def test_the_exponential_of_a_product():
    g = graph(lambda a, b: ft.exp(a * b))(ft.tensor([2.0]), ft.tensor([3.0]))
    product = g.grad_fn.next_functions[0][0]
    assert_close(product.value, np.float32([6]))
    assert_close(g.value, np.float32([403.4288]))
    assert g.grad_fn.name == "ExpBackward0"
    assert repr(g.grad_fn.next_functions) == "((<MulBackward0>, 0),)"
    assert_close(g.leaves[0].gradient, np.float32([1210.2864]))
    assert_close(g.leaves[1].gradient, np.float32([806.8576]))
    assert_close(g.grad_fn.saved["result"], g.value)


@course("D147")
def test_only_floats_have_a_gradient():
    with pytest.raises(GradientError, match=r"holds int32(.|\n)*2.0 instead of 2"):
        grad(square)(2)


@course("D148")
def test_what_is_not_asked_for_is_a_constant():
    g = graph(lambda x, y: x * y, wrt="x")(2.0, 3.0)
    assert [leaf.operation for leaf in g.leaves] == ["x"]
    assert g.grad_fn.next_functions[1] == (None, 0)
    with pytest.raises(GradientError, match="only floats have a gradient"):
        grad(lambda x: jnp.argmax(x))(X)


@course("D150", "D151", "D154")
def test_the_anchor():
    g = graph(square)(2.0)
    assert g.value == 4
    assert g.grad_fn.saved == {"self": 2, "exponent": 2}
    assert grad(square)(2.0) == backward(square, 2.0) == 4
    with pytest.raises(TeachingError, match=r"\.backward: "), explain():
        g.value.backward()


@course("D153")
def test_under_jit_the_graph_is_built_once_per_shape():
    traces = []

    @jax.jit
    def step(w, x):
        traces.append(x.shape)
        return grad(lambda w: (w * x).sum())(w)

    for size in (32, 32, 32, 4):
        step(1.0, ft.ones(size))
    assert traces == [(32,), (4,)]


@course("D156", "D157")
def test_the_gradient_of_a_value_inside():
    assert tapped_gradients(lambda x: tap(x**2, "y"))(2.0) == {"y": 1}
    assert graph(square)(2.0).grad_fn.gradient == 1
    with pytest.raises(GlobalStateError, match="gradients are returned, not kept"):
        retain_grad(X)
    with pytest.raises(TeachingError, match=r"\.grad: an array here"), explain():
        X.grad  # noqa: B018


@course("D160", "D161")
def test_gradients_are_added_on_purpose():
    _, pull = vjp(square, 2.0)
    assert accumulate(pull(1.0), pull(1.0)) == (8,)
    accumulator, seen = Accumulator(), []
    for _ in range(3):
        accumulator = accumulator.add(pull(1.0)[0])
        seen.append(float(accumulator.total))
    assert seen == [4, 8, 12]


@course("D162")
def test_there_is_nothing_to_set_to_zero():
    with pytest.raises(GlobalStateError, match="there is no stored gradient to forget"):
        zero_grad()


def slope_fit(*, forget):
    """Fit the slope alone, with or without forgetting to start each sum anew."""
    x = ft.arange(-3, 3, 0.1)
    w, total, losses = ft.tensor(-15.0), None, []
    for _ in range(5):
        loss, gradient = value_and_grad(lambda w: ((w * x + 3 * x - 1) ** 2).mean())(w)
        total = accumulate(total if forget else None, gradient)
        w = w - 0.1 * total
        losses.append(round(float(loss), 1))
    return losses


@course("D163")
def test_forgetting_makes_learning_wrong():
    assert slope_fit(forget=False) == [432.0, 69.9, 12.0, 2.8, 1.3]
    assert slope_fit(forget=True) == [432.0, 69.9, 84.7, 446.3, 416.6]


@course("D164", "D165", "D166")
def test_partial_derivatives():
    assert value_and_grad(f, wrt=(0, 1))(1.0, 2.0) == (3, (4, 1))
    assert grad(f, wrt=("u", "v"))(1.0, 2.0) == (4, 1)


@course("D167")
def test_the_chain_rule_is_composition():
    assert grad(lambda t: f(t, 2 * t))(1.0) == 6


@course("D168", "D169", "D170")
def test_a_vector_needs_a_gradient_to_start_from():
    assert backward(square, 2.0) == backward(square, 2.0, gradient=1.0) == 4
    assert backward(square, X, gradient=ft.ones_like(X)).tolist() == [2, 4, 6]
    assert backward(square, X, gradient=ft.tensor([1.0, 10, 100])).tolist() == [2, 40, 600]
    with pytest.raises(GradientError, match=r"shape \(3,\), and without a gradient"):
        backward(square, X)
    with pytest.raises(GradientError, match=r"expected shape \(3,\), but got shape \(2,\)"):
        backward(square, X, gradient=ft.ones(2))


@course("D172")
def test_an_unused_parameter_has_gradient_zero():
    assert grad(lambda p: p["used"] ** 2)({"used": 3.0, "unused": 5.0}) == {"used": 6, "unused": 0}


@course("D174")
def test_gradients_vanish_and_explode():
    def ten_sigmoids(x):
        for _ in range(10):
            x = ft.sigmoid(x)
        return x

    assert float(grad(ten_sigmoids)(1.0)) == pytest.approx(2.7848e-07, rel=1e-4)
    power = grad(lambda x: x * jnp.prod(jnp.full(20, 1.5)))(1.0)
    assert float(power) == pytest.approx(3325.257, rel=1e-5)
    report = gradient_report({"sigmoids": grad(ten_sigmoids)(1.0), "weights": power})
    assert [row.split()[-1] for row in report.splitlines()] == ["vanishing", "exploding"]


@course("D175")
def test_detach_stops_the_gradient():
    assert grad(lambda x: detach(x**2) + x)(3.0) == 1


@course("D176")
def test_frozen_parameters_stay():
    params = {"w": ft.tensor(1.0), "b": ft.tensor(1.0)}

    def loss(p):
        return p["w"] * p["b"]

    assert gradient_norms(grad(lambda p: loss(freeze(p, "w")))(params)) == {"b": 1, "w": 0}
    trainable, frozen = split(params, "w")
    optimizer = optim.SGD(lr=0.1)
    gradient = grad(lambda t: loss(merge(t, frozen)))(trainable)
    updates, _ = optimizer.update(gradient, optimizer.init(trainable), trainable)
    after = merge(optax.apply_updates(trainable, updates), frozen)
    assert after["w"] == 1
    assert_close(after["b"], np.float32(0.9))


@course("D177")
def test_a_loss_of_ones_own():
    assert grad(lambda x: ft.mean(ft.abs(x)))(ft.tensor([1.0, -2.0])).tolist() == [0.5, -0.5]
    assert nn.l1_loss(ft.tensor([1.0, -2.0]), ft.zeros(2)) == 1.5


def test_the_operation_that_makes_a_nan_is_named():
    assert nan_report(ft.log)(ft.tensor([1.0, -1.0])).operation == "log"
    assert jvp(square, [2.0], [1.0]) == (4, 4)
