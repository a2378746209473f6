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
T3 = np.linspace(-1, 1, 24, dtype=np.float32).reshape(2, 3, 4)
U3 = np.linspace(-1, 1, 16, dtype=np.float32).reshape(2, 4, 2)
COLUMNS = np.array([[0], [2], [1], [1]])
OPERATIONS = {
    "1 / x": (*same(lambda x: 1 / x), (V,)),
    "1 / x of a number": (*same(lambda x: 1 / x), (TWO,)),
    "a sigmoid by hand": (
        lambda x: 2.5 / (1 + torch.exp(-x)),
        lambda x: 2.5 / (1 + ft.exp(-x)),
        (W,),
    ),
    "number minus x": (*same(lambda x: 3 - x), (V,)),
    "x minus number": (*same(lambda x: x - 3), (V,)),
    "reciprocal": (torch.reciprocal, jnp.reciprocal, (V,)),
    "x ** -1": (*same(lambda x: x**-1), (V,)),
    "x ** 0.5": (*same(lambda x: x**0.5), (V,)),
    "x ** -2": (*same(lambda x: x**-2), (V,)),
    "square": (torch.square, jnp.square, (V,)),
    "sqrt and rsqrt": (
        lambda x: x.sqrt() + x.rsqrt(),
        lambda x: ft.sqrt(x) + jax.lax.rsqrt(x),
        (V,),
    ),
    "vector @ matrix": (*same(lambda x, w: x @ w), (V, A.T.copy())),
    "vector @ matrix.T": (*same(lambda x, w: x @ w.T), (V, M)),
    "constant vector @ matrix": (
        lambda w: torch.from_numpy(V) @ w,
        lambda w: jnp.asarray(V) @ w,
        (A.T.copy(),),
    ),
    "vector @ constant matrix": (
        lambda x: x @ torch.from_numpy(A.T),
        lambda x: x @ jnp.asarray(A.T),
        (V,),
    ),
    "matrix @ vector": (*same(lambda w, x: w @ x), (A, V)),
    "vector @ vector": (*same(lambda x, y: x @ y), (V, W)),
    "mm and mv": (
        lambda x, y, z: torch.mv(torch.mm(x, y), z),
        lambda x, y, z: ft.matmul(ft.mm(x, y), z),
        (M, A.T.copy(), A[:, 0].copy()),
    ),
    "batch @ matrix": (*same(lambda x, y: x @ y), (T3, U3[0].copy())),
    "batch @ vector": (*same(lambda x, y: x @ y), (T3, U3[0, :, 0].copy())),
    "batch @ batch": (*same(lambda x, y: x @ y), (T3, U3)),
    "batch @ constant batch": (
        lambda x: x @ torch.from_numpy(U3),
        lambda x: x @ jnp.asarray(U3),
        (T3,),
    ),
    "four axes": (*same(lambda x, y: x @ y), (np.stack([T3, -T3]), np.stack([U3, -U3]))),
    "bmm": (torch.bmm, jax.lax.batch_matmul, (T3, U3)),
    "linear of a vector": (F.linear, ft.linear, (V, M, B)),
    "linear of a matrix": (F.linear, ft.linear, (A, M, B)),
    "linear of a batch": (F.linear, ft.linear, (T3, np.ones((2, 4), np.float32), B)),
    "linear without bias": (F.linear, ft.linear, (T3, np.ones((2, 4), np.float32))),
    "clamp on one side": (
        lambda x: x.clamp(min=0) + x.clamp(max=1),
        lambda x: jnp.clip(x, 0) + jnp.clip(x, max=1),
        (W,),
    ),
    "relu6": (F.relu6, jax.nn.relu6, (W,)),
    "silu, elu, leaky relu": (
        lambda x: F.silu(x) + F.elu(x) * F.leaky_relu(x),
        lambda x: nn.silu(x) + nn.elu(x) * nn.leaky_relu(x),
        (W,),
    ),
    "gelu": (F.gelu, nn.gelu, (W,)),
    "gelu by tanh": (lambda x: F.gelu(x, approximate="tanh"), jax.nn.gelu, (W,)),
    "log sigmoid": (F.logsigmoid, jax.nn.log_sigmoid, (W,)),
    "maximum and minimum": (
        lambda x, y: torch.maximum(x, y) * torch.minimum(x, y),
        lambda x, y: jnp.maximum(x, y) * jnp.minimum(x, y),
        (V, W),
    ),
    "amax and amin": (
        lambda x: x.amax(1, keepdim=True) - x.amin(0),
        lambda x: x.max(1, keepdims=True) - x.min(0),
        (A,),
    ),
    "max and min along an axis": (
        lambda x: x.max(1, keepdim=True).values * x.min(0).values,
        lambda x: ft.max(x, 1, keepdim=True).values * ft.min(x, 0).values,
        (A,),
    ),
    "median along an axis": (
        lambda x: x.median(1).values,
        lambda x: ft.median(x, 1).values,
        (A,),
    ),
    "median and take": (
        lambda x: x.median() + x.take(torch.tensor([0, 5])),
        lambda x: ft.median(x) + ft.take(x, jnp.array([0, 5])),
        (A,),
    ),
    "cumsum along rows": (lambda x: x.cumsum(1), lambda x: jax.lax.cumsum(x, 1), (A,)),
    "cumprod": (lambda x: x.cumprod(0), lambda x: jnp.cumprod(x, 0), (V,)),
    "mean along an axis": (
        lambda x: x - x.mean(1, keepdim=True),
        lambda x: x - ft.mean(x, 1, keepdim=True),
        (A,),
    ),
    "normalised": (
        lambda x: x / x.sum(1, keepdim=True),
        lambda x: x / ft.sum(x, 1, keepdim=True),
        (A,),
    ),
    "std and var along an axis": (
        lambda x: x.std(0) + x.var(0),
        lambda x: ft.std(x, 0) + jnp.var(x, 0, ddof=1),
        (A,),
    ),
    "softmax twice": (
        lambda x: x.softmax(1).softmax(1),
        lambda x: nn.softmax(jax.nn.softmax(x, 1), 1),
        (A,),
    ),
    "logsumexp": (lambda x: x.logsumexp(1), lambda x: jax.nn.logsumexp(x, 1), (A,)),
    "logsumexp kept": (
        lambda x: x - x.logsumexp(1, keepdim=True),
        lambda x: x - jax.nn.logsumexp(x, 1, keepdims=True),
        (A,),
    ),
    "norms of norms": (
        lambda x, y: torch.stack([x.norm(), y.norm()]).norm(),
        lambda x, y: ft.norm(ft.stack([ft.norm(x), ft.norm(y)])),
        (V, W),
    ),
    "hstack and vstack": (
        lambda x, y: torch.hstack([x, y]).reshape(2, 3) + torch.vstack([x, y]),
        lambda x, y: jnp.hstack([x, y]).reshape(2, 3) + jnp.vstack([x, y]),
        (V, W),
    ),
    "stack along columns": (
        lambda x, y: torch.stack([x, y], 1),
        lambda x, y: jnp.stack([x, y], 1),
        (V, W),
    ),
    "slices": (*same(lambda x: x[::2, 1:] * x[1:3, 0:1]), (A,)),
    "ellipsis": (*same(lambda x: x[..., 1] + x[:, 0, 1:].sum()), (T3,)),
    "pairs of indices": (
        lambda x: x[torch.arange(4), torch.from_numpy(COLUMNS[:, 0])],
        lambda x: x[jnp.arange(4), jnp.asarray(COLUMNS[:, 0])],
        (A,),
    ),
    "gather": (
        lambda x: x.gather(1, torch.from_numpy(COLUMNS)),
        lambda x: jnp.take_along_axis(x, jnp.asarray(COLUMNS), 1),
        (A,),
    ),
    "index_select": (
        lambda x: x.index_select(0, torch.tensor([0, 2])),
        lambda x: ft.index_select(x, 0, [0, 2]),
        (A,),
    ),
    "mT": (*same(lambda x: x.mT), (T3,)),
    "permute": (lambda x: x.permute(2, 0, 1), lambda x: ft.permute(x, 2, 0, 1), (T3,)),
    "movedim": (lambda x: x.movedim(0, 2), lambda x: jnp.moveaxis(x, 0, 2), (T3,)),
    "view and flatten": (
        lambda x: x.view(-1, 1) * x.flatten(),
        lambda x: ft.view(x, -1, 1) * x.flatten(),
        (A,),
    ),
    "expand a number": (lambda x: x.expand(4), lambda x: ft.expand(x, 4), (TWO,)),
    "squeeze": (
        lambda x: x.unsqueeze(0).squeeze(0),
        lambda x: ft.squeeze(ft.unsqueeze(x, 0), 0),
        (V,),
    ),
    "tile, roll, pad": (
        lambda x: F.pad(x.roll(1), (1, 2)) * x.tile(2),
        lambda x: jnp.pad(jnp.roll(x, 1), (1, 2)) * jnp.tile(x, 2),
        (W,),
    ),
    "triangles and trace": (
        lambda x: torch.tril(x).trace(),
        lambda x: jnp.trace(jnp.tril(x)),
        (A[:3],),
    ),
    "sort": (lambda x: x.sort().values, jnp.sort, (W,)),
    "remainder": (*same(lambda x: x % 2), (V,)),
    "exponentials and logarithms": (
        lambda x: torch.expm1(x) * torch.log1p(x) + torch.exp2(x),
        lambda x: jnp.expm1(x) * jnp.log1p(x) + jnp.exp2(x),
        (V,),
    ),
    "hypot and atan2": (
        lambda x, y: torch.hypot(x, y) * torch.atan2(x, y),
        lambda x, y: jnp.hypot(x, y) * jnp.arctan2(x, y),
        (V, W),
    ),
}


