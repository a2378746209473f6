"""The graph: names, values, gradients, what is saved, and what is left out."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course import nn
from functorch_course.autograd import GradientError, custom_function, detach, tap
from functorch_course.errors import InvalidValueError
from functorch_course.graph import graph
from functorch_course.tensor import max as largest
from functorch_course.tensor import norm

X = jnp.array([1.0, 2.0, 3.0])
A = jnp.arange(12.0).reshape(4, 3)
LABELS = np.array([0, 1, 1, 0])


def shape_of(node):
    """Write a node and all behind it: ``Add(Mul(a, b), None)``."""
    if node is None:
        return "None"
    if node.is_leaf:
        return node.operation
    inside = ", ".join(shape_of(each) for each, _ in node.next_functions)
    return f"{node.name.replace('Backward', '')}({inside})"


def softmax_of(times, x):
    """Call the same line again and again."""
    for _ in range(times):
        x = jax.nn.softmax(x)
    return x


def shown(function, *inputs, **options):
    return shape_of(graph(function, **options)(*inputs).outputs[0].node)


@pytest.mark.parametrize(
    ("function", "inputs", "expected"),
    [
        (lambda a, b: jnp.exp(a * b), (2.0, 3.0), "Exp0(Mul0(a, b))"),
        (lambda a, b, c: a * b + c, (2.0, 3.0, 4.0), "Add0(Mul0(a, b), c)"),
        (lambda x: x**2, (2.0,), "Pow0(x)"),
        (lambda x: x * x, (2.0,), "Mul0(x, x)"),
        (lambda x: 1 - 2 * x, (2.0,), "Rsub1(Mul0(x, None))"),
        (lambda x: (x**3.5 + 2.0**x) ** x, (2.0,), "Pow1(Add0(Pow0(x), Pow2(x)), x)"),
        (lambda x: detach(x**2) + x, (3.0,), "Add0(None, x)"),
        (lambda x: jnp.mean(x), (A,), "Mean0(x)"),
        (lambda x: x.mean(0).sum(), (A,), "Sum0(Mean1(x))"),
        (lambda x: x.sum() / 12, (A,), "Div0(Sum0(x), None)"),
        (lambda x: x.sum(1, keepdims=True), (A,), "Sum1(x)"),
        (lambda x: x.max() + x.min(0)[0], (A,), "Add0(Max1(x), Select0(Amin0(x)))"),
        (lambda x: x[1:3, 2], (A,), "Select0(Slice0(x))"),
        (lambda x: x[0, 0:2], (A,), "Slice0(Select0(x))"),
        (lambda x: x[1][2], (A,), "Select0(Select0(x))"),
        (lambda x: x[:1][0], (A,), "Select0(Slice0(x))"),
        (lambda x: x[jnp.array([0, 1])], (X,), "Index0(x)"),
        (lambda x: x[None] + x[:, None], (X,), "Add0(Unsqueeze0(x), Unsqueeze0(x))"),
        (lambda x: jnp.broadcast_to(x, (2, 3)), (X,), "Expand0(x)"),
        (lambda x: A + x, (X,), "Add0(None, x)"),
        (lambda x: A @ x, (X,), "Mv0(None, x)"),
        (lambda x: x @ x.T, (A,), "Mm0(x, Permute0(x))"),
        (lambda x: x @ A.T, (X,), "Squeeze4(Mm0(Unsqueeze0(x), None))"),
        (lambda w: X @ w.T, (A,), "Squeeze4(Mm0(None, Permute0(w)))"),
        (lambda x: x @ X, (A[None],), "UnsafeView0(Mv0(View0(x), None))"),
        (lambda x: 1 / x, (X,), "Mul0(Reciprocal0(x), None)"),
        (lambda x: A / x, (X,), "Div0(None, x)"),
        (lambda x: jax.nn.logsumexp(x, 1), (A,), "Logsumexp0(x)"),
        (lambda x: norm(x) * norm(x), (X,), "Mul0(LinalgVectorNorm0(x), LinalgVectorNorm0(x))"),
        (lambda x: softmax_of(3, x), (X,), "Softmax0(Softmax0(Softmax0(x)))"),
        (lambda x: largest(x, 1).values, (A,), "Max0(x)"),
        (lambda x: jnp.swapaxes(x, 0, 1).reshape(-1), (A,), "View0(Transpose0(x))"),
        (lambda x: jax.nn.relu(jax.nn.sigmoid(x)), (X,), "Relu0(Sigmoid0(x))"),
        (lambda x: jnp.where(x > 1, x, 0.0), (X,), "Where0(x, None)"),
        (lambda x: jnp.clip(x, 0, 1), (X,), "Clamp1(x)"),
        (lambda x: jax.nn.softmax(jax.nn.softmax(x)), (X,), "Softmax0(Softmax0(x))"),
        (lambda x: -jax.nn.log_softmax(x)[0], (X,), "Neg0(Select0(LogSoftmax0(x)))"),
        (lambda x: jnp.std(x, ddof=1), (X,), "Std0(x)"),
        (
            lambda x: jnp.concatenate([x, jnp.stack([x, x])[0]]),
            (X,),
            "Cat0(x, Select0(Stack0(x, x)))",
        ),
        (lambda x: x.astype(jnp.float16), (X,), "ToCopy0(x)"),
        (lambda x: jnp.square(tap(x, "x")), (X,), "Pow0(x)"),
    ],
)
def test_names_and_edges(function, inputs, expected):
    assert shown(function, *inputs) == expected


def test_values_gradients_and_what_is_saved():
    g = graph(lambda a, b: jnp.exp(a * b))(2.0, 3.0)
    product, exponential = g.nodes[2:]
    assert (product.value, exponential.value) == (6, g.value)
    np.testing.assert_allclose(product.gradient, 403.4288, rtol=1e-6)
    assert exponential.gradient == 1
    assert [float(leaf.gradient) for leaf in g.leaves] == pytest.approx([1210.2864, 806.8576])
    assert product.saved == {"self": 2, "other": 3}
    assert exponential.saved == {"result": g.value}
    assert (product.shape, product.dtype) == ((), "float32")
    assert repr(g.grad_fn.next_functions) == "((<MulBackward0>, 0),)"
    assert repr(g.leaves[0]) == "<AccumulateGrad of a>"


def test_a_quotient_and_a_product_keep_their_values_and_gradients():
    inverse, product = graph(lambda x: 3 / x)(2.0).nodes[1:]
    assert (inverse.value, inverse.gradient, inverse.saved) == (0.5, 3, {"result": 0.5})
    assert (product.value, product.gradient, product.saved) == (1.5, 1, {"other": 3})
    g = graph(lambda x: (x @ A.T).sum())(X)
    assert [node.shape for node in g.nodes] == [(3,), (1, 3), (1, 4), (4,), ()]
    assert [node.gradient.shape for node in g.nodes] == [node.shape for node in g.nodes]
    assert all("test_graph.py" in node.line for node in g.nodes[1:])


def test_only_what_is_needed_is_saved():
    assert graph(lambda x: 3 * x)(2.0).grad_fn.saved == {"other": 3}
    assert graph(lambda x: x / 4)(2.0).grad_fn.saved == {"other": 4}
    assert graph(lambda x: x**3)(2.0).grad_fn.saved == {"self": 2, "exponent": 3}


@pytest.mark.parametrize(
    "function",
    [
        lambda x: jnp.mean(jnp.sin(x) ** 2),
        lambda x: jnp.sum(x[1:3, 2] * x[0, 0]),
        lambda x: jax.nn.log_softmax(x)[1, 2] * x.std(),
        lambda x: jnp.sum(jnp.where(x > 3, x, 0.0)) + jnp.mean(x, 0)[1],
    ],
)
def test_gradients_of_leaves_are_those_of_jax(function):
    np.testing.assert_allclose(
        graph(function)(A).leaves[0].gradient, jax.grad(function)(A), rtol=1e-5, atol=1e-6
    )


def test_gradients_inside_are_those_of_taps():
    g = graph(lambda x: jnp.mean(tap(x[1], "row") ** 2))(A)
    row, _, mean = (node for node in g.nodes if not node.is_leaf)
    assert (row.label, row.shape, mean.gradient) == ("row", (3,), 1)
    np.testing.assert_allclose(row.gradient, 2 * A[1] / 3)


def test_a_result_that_is_no_number():
    silent = graph(lambda x: x**2)(X)
    assert silent.grad_fn.gradient is None
    weighted = graph(lambda x: x**2, gradient=jnp.array([1.0, 10.0, 100.0]))(X)
    assert weighted.leaves[0].gradient.tolist() == [2, 40, 600]
    with pytest.raises(InvalidValueError, match=r"has shape \[\(2,\)\], the result \[\(3,\)\]"):
        graph(lambda x: x**2, gradient=jnp.ones(2))(X)


def test_several_results():
    g = graph(lambda x: (x[0] * 2, x[1]), gradient=(1.0, 10.0))(X)
    assert [edge.node.name for edge in g.outputs] == ["MulBackward0", "SelectBackward0"]
    assert g.leaves[0].gradient.tolist() == [2, 10, 0]


def test_arguments_are_chosen_and_named():
    def loss(params, x, n):
        return (params["w"] * x).sum() * n

    g = graph(loss)({"w": X}, X, 2)
    assert [leaf.operation for leaf in g.leaves] == ["params.w", "x"]
    assert [leaf.operation for leaf in graph(loss, wrt="params")({"w": X}, X, 2).leaves] == [
        "params.w"
    ]
    assert g.title == "loss(params, x, n)"
    with pytest.raises(GradientError, match="holds int32"):
        graph(loss, wrt="n")({"w": X}, X, 2)
    assert graph(lambda *xs: xs[0] * xs[1])(1.0, 2.0).title == "f(input 0, input 1)"


def test_unused_inputs_stay_and_unused_work_goes():
    def f(a, b):
        jnp.sin(b)
        return a * 2

    g = graph(f)(1.0, 2.0)
    assert [node.operation for node in g.nodes] == ["a", "b", "mul"]
    assert g.leaves[1].gradient == 0


def test_a_result_without_a_graph():
    g = graph(lambda x: x)(2.0)
    assert g.grad_fn is None
    assert graph(lambda x: jnp.argmax(x))(X).grad_fn is None
    assert graph(lambda x: 3.0)(2.0).grad_fn is None


def test_nested_jit_is_opened_and_custom_rules_are_kept():
    @jax.jit
    def norm(x):  # a name that jax.numpy has too
        return jnp.sqrt(jnp.sum(x * x))

    cube = custom_function(cube_forward, lambda x, g: 3 * x**2 * g)
    assert shown(lambda x: norm(x), X) == "Sqrt0(Sum0(Mul0(x, x)))"
    assert shown(lambda x: jnp.linalg.norm(x), X) == "LinalgVectorNorm0(x)"
    g = graph(lambda x: cube(x))(2.0)
    assert (g.grad_fn.name, g.leaves[0].gradient) == ("cube_forwardBackward", 12)


def cube_forward(x):
    return x**3, x


def test_loops_are_one_node():
    g = graph(lambda x: jax.lax.scan(lambda c, a: (c * a, None), x, X)[0])(2.0)
    assert g.grad_fn.name == "ScanBackward0"
    assert g.leaves[0].gradient == 6


def test_layers_and_losses_of_this_library_are_one_node():
    first, second = nn.Linear(3, 2), nn.Linear(2, 2)
    assert shown(lambda a, b: nn.cross_entropy(b(a(A)), LABELS), first, second) == (
        "NllLoss0(LogSoftmax0(Addmm0(b.bias, Addmm0(a.bias, None, T0(a.weight)), T0(b.weight))))"
    )
    assert shown(lambda a: nn.mse_loss(a(A), jnp.ones((4, 2))), first) == (
        "MseLoss0(Addmm0(a.bias, None, T0(a.weight)), None)"
    )
    layer = graph(lambda a: nn.cross_entropy(a(A), LABELS))(first).grad_fn.inputs[0].node.inputs[0]
    assert layer.node.saved.keys() == {"mat1"}
    assert layer.node.gradient.shape == (4, 2)


def test_random_keys_are_constants():
    def dropout(x, key):
        return jnp.sum(jnp.where(jax.random.bernoulli(key, 0.5, x.shape), x, 0.0))

    g = graph(dropout)(X, jax.random.key(0))
    assert [leaf.operation for leaf in g.leaves] == ["x"]
    assert "WhereBackward0" in str(g)


def test_a_batched_function():
    assert shown(jax.vmap(lambda x: x @ x), A) == "Bmm0(x, x)"


def test_the_line_is_known():
    assert "test_graph.py" in graph(lambda x: jnp.exp(x))(1.0).grad_fn.line
