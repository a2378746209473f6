"""Section T of the course, in PyTorch and here."""

import math

import jax
import numpy as np
import torch
from matplotlib.figure import Figure

from functorch_course import tensor as ft
from functorch_course.autograd import grad
from functorch_course.errors import TeachingError
from functorch_course.tensor.errors import (
    DtypeError,
    OutOfBoundsError,
    PrecisionError,
    ShapeError,
    TracedValueError,
)
from parity.course.columns import Case, Raises, compare, rows

LIST, CHANGED = [7, 4, 3, 2, 6], [100, 4, 3, 2, 0]
PI = math.pi


def t(data=LIST, **options):
    return torch.tensor(data, **options)


def x(data=LIST, **options):
    return ft.tensor(data, **options)


def wide(column):
    """Run a column with 64 bits."""
    with jax.enable_x64(True):
        return column()


def torch_reshaped_in_place():
    return torch.ones(3).unsqueeze_(0).shape


def our_reshaped_in_place():
    ft.ones(3).shape = (1, 3)


def torch_changed():
    changed = t()
    changed[0] = 100
    changed[4] = 0
    return changed


def our_changed():
    changed = x()
    changed[0] = 100


def torch_slice_written():
    whole = t()
    part = whole[1:4]
    part[0] = -1
    return whole, part


def our_slice_written():
    whole = x()
    part = ft.assign(whole[1:4], 0, -1)
    return whole, part


def torch_view_written():
    whole = t()
    whole.view(-1, 1)[0, 0] = 99
    return whole


def our_view_written():
    whole = x()
    ft.assign(ft.view(whole, -1, 1), (0, 0), 99)
    return whole


def torch_shared():
    a = np.array([1, -1, 3], np.int32)
    shared = torch.from_numpy(a)
    back = shared.numpy()
    a[0] = 999
    return a, shared, back


def our_shared():
    a = np.array([1, -1, 3], np.int32)
    ft.from_numpy(a, share=True)
    a[0] = 999


def our_copied():
    a = np.array([1, -1, 3], np.int32)
    copied = ft.from_numpy(a)
    a[0] = 999
    return a, copied, ft.to_numpy(copied)


def torch_gradient(function, value):
    variable = torch.tensor(value, requires_grad=True)
    function(variable).backward()
    return variable.grad


def their_plot(values):
    (line,) = Figure().subplots().plot(values, values)
    return np.asarray(line.get_xdata())


