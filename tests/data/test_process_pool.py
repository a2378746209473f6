"""Loading with worker processes: the same batches, and what workers know."""

import functools
import json
import multiprocessing
import random
import subprocess
import sys

import numpy as np
import pytest

from functorch_course.data import DataLoader, TensorDataset, default_collate_fn_map
from functorch_course.random import Generator, manual_seed, numpy_worker_seed
from samples_for_workers import (
    GlobalDraws,
    Growing,
    InPlace,
    Loaded,
    Noisy,
    Pairs,
    Point,
    PointSet,
    Stream,
    WhoAmI,
    Wide,
    identity,
    little_memory,
    mark_start,
    points,
)

workers = functools.partial(DataLoader, num_workers=2)


def as_text(loader):
    return [str([np.asarray(part).tolist() for part in batch]) for batch in loader]


def test_a_worker_knows_who_it_is_and_loads_no_jax():
    loader = workers(WhoAmI(), 2, generator=Generator(0))
    seed = 900450186894289455
    expected = [[w] * 2 for w in (0, 1, 0, 1)]
    for batch, ids in zip(loader, expected, strict=True):
        number, count, seeds, has_dataset, length = (part.tolist() for part in batch)
        assert number == ids
        assert seeds == [seed + ids[0]] * 2
        assert (count, has_dataset, length) == ([2] * 2, [True] * 2, [8] * 2)
    (loaded,) = workers(Loaded(), 2, num_workers=1)
    assert [part.tolist() for part in loaded] == [[0, 0], [0, 0], [1, 1]]


def test_global_generators_are_seeded_as_in_pytorch():
    batches = list(workers(GlobalDraws(), 2, generator=Generator(0)))
    for worker, (python, numpy) in enumerate(batches):
        random_of_python = random.Random(900450186894289455 + worker)
        assert python.tolist() == [random_of_python.random() for _ in range(2)]
        state = np.random.RandomState(numpy_worker_seed(900450186894289455, worker))
        assert numpy.tolist() == state.random_sample(2).tolist()


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_multiprocessing_can_start_them_too(method):
    context = multiprocessing.get_context(method)
    loader = workers(Noisy(), 3, num_workers=1, multiprocessing_context=context)
    manual_seed(0)
    expected = as_text(DataLoader(Noisy(), 3))
    manual_seed(0)
    assert as_text(loader) == expected


