"""Section T of the course: 1-D tensors."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course import tensor as ft
from functorch_course.autograd import explain, grad
from functorch_course.errors import TeachingError
from functorch_course.tensor.errors import (
    DtypeError,
    OutOfBoundsError,
    PrecisionError,
    ShapeError,
    TracedValueError,
)
from tolerance import assert_close

course = pytest.mark.course
X = ft.tensor([7, 4, 3, 2, 6])
U, V = ft.tensor([1.0, 0.0]), ft.tensor([0.0, 1.0])


@course("T034", "T060")
def test_nothing_changes_an_array():
    with pytest.raises(AttributeError, match="shape"):
        X.shape = (5, 1)
    with pytest.raises(TeachingError, match=r"keep the result"), explain():
        X[0] = 100
    assert ft.assign(ft.assign(X, 0, 100), 4, 0).tolist() == [100, 4, 3, 2, 0]
    assert X.tolist() == [7, 4, 3, 2, 6]


@course("T035")
def test_what_is_tracked_is_said_at_the_call():
    def f(x, y):
        return x * y

    assert (grad(f, "x")(2.0, 3.0), grad(f, "y")(2.0, 3.0)) == (3, 2)


@course("T036", "T039")
def test_a_vector_has_one_axis_and_no_orientation():
    assert (ft.ndimension(X), ft.size(X)) == (1, (5,))
    assert X.T.shape == (5,)


@course("T037", "T038")
@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: X.ndimension(), r"x\.ndim"),
        (lambda: X.dim(), r"x\.ndim"),
        (lambda: X.size(), r"x\.shape"),
    ],
)
def test_methods_of_tensors_name_their_counterpart(call, text):
    with pytest.raises(TeachingError, match=text), explain():
        call()
    assert ft.size(X) == (5,)
    assert ft.numel(X) == X.size == 5


@course("T040", "T041", "T043", "T045", "T046", "T050")
@pytest.mark.parametrize(
    ("x", "dtype", "nbytes"),
    [
        (ft.tensor([1.5]), "float32", 4),
        (ft.zeros(5), "float32", 20),
        (ft.zeros(5, dtype="float16"), "float16", 10),
        (ft.tensor([1, 2, 3], dtype="int32"), "int32", 12),
        (ft.tensor([1, 2], dtype="uint8"), "uint8", 2),
    ],
)
def test_one_dtype_for_all_elements(x, dtype, nbytes):
    assert (x.dtype, x.nbytes) == (dtype, nbytes)


@course("T041", "T042", "T044", "T065")
def test_64_bits_are_real_or_refused():
    for make in (
        lambda: ft.zeros(3, dtype="float64"),
        lambda: ft.from_numpy(np.array([1.5])),
        lambda: ft.from_numpy(np.array([2**40])),
        lambda: ft.tensor([2**40]),
        lambda: ft.sum(ft.full((3,), 2**30)),
    ):
        with pytest.raises(PrecisionError, match=r"enable_x64\(\)"):
            make()
    with jax.enable_x64(True):
        assert ft.zeros(5, dtype="double").nbytes == 40
        assert ft.from_numpy(np.array([1.5])).dtype == "float64"
        assert ft.tensor([1]).dtype == "int64"
        assert ft.sum(ft.full((3,), 2**30, "int32")) == 3221225472


@course("T045")
def test_small_integers_wrap_in_arithmetic_but_not_on_the_way_in():
    assert ft.add(ft.tensor([250], "uint8"), ft.tensor([10], "uint8")).tolist() == [4]
    with pytest.raises(PrecisionError, match="the value 300 does not fit into uint8"):
        ft.tensor([300], "uint8")


@course("T047")
def test_float32_has_24_bits():
    assert ft.add(ft.tensor(16777216.0), 1.0) == 16777216


@course("T049")
def test_from_a_list():
    assert X.tolist() == [7, 4, 3, 2, 6]
    assert X.dtype == "int32"
    with pytest.raises(TypeError, match="requires ndarray or scalar arguments"):
        jnp.sum([1, 2])


@course("T051")
def test_a_given_dtype_truncates():
    assert ft.tensor([1.9, 2.2, -3.7], dtype="int32").tolist() == [1, 2, -3]


@course("T052", "T053")
@pytest.mark.parametrize("dtype", ["FloatTensor", "float", "float32", "torch.FloatTensor"])
def test_casts(dtype):
    assert ft.cast(X, dtype).dtype == "float32"
    assert ft.cast(X, dtype).tolist() == [7.0, 4.0, 3.0, 2.0, 6.0]
    assert X.dtype == "int32"


@course("T054", "T056")
def test_an_element_is_an_array_without_axes():
    assert (ft.index(X, 0), ft.index(X, 4)) == (7, 6)
    assert isinstance(ft.index(X, 1), jax.Array)
    assert ft.index(X, 1).shape == ()


@course("T055")
@pytest.mark.parametrize("key", [5, -9])
def test_past_the_end_is_an_error(key):
    with pytest.raises(OutOfBoundsError, match=f"index {key} is outside axis 0 of length 5"):
        ft.index(X, key)
    with pytest.raises(IndexError, match="plain JAX would silently give the nearest"):
        ft.assign(X, key, 0)


@course("T057")
def test_item_gives_a_python_number_and_never_cuts_a_gradient():
    assert (ft.item(X[1]), type(ft.item(X[1]))) == (4, int)
    for function in (lambda x: ft.item(x) ** 2, lambda x: x * x.item()):
        with pytest.raises(TracedValueError, match="gradient through it is lost"):
            grad(function)(2.0)


@course("T058", "T059")
def test_slices():
    assert ft.index(X, slice(1, 4)).tolist() == [4, 3, 2]
    assert ft.index(X, slice(3, 100)).tolist() == [2, 6]
    assert ft.index(X, slice(None, None, -1)).tolist() == [6, 2, 3, 4, 7]
    assert ft.index(X, [0, 2]).tolist() == [7, 3]
    assert ft.index(ft.tensor([100, 4, 3, 2, 0]), slice(1, 4)).tolist() == [4, 3, 2]


@course("T061", "T064")
def test_slices_and_views_are_values_of_their_own():
    part = ft.assign(ft.index(X, slice(1, 4)), 0, -1)
    column = ft.assign(ft.view(X, -1, 1), (0, 0), 99)
    assert (part[0], column[0, 0]) == (-1, 99)
    assert X.tolist() == [7, 4, 3, 2, 6]
    assert ft.view(ft.tensor([[0, 1, 2], [3, 4, 5]]).T, -1).tolist() == [0, 3, 1, 4, 2, 5]


@course("T062", "T063")
def test_view_makes_a_column_and_infers_a_length():
    assert ft.view(X, 5, 1).tolist() == [[7], [4], [3], [2], [6]]
    assert ft.view(X, -1, 1).shape == (5, 1)
    with pytest.raises(ShapeError, match=r"cannot arrange the 5 elements"):
        ft.view(X, 2, -1)


@course("T066", "T068")
def test_to_numpy_and_to_a_list():
    assert isinstance(ft.to_numpy(X), np.ndarray)
    np.testing.assert_array_equal(ft.to_numpy(X), [7, 4, 3, 2, 6])
    assert ft.tolist(X) == [7, 4, 3, 2, 6]
    assert type(ft.tolist(X)[0]) is int


@course("T067")
def test_memory_is_copied_or_locked():
    a = np.array([1, -1, 3], np.int32)
    copied = ft.from_numpy(a)
    a[0] = 999
    assert copied.tolist() == [1, -1, 3]
    ft.from_numpy(a, share=True)
    with pytest.raises(ValueError, match="read-only"):
        a[0] = 5


@course("T069", "T072", "T073", "T074", "T075")
def test_arithmetic():
    assert ft.add(U, V).tolist() == [1, 1]
    assert ft.mul(2, ft.tensor([1, 2])).tolist() == [2, 4]
    assert ft.mul(ft.tensor([1, 2]), ft.tensor([3, 2])).tolist() == [3, 4]
    assert ft.dot(ft.tensor([1, 2]), ft.tensor([3, 2])) == 7
    assert ft.dot(U, V).shape == ()
    assert ft.add(ft.tensor([1, 2, 3, -1]), 1).tolist() == [2, 3, 4, 0]
    assert ft.add(X, 1.5).dtype == "float32"


@course("T070")
def test_unequal_lengths_do_not_add():
    with pytest.raises(ShapeError, match=r"shapes \(3,\) and \(2,\) do not fit together in x \+ y"):
        ft.add(ft.ones(3), ft.ones(2))


@course("T071")
def test_sums_promote_and_products_do_not():
    mixed = ft.add(ft.tensor([1, 2]), ft.tensor([1.5, 2.5]))
    assert (mixed.tolist(), mixed.dtype) == ([2.5, 4.5], "float32")
    with pytest.raises(DtypeError, match="dot of int32 and float32: a product takes one dtype"):
        ft.dot(ft.tensor([1, 2]), ft.tensor([1.5, 2.5]))


@course("T076")
def test_the_mean_needs_floats():
    assert_close(ft.mean(ft.cast(X, "float")), np.float32(4.4))
    with pytest.raises(DtypeError, match=r"mean of int32: mean needs floats"):
        ft.mean(X)


@course("T077", "T078", "T079", "T080")
def test_reductions():
    assert (ft.sum(X), ft.max(X), ft.min(X)) == (22, 7, 2)
    assert ft.sum(X).shape == ()
    assert ft.sum(ft.tensor([200, 100], "uint8")) == 300
    assert ft.max(X, 0) == (7, 0)
    assert_close(ft.std(ft.tensor([1.0, -1.0, 1.0, -1.0])), np.float32(1.1547005))
    assert ft.median(ft.tensor([1.0, 2.0, 3.0, 4.0])) == 2


@course("T081")
def test_universal_functions_act_on_each_element():
    assert_close(ft.sin(X)[2], ft.sin(X[2]))
    assert ft.sin(X).dtype == "float32"


@course("T082", "T083", "T084")
def test_sin_exp_and_log():
    assert_close(ft.sin(ft.tensor([0, np.pi / 2, np.pi])), np.float32([0, 1, -8.742e-08]))
    assert_close(ft.exp(ft.tensor([0.0, 1.0])), np.float32([1, 2.7182817]))
    np.testing.assert_array_equal(ft.log(ft.tensor([1.0, 0.0, -1.0])), [0, -np.inf, np.nan])


@course("T085")
def test_derivatives_at_the_kinks_are_pytorchs():
    assert grad(ft.relu)(0.0) == 0
    assert grad(ft.abs)(0.0) == 0
    assert grad(ft.norm)(ft.zeros(2)).tolist() == [0, 0]


@course("T086", "T087")
def test_evenly_spaced_values():
    assert ft.linspace(-2, 2, steps=5).tolist() == [-2, -1, 0, 1, 2]
    grid = ft.linspace(0, 2 * np.pi, steps=100)
    assert float(np.abs(ft.sin(grid) - np.sin(np.linspace(0, 2 * np.pi, 100))).max()) < 1e-6


@course("T088")
def test_matplotlib_takes_arrays():
    from matplotlib.figure import Figure

    x = ft.linspace(0, 1, 5)
    (line,) = Figure().subplots().plot(x, ft.sin(x))
    np.testing.assert_array_equal(line.get_xdata(), x)
