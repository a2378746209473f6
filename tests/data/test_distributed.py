"""One part of the samples for each process."""

import pytest

from functorch_course.data import DataLoader, DistributedSampler


@pytest.mark.parametrize("count", [0, 1, 2, 7, 12])
@pytest.mark.parametrize("replicas", [1, 2, 3, 5])
@pytest.mark.parametrize("drop_last", [True, False])
def test_the_parts_make_up_the_whole(count, replicas, drop_last):
    parts = [
        list(DistributedSampler(range(count), replicas, rank, drop_last=drop_last))
        for rank in range(replicas)
    ]
    assert len({len(part) for part in parts}) == 1
    together = [index for row in zip(*parts, strict=True) for index in row]
    if drop_last:
        assert len(set(together)) == len(together) == count - count % replicas
    else:
        assert set(together) == set(range(count))
        assert len(together) < count + replicas


def test_the_epoch_changes_the_order():
    sampler = DistributedSampler(range(20), 2, 0, seed=1)
    first, again = list(sampler), list(sampler)
    sampler.set_epoch(1)
    assert first == again != list(sampler)


def test_a_short_dataset_goes_round():
    assert list(DistributedSampler(range(2), 5, 4, shuffle=False)) == [0]


def test_a_loader_restores_the_epoch_of_its_sampler():
    def make():
        return DataLoader(range(9), 2, sampler=DistributedSampler(range(9), 2, 1))

    loader = make()
    loader.sampler.set_epoch(4)
    batches = iter(loader)
    first = next(batches)
    other = make()
    other.load_state_dict(loader.state_dict())
    assert [b.tolist() for b in other] == [b.tolist() for b in batches]
    assert other.sampler.epoch == 4
    assert len(first) == 2


def test_bad_ranks_are_refused():
    with pytest.raises(
        ValueError, match=r"Invalid rank 2, rank should be in the interval \[0, 1\]"
    ):
        DistributedSampler(range(3), 2, 2)
    with pytest.raises(ValueError, match=r"write num_replicas=jax\.process_count\(\)"):
        DistributedSampler(range(3))
