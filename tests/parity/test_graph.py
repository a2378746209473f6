"""The graph equals PyTorch's own, node by node, in names, order, saved values and gradients."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from functorch_course import nn
from functorch_course import tensor as ft
from functorch_course.autograd import detach
from functorch_course.graph import graph
from tolerance import assert_close

TWO, THREE, FOUR = np.float32(2), np.float32(3), np.float32(4)
V = np.array([0.5, 1.5, 2.5], np.float32)
W = np.array([2.0, -1.0, 0.5], np.float32)
A = np.linspace(0.2, 2.4, 12, dtype=np.float32).reshape(4, 3)
M = np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3)
B = np.array([0.5, -0.5], np.float32)


def same(function):
    """One program for both libraries."""
    return function, function


COURSE = {
    "exp(a * b)": (lambda a, b: torch.exp(a * b), lambda a, b: jnp.exp(a * b), (TWO, THREE)),
    "a * b + c": (*same(lambda a, b, c: a * b + c), (TWO, THREE, FOUR)),
    "x ** 2": (*same(lambda x: x**2), (TWO,)),
    "u v + u ** 2": (*same(lambda u, v: u * v + u**2), (TWO, THREE)),
    "sum of squares": (*same(lambda w: (w**2).sum()), (V,)),
    "W x + b": (*same(lambda w, x, b: w @ x + b), (M, V, B)),
    "X W.T + b": (*same(lambda x, w, b: x @ w.T + b), (A, M, B)),
    "w x + b": (lambda w, x: torch.dot(w, x) + 1, lambda w, x: ft.dot(w, x) + 1, (W, V)),
    "detach": (lambda x: (x**2).detach() + x, lambda x: detach(x**2) + x, (THREE,)),
    "mean squared error": (*same(lambda x, w: ((x @ w - 1) ** 2).mean()), (A, W)),
    "ten sigmoids": (
        lambda x: ten_times(torch.sigmoid, x),
        lambda x: ten_times(ft.sigmoid, x),
        (TWO,),
    ),
}


def ten_times(sigmoid, x):
    for _ in range(10):
        x = sigmoid(x)
    return x


MORE = {
    "one minus": (*same(lambda x: 1 - 2 * x), (V,)),
    "quotient": (*same(lambda x, y: (x / y) / 4 - y), (V, W)),
    "powers": (*same(lambda x: 2.0**x + x**3 - x**1.5), (V,)),
    "x to the x": (*same(lambda x: x**x), (V,)),
    "negative": (*same(lambda x: -x), (V,)),
    "functions": (
        lambda x: torch.log(x.sqrt() + x.sin() * x.cos()),
        lambda x: ft.log(ft.sqrt(x) + ft.sin(x) * ft.cos(x)),
        (V,),
    ),
    "tanh and abs": (
        lambda x: torch.tanh(x) * x.abs(),
        lambda x: ft.tanh(x) * ft.abs(x),
        (W,),
    ),
    "relu": (lambda x: torch.relu(x).sum(), lambda x: ft.relu(x).sum(), (W,)),
    "sums over axes": (*same(lambda x: x.sum(0) * x.sum()), (A,)),
    "means": (*same(lambda x: x.mean(0) - x.mean()), (A,)),
    "std": (lambda x: x.std() + x.var(), lambda x: ft.std(x) + ft.var(x), (A,)),
    "extrema": (*same(lambda x: x.max() - x.min()), (A,)),
    "product": (*same(lambda x: x.prod()), (V,)),
    "elements": (*same(lambda x: x[1] * x[-1]), (V,)),
    "rows and columns": (*same(lambda x: x[1:3, 2] * x[0, 0:2]), (A,)),
    "one column": (*same(lambda x: x[:, 1]), (A,)),
    "shapes": (
        lambda x: x.reshape(2, 6).T.unsqueeze(0),
        lambda x: ft.unsqueeze(x.reshape(2, 6).T, 0),
        (A,),
    ),
    "new axes": (*same(lambda x, y: x[:, None] * y), (V, W)),
    "expand": (lambda x: x.expand(4, 3), lambda x: ft.expand(x, 4, 3), (V,)),
    "transpose": (lambda x: x.transpose(0, 1), lambda x: ft.transpose(x, 0, 1), (A,)),
    "cat and stack": (
        lambda x, y: torch.cat([x, y]) * torch.stack([x, y]).reshape(6),
        lambda x, y: ft.cat([x, y]) * ft.stack([x, y]).reshape(6),
        (V, W),
    ),
    "where": (
        lambda x, y: torch.where(x > y, x, y) + torch.where(x > 1, x, 0.0),
        lambda x, y: jnp.where(x > y, x, y) + jnp.where(x > 1, x, 0.0),
        (V, W),
    ),
    "clamp": (lambda x: x.clamp(0, 1), lambda x: jnp.clip(x, 0, 1), (W,)),
    "softmax": (lambda x: x.softmax(1), lambda x: jax.nn.softmax(x, 1), (A,)),
    "log softmax": (lambda x: x.log_softmax(1)[0], lambda x: jax.nn.log_softmax(x, 1)[0], (A,)),
    "softplus": (F.softplus, jax.nn.softplus, (V,)),
    "indices": (lambda x: x[torch.tensor([0, 2])], lambda x: x[jnp.array([0, 2])], (V,)),
    "cast": (lambda x: x.half().float(), lambda x: ft.cast(ft.cast(x, "half"), "float"), (V,)),
    "flip": (lambda x: x.flip(0), lambda x: jnp.flip(x, 0), (V,)),
    "cumsum": (lambda x: x.cumsum(0), lambda x: jnp.cumsum(x, 0), (A,)),
    "norm": (lambda x: x.norm(), lambda x: jnp.linalg.norm(x), (V,)),
    "layer": (
        lambda x, w, b: torch.relu(x @ w.T + b).mean(),
        lambda x, w, b: ft.relu(x @ w.T + b).mean(),
        (A, M, B),
    ),
}
ALL = COURSE | MORE


def torch_structure(node):
    if node is None:
        return None
    return type(node).__name__, [(torch_structure(each), i) for each, i in node.next_functions]


def structure(node):
    if node is None:
        return None
    return node.name, [(structure(each), i) for each, i in node.next_functions]


@pytest.mark.parametrize("name", ALL)
def test_names_next_functions_values_and_gradients(name):
    in_torch, in_jax, arrays = ALL[name]
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    y = in_torch(*tensors)
    weights = np.linspace(1, 2, y.numel(), dtype=np.float32).reshape(y.shape)
    y.backward(torch.from_numpy(weights))
    g = graph(in_jax, gradient=jnp.asarray(weights))(*arrays)
    assert structure(g.grad_fn) == torch_structure(y.grad_fn)
    assert_close(g.value, y.detach())
    for leaf, tensor in zip(g.leaves, tensors, strict=True):
        assert_close(leaf.gradient, tensor.grad)


def copied(layer):
    """Our layer with the weights of PyTorch's."""
    ours = nn.Linear(layer.in_features, layer.out_features, bias=layer.bias is not None)
    nn.load_state_dict(ours, {name: p.detach().numpy() for name, p in layer.named_parameters()})
    return ours


