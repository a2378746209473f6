"""Section M of the course, in PyTorch and here."""

import jax
import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812

from functorch_course import nn
from functorch_course import tensor as ft
from functorch_course.autograd import grad
from functorch_course.errors import CourseError
from functorch_course.tensor.errors import DtypeError, OutOfBoundsError, RaggedError, ShapeError
from parity.course.columns import Case, Raises, compare, rows

HOUSES = [[2, 4, 40], [3, 10, 50], [4, 12, 23], [5, 34, 24]]
A = [[11, 12, 13], [21, 22, 23], [31, 32, 33]]
X, Y = [[1, 0], [0, 1]], [[2, 1], [1, 2]]
LEFT, RIGHT = [[0, 1, 1], [1, 0, 1]], [[1, 1], [1, 1], [-1, 1]]
EMBEDDING = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
FEATURES = np.float32(HOUSES)[:, :2]
WEIGHT, BIAS = np.float32([[1, 2], [3, 4], [5, 6]]), np.float32([0.5, -0.5, 1])

t, x = torch.tensor, ft.tensor


def layers():
    """A layer of PyTorch's and one of ours with the same weights."""
    theirs, ours = torch.nn.Linear(5, 2), nn.Linear(5, 2)
    nn.load_state_dict(ours, {name: p.numpy() for name, p in theirs.state_dict().items()})
    return theirs, ours


THEIRS, OURS = layers()
OF_FIVE = (THEIRS.weight @ torch.ones(5) + THEIRS.bias).detach().numpy()


def torch_written():
    a = np.array([1.0, 2.0], np.float32)
    shared = torch.from_numpy(a)
    a[0] = 999
    return shared


def our_written(share):
    a = np.array([1.0, 2.0], np.float32)
    taken = ft.from_numpy(a, share=share)
    a[0] = 999
    return taken


def torch_copied():
    a = np.array([1.0, 2.0], np.float32)
    copied = torch.tensor(a)
    a[0] = 999
    return copied


def torch_tracked():
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    (w**2).sum().backward()
    return w.grad


def in_place_of(weights):
    @ft.shapes("N D, D -> N")
    def predict(features, weight):
        return features * weight

    return predict(ft.ones(3, 3), weights)


