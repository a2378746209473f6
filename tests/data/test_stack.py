"""Datasets side by side."""

import numpy as np
import pytest

from functorch_course.data import StackDataset, TensorDataset, default_collate


def test_samples_are_tuples_or_dicts():
    assert StackDataset("ab", [1, 2])[1] == ("b", 2)
    assert StackDataset(letter="ab", number=[1, 2])[-1] == {"letter": "b", "number": 2}
    assert list(StackDataset("ab", [1, 2])) == [("a", 1), ("b", 2)]


@pytest.mark.parametrize("named", [False, True])
def test_whole_batches_equal_samples_put_together(named):
    x, y = TensorDataset(np.arange(6.0).reshape(3, 2)), TensorDataset(np.arange(3), np.arange(3))
    stack = StackDataset(x=x, y=y) if named else StackDataset(x, y)
    whole, single = stack.get_batch([2, 0]), default_collate([stack[2], stack[0]])
    assert str(whole) == str(single)
    assert stack.can_get_batch
    assert not StackDataset(x, "abc").can_get_batch


def test_getitems_is_used_where_a_dataset_has_it():
    class Many(list):
        def __getitems__(self, indices):
            return [self[i] for i in indices]

    class Short(list):
        def __getitems__(self, indices):
            return []

    stack = StackDataset(a=Many("xyz"), b="uvw")
    assert stack.__getitems__([2, 0]) == [{"a": "z", "b": "w"}, {"a": "x", "b": "u"}]
    assert not hasattr(StackDataset("ab"), "__getitems__")
    with pytest.raises(ValueError, match="__getitems__ of Short gave 0 samples for 2 indices"):
        StackDataset(Short("xyz")).__getitems__([0, 1])


def test_what_cannot_be_stacked_is_refused():
    with pytest.raises(ValueError, match="0 datasets came without a name and 0 with one"):
        StackDataset()
    with pytest.raises(ValueError, match="1 datasets came without a name and 1 with one"):
        StackDataset("a", b="b")
    with pytest.raises(ValueError, match="have 2, 3 samples: stack datasets of equal length"):
        StackDataset("ab", "abc")
