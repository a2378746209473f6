"""Orders that need no memory."""

import itertools
import tracemalloc

import pytest

from functorch_course.data import DataLoader, IndexShuffleSampler
from functorch_course.data.sampler import iter_from
from functorch_course.random import Generator


@pytest.mark.parametrize("count", [1, 2, 100, 5000])
def test_every_index_comes_once(count):
    sampler = IndexShuffleSampler(range(count), Generator(1))
    assert sorted(sampler) == list(range(count))
    assert len(sampler) == count
    assert count < 100 or list(sampler) != list(sampler)


def test_beginning_later_gives_the_rest():
    whole = list(IndexShuffleSampler(range(9000), Generator(1)))
    assert list(iter_from(IndexShuffleSampler(range(9000), Generator(1)), 8000)) == whole[8000:]


def test_a_billion_samples_take_no_memory():
    loader = DataLoader(
        range(10**9), 64, sampler=IndexShuffleSampler(range(10**9), Generator(0)), collate_fn=list
    )
    tracemalloc.start()
    first = next(iter(loader))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(set(first)) == 64
    assert max(first) > 10**8
    assert peak < 4_000_000


def test_a_late_batch_of_a_billion_is_restored_at_once():
    def make():
        sampler = IndexShuffleSampler(range(10**9), Generator(0))
        return DataLoader(range(10**9), 64, sampler=sampler, generator=Generator(1))

    loader = make()
    batches = iter(loader)
    first = list(itertools.islice(batches, 2))
    other = make()
    other.load_state_dict(loader.state_dict())
    assert next(iter(other)).tolist() == next(batches).tolist()
    assert len(first) == 2


def test_an_empty_source_is_refused():
    with pytest.raises(ValueError, match=r"len\(data_source\) should be a positive integer"):
        IndexShuffleSampler([])
