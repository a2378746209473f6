"""Orders of samples; the numbers are PyTorch's for the same seeds."""

import itertools

import numpy as np
import pytest

from functorch_course.data import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
)
from functorch_course.data.sampler import iter_from
from functorch_course.random import Generator, manual_seed, randperm


def test_a_sampler_without_iter_says_what_to_write():
    with pytest.raises(NotImplementedError, match="write `def __iter__"):
        iter(Sampler())


def test_a_random_order_is_pytorchs():
    assert list(RandomSampler(range(10), generator=Generator(0))) == [4, 1, 7, 5, 3, 9, 0, 8, 6, 2]
    manual_seed(0)
    assert list(RandomSampler(range(5))) == [1, 3, 4, 2, 0]
    assert list(RandomSampler(range(10), True, 6, Generator(0))) == [4, 9, 3, 0, 3, 9]


def test_the_order_beyond_one_permutation_is_made_of_several():
    sampler = RandomSampler(range(4), num_samples=10, generator=Generator(1))
    order = list(sampler)
    assert len(order) == len(sampler) == 10
    assert sorted(order[:4]) == sorted(order[4:8]) == [0, 1, 2, 3]
    assert len(set(order[8:])) == 2


@pytest.mark.parametrize("batches", [0, 1, 2, 3])
def test_the_permutation_that_nobody_takes_is_drawn_when_pytorch_draws_it(batches):
    generator, twin = Generator(3), Generator(3)
    lists = iter(BatchSampler(RandomSampler(range(4), generator=generator), 2, drop_last=False))
    taken = list(itertools.islice(lists, batches))
    permutations = {0: 0, 1: 1, 2: 1, 3: 2}[batches]
    for _ in range(permutations):
        randperm(4, generator=twin)
    assert len(taken) == min(batches, 2)
    np.testing.assert_array_equal(generator.get_state(), twin.get_state())


def test_a_short_last_batch_draws_it_at_once():
    generator, twin = Generator(3), Generator(3)
    lists = iter(BatchSampler(RandomSampler(range(3), generator=generator), 2, drop_last=False))
    list(itertools.islice(lists, 2))
    randperm(3, generator=twin), randperm(3, generator=twin)
    np.testing.assert_array_equal(generator.get_state(), twin.get_state())


def make_samplers():
    return [
        SequentialSampler(range(9000)),
        RandomSampler(range(50), generator=Generator(1)),
        RandomSampler(range(7), num_samples=31, generator=Generator(1)),
        RandomSampler(range(7), True, 100, Generator(1)),
        BatchSampler(RandomSampler(range(11), generator=Generator(1)), 4, drop_last=False),
        BatchSampler(RandomSampler(range(11), num_samples=25, generator=Generator(1)), 4, True),
        BatchSampler([5, 6, 7], 2, drop_last=False),
    ]


@pytest.mark.parametrize("kind", range(7))
@pytest.mark.parametrize("start", [0, 1, 2, 5, 30, 8999])
def test_beginning_later_gives_the_rest(kind, start):
    whole = list(make_samplers()[kind])
    assert list(iter_from(make_samplers()[kind], start)) == whole[start:]
    assert len(make_samplers()[kind]) == len(whole)


def test_a_subclass_with_its_own_order_is_heard():
    class Backwards(SequentialSampler):
        def __iter__(self):
            return iter(range(len(self) - 1, -1, -1))

    assert list(iter_from(Backwards("abc"), 1)) == [1, 0]
    assert list(BatchSampler(Backwards("abc"), 2, drop_last=False)) == [[2, 1], [0]]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 100])
@pytest.mark.parametrize("drop_last", [True, False])
def test_lists_cut_from_arrays_equal_lists_counted_out(size, drop_last):
    def sampler():
        return RandomSampler(range(7), num_samples=24, generator=Generator(2))

    fast = list(BatchSampler(sampler(), size, drop_last))
    assert fast == list(BatchSampler(list(sampler()), size, drop_last))
    assert all(type(index) is int for batch in fast for index in batch)
    assert len(BatchSampler(sampler(), size, drop_last)) == len(fast)


def test_a_subset_in_random_order():
    manual_seed(0)
    assert list(SubsetRandomSampler([10, 20, 30])) == [30, 10, 20]
    assert sorted(SubsetRandomSampler(["a", "b"], Generator(1))) == ["a", "b"]
    assert [type(i) for i in SubsetRandomSampler(np.array([3]))] == [int]
    assert len(SubsetRandomSampler([4, 5])) == 2


def test_who_may_repeat_an_index():
    assert not RandomSampler("abc").repeats
    assert RandomSampler("abc", replacement=True).repeats
    assert RandomSampler("abc", num_samples=4).repeats
    assert not BatchSampler(SequentialSampler("abc"), 2, drop_last=False).repeats
    assert BatchSampler([1, 1], 2, drop_last=False).repeats


def test_an_order_of_millions_stays_an_array():
    import tracemalloc

    order = RandomSampler(range(3_000_000), generator=Generator(0))
    tracemalloc.start()
    first = list(itertools.islice(order, 5))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(set(first)) == 5
    assert peak < 3_000_000 * 50


@pytest.mark.parametrize(
    ("make", "kind", "text"),
    [
        (lambda: RandomSampler([]), ValueError, "num_samples should be a positive integer value"),
        (lambda: RandomSampler("a", num_samples=0), ValueError, "but got num_samples=0"),
        (lambda: RandomSampler("a", num_samples=1.5), ValueError, r"but got num_samples=1\.5"),
        (lambda: RandomSampler("a", 1), TypeError, "replacement should be a boolean value"),
        (lambda: RandomSampler("a", generator=3), TypeError, "generator=3 of type builtins.int"),
        (lambda: BatchSampler("a", 0, False), ValueError, "batch_size should be a positive"),
        (lambda: BatchSampler("a", True, False), ValueError, "but got batch_size=True"),
        (lambda: BatchSampler("a", 2, 1), ValueError, "drop_last should be a boolean value"),
    ],
)
def test_bad_arguments_are_refused(make, kind, text):
    with pytest.raises(kind, match=text):
        make()
