"""Section O of the course, in PyTorch and here."""

import jax
import numpy as np
import optax
import torch

from functorch_course import data, nn, optim
from functorch_course import tensor as ft
from functorch_course.autograd import GradientError, grad
from functorch_course.errors import TeachingError
from parity.course.columns import Case, Raises, compare, rows

WEIGHT, BIAS = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [0.5, -0.5]
SQUARE = [[1.0, 2.0], [3.0, 4.0]]


class TheirModule(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
        self.plain = torch.tensor([3.0], requires_grad=True)
        self.listed = [torch.nn.Parameter(torch.ones(1))]


class OurModule(nn.Module):
    def __init__(self):
        self.w = nn.Parameter(ft.tensor([1.0, 2.0]))
        self.plain = ft.tensor([3.0])


def torch_menu():
    x = torch.tensor(SQUARE)
    vector = torch.tensor([10.0, 20.0])
    return x * 2, x @ vector, x + vector, x.sum(), x.mean(), x.reshape(4), x[0:1]


def our_menu():
    x = ft.tensor(SQUARE)
    vector = ft.tensor([10.0, 20.0])
    return (
        ft.mul(x, 2), ft.matmul(x, vector), ft.add(x, vector), ft.sum(x), ft.mean(x),
        ft.reshape(x, 4), ft.index(x, slice(0, 1)),
    )  # fmt: skip


def torch_parameter():
    w = TheirModule().w
    (w**2).sum().backward()
    return w.requires_grad, w.grad


def our_parameter():
    return True, grad(lambda model: (model.w[...] ** 2).sum())(OurModule()).w[...]


def torch_optimizer():
    w, v = (torch.tensor(1.0, requires_grad=True) for _ in range(2))
    (w * v).backward()
    torch.optim.SGD([w], lr=0.1).step()
    return w, v


def our_optimizer():
    trained, v = {"w": ft.tensor(1.0)}, ft.tensor(1.0)
    optimizer = optim.SGD(lr=0.1)
    gradient = grad(lambda t: t["w"] * v)(trained)
    updates, _ = optimizer.update(gradient, optimizer.init(trained), trained)
    return optax.apply_updates(trained, updates)["w"], v


def torch_update():
    w = torch.tensor(1.0, requires_grad=True)
    (w**2).backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    return w


def our_update():
    params = {"w": ft.tensor(1.0)}
    gradients = grad(lambda p: p["w"] ** 2)(params)
    return jax.tree.map(lambda p, g: p - 0.1 * g, params, gradients)["w"]


def batches(loader):
    return tuple((tuple(x.shape), tuple(y.shape)) for x, y in loader)


FEATURES, TARGETS = np.ones((100, 2), np.float32), np.ones((100, 1), np.float32)

TABLE = {
    "O004": Case(lambda: torch.zeros(2, 3, 4).ndim, lambda: ft.ndimension(ft.zeros(2, 3, 4)), 3),
    "O005": Case(
        lambda: (torch.tensor(555).ndim, torch.tensor(555).shape),
        lambda: (ft.ndimension(ft.tensor(555)), ft.size(ft.tensor(555))),
        (0, ()),
    ),
    "O006": Case(
        lambda: (torch.tensor([1, 2, 3]).ndim, torch.tensor([1, 2, 3]).shape),
        lambda: (ft.ndimension(ft.tensor([1, 2, 3])), ft.size(ft.tensor([1, 2, 3]))),
        (1, (3,)),
    ),
    "O007": Case(lambda: torch.zeros(2, 3).ndim, lambda: ft.ndimension(ft.zeros(2, 3)), 2),
    "O008": Case(
        lambda: tuple(torch.zeros(*[2] * n).ndim for n in (3, 4, 5)),
        lambda: tuple(ft.ndimension(ft.zeros(*[2] * n)) for n in (3, 4, 5)),
        (3, 4, 5),
    ),
    "O013": Case(
        lambda: torch.tensor(WEIGHT) @ torch.ones(3) + torch.tensor(BIAS),
        lambda: ft.linear(ft.ones(3), ft.tensor(WEIGHT), ft.tensor(BIAS)),
        [6.5, 14.5],
    ),
    "O014": Case(
        torch_menu,
        our_menu,
        ([[2, 4], [6, 8]], [50, 110], [[11, 22], [13, 24]], 10, 2.5, [1, 2, 3, 4], [[1, 2]]),
    ),
    "O019": Case(torch_parameter, our_parameter, (True, [2, 4])),
    "O019 integers": Case(
        lambda: torch.nn.Parameter(torch.tensor([1, 2])),
        lambda: grad(lambda w: (w**2).sum())(ft.tensor([1, 2])),
        Raises(RuntimeError, "floating point"),
        here=Raises(GradientError, "only floats have a gradient"),
    ),
    "O020": Case(
        lambda: tuple(name for name, _ in TheirModule().named_parameters()),
        lambda: tuple(name for name, _ in nn.named_parameters(OurModule())),
        ("w",),
    ),
    "O021": Case(torch_optimizer, our_optimizer, (0.9, 1)),
    "O022": Case(
        lambda: {name: p.shape for name, p in torch.nn.Linear(3, 2).named_parameters()},
        lambda: {name: p.shape for name, p in nn.named_parameters(nn.Linear(3, 2))},
        {"weight": (2, 3), "bias": (2,)},
    ),
    "O025": Case(torch_update, our_update, 0.8),
    "O028": Case(
        lambda: (torch.ones(2).numpy(), torch.ones(2).numpy().flags.writeable),
        lambda: (ft.to_numpy(ft.ones(2)), ft.to_numpy(ft.ones(2)).flags.writeable),
        ([1, 1], True),
        here=([1, 1], False),
    ),
    "O028 with a gradient": Case(
        lambda: torch.ones(2, requires_grad=True).numpy(),
        lambda: grad(lambda x: ft.to_numpy(x).sum())(ft.ones(2)),
        Raises(RuntimeError, r"Use tensor.detach\(\).numpy\(\)"),
        here=Raises(TeachingError, "which is being traced and has no values yet"),
    ),
    "O029": Case(
        lambda: torch.ones(2).to("cpu").device.type,
        lambda: jax.device_put(ft.ones(2), jax.devices("cpu")[0]).device.platform,
        "cpu",
    ),
    "O029 unknown": Case(
        lambda: torch.ones(2).to("abacus"),
        lambda: jax.devices("abacus"),
        Raises(RuntimeError, "device type at start of device string: abacus"),
        here=Raises(TeachingError, "this program has no device called abacus"),
    ),
    "O031 item": Case(
        lambda: torch.utils.data.Dataset()[0],
        lambda: data.Dataset()[0],
        Raises(NotImplementedError, "__getitem__"),
    ),
    "O031 length": Case(
        lambda: len(torch.utils.data.Dataset()),
        lambda: len(data.Dataset()),
        Raises(TypeError, r"object of type 'Dataset' has no len\(\)"),
    ),
    "O033": Case(
        lambda: batches(
            torch.utils.data.DataLoader(
                torch.utils.data.TensorDataset(*map(torch.from_numpy, (FEATURES, TARGETS))), 32
            )
        ),
        lambda: batches(data.DataLoader(data.TensorDataset(FEATURES, TARGETS), 32)),
        (*[((32, 2), (32, 1))] * 3, ((4, 2), (4, 1))),
    ),
}


@rows(TABLE)
def test_both_columns(case):
    compare(case)