TABLE = {
    "M090": Case(lambda: t(HOUSES), lambda: x(HOUSES), HOUSES),
    "M092": Case(
        lambda: torch.ones(3, 4) @ torch.ones(5, 2),
        lambda: ft.matmul(ft.ones(3, 4), ft.ones(5, 2)),
        Raises(RuntimeError, "shapes cannot be multiplied"),
        here=Raises(ShapeError, r"\(3, 4\) and \(5, 2\)"),
    ),
    "M092 a layer": Case(
        lambda: THEIRS(torch.ones(3, 4)),
        lambda: OURS(ft.ones(3, 4)),
        Raises(RuntimeError, "shapes cannot be multiplied"),
        here=Raises(CourseError, r"\(3, 4\)"),
    ),
    "M093": Case(lambda: THEIRS(torch.ones(1, 5)), lambda: OURS(ft.ones(1, 5)), OF_FIVE[None]),
    "M094": Case(lambda: THEIRS(torch.ones(5)), lambda: OURS(ft.ones(5)), OF_FIVE),
    "M095": Case(
        lambda: t([1, 2, 3, 4, 5]).view(1, -1),
        lambda: ft.view(x([1, 2, 3, 4, 5]), 1, -1),
        [[1, 2, 3, 4, 5]],
    ),
    "M095 fed to a layer": Case(
        lambda: THEIRS(t([[1, 2, 3, 4, 5]])),
        lambda: ft.linear(x([[1, 2, 3, 4, 5]]), ft.ones(2, 5)),
        Raises(RuntimeError, "same dtype"),
        here=Raises(DtypeError, "linear of int32 and float32"),
    ),
    "M097": Case(lambda: t(X) * t(Y), lambda: ft.mul(x(X), x(Y)), [[2, 0], [0, 2]]),
    "M098": Case(
        lambda: t([[1, 2], [3, 4]]) * t([10, 1]),
        lambda: ft.mul(x([[1, 2], [3, 4]]), x([10, 1])),
        [[10, 2], [30, 4]],
    ),
    "M099": Case(
        lambda: (t(X) @ t(Y), torch.mm(t(LEFT), t(RIGHT))),
        lambda: (ft.matmul(x(X), x(Y)), ft.mm(x(LEFT), x(RIGHT))),
        ([[2, 1], [1, 2]], [[0, 2], [0, 2]]),
    ),
    "M099 mm of a vector": Case(
        lambda: torch.mm(t(X), t([1, 2])),
        lambda: ft.mm(x(X), x([1, 2])),
        Raises(RuntimeError, "mat2 must be a matrix"),
        here=Raises(ShapeError, r"mm expects shapes \(n, k\) and \(k, m\)"),
    ),
    "M100": Case(
        lambda: (t([0.0, 1.0, 0.0]) @ t(EMBEDDING), t(EMBEDDING)[1]),
        lambda: (ft.matmul(x([0.0, 1.0, 0.0]), x(EMBEDDING)), ft.index(x(EMBEDDING), 1)),
        ([3, 4], [3, 4]),
    ),
    "M100 a bad id": Case(
        lambda: t(EMBEDDING).index_select(0, t([3])),
        lambda: ft.index_select(x(EMBEDDING), 0, [3]),
        Raises(IndexError, "index out of range"),
        here=Raises(OutOfBoundsError, "index 3 is outside axis 0 of length 3"),
    ),
    "M101": Case(
        lambda: (
            (torch.ones(3, 3) * torch.ones(3)).shape,
            (torch.ones(3, 3) @ torch.ones(3)).shape,
        ),
        lambda: (
            ft.mul(ft.ones(3, 3), ft.ones(3)).shape,
            ft.matmul(ft.ones(3, 3), ft.ones(3)).shape,
        ),
        ((3, 3), (3,)),
    ),
    "M101 with shapes written down": Case(
        lambda: (torch.ones(3, 3) * torch.ones(3)).shape,
        lambda: in_place_of(ft.ones(3)),
        (3, 3),
        here=Raises(ShapeError, r"x @ w"),
    ),
    "M102": Case(
        lambda: torch.ones(32, 10) + torch.ones(32),
        lambda: ft.add(ft.ones(32, 10), ft.ones(32)),
        Raises(RuntimeError, "must match the size of tensor b"),
        here=Raises(ShapeError, r"\(32, 10\) and \(32,\) do not fit"),
    ),
    "M103": Case(
        lambda: torch.arange(10).expand(32, 10),
        lambda: ft.expand(ft.arange(10), 32, 10),
        [list(range(10))] * 32,
    ),
    "M104": Case(
        lambda: torch.ones(32, 10) + torch.arange(10),
        lambda: ft.add(ft.ones(32, 10), ft.arange(10)),
        np.float32([range(1, 11)] * 32),
    ),
    "M106": Case(
        torch_written,
        lambda: our_written(share=True),
        [999, 2],
        here=Raises(CourseError, r"write into a copy: np.array\(a\)"),
    ),
    "M108": Case(torch_copied, lambda: our_written(share=False), [1, 2]),
    "M110": Case(
        lambda: repr(torch.tensor([1.0, 2.0], requires_grad=True)),
        lambda: repr(ft.tensor([1.0, 2.0])),
        "tensor([1., 2.], requires_grad=True)",
        here="Array([1., 2.], dtype=float32)",
    ),
    "M111": Case(
        torch_tracked, lambda: grad(lambda w: (w**2).sum())(ft.tensor([1.0, 2.0])), [2, 4]
    ),
    "M114": Case(
        lambda: (t([1, 2, 3.5]), t([1, 2, 3.5]).dtype, t([True, 2])),
        lambda: (x([1, 2, 3.5]), x([1, 2, 3.5]).dtype, x([True, 2])),
        ([1, 2, 3.5], "float32", [1, 2]),
    ),
    "M116": Case(
        lambda: (
            (torch.ones(4, 1) - torch.ones(4)).shape,
            F.mse_loss(torch.ones(4), torch.ones(4)),
        ),
        lambda: ((ft.ones(4, 1) - ft.ones(4)).shape, nn.mse_loss(ft.ones(4), ft.ones(4))),
        ((4, 4), 0),
    ),
    "M116 the loss": Case(
        lambda: ((t([[1.0], [2], [3], [4]]) - t([1.0, 2, 3, 4])) ** 2).mean(),
        lambda: nn.mse_loss(x([[1.0], [2], [3], [4]]), x([1.0, 2, 3, 4])),
        2.5,
        here=Raises(CourseError, r"\(4, 1\)"),
    ),
    "M117": Case(
        lambda: F.cross_entropy(t([[2.0, 1.0, 0.0]]), t([0])),
        lambda: nn.cross_entropy(x([[2.0, 1.0, 0.0]]), x([0])),
        np.float32(0.40760595),
    ),
    "M117 out of range": Case(
        lambda: F.cross_entropy(t([[2.0, 1.0, 0.0]]), t([3])),
        lambda: nn.cross_entropy(x([[2.0, 1.0, 0.0]]), x([3])),
        Raises(IndexError, "Target 3 is out of bounds"),
        here=Raises(CourseError, "3"),
    ),
    "M119": Case(lambda: t(A), lambda: x(A), A),
    "M119 ragged": Case(
        lambda: t([[1, 2], [3]]),
        lambda: x([[1, 2], [3]]),
        Raises(ValueError, "expected sequence of length 2 at dim 1"),
        here=Raises(RaggedError, r"unequal lengths \[2, 1\]"),
    ),
    "M120": Case(lambda: t(A).ndimension(), lambda: ft.ndimension(x(A)), 2),
    "M121": Case(
        lambda: (t(A).shape, t(A).numel(), repr(t(A).shape)),
        lambda: (ft.size(x(A)), ft.numel(x(A)), repr(x(A).shape)),
        ((3, 3), 9, "torch.Size([3, 3])"),
        here=((3, 3), 9, "(3, 3)"),
    ),
    "M122": Case(
        lambda: (t(A).sum(0), t(A).sum(1)),
        lambda: (ft.sum(x(A), 0), ft.sum(x(A), 1)),
        ([63, 66, 69], [36, 66, 96]),
    ),
    "M123": Case(
        lambda: (t(A)[1, 2], t(A)[0, 0:2], t(A)[1:3, 2]),
        lambda: tuple(ft.index(x(A), key) for key in ((1, 2), (0, slice(0, 2)), (slice(1, 3), 2))),
        (23, [11, 12], [23, 33]),
    ),
    "M123 past the end": Case(
        lambda: t(A)[1:3][2],
        lambda: ft.index(ft.index(x(A), slice(1, 3)), 2),
        Raises(IndexError, "index 2 is out of bounds"),
        here=Raises(OutOfBoundsError, "index 2 is outside axis 0 of length 2"),
    ),
    "M124": Case(
        lambda: torch.dot(t([1.0, 2.0, 3.0]), torch.ones(3)) + 0.5,
        lambda: ft.dot(x([1.0, 2.0, 3.0]), ft.ones(3)) + 0.5,
        6.5,
    ),
    "M125": Case(
        lambda: F.linear(torch.from_numpy(FEATURES), *map(torch.from_numpy, (WEIGHT, BIAS))),
        lambda: ft.matmul(x(FEATURES), x(WEIGHT.T)) + x(BIAS),
        FEATURES @ WEIGHT.T + BIAS,
    ),
    "M127": Case(
        lambda: torch.arange(24).view(2, 3, 4).permute(2, 0, 1),
        lambda: ft.permute(ft.view(ft.arange(24), 2, 3, 4), 2, 0, 1),
        np.arange(24).reshape(2, 3, 4).transpose(2, 0, 1),
    ),
    "M128": Case(
        lambda: torch.stack([torch.full((3, 28, 30), i) for i in range(4)]),
        lambda: ft.stack([ft.full((3, 28, 30), i) for i in range(4)]),
        np.arange(4)[:, None, None, None] + np.zeros((3, 28, 30), int),
    ),
    "M129": Case(
        lambda: torch.nn.Conv2d(3, 2, 3)(torch.ones(3, 8, 8)).shape,
        lambda: nn.Conv2d(3, 2, 3)(ft.ones(3, 8, 8)).shape,
        (2, 6, 6),
    ),
    "M129 a batch of one": Case(
        lambda: F.conv2d(torch.ones(1, 3, 8, 8), torch.ones(2, 3, 3, 3)),
        lambda: jax.lax.conv(ft.ones(1, 3, 8, 8), ft.ones(2, 3, 3, 3), (1, 1), "VALID"),
        np.full((1, 2, 6, 6), 27, np.float32),
    ),
}


@rows(TABLE)
def test_both_columns(case):
    compare(case)
