"""Datasets and functions that worker processes can import: at the top level of a module."""

import os
import signal
import sys
import time

import numpy as np

from functorch_course.data import Dataset, IterableDataset, get_worker_info
from functorch_course.random import rand


class Pairs(Dataset):
    """An array and a number for each index."""

    def __init__(self, length=10, width=3):
        self.x = np.arange(length * width, dtype=np.float32).reshape(length, width)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        return self.x[index], index


class Wide(Dataset):
    """Samples large enough for shared memory."""

    def __init__(self, length=12, width=20_000):
        self.length, self.width = length, width

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        return np.full(self.width, index, np.int32)


class Growing(Wide):
    """Samples of which later ones are larger."""

    def __getitem__(self, index):
        return np.full(self.width * (index + 1), index, np.int32)


class Noisy(Dataset):
    """Its index and two random numbers; even indices draw others before."""

    def __init__(self, length=10):
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        if index % 2 == 0:
            rand(3)
        return index, rand(2)


class Troubled(Dataset):
    """Something happens at one index."""

    def __init__(self, mode, at=5, length=20):
        self.mode, self.at, self.length = mode, at, length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        if index == self.at:
            TROUBLES[self.mode]()
        return index


class TwoArgumentsError(Exception):
    """It cannot be rebuilt from its ``args``."""

    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")


def raise_value_error():
    raise ValueError("sample is broken")


def raise_stop_iteration():
    raise StopIteration


def raise_two_arguments():
    raise TwoArgumentsError("one", "two")


def raise_local_error():
    class LocalError(Exception):
        pass

    raise LocalError("cannot be pickled")


TROUBLES = {
    "error": raise_value_error,
    "stop": raise_stop_iteration,
    "two arguments": raise_two_arguments,
    "local error": raise_local_error,
    "exit 3": lambda: sys.exit(3),
    "exit 0": lambda: os._exit(0),
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "hang": lambda: time.sleep(1000),
}


class Stream(IterableDataset):
    """The numbers below ``length``, dealt out to the workers; worker 0 may fail at one."""

    def __init__(self, length=10, mode=None, at=4):
        self.length, self.mode, self.at = length, mode, at

    def __iter__(self):
        info = get_worker_info()
        first, step = (0, 1) if info is None else (info.id, info.num_workers)
        for number in range(first, self.length, step):
            if self.mode and number == self.at:
                TROUBLES[self.mode]()
            yield number


class Unpicklable(Dataset):
    """Its samples are functions that cannot leave their process."""

    def __len__(self):
        return 4

    def __getitem__(self, index):
        return lambda: index


class WhoAmI(Dataset):
    """What each worker knows about itself."""

    def __len__(self):
        return 8

    def __getitem__(self, index):
        info = get_worker_info()
        return info.id, info.num_workers, info.seed, info.dataset is not None, len(info.dataset)


class GlobalDraws(Dataset):
    """Draws from the generators of Python and NumPy that are global."""

    def __len__(self):
        return 4

    def __getitem__(self, index):
        import random

        return random.random(), np.random.random_sample()  # noqa: NPY002 - it is what is tested


class Loaded(Dataset):
    """Which of some modules the worker has loaded."""

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return [int(name in sys.modules) for name in ("jax", "torch", "numpy")]


class InPlace(Dataset):
    """Writes into its own array, as it should not."""

    def __init__(self, array):
        self.array = array

    def __len__(self):
        return len(self.array)

    def __getitem__(self, index):
        self.array[index] += 1
        return self.array[index]


def identity(samples):
    return samples


def fail_to_start(worker):
    raise KeyError(f"worker {worker} cannot start")


def fail_in_collate(samples):
    raise OSError("collate is broken")


def little_memory(worker):
    """Let the system refuse new files, shared memory among them, beyond 64 KiB."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, hard))


def mark_start(worker):
    get_worker_info().dataset.length += 1


def replace(key, error):
    return -key


def points(batch, *, collate_fn_map=None):
    return np.array([point.x for point in batch])


class Point:
    def __init__(self, x):
        self.x = x


class PointSet(Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return Point(index)


class Noise(Dataset):
    """Its index and two random numbers."""

    def __init__(self, length):
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        return index, rand(2)