GRID = [0.0, PI / 2, PI]
TABLE = {
    "T034": Case(
        torch_reshaped_in_place,
        our_reshaped_in_place,
        (1, 3),
        here=Raises(AttributeError, "shape"),
    ),
    "T035": Case(
        lambda: (torch.ones(1).requires_grad, torch.ones(1, requires_grad=True).requires_grad),
        lambda: ft.tensor([1.0], requires_grad=True),
        (False, True),
        here=Raises(TeachingError, "requires_grad=True"),
    ),
    "T037": Case(lambda: t().ndimension(), lambda: ft.ndimension(x()), 1),
    "T037 as a method": Case(
        lambda: t().dim(), lambda: x().dim(), 1, here=Raises(TeachingError, r"x\.ndim")
    ),
    "T038": Case(
        lambda: (t().size(), t().numel()), lambda: (ft.size(x()), ft.numel(x())), ((5,), 5)
    ),
    "T038 as a method": Case(
        lambda: t().size(), lambda: x().size(), (5,), here=Raises(TeachingError, r"x\.shape")
    ),
    "T039": Case(
        lambda: (t().ndimension(), t().size()),
        lambda: (ft.ndimension(x()), ft.size(x())),
        (1, (5,)),
    ),
    "T040": Case(lambda: t().dtype, lambda: wide(lambda: x().dtype), "int64"),
    "T041": Case(lambda: t([1.5]).dtype, lambda: x([1.5]).dtype, "float32"),
    "T041 from NumPy": Case(
        lambda: torch.from_numpy(np.array([1.5])).dtype,
        lambda: wide(lambda: ft.from_numpy(np.array([1.5])).dtype),
        "float64",
    ),
    "T042": Case(
        lambda: torch.zeros(3, dtype=torch.float64).dtype,
        lambda: wide(lambda: ft.zeros(3, dtype="float64").dtype),
        "float64",
    ),
    "T042 without 64 bits": Case(
        lambda: torch.zeros(3, dtype=torch.float64).dtype,
        lambda: ft.zeros(3, dtype="float64"),
        "float64",
        here=Raises(PrecisionError, r"enable_x64\(\)"),
    ),
    "T043": Case(
        lambda: torch.zeros(3, dtype=torch.int32).dtype,
        lambda: ft.zeros(3, dtype="int32").dtype,
        "int32",
    ),
    "T044": Case(
        lambda: (t([2**40]), torch.full((3,), 2**30, dtype=torch.int32).sum()),
        lambda: wide(lambda: (x([2**40]), ft.sum(ft.full((3,), 2**30, "int32")))),
        ([2**40], 3221225472),
    ),
    "T044 without 64 bits": Case(
        lambda: torch.from_numpy(np.array([2**40])),
        lambda: ft.from_numpy(np.array([2**40])),
        [2**40],
        here=Raises(PrecisionError, r"enable_x64\(\)"),
    ),
    "T045": Case(
        lambda: t([250], dtype=torch.uint8) + t([10], dtype=torch.uint8),
        lambda: ft.add(x([250], dtype="uint8"), x([10], dtype="uint8")),
        [4],
    ),
    "T045 too large": Case(
        lambda: t([300], dtype=torch.uint8),
        lambda: x([300], dtype="uint8"),
        Raises(RuntimeError, "value cannot be converted to type uint8 without overflow"),
        here=Raises(PrecisionError, "the value 300 does not fit into uint8"),
    ),
    "T046": Case(
        lambda: (torch.ones(5).nbytes, torch.ones(5, dtype=torch.float64).nbytes),
        lambda: (ft.ones(5).nbytes, wide(lambda: ft.ones(5, dtype="float64").nbytes)),
        (20, 40),
    ),
    "T047": Case(lambda: t(16777216.0) + 1, lambda: ft.add(x(16777216.0), 1), 16777216),
    "T049": Case(t, x, LIST),
    "T050": Case(
        lambda: (t([1, 2, 3], dtype=torch.int32), t([1, 2, 3], dtype=torch.int32).dtype),
        lambda: (x([1, 2, 3], dtype="int32"), x([1, 2, 3], dtype="int32").dtype),
        ([1, 2, 3], "int32"),
    ),
    "T051": Case(
        lambda: t([1.9, 2.2, -3.7], dtype=torch.int32),
        lambda: x([1.9, 2.2, -3.7], dtype="int32"),
        [1, 2, -3],
    ),
    "T052": Case(
        lambda: (t().type(torch.FloatTensor), t().type(torch.FloatTensor).dtype),
        lambda: (ft.cast(x(), "FloatTensor"), ft.cast(x(), "FloatTensor").dtype),
        (LIST, "float32"),
    ),
    "T053": Case(
        lambda: (t().float(), t().float().dtype),
        lambda: (ft.cast(x(), "float"), ft.cast(x(), "float").dtype),
        (LIST, "float32"),
    ),
    "T054": Case(lambda: (t()[0], t()[4]), lambda: (ft.index(x(), 0), ft.index(x(), 4)), (7, 6)),
    "T055": Case(
        lambda: t()[5],
        lambda: ft.index(x(), 5),
        Raises(IndexError, "index 5 is out of bounds for dimension 0 with size 5"),
        here=Raises(OutOfBoundsError, "index 5 is outside axis 0 of length 5"),
    ),
    "T055 from the end": Case(
        lambda: t()[-9],
        lambda: ft.index(x(), -9),
        Raises(IndexError, "index -9 is out of bounds"),
        here=Raises(OutOfBoundsError, "index -9 is outside axis 0 of length 5"),
    ),
    "T056": Case(
        lambda: (isinstance(t()[1], torch.Tensor), t()[1].shape),
        lambda: (isinstance(ft.index(x(), 1), jax.Array), ft.index(x(), 1).shape),
        (True, ()),
    ),
    "T057": Case(
        lambda: (t()[1].item(), type(t()[1].item()) is int),
        lambda: (x()[1].item(), type(ft.item(x()[1])) is int),
        (4, True),
    ),
    "T057 with a gradient": Case(
        lambda: torch_gradient(lambda v: v * v.item(), 2.0),
        lambda: grad(lambda v: v * v.item())(2.0),
        2,
        here=Raises(TracedValueError, "the gradient through it is lost"),
    ),
    "T058": Case(
        lambda: (t()[1:4], t()[3:100], t()[[0, 2]]),
        lambda: (
            ft.index(x(), slice(1, 4)),
            ft.index(x(), slice(3, 100)),
            ft.index(x(), [0, 2]),
        ),
        ([4, 3, 2], [2, 6], [7, 3]),
    ),
    "T058 backwards": Case(
        lambda: t()[::-1],
        lambda: ft.index(x(), slice(None, None, -1)),
        Raises(ValueError, "step must be greater than zero"),
        here=LIST[::-1],
    ),
    "T059": Case(lambda: t(CHANGED)[1:4], lambda: ft.index(x(CHANGED), slice(1, 4)), [4, 3, 2]),
    "T060": Case(torch_changed, lambda: ft.assign(ft.assign(x(), 0, 100), 4, 0), CHANGED),
    "T060 in place": Case(
        torch_changed, our_changed, CHANGED, here=Raises(TeachingError, "keep the result")
    ),
    "T061": Case(
        torch_slice_written,
        our_slice_written,
        ([7, -1, 3, 2, 6], [-1, 3, 2]),
        here=(LIST, [-1, 3, 2]),
    ),
    "T062": Case(lambda: t().view(5, 1), lambda: ft.view(x(), 5, 1), [[7], [4], [3], [2], [6]]),
    "T063": Case(lambda: t().view(-1, 1).shape, lambda: ft.view(x(), -1, 1).shape, (5, 1)),
    "T063 wrong size": Case(
        lambda: t().view(2, -1),
        lambda: ft.view(x(), 2, -1),
        Raises(RuntimeError, "is invalid for input of size 5"),
        here=Raises(ShapeError, "cannot arrange the 5 elements"),
    ),
    "T064": Case(torch_view_written, our_view_written, [99, 4, 3, 2, 6], here=LIST),
    "T064 strides": Case(
        lambda: torch.arange(6).view(2, 3).T.view(-1),
        lambda: ft.view(ft.view(ft.arange(6), 2, 3).T, -1),
        Raises(RuntimeError, "view size is not compatible"),
        here=[0, 3, 1, 4, 2, 5],
    ),
    "T064 reshape": Case(
        lambda: torch.arange(6).view(2, 3).T.reshape(-1),
        lambda: ft.reshape(ft.view(ft.arange(6), 2, 3).T, -1),
        [0, 3, 1, 4, 2, 5],
    ),
    "T065": Case(
        lambda: torch.from_numpy(np.array([1.5, 2.5])),
        lambda: wide(lambda: ft.from_numpy(np.array([1.5, 2.5]))),
        [1.5, 2.5],
    ),
    "T066": Case(
        lambda: (isinstance(t().numpy(), np.ndarray), t().numpy()),
        lambda: (isinstance(ft.to_numpy(x()), np.ndarray), ft.to_numpy(x())),
        (True, LIST),
    ),
    "T067": Case(
        torch_shared, our_copied, ([999, -1, 3],) * 3, here=([999, -1, 3], *[[1, -1, 3]] * 2)
    ),
    "T067 shared": Case(
        torch_shared, our_shared, ([999, -1, 3],) * 3, here=Raises(TeachingError, "write into a co")
    ),
    "T068": Case(
        lambda: (t().tolist(), type(t().tolist()[0]) is int),
        lambda: (ft.tolist(x()), type(ft.tolist(x())[0]) is int),
        (LIST, True),
    ),
    "T069": Case(lambda: t([1, 0]) + t([0, 1]), lambda: ft.add(x([1, 0]), x([0, 1])), [1, 1]),
    "T070": Case(
        lambda: torch.ones(3) + torch.ones(2),
        lambda: ft.add(ft.ones(3), ft.ones(2)),
        Raises(RuntimeError, "must match the size of tensor b"),
        here=Raises(ShapeError, r"shapes \(3,\) and \(2,\) do not fit together"),
    ),
    "T071": Case(
        lambda: (t([1, 2]) + t([1.5, 2.5]), (t([1, 2]) + t([1.5, 2.5])).dtype),
        lambda: (ft.add(x([1, 2]), x([1.5, 2.5])), ft.add(x([1, 2]), x([1.5, 2.5])).dtype),
        ([2.5, 4.5], "float32"),
    ),
    "T071 dot": Case(
        lambda: torch.dot(t([1, 2]), t([1.5, 2.5])),
        lambda: ft.dot(x([1, 2]), x([1.5, 2.5])),
        Raises(RuntimeError, "same dtype"),
        here=Raises(DtypeError, "dot of int32 and float32"),
    ),
    "T072": Case(lambda: 2 * t([1, 2]), lambda: ft.mul(2, x([1, 2])), [2, 4]),
    "T073": Case(lambda: t([1, 2]) * t([3, 2]), lambda: ft.mul(x([1, 2]), x([3, 2])), [3, 4]),
    "T074": Case(lambda: torch.dot(t([1, 2]), t([3, 2])), lambda: ft.dot(x([1, 2]), x([3, 2])), 7),
    "T075": Case(
        lambda: (t([1, 2, 3, -1]) + 1, (t() + 1.5).dtype),
        lambda: (ft.add(x([1, 2, 3, -1]), 1), ft.add(x(), 1.5).dtype),
        ([2, 3, 4, 0], "float32"),
    ),
    "T076": Case(lambda: t().float().mean(), lambda: ft.mean(ft.cast(x(), "float")), 4.4),
    "T076 of integers": Case(
        lambda: t().mean(),
        lambda: ft.mean(x()),
        Raises(RuntimeError, "either a floating point or complex dtype"),
        here=Raises(DtypeError, "mean of int32: mean needs floats"),
    ),
    "T077": Case(lambda: t().sum(), lambda: ft.sum(x()), 22),
    "T077 of small integers": Case(
        lambda: t([200, 100], dtype=torch.uint8).sum().dtype,
        lambda: wide(lambda: ft.sum(x([200, 100], dtype="uint8")).dtype),
        "int64",
    ),
    "T078": Case(lambda: t().max(), lambda: ft.max(x()), 7),
    "T078 along an axis": Case(lambda: tuple(t().max(0)), lambda: tuple(ft.max(x(), 0)), (7, 0)),
    "T079": Case(lambda: t().min(), lambda: ft.min(x()), 2),
    "T080": Case(lambda: t().sum().shape, lambda: ft.sum(x()).shape, ()),
    "T080 conventions": Case(
        lambda: (t([1.0, -1, 1, -1]).std(), t([1.0, 2, 3, 4]).median()),
        lambda: (ft.std(x([1.0, -1, 1, -1])), ft.median(x([1.0, 2, 3, 4]))),
        (np.float32(1.1547005), 2),
    ),
    "T081": Case(
        lambda: (torch.sin(t())[2] == torch.sin(t()[2]), torch.sin(t()).dtype),
        lambda: (ft.sin(x())[2] == ft.sin(x()[2]), ft.sin(x()).dtype),
        (True, "float32"),
    ),
    "T082": Case(
        lambda: torch.sin(t(GRID)), lambda: ft.sin(x(GRID)), np.float32([0, 1, -8.742e-08])
    ),
    "T083": Case(
        lambda: torch.exp(t([0.0, 1.0])),
        lambda: ft.exp(x([0.0, 1.0])),
        np.float32([1, 2.7182817]),
    ),
    "T084": Case(
        lambda: torch.log(t([1.0, 0.0, -1.0])),
        lambda: ft.log(x([1.0, 0.0, -1.0])),
        [0, -np.inf, np.nan],
    ),
    "T085": Case(
        lambda: (torch_gradient(torch.relu, 0.0), torch_gradient(torch.abs, 0.0)),
        lambda: (grad(ft.relu)(0.0), grad(ft.abs)(0.0)),
        (0, 0),
    ),
    "T085 norm": Case(
        lambda: torch_gradient(torch.norm, [0.0, 0.0]),
        lambda: grad(ft.norm)(ft.zeros(2)),
        [0, 0],
    ),
    "T086": Case(
        lambda: torch.linspace(-2, 2, steps=5),
        lambda: ft.linspace(-2, 2, steps=5),
        [-2, -1, 0, 1, 2],
    ),
    "T086 steps": Case(
        lambda: torch.linspace(-2, 2),
        lambda: ft.linspace(-2, 2),
        Raises(TypeError, "steps"),
    ),
    "T087": Case(
        lambda: torch.sin(torch.linspace(0, 2 * PI, 100)),
        lambda: ft.sin(ft.linspace(0, 2 * PI, 100)),
        np.sin(np.linspace(0, 2 * PI, 100)).astype(np.float32),
    ),
    "T088": Case(
        lambda: their_plot(torch.linspace(0, 1, 5)),
        lambda: their_plot(ft.linspace(0, 1, 5)),
        [0, 0.25, 0.5, 0.75, 1],
    ),
    "T088 with a gradient": Case(
        lambda: their_plot(torch.linspace(0, 1, 5, requires_grad=True)),
        lambda: grad(lambda values: their_plot(values).sum())(ft.linspace(0, 1, 5)),
        Raises(RuntimeError, "call numpy"),
        here=Raises(TeachingError, "handed to NumPy"),
    ),
}


@rows(TABLE)
def test_both_columns(case):
    compare(case)
