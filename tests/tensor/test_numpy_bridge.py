"""From NumPy and back, without a shared buffer that somebody writes."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course.errors import InvalidValueError
from functorch_course.tensor import from_numpy, to_numpy
from functorch_course.tensor.errors import AliasError, PrecisionError, TracedValueError


@pytest.mark.parametrize("size", [3, 64, 100_000])
def test_later_writes_do_not_reach_the_array(size):
    a = np.ones(size, np.float32)
    x = from_numpy(a)
    a[:] = 999
    assert (x == 1).all()


def test_sharing_locks_the_numpy_array():
    a = np.ones(3, np.float32)
    x = from_numpy(a, share=True)
    with pytest.raises(ValueError, match="read-only"):
        a[0] = 999
    assert (x == 1).all()


def test_a_view_of_a_writable_array_is_not_shared():
    a = np.ones((3, 2), np.float32)
    with pytest.raises(AliasError, match=r"a is a view, and its memory can still be written"):
        from_numpy(a[1:], share=True)


def test_dtype_is_kept_or_refused():
    assert from_numpy(np.ones(2, np.float16)).dtype == "float16"
    with pytest.raises(PrecisionError, match="float64 was asked for"):
        from_numpy(np.ones(2))
    with jax.enable_x64(True):
        assert from_numpy(np.array([2**40])).tolist() == [2**40]


def test_any_layout_is_copied():
    a = np.arange(6, dtype=">f4").reshape(2, 3)[:, ::-1].T
    np.testing.assert_array_equal(from_numpy(a), a)


def test_only_numpy_arrays():
    with pytest.raises(InvalidValueError, match=r"expects a NumPy array, but got list: .*tensor"):
        from_numpy([1, 2])


def test_the_view_back_is_read_only():
    x = jnp.arange(3)
    view = to_numpy(x)
    np.testing.assert_array_equal(view, [0, 1, 2])
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 9


def test_a_traced_value_has_no_numbers():
    with pytest.raises(TracedValueError, match=r"to_numpy of a float32 of shape \(3,\)"):
        jax.jit(to_numpy)(jnp.ones(3))