def against(loss, zeros):
    """A loss of two arrays, or of one and zeros."""
    return lambda x, y=zeros: loss(x, y)


LOSSES = {
    "cross entropy": (
        lambda x: F.cross_entropy(x, torch.from_numpy(COLUMNS[:, 0])),
        lambda x: nn.cross_entropy(x, COLUMNS[:, 0]),
        (A,),
    ),
    "nll": (
        lambda x: F.nll_loss(x.log_softmax(1), torch.from_numpy(COLUMNS[:, 0])),
        lambda x: nn.nll_loss(nn.log_softmax(x, 1), COLUMNS[:, 0]),
        (A,),
    ),
    "binary cross entropy": (
        lambda x: F.binary_cross_entropy(x.sigmoid(), torch.ones(3)),
        lambda x: nn.binary_cross_entropy(nn.sigmoid(x), jnp.ones(3)),
        (W,),
    ),
    "binary cross entropy with logits": (
        lambda x: F.binary_cross_entropy_with_logits(x, torch.ones(3)),
        lambda x: nn.binary_cross_entropy_with_logits(x, jnp.ones(3)),
        (W,),
    ),
} | {
    f"{name} of {what}": (
        against(getattr(F, name), torch.zeros(3)),
        against(getattr(nn, name), jnp.zeros(3)),
        arrays,
    )
    for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
    for what, arrays in (("one", (W,)), ("two", (V, W)))
}
ALL = COURSE | MORE | OPERATIONS | LOSSES


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
