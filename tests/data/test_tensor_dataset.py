"""Rows of arrays as samples."""

import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course.data import TensorDataset, default_collate

X, Y = np.arange(8.0).reshape(4, 2), np.array([5, 6, 7, 8])


def test_ints_slices_and_lists_index_rows():
    dataset = TensorDataset(X, Y)
    assert len(dataset) == 4
    np.testing.assert_array_equal(dataset[-1][0], [6.0, 7.0])
    np.testing.assert_array_equal(dataset[1:3][1], [6, 7])
    np.testing.assert_array_equal(dataset[[3, 0]][1], [8, 5])
    with pytest.raises(IndexError, match="out of bounds"):
        dataset[4]
    assert len(list(dataset)) == 4


def test_a_sample_cannot_be_written_through_and_the_argument_still_can():
    dataset = TensorDataset(X.copy())
    with pytest.raises(ValueError, match="read-only"):
        dataset[0][0][:] = 1
    own = X.copy()
    TensorDataset(own)
    own[0] = 7
    assert own[0, 0] == 7


def test_jax_arrays_are_taken_to_numpy_once():
    dataset = TensorDataset(jnp.asarray(Y))
    assert type(dataset.tensors[0]) is np.ndarray
    with pytest.raises(IndexError, match="out of bounds"):
        dataset[4]


def test_a_whole_batch_equals_samples_put_together():
    dataset = TensorDataset(X, Y, X.astype(np.float16))
    for indices in ([0], [3, 1, 1], [-1, 0]):
        single = default_collate([dataset[i] for i in indices])
        for a, b in zip(dataset.get_batch(indices), single, strict=True):
            assert a.dtype == b.dtype
            np.testing.assert_array_equal(a, b)


def test_a_batch_is_the_users_own():
    dataset = TensorDataset(X)
    dataset.get_batch([0])[0][:] = -1
    assert dataset[0][0][0] == 0


def test_text_has_no_whole_batches():
    assert not TensorDataset(np.array(["a", "b"])).can_get_batch


def test_bad_arrays_are_refused():
    with pytest.raises(AssertionError, match="have 4, 3 rows: pass arrays of equal length"):
        TensorDataset(X, Y[:3])
    with pytest.raises(AssertionError, match="there is no array"):
        TensorDataset()
    with pytest.raises(TypeError, match="a float came where an array with rows was expected"):
        TensorDataset(1.5)
    with pytest.raises(TypeError, match="a list came where an array with rows"):
        TensorDataset([{}, {}])