LABELS = np.array([0, 1, 1, 0])


@pytest.mark.parametrize(
    ("in_torch", "in_jax"),
    [
        (
            lambda first, _: F.cross_entropy(first(torch.from_numpy(A)), torch.from_numpy(LABELS)),
            lambda first, _: nn.cross_entropy(first(A), LABELS),
        ),
        (
            lambda first, second: F.mse_loss(
                second(torch.relu(first(torch.from_numpy(A)))), torch.ones(4, 2)
            ),
            lambda first, second: nn.mse_loss(second(nn.relu(first(A))), jnp.ones((4, 2))),
        ),
        (
            lambda first, second: F.mse_loss(
                second(first(torch.from_numpy(A))), first(torch.from_numpy(A)), reduction="sum"
            ),
            lambda first, second: nn.mse_loss(second(first(A)), first(A), reduction="sum"),
        ),
    ],
    ids=["softmax regression", "two layers", "two predictions"],
)
@pytest.mark.parametrize("bias", [True, False])
def test_layers_and_losses_are_one_node_each(in_torch, in_jax, bias):
    layers = torch.nn.Linear(3, 2, bias=bias), torch.nn.Linear(2, 2, bias=bias)
    loss = in_torch(*layers)
    loss.backward()
    g = graph(in_jax)(*map(copied, layers))
    assert structure(g.grad_fn) == torch_structure(loss.grad_fn)
    gradients = {leaf.operation.partition(".")[2]: leaf.gradient for leaf in g.leaves[: 1 + bias]}
    for name, parameter in layers[0].named_parameters():
        assert_close(gradients[name], parameter.grad)


@pytest.mark.parametrize(
    ("in_torch", "in_jax", "arrays"),
    [
        (*same(lambda a, b: a * b), (TWO, THREE)),
        (*same(lambda a: a * 3), (TWO,)),
        (*same(lambda a, b: a / b), (TWO, THREE)),
        (*same(lambda a: a**2), (TWO,)),
        (torch.exp, ft.exp, (TWO,)),
        (torch.log, ft.log, (TWO,)),
        (torch.sigmoid, ft.sigmoid, (TWO,)),
        (torch.sin, ft.sin, (TWO,)),
        (torch.dot, ft.dot, (V, W)),
        (*same(lambda x, w: x @ w), (A, W)),
        (*same(lambda x, w: x @ w), (A, M.T.copy())),
    ],
)
def test_saved_values(in_torch, in_jax, arrays):
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    theirs, ours = in_torch(*tensors).grad_fn, graph(in_jax)(*arrays).grad_fn
    names = [name for name in dir(theirs) if name.startswith("_saved_")]
    saved = {name.removeprefix("_saved_"): getattr(theirs, name) for name in names}
    expected = {
        name: value.detach() if isinstance(value, torch.Tensor) else value
        for name, value in saved.items()
        if isinstance(value, (torch.Tensor, int, float))
    }
    assert ours.saved.keys() == expected.keys()
    for name, value in expected.items():
        assert_close(np.float32(ours.saved[name]), np.float32(value))


def test_gradients_inside_are_those_of_retain_grad():
    a, b = (torch.tensor(array, requires_grad=True) for array in (TWO, THREE))
    y = a * b
    y.retain_grad()
    torch.exp(y).backward()
    assert_close(graph(lambda a, b: jnp.exp(a * b))(TWO, THREE).nodes[2].gradient, y.grad)
