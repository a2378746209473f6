"""This host's part of an epoch."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from .sampler import Sampler


class ShardedSampler(Sampler[Any]):
    """Every ``count``-th index of another sampler, beginning with number ``index``.

    All shards have the same length: where the indices do not share out evenly, the first ones come
    again, or with ``drop_last`` the last ones are left out. The order is drawn to its end on every
    host, so that their generators stay alike.

    Args:
        sampler: The order of the whole, the same on every host.
        index: Which shard, from 0.
        count: How many shards.
        drop_last: Whether to leave out what does not share out evenly.
    """

    def __init__(self, sampler: Iterable[Any], index: int, count: int, drop_last: bool) -> None:
        self.sampler = sampler
        self.index = index
        self.count = count
        self.drop_last = drop_last

    @property
    def repeats(self) -> bool:  # type: ignore[override]
        """Whether an index may come more than once in an epoch."""
        return getattr(self.sampler, "repeats", True)

    def __iter__(self) -> Iterator[Any]:
        indices = iter(self.sampler)
        first: list[Any] = []
        while row := list(itertools.islice(indices, self.count)):
            first = first or row
            if len(row) < self.count and self.drop_last:
                return
            missing = itertools.islice(itertools.cycle(first), self.count - len(row))
            yield [*row, *missing][self.index]

    def __len__(self) -> int:
        total = len(self.sampler)  # type: ignore[arg-type]
        return total // self.count if self.drop_last else -(-total // self.count)
