"""Loading with worker threads."""

import functools
import threading

import numpy as np
import pytest

from functorch_course.data import DataLoader, Dataset, get_worker_info
from functorch_course.random import Generator
from samples_for_workers import Noisy, Pairs, Stream, Troubled, Unpicklable, WhoAmI, fail_to_start

threads = functools.partial(DataLoader, num_workers=2, worker_type="thread")


def as_text(loader):
    return [str([np.asarray(part).tolist() for part in batch]) for batch in loader]


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("shuffle", [True, False])
def test_batches_are_those_of_the_main_thread(count, shuffle):
    expected = as_text(DataLoader(Noisy(), 3, shuffle, generator=Generator(0)))
    loader = threads(Noisy(), 3, shuffle, generator=Generator(0), num_workers=count)
    assert as_text(loader) == expected


def test_one_stream_a_thread_is_one_stream_a_process():
    settings = {"augmentation": "torch", "generator": Generator(0), "num_workers": 2}
    by_threads = as_text(DataLoader(Noisy(), 3, worker_type="thread", **settings))
    settings["generator"] = Generator(0)
    assert as_text(DataLoader(Noisy(), 3, **settings)) == by_threads


def test_a_thread_knows_who_it_is_and_shares_the_dataset():
    dataset = WhoAmI()
    seen = []

    def init(worker):
        seen.append((worker, get_worker_info().dataset is dataset))

    for batch, worker in zip(threads(dataset, 2, worker_init_fn=init), (0, 1, 0, 1), strict=True):
        assert batch[0].tolist() == [worker] * 2
    assert sorted(seen) == [(0, True), (1, True)]
    assert get_worker_info() is None


def test_what_cannot_be_pickled_is_welcome():
    batches = list(threads(Unpicklable(), 2, collate_fn=lambda samples: [f() for f in samples]))
    assert batches == [[0, 1], [2, 3]]


def test_errors_tell_the_sample_and_the_worker():
    batches = iter(threads(Troubled("error"), 2))
    assert [next(batches).tolist() for _ in range(2)] == [[0, 1], [2, 3]]
    with pytest.raises(ValueError, match=r"(?s)sample 5 of the dataset.*in worker 0 \(thread\)"):
        next(batches)
    assert next(batches).tolist() == [6, 7]


def test_a_thread_that_tries_to_leave_is_an_error_and_no_hang():
    batches = iter(threads(Troubled("exit 3"), 2))
    with pytest.raises(RuntimeError, match=r"worker 0 \(thread\) failed.*SystemExit: 3"):
        list(batches)
    with pytest.raises(KeyError, match=r"worker \d cannot start"):
        list(threads(Pairs(), worker_init_fn=fail_to_start))


def test_a_thread_that_takes_too_long_is_noticed():
    release = threading.Event()

    class Slow(Dataset):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            release.wait()
            return index

    batches = iter(threads(Slow(), timeout=0.05))
    with pytest.raises(RuntimeError, match=r"DataLoader timed out after 0\.05 seconds"):
        next(batches)
    release.set()
    assert len(list(batches)) == 2


def test_threads_end_with_the_epoch_with_the_iterator_and_with_close():
    before = threading.active_count()
    list(threads(Pairs()))
    assert threading.active_count() == before
    batches = iter(threads(Pairs()))
    next(batches)
    del batches
    assert threading.active_count() == before
    loader = threads(Pairs(), persistent_workers=True)
    list(loader)
    assert threading.active_count() == before + 2
    loader.close()
    assert threading.active_count() == before


def test_a_stream_has_one_part_a_thread():
    batches = threads(Stream(9), 2, num_workers=3)
    assert sorted(i for batch in batches for i in batch.tolist()) == list(range(9))
