"""This host's part."""

import itertools

import numpy as np
import pytest

from functorch_course.data import DataLoader, RandomSampler
from functorch_course.data.shard import ShardedSampler
from functorch_course.random import Generator


@pytest.mark.parametrize("total", [1, 2, 5, 12])
@pytest.mark.parametrize("count", [1, 2, 3, 7])
@pytest.mark.parametrize("drop_last", [True, False])
def test_shards_have_one_length_and_make_up_the_whole(total, count, drop_last):
    samplers = [ShardedSampler(range(total), i, count, drop_last) for i in range(count)]
    shards = [list(sampler) for sampler in samplers]
    assert {len(shard) for shard in shards} == {len(samplers[0])}
    together = [index for row in zip(*shards, strict=True) for index in row]
    if drop_last:
        assert together == list(range(total - total % count))
    else:
        assert together[:total] == list(range(total))
        assert together[total:] == [i % total for i in range(len(together) - total)]


def test_the_generators_of_all_hosts_stay_alike():
    states = []
    for index in range(3):
        generator = Generator(4)
        list(ShardedSampler(RandomSampler(range(7), generator=generator), index, 3, False))
        states.append(generator.get_state())
    assert all(np.array_equal(state, states[0]) for state in states)


def test_a_loader_loads_its_shard():
    def load(shard):
        loader = DataLoader(range(10), 2, shuffle=True, generator=Generator(0), shard=shard)
        assert len(loader) == len(list(loader))
        return [i for batch in iter(loader) for i in batch.tolist()]

    whole = load(None)
    first, second = load((0, 2)), load((1, 2))
    assert sorted(first + second) == list(range(10))
    assert [*itertools.chain(*zip(first, second, strict=True))] == whole
