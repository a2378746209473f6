"""Parts of datasets."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from functorch_course.data import Subset, TensorDataset, random_split
from functorch_course.random import Generator


def test_a_subset_has_the_chosen_samples():
    subset = Subset("abcde", [4, 0, 0])
    assert (len(subset), list(subset), subset[-1]) == (3, ["e", "a", "a"], "a")
    assert Subset([10, 11, 12], np.array([2]))[0] == 12


def test_numpy_indices_reach_the_dataset_as_ints():
    class Strict:
        def __getitem__(self, index):
            return type(index)

    assert Subset(Strict(), np.array([0]))[0] is int
    assert Subset({"a": 1}, ["a"])[0] == 1


def test_whole_batches_pass_through():
    dataset = TensorDataset(np.arange(10))
    for indices in ([7, 8, 9], np.array([7, 8, 9])):
        np.testing.assert_array_equal(Subset(dataset, indices).get_batch([2, 0])[0], [9, 7])
    assert not Subset("abc", [0]).can_get_batch


def test_getitems_passes_through_a_subset_that_has_not_changed_its_samples():
    class Many(list):
        def __getitems__(self, indices):
            return [self[i] * 10 for i in indices]

    class Changed(Subset):
        def __getitem__(self, index):
            return -super().__getitem__(index)

    dataset = Many(range(5))
    assert Subset(dataset, [4, 3]).__getitems__([1]) == [30]
    assert not hasattr(Changed(dataset, [4, 3]), "__getitems__")
    assert not hasattr(Subset([1], [0]), "__getitems__")
    assert not Changed(TensorDataset(np.arange(3)), [0]).can_get_batch


@given(st.integers(0, 200), st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(0, 9))
def test_a_split_shares_out_every_sample_once(length, shares, seed):
    fractions = [share / sum(shares) for share in shares]
    assume(sum(fractions) <= 1 and min(length * f for f in fractions) >= 1)
    parts = random_split(range(length), fractions, Generator(seed))
    assert sorted(i for part in parts for i in part) == list(range(length))
    for part, fraction in zip(parts, fractions, strict=True):
        assert -1 < len(part) - length * fraction < 1 + 1e-9


def test_a_split_is_pytorchs():
    parts = random_split(range(10), [3, 7], Generator(42))
    assert [list(part.indices) for part in parts] == [[2, 6, 1], [8, 4, 5, 0, 9, 3, 7]]


def test_the_rest_goes_to_the_first_parts():
    parts = random_split(range(10), [0.33, 0.33, 0.34], Generator(0))
    assert [len(part) for part in parts] == [4, 3, 3]


def test_wrong_lengths_are_refused():
    with pytest.raises(ValueError, match=r"lengths=\[3, 3\] sum to 6, but the dataset has 7"):
        random_split(range(7), [3, 3])
    with pytest.raises(ValueError, match="a part of length -1 came"):
        random_split(range(4), [5, -1])
    with pytest.raises(ValueError, match=r"a part of length 1\.5 came"):
        random_split(range(4), [1.5, 2.5])
    with pytest.raises(ValueError, match=r"lengths\[0\]=-0.5 is no fraction"):
        random_split(range(4), [-0.5, 1.5])


def test_an_empty_part_is_pointed_out():
    with pytest.warns(UserWarning, match="part 1 of 2 samples has none"):
        random_split(range(2), [0.9, 0.1])
