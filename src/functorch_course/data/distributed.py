"""One part of the samples for each of several processes."""

from collections.abc import Iterator, Sized

import numpy as np
from numpy.typing import NDArray

from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator, randperm

from .sampler import ArraySampler


class DistributedSampler(ArraySampler):
    r"""Every ``num_replicas``-th sample of an order that all processes know.

    Formula: rank r takes places :math:`r, r + R, r + 2R, \dots` of the order, filled up from its
    beginning to a multiple of R.

    Args:
        dataset: Anything with a length.
        num_replicas: How many processes R, such as ``jax.process_count()``.
        rank: Which of them this is, such as ``jax.process_index()``.
        shuffle: Whether the order is random; call :meth:`set_epoch` before each epoch then.
        seed: The seed of the order, the same in all processes.
        drop_last: Whether to leave out the last samples instead of repeating the first.

    Raises:
        InvalidValueError: If ``rank`` is none of the processes, or their number is not given.

    Example:
        >>> sampler = DistributedSampler(range(5), num_replicas=2, rank=1, shuffle=False)
        >>> list(sampler)
        [1, 3, 0]

    PyTorch: ``torch.utils.data.distributed.DistributedSampler``: the same indices. There the number
    and the rank can come from the process group. For all of a loader's order, whatever its sampler,
    see the loader's ``shard``.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.distributed.DistributedSampler
    """

    repeats = False  # a sample that fills up goes to another process, or is the same once more

    def __init__(
        self,
        dataset: Sized,
        num_replicas: int | None = None,
        rank: int | None = None,
        shuffle: bool = True,
        seed: int = 0,
        drop_last: bool = False,
    ) -> None:
        if num_replicas is None or rank is None:
            raise InvalidValueError(
                f"num_replicas={num_replicas}, rank={rank}: no process group is known here, so "
                "write num_replicas=jax.process_count(), rank=jax.process_index()"
            )
        if not 0 <= rank < num_replicas:
            raise InvalidValueError(
                f"Invalid rank {rank}, rank should be in the interval [0, {num_replicas - 1}]"
            )
        self.dataset = dataset
        self.num_replicas = num_replicas
        self.rank = rank
        self.shuffle = shuffle
        self.seed = seed
        self.drop_last = drop_last
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the order of an epoch; without it every epoch has the same."""
        self.epoch = epoch

    def pieces(self, start: int) -> Iterator[NDArray[np.int64]]:
        """The order from position ``start`` on, in one array."""
        count = len(self.dataset)
        order = (
            randperm(count, generator=Generator(self.seed + self.epoch))
            if self.shuffle
            else np.arange(count)
        )
        places = np.arange(self.rank, len(self) * self.num_replicas, self.num_replicas)
        yield order[places[start:] % max(count, 1)]

    def __len__(self) -> int:
        count, parts = len(self.dataset), self.num_replicas
        return count // parts if self.drop_last else -(-count // parts)
