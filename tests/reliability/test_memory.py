"""Memory does not grow, is shared, and a batch once handed out is never written again."""

import gc
from pathlib import Path

import numpy as np
import pytest

from functorch_course.data import DataLoader, TensorDataset
from functorch_course.random import Generator
from samples_for_workers import Noisy, Wide


def resident(process="self", *kinds):
    """The memory that a process has for itself, in bytes: what it shares counts by its share."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    sizes = dict(line.split(":") for line in lines)
    return sum(int(sizes[kind].split()[0]) * 1024 for kind in kinds or ["Pss"])


def taken():
    """What this process has taken; its share of libraries changes as others begin and end."""
    return resident("self", "Pss_Anon", "Pss_Shmem")


def test_many_epochs_leave_nothing_behind():
    with DataLoader(Wide(8, 5000), 2, num_workers=2, persistent_workers=True) as loader:
        for _ in range(20):
            list(loader)
        gc.collect()
        objects, memory = len(gc.get_objects()), taken()
        files = len(list(Path("/proc/self/fd").iterdir()))
        for _ in range(180):
            list(loader)
        gc.collect()
        assert len(gc.get_objects()) < objects + 200
        assert taken() < memory + 4_000_000
        assert len(list(Path("/proc/self/fd").iterdir())) == files


def test_many_epochs_without_workers_leave_nothing_behind():
    loader = DataLoader(Noisy(20), 4, shuffle=True, generator=Generator(0))
    for _ in range(20):
        list(loader)
    gc.collect()
    objects = len(gc.get_objects())
    gc.disable()
    try:
        for _ in range(180):
            list(loader)
        assert len(gc.get_objects()) < objects + 200
    finally:
        gc.enable()


@pytest.mark.parametrize("settings", [{}, {"worker_type": "thread"}])
def test_a_batch_that_is_kept_never_changes(settings):
    loader = DataLoader(Wide(40), 2, num_workers=2, prefetch_factor=1, **settings)
    kept = list(loader)
    copies = [batch.copy() for batch in kept]
    list(loader)
    for number, (batch, copy) in enumerate(zip(kept, copies, strict=True)):
        np.testing.assert_array_equal(batch, copy)
        assert batch[:, 0].tolist() == [2 * number, 2 * number + 1]


@pytest.mark.parametrize("mapped", [True, False])
def test_workers_share_the_arrays_of_the_dataset(mapped, tmp_path):
    size = 80_000_000
    data = np.ones(size // 8).reshape(-1, 100)
    if mapped:
        np.save(tmp_path / "data.npy", data)
        del data
        data = np.load(tmp_path / "data.npy", mmap_mode="r")
    with DataLoader(
        TensorDataset(data), 1000, shuffle=True, num_workers=3, persistent_workers=True
    ) as loader:
        list(loader)
        workers = [worker.process.pid for worker in loader._pool._workers]
        assert len(workers) == 3
        together = sum(resident(pid) for pid in workers)
    plain = 3 * 40_000_000  # what three interpreters with NumPy take without the data
    assert together < plain + size


def test_nothing_stays_open_after_an_epoch():
    loader = DataLoader(Wide(), 2, num_workers=2)
    list(loader)
    files = set(Path("/proc/self/fd").iterdir())
    list(loader)
    assert set(Path("/proc/self/fd").iterdir()) == files