def test_forked_workers_come_with_a_warning():
    code = (  # in a process of its own: no thread of jax or of other tests runs there
        "import warnings\n"
        "from functorch_course.data import DataLoader\n"
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n"
        "    loader = DataLoader([1, 2, 3], 2, num_workers=2, multiprocessing_context='fork')\n"
        "    print([batch.tolist() for batch in loader], caught[0].message)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("[[1, 2], [3]] worker processes are forked: beside JAX")


def test_large_batches_pass_and_stay_as_they_are():
    kept = list(workers(Growing(6), 2, generator=Generator(0), collate_fn=identity))
    for number, batch in enumerate(kept):
        for index, sample in zip((2 * number, 2 * number + 1), batch, strict=True):
            assert sample.shape == (20_000 * (index + 1),)
            assert (sample == index).all()
            sample[:] = -1


def test_without_shared_memory_there_is_one_warning():
    loader = workers(Wide(), 2, worker_init_fn=little_memory)
    with pytest.warns(UserWarning, match="there is no shared memory for batches") as caught:
        batches = list(loader)
    assert len(caught) == 1
    assert [int(batch[1, -1]) for batch in batches] == [1, 3, 5, 7, 9, 11]


def test_a_workers_writes_stay_with_it():
    data = np.zeros((4, 30_000))
    first, second = workers(InPlace(data), 2)
    assert (first == 1).all()
    assert (second == 1).all()
    assert (data == 0).all()


def test_worker_init_fn_runs_in_each_worker():
    batches = list(workers(Wide(6, 1), 3, worker_init_fn=mark_start))
    assert len(batches) == 2


def test_what_default_collate_has_learned_reaches_workers():
    default_collate_fn_map[Point] = points
    try:
        assert [b.tolist() for b in workers(PointSet(), 2)] == [[0, 1], [2, 3]]
    finally:
        del default_collate_fn_map[Point]


def test_persistent_workers_serve_every_epoch_and_can_be_broken_off():
    loader = workers(Noisy(), 3, True, persistent_workers=True, generator=Generator(0))
    with loader:
        first = as_text(loader)
        pool = loader._pool
        next(iter(loader))
        third = as_text(loader)
        assert loader._pool is pool
        assert pool.alive
    assert not pool.alive
    assert sorted("".join(first)) != sorted("".join(third))
    assert len(as_text(loader)) == 4
    loader.close()


def test_an_older_iterator_of_persistent_workers_says_that_it_has_ended():
    with workers(Pairs(20), 2, persistent_workers=True) as loader:
        older = iter(loader)
        next(older)
        newer = iter(loader)
        with pytest.raises(RuntimeError, match="this epoch ended when the loader was iterated"):
            list(older)
        assert len(list(newer)) == 10


def test_out_of_order_batches_are_all_there():
    batches = [b.tolist() for b in workers(list(range(20)), 2, num_workers=3, in_order=False)]
    assert sorted(batches) == [[i, i + 1] for i in range(0, 20, 2)]
    loader = workers(list(range(20)), 2, in_order=False)
    batches = iter(loader)
    next(batches)
    with pytest.raises(ValueError, match="in_order=False gives batches in an order that nobody"):
        loader.state_dict()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_stream_is_dealt_out(count):
    batches = [b.tolist() for b in DataLoader(Stream(11), 2, num_workers=count)]
    assert sorted(i for batch in batches for i in batch) == list(range(11))
    assert [b.tolist() for b in DataLoader(Stream(11), 2, num_workers=count)] == batches


def test_a_stream_of_workers_is_restored_by_reading_it_again():
    loader = workers(Stream(11), 2)
    whole = [b.tolist() for b in loader]
    batches = iter(loader)
    for _ in range(3):
        next(batches)
    state = json.loads(json.dumps(loader.state_dict()))
    del batches
    other = workers(Stream(11), 2)
    other.load_state_dict(state)
    assert [b.tolist() for b in other] == whole[3:]
    with pytest.raises(ValueError, match="num_workers=2, but this one has num_workers=3"):
        DataLoader(Stream(11), 2, num_workers=3).load_state_dict(state)


def test_one_stream_of_random_numbers_is_restored_with_the_same_workers():
    def make():
        return workers(Noisy(), 2, True, augmentation="torch", generator=Generator(5))

    whole = as_text(make())
    loader = make()
    batches = iter(loader)
    for _ in range(3):
        next(batches)
    state = loader.state_dict()
    loader.close()
    other = make()
    other.load_state_dict(state)
    assert as_text(other) == whole[3:]


@pytest.mark.parametrize("steps", [0, 2, 4])
def test_workers_that_live_on_are_restored_with_their_seed(steps):
    def make():
        return workers(Noisy(), 3, True, persistent_workers=True, worker_type="thread")

    manual_seed(3)
    with make() as loader:
        epochs = [as_text(loader) for _ in range(3)]
    manual_seed(3)
    with make() as loader:
        list(loader)
        batches = iter(loader) if steps else None
        for _ in range(steps):
            next(batches)
        state = json.loads(json.dumps(loader.state_dict()))
    manual_seed(4)
    with make() as loader:
        loader.load_state_dict(state)
        assert as_text(loader) == epochs[1][steps:]
        assert as_text(loader) == epochs[2]


def test_streams_of_workers_that_live_on_cannot_be_restored():
    with workers(Noisy(), 2, augmentation="torch", persistent_workers=True) as loader:
        list(loader)
        batches = iter(loader)
        next(batches)
        with pytest.raises(ValueError, match="workers that live on cannot be restored within"):
            loader.state_dict()


def test_arrays_of_a_tensor_dataset_are_shared_whole():
    data = np.random.default_rng(0).random((500, 100))
    loader = workers(TensorDataset(data), 100, True, generator=Generator(1))
    again = DataLoader(TensorDataset(data), 100, True, generator=Generator(1))
    for (batch,), (expected,) in zip(loader, again, strict=True):
        np.testing.assert_array_equal(batch, expected)
