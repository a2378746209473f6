"""Making arrays: values, dtypes, and the numbers that do not fit."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course import tensor as ft
from functorch_course.errors import InvalidValueError, TeachingError
from functorch_course.tensor.errors import PrecisionError, RaggedError


@pytest.mark.parametrize(
    ("data", "dtype", "values"),
    [
        ([7, 4, 3], "int32", [7, 4, 3]),
        ([1, 2, 3.5], "float32", [1, 2, 3.5]),
        ([True, 2], "int32", [1, 2]),
        ([True, False], "bool", [True, False]),
        (555, "int32", 555),
        (np.float32(2.5), "float32", 2.5),
        (np.array([1, 2], np.uint8), "uint8", [1, 2]),
        ([], "float32", []),
        ([[1.0], [2.0]], "float32", [[1.0], [2.0]]),
    ],
)
def test_tensor_infers_pytorchs_dtype(data, dtype, values):
    x = ft.tensor(data)
    assert x.dtype == dtype
    assert not x.weak_type
    np.testing.assert_array_equal(x, values)


def test_integers_are_int64_and_floats_stay_float32_with_x64():
    with jax.enable_x64(True):
        assert ft.tensor([1]).dtype == "int64"
        assert ft.tensor([1.0]).dtype == "float32"
        assert ft.tensor([2**40]).tolist() == [2**40]
        assert ft.arange(3).dtype == "int64"
        assert ft.zeros(2, dtype="double").dtype == "float64"
        assert ft.tensor(np.array([1.5])).dtype == "float64"


def test_a_given_dtype_truncates_towards_zero():
    np.testing.assert_array_equal(ft.tensor([1.9, 2.2, -3.7], dtype="int"), [1, 2, -3])


@pytest.mark.parametrize(
    ("data", "dtype", "value"),
    [
        ([300], "uint8", "300"),
        ([-1], "uint8", "-1"),
        ([1, 2**40], None, "1099511627776"),
        ([1e20], "int32", "1e+20"),
        ([float("nan")], "int32", "nan"),
        ([1e10], "float16", "10000000000"),
        ([1e300], None, "1e+300"),
    ],
)
def test_a_value_that_does_not_fit_is_named(data, dtype, value):
    with pytest.raises(PrecisionError, match=f"the value {value.replace('+', '.')}.* does not fit"):
        ft.tensor(data, dtype)


def test_infinity_is_no_overflow():
    assert jnp.isinf(ft.tensor([float("inf")], "float16")).all()


def test_no_dtype_holds_a_huge_integer():
    with pytest.raises(PrecisionError, match=r"holds a number that no dtype can hold"):
        ft.tensor([2**70])


@pytest.mark.parametrize("dtype", ["float64", "int64", "torch.double", "LongTensor", float, int])
def test_sixty_four_bits_are_refused_while_they_are_off(dtype):
    with pytest.raises(PrecisionError, match=r"(?s)64-bit numbers are off.*enable_x64\(\) once"):
        ft.zeros(3, dtype=dtype)


def test_an_array_of_64_bits_is_refused_too():
    with pytest.raises(PrecisionError, match="float64 was asked for"):
        ft.tensor(np.array([1.5]))


def test_ragged_lists_name_their_lengths():
    with pytest.raises(RaggedError, match=r"unequal lengths \[2, 1\]"):
        ft.tensor([[1, 2], [3]])


@pytest.mark.parametrize(
    ("make", "arguments"),
    [
        (ft.tensor, ([1.0],)),
        (ft.zeros, (3,)),
        (ft.ones, (3,)),
        (ft.full, ((3,), 1.0)),
        (ft.eye, (3,)),
        (ft.arange, (3.0,)),
        (ft.linspace, (0, 1, 3)),
        (ft.zeros_like, (jnp.ones(2),)),
        (ft.ones_like, (jnp.ones(2),)),
        (ft.full_like, (jnp.ones(2), 2.0)),
    ],
)
def test_the_flags_of_pytorch_teach(make, arguments):
    with pytest.raises(TeachingError, match=r"requires_grad=True(.|\n)*grad\(f\)\(x\)"):
        make(*arguments, requires_grad=True)
    with pytest.raises(TeachingError, match=r"device='cuda'(.|\n)*leave the word out"):
        make(*arguments, device="cuda")
    same = make(*arguments, requires_grad=False, device=None)
    assert same.tolist() == make(*arguments).tolist()


def test_a_list_of_traced_values_becomes_an_array():
    assert jax.jit(lambda a: ft.tensor([a, 2 * a]))(1.5).tolist() == [1.5, 3.0]


def test_an_array_is_taken_as_it_is_or_cast():
    x = jnp.ones(2)
    assert ft.tensor(x) is x
    assert ft.tensor(x, "int").dtype == "int32"


@pytest.mark.parametrize("make", [ft.zeros, ft.ones])
def test_a_shape_is_numbers_or_a_tuple(make):
    assert make(2, 3).shape == make((2, 3)).shape == (2, 3)
    assert make().shape == ()


def test_full_and_eye():
    assert ft.full((2,), 7).dtype == "int32"
    assert ft.full((2,), 7.0).dtype == "float32"
    np.testing.assert_array_equal(ft.eye(2, 3), np.eye(2, 3))


def test_the_like_of_an_array():
    x = ft.tensor([1.5, 2.5])
    assert ft.zeros_like(x).tolist() == [0, 0]
    assert ft.ones_like(x, "uint8").dtype == "uint8"
    assert ft.full_like(x, 3).dtype == "float32"
    with pytest.raises(PrecisionError, match="the value 300 does not fit into uint8"):
        ft.full_like(ft.zeros(1, dtype="uint8"), 300)


def test_arange_counts():
    assert ft.arange(5).tolist() == [0, 1, 2, 3, 4]
    assert ft.arange(5, 2, -2).tolist() == [5, 3]
    assert ft.arange(0, 3.0).dtype == "float32"
    assert ft.arange(0).shape == (0,)
    assert ft.arange(-3, 3, 0.1).shape == (60,)
    with pytest.raises(InvalidValueError, match="steps of -1: give a step"):
        ft.arange(0, 5, -1)


def test_linspace_includes_both_ends():
    assert ft.linspace(-2, 2, 5).tolist() == [-2, -1, 0, 1, 2]
    assert ft.linspace(3, 9, 1).tolist() == [3]
    assert ft.linspace(0, 1, 0).shape == (0,)
    with pytest.raises(InvalidValueError, match="steps=-1 is negative"):
        ft.linspace(0, 1, -1)


@pytest.mark.parametrize(
    ("value", "dtype", "text"),
    [
        (1e300, None, "1e\\+300 does not fit into float32(.|\n)*It stores an infinity in silence"),
        (2**40, None, "does not fit into int32(.|\n)*It makes int64 unless told otherwise"),
        (300, "uint8", "300 does not fit into uint8(.|\n)*It raises RuntimeError"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_pytorch_told(value, dtype, text):
    with pytest.raises(PrecisionError, match=text):
        ft.tensor([value], dtype)
