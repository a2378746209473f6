"""Datasets by index and in streams, and chains of them."""

import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course.data import (
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
    TensorDataset,
    default_collate,
)


class Letters(Dataset):
    def __init__(self, text):
        self.text = text

    def __len__(self):
        return len(self.text)

    def __getitem__(self, index):
        return self.text[index]


class Stream(IterableDataset):
    def __init__(self, *items):
        self.items = items

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)


def test_a_dataset_without_getitem_says_what_to_write():
    with pytest.raises(NotImplementedError, match=r"Dataset gives no samples: write `def __geti"):
        Dataset()[0]


def test_a_dataset_has_no_length_of_its_own():
    with pytest.raises(TypeError, match="has no len"):
        len(Dataset())


def test_iteration_stops_at_the_length_though_jax_arrays_never_raise():
    class Clamped(Dataset):
        x = jnp.arange(3.0)

        def __len__(self):
            return 3

        def __getitem__(self, index):
            return self.x[index]

    assert [float(sample) for sample in Clamped()] == [0.0, 1.0, 2.0]


def test_an_index_error_within_the_length_is_no_end():
    class Broken(Letters):
        def __getitem__(self, index):
            return [1, 2][index]

    with pytest.raises(IndexError, match="list index out of range"):
        list(Broken("abc"))


def test_without_a_length_iteration_stops_at_the_index_error():
    class NoLength(Dataset):
        def __getitem__(self, index):
            return "abc"[index]

    assert list(NoLength()) == ["a", "b", "c"]


def test_plus_gives_a_concatenation_or_a_chain():
    assert isinstance(Letters("ab") + Letters("c"), ConcatDataset)
    assert isinstance(Stream(1) + Stream(2), ChainDataset)
    assert list(Letters("ab") + Letters("c")) == ["a", "b", "c"]
    assert list(Stream(1) + Stream(2, 3)) == [1, 2, 3]
    assert len(Stream(1) + Stream(2, 3)) == 3


def test_a_stream_without_iter_says_what_to_write():
    with pytest.raises(NotImplementedError, match="write `def __iter__"):
        iter(IterableDataset())


@pytest.mark.parametrize("index", [-6, 5, 99])
@pytest.mark.parametrize("kind", [IndexError, ValueError])
def test_a_concatenation_knows_its_range(index, kind):
    both = ConcatDataset(["abc", "de"])
    with pytest.raises(kind, match=rf"index {index} is out of range.*write -5 to 4"):
        both[index]
    with pytest.raises(kind, match=rf"index {index} is out of range.*write -5 to 4"):
        both.get_batch([0, index])


def test_negative_indices_count_from_the_end_of_a_concatenation():
    both = ConcatDataset(["abc", "", "de"])
    assert [both[i] for i in range(-5, 5)] == list("abcde" * 2)


def test_a_concatenation_of_nothing_or_of_streams_is_refused():
    with pytest.raises(AssertionError, match="nothing to put together"):
        ConcatDataset([])
    with pytest.raises(AssertionError, match="Stream is an IterableDataset"):
        ConcatDataset(["abc", Stream(1)])
    with pytest.raises(AssertionError, match="str is no IterableDataset: write ConcatDataset"):
        ChainDataset([Stream(1), "abc"])


def test_whole_batches_of_a_concatenation_equal_samples_put_together():
    rng = np.random.default_rng(0)
    parts = [
        TensorDataset(rng.normal(size=(n, 2, 2)).astype(np.float32), rng.integers(0, 9, n))
        for n in (4, 1, 7)
    ]
    both = ConcatDataset(parts)
    for _ in range(20):
        indices = rng.integers(-12, 12, 6).tolist()
        whole, single = both.get_batch(indices), default_collate([both[i] for i in indices])
        for a, b in zip(whole, single, strict=True):
            assert a.dtype == b.dtype
            np.testing.assert_array_equal(a, b)


def test_whole_batches_are_not_taken_past_a_subclass():
    class Doubled(ConcatDataset):
        def __getitem__(self, index):
            return [2 * part for part in super().__getitem__(index)]

    parts = [TensorDataset(np.arange(3))]
    assert ConcatDataset(parts).can_get_batch
    assert not Doubled(parts).can_get_batch
    assert not ConcatDataset([*parts, [1, 2]]).can_get_batch


def test_getitems_passes_through_a_concatenation_that_has_it():
    calls = []

    class Many(Letters):
        def __getitems__(self, indices):
            calls.append(indices)
            return [self.text[i] for i in indices]

    both = ConcatDataset([Many("abc"), "de", Many("fg")])
    assert both.__getitems__([6, 0, 3, 2, -2]) == ["g", "a", "d", "c", "f"]
    assert calls == [[0, 2], [1, 0]]
    assert not hasattr(ConcatDataset(["abc"]), "__getitems__")
