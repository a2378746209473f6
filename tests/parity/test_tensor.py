"""Tensor functions against PyTorch: values, dtypes, and where both refuse.

The names of the cases are rows of the course, or say what is compared.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from functorch_course import tensor as ft
from functorch_course.tensor import dtypes
from functorch_course.tensor.errors import PrecisionError
from tolerance import assert_close

X = np.array([7, 4, 3, 2, 6], np.int32)
A = np.array([[11, 12, 13], [21, 22, 23], [31, 32, 33]], np.float32)
B = np.array([[3.0, -1.0, 2.0], [0.5, 2.0, 2.0]], np.float32)


def name_of(dtype):
    return str(dtype).removeprefix("torch.")


def same(ours, theirs):
    """Compare values, shape and dtype."""
    theirs = theirs.detach()
    assert str(ours.dtype) == name_of(theirs.dtype)
    assert_close(ours, theirs.numpy() if theirs.dtype != torch.bfloat16 else theirs.float())


CREATED = {
    "T041 floats": lambda m: m.tensor([1.5]),
    "T049 integers": lambda m: m.tensor([7, 4, 3, 2, 6]),
    "T050 int32": lambda m: m.tensor([1, 2, 3], dtype=m.int32),
    "T051 truncated": lambda m: m.tensor([1.9, 2.2, -3.7], dtype=m.int32),
    "M114 mixed": lambda m: m.tensor([1, 2, 3.5]),
    "M114 booleans": lambda m: m.tensor([True, 2]),
    "M119 nested": lambda m: m.tensor([[11, 12, 13], [21, 22, 23]]),
    "empty": lambda m: m.tensor([]),
    "number": lambda m: m.tensor(True),
    "zeros": lambda m: m.zeros(2, 3),
    "ones": lambda m: m.ones((2,), dtype=m.float64),
    "full": lambda m: m.full((2,), 7),
    "full of floats": lambda m: m.full((2,), 7.5),
    "full of booleans": lambda m: m.full((2,), True),
    "eye": lambda m: m.eye(2, 3),
    "arange": lambda m: m.arange(5),
    "arange 0": lambda m: m.arange(0),
    "arange of floats": lambda m: m.arange(-3, 3, 0.1),
    "arange down": lambda m: m.arange(5, 2, -2),
    "arange float end": lambda m: m.arange(0, 3.0),
    "T086 linspace": lambda m: m.linspace(-2, 2, 5),
}


class Ours:
    """Our names where PyTorch has dtypes among them."""

    int32, float64 = dtypes.int32, dtypes.float64

    def __getattr__(self, name):
        return getattr(ft, name)


@pytest.mark.parametrize("name", CREATED)
def test_creation(name):
    with jax.enable_x64(True):
        same(CREATED[name](Ours()), CREATED[name](torch))


# Not 1e-30 beside 100: rounding twice, as float64 on the way to float32, would show.
ENDS = st.floats(-100, 100).map(lambda number: round(number, 4))


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32"])
@given(ENDS, ENDS, st.integers(0, 1200))
@example(34.192859778828506, -30.0, 139)  # the one in the middle is counted from the end
@example(1.5, -2.5, 1)
def test_linspace_is_equal_to_the_last_bit(dtype, start, end, steps):
    ours = np.asarray(ft.linspace(start, end, steps, dtype=dtypes.as_dtype(dtype)))
    theirs = torch.linspace(start, end, steps, dtype=getattr(torch, dtype)).double().numpy()
    assert ours.dtype == dtype
    np.testing.assert_array_equal(ours.astype(np.float64), theirs)


@pytest.mark.parametrize(
    ("start", "end", "steps", "dtype"),
    [
        (0, 1 + 2j, 4, "complex64"),
        (0, 2**31 - 1, 5, "int32"),
        (2.5, np.inf, 1, "float32"),
        (-3e38, 3e38, 3, "float32"),
        (1.0, np.nan, 1, "float32"),
        (0, 1, 70_000, "float16"),
        (0.7, 10.3, 7, "int32"),
        (0.7, 10.3, 7, "uint8"),
        (5, 6, 0, "float32"),
    ],
)
def test_linspace_of_unusual_ends(start, end, steps, dtype):
    ours = np.asarray(ft.linspace(start, end, steps, dtype=dtype))
    theirs = torch.linspace(start, end, steps, dtype=getattr(torch, dtype)).numpy()
    np.testing.assert_array_equal(ours, theirs, strict=True)


def test_an_imaginary_part_is_not_dropped():
    for make in (ft, torch):
        kind = "float32" if make is ft else torch.float32
        with pytest.raises((PrecisionError, RuntimeError, TypeError)):
            make.linspace(0, 1j, 3, dtype=kind)
        with pytest.raises((PrecisionError, RuntimeError, TypeError)):
            make.tensor([1j], dtype=kind)
    with pytest.raises(PrecisionError, match=r"1j is complex, and float32 holds no imaginary"):
        ft.tensor([0j, 1j], dtype="float32")
    assert ft.tensor([2 + 0j], dtype="float32").tolist() == [2.0]


@given(ENDS, ENDS, st.integers(1, 1200))
def test_linspace_of_float64_is_within_one_unit_in_the_last_place(start, end, steps):
    with jax.enable_x64(True):
        ours = np.asarray(ft.linspace(start, end, steps, dtype=dtypes.float64))
    theirs = torch.linspace(start, end, steps, dtype=torch.float64).numpy()
    unit = np.spacing(max(abs(start), abs(end), 1e-300))
    assert np.abs(ours - theirs).max() <= unit


@given(st.integers(-50, 50), st.integers(1, 300), st.sampled_from([0.1, 0.25, 0.3, 1.0, 2.5]))
def test_arange_of_floats_is_equal_to_rounding(start, count, step):
    ours = np.asarray(ft.arange(float(start), start + count * step, step))
    theirs = torch.arange(float(start), start + count * step, step).numpy()
    np.testing.assert_allclose(ours, theirs, rtol=2e-7, atol=1e-7)
    assert ours.shape == theirs.shape


UNARY = {
    "T077 sum": (ft.sum, torch.sum),
    "T078 max": (ft.max, torch.max),
    "T079 min": (ft.min, torch.min),
    "prod": (ft.prod, torch.prod),
    "median": (ft.median, torch.median),
    "sum 0": (lambda x: ft.sum(x, 0), lambda x: x.sum(0)),
    "sum keepdim": (lambda x: ft.sum(x, -1, keepdim=True), lambda x: x.sum(-1, keepdim=True)),
    "max 0": (lambda x: ft.max(x, 0).values, lambda x: x.max(0).values),
    "max 0 indices": (lambda x: ft.max(x, 0).indices, lambda x: x.max(0).indices),
    "min indices": (lambda x: ft.min(x, -1).indices, lambda x: x.min(-1).indices),
    "median 0": (lambda x: ft.median(x, 0).values, lambda x: x.median(0).values),
    "T081 sin": (ft.sin, torch.sin),
    "T083 exp": (ft.exp, torch.exp),
    "T084 log": (ft.log, torch.log),
    "cos": (ft.cos, torch.cos),
    "tanh": (ft.tanh, torch.tanh),
    "sqrt": (ft.sqrt, torch.sqrt),
    "sigmoid": (ft.sigmoid, torch.sigmoid),
    "relu": (ft.relu, torch.relu),
    "abs": (ft.abs, torch.abs),
    "T062 view": (lambda x: ft.view(x, -1, 1), lambda x: x.view(-1, 1)),
    "flatten": (lambda x: ft.view(x, -1), torch.flatten),
    "unsqueeze": (lambda x: ft.unsqueeze(x, -1), lambda x: x.unsqueeze(-1)),
    "squeeze": (lambda x: ft.squeeze(x[None], 0), lambda x: x[None].squeeze(0)),
    "stack": (lambda x: ft.stack([x, x], -1), lambda x: torch.stack([x, x], -1)),
    "cat": (lambda x: ft.cat([x, x], -1), lambda x: torch.cat([x, x], -1)),
    "T075 add a float": (lambda x: ft.add(x, 1.5), lambda x: x + 1.5),
    "T072 twice": (lambda x: ft.mul(2, x), lambda x: 2 * x),
    "T053 cast": (lambda x: ft.cast(x, "float"), lambda x: x.float()),
    "half": (lambda x: ft.cast(x, "HalfTensor"), lambda x: x.type(torch.HalfTensor)),
    "take": (
        lambda x: ft.take(x, jnp.array([1, 0])),
        lambda x: torch.take(x, torch.tensor([1, 0])),
    ),
    "index_select": (
        lambda x: ft.index_select(x, 0, [1, 0]),
        lambda x: torch.index_select(x, 0, torch.tensor([1, 0])),
    ),
}


@pytest.mark.parametrize("array", [X, B, np.array([3, 1], np.uint8)], ids="XBu")
@pytest.mark.parametrize("name", UNARY)
def test_functions_of_one_array(name, array):
    ours, theirs = UNARY[name]
    with jax.enable_x64(True):
        same(ours(jnp.asarray(array)), theirs(torch.from_numpy(array.copy())))


FLOATS = {
    "T076 mean": (ft.mean, torch.mean),
    "T080 std": (ft.std, torch.std),
    "var": (lambda x: ft.var(x, -1), lambda x: x.var(-1)),
    "var of all": (lambda x: ft.var(x, correction=0), lambda x: x.var(correction=0)),
    "norm": (ft.norm, torch.linalg.vector_norm),
}


@pytest.mark.parametrize("name", FLOATS)
def test_statistics_of_floats_and_the_refusal_of_integers(name):
    ours, theirs = FLOATS[name]
    same(ours(jnp.asarray(A)), theirs(torch.from_numpy(A)))
    with pytest.raises(RuntimeError, match="needs floats"):
        ours(jnp.asarray(X))
    with pytest.raises(RuntimeError, match=r"(?i)dtype|floating"):
        theirs(torch.from_numpy(X))


def test_the_median_of_a_nan_is_nan_in_both():
    x = np.array([1, np.nan, 3, 2], np.float32)
    assert np.isnan(ft.median(jnp.asarray(x)))
    assert torch.from_numpy(x).median().isnan()
    assert int(ft.median(jnp.asarray(x), 0).indices) == torch.from_numpy(x).median(0).indices == 1


@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8", "bool", "float16", "float64"])
@pytest.mark.parametrize("other", ["int64", "int32", "uint8", "bool", "float32", "bfloat16"])
def test_promotion_of_sums(dtype, other):
    with jax.enable_x64(True):
        ours = ft.add(ft.ones(2, dtype=dtype), ft.ones(2, dtype=other))
    theirs = torch.ones(2, dtype=getattr(torch, dtype)) + torch.ones(2, dtype=getattr(torch, other))
    if {dtype, other} == {"bool"}:
        assert ours.tolist() == theirs.tolist()
    same(ours, theirs)


REFUSED = {
    "T055 index": (lambda m, x: take_index(m, x, 5), IndexError),
    "T055 negative index": (lambda m, x: take_index(m, x, -9), IndexError),
    "T063 view": (lambda m, x: m.view(x, 2, -1) if m is ft else x.view(2, -1), RuntimeError),
    "T070 shapes": (lambda m, x: m.add(x, x[:2]), RuntimeError),
    "T071 dot of two dtypes": (
        lambda m, x: m.dot(x, ft.cast(x, "float") if m is ft else x.float()),
        RuntimeError,
    ),
    "M092 matmul": (lambda m, x: m.matmul(x, x[:2]), RuntimeError),
    "M099 mm of vectors": (lambda m, x: m.mm(x, x), RuntimeError),
    "M127 permute": (lambda m, x: m.permute(x, (0, 0)), RuntimeError),
    "stack": (lambda m, x: m.stack([x, x[:2]]), RuntimeError),
    "cat": (lambda m, x: m.cat([x, x[None]]), RuntimeError),
    "T045 300 in uint8": (
        lambda m, x: m.tensor([300], dtype=uint8_of(m)),
        RuntimeError,
    ),
    "T057 item": (lambda m, x: m.item(x) if m is ft else x.item(), RuntimeError),
    "M119 ragged": (lambda m, x: m.tensor([[1, 2], [3]]), ValueError),
    "M122 axis": (lambda m, x: m.sum(x, 3), IndexError),
    "O020 expand": (lambda m, x: m.expand(x, 2, 3) if m is ft else x.expand(2, 3), RuntimeError),
}


def uint8_of(module):
    return module.uint8 if module is torch else "uint8"


def take_index(module, x, place):
    return ft.index(x, place) if module is ft else x[place]


@pytest.mark.parametrize("name", REFUSED)
def test_both_refuse_with_the_same_kind_of_error(name):
    call, error = REFUSED[name]
    with pytest.raises(error, match=r"."):
        call(torch, torch.from_numpy(X))
    with pytest.raises(error, match="PyTorch: "):
        call(ft, jnp.asarray(X))


def test_what_pytorch_does_with_memory():
    """Rows T061, T064, T067, M106: views, slices and NumPy arrays share memory there."""
    x = torch.tensor([7, 4, 3, 2, 6])
    x[1:4][0] = -1
    x.view(-1, 1)[0, 0] = 99
    assert x.tolist() == [99, -1, 3, 2, 6]
    a = np.array([1.0, 2.0])
    shared, copied = torch.from_numpy(a), torch.tensor(a)
    a[0] = 999
    assert (shared[0], copied[0]) == (999, 1)
    with pytest.raises(RuntimeError, match="view size is not compatible"):
        torch.ones(2, 3).T.view(-1)


def test_what_pytorch_does_in_silence():
    """Rows T044, T057, M101, M116."""
    assert torch.full((3,), 2**30, dtype=torch.int32).sum() == 3221225472
    x = torch.tensor(2.0, requires_grad=True)
    (x * x.item()).backward()
    assert x.grad == 2
    assert (torch.ones(3, 3) * torch.ones(3)).shape == (3, 3)
    with pytest.warns(UserWarning, match="Using a target size"):
        torch.nn.functional.mse_loss(torch.ones(4, 1), torch.ones(4))


def test_tensors_know_rank_and_size():
    """Rows O004 to O008, T037 to T039, M120, M121."""
    x = torch.tensor([7, 4, 3, 2, 6])
    assert (x.ndimension(), x.size(), x.numel()) == (1, torch.Size([5]), 5)
    ours = ft.tensor([7, 4, 3, 2, 6])
    assert (ft.ndimension(ours), ft.size(ours), ft.numel(ours)) == (1, (5,), 5)
