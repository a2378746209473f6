"""An epoch's order in one array, without a Python number for each sample."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .sampler import ArraySampler, can_skip


class AtOnce:
    """Gives all keys of a sampler as one.

    Args:
        sampler: Gives keys that an array can hold.
    """

    def __init__(self, sampler: Iterable[Any]) -> None:
        self.sampler = sampler

    def __iter__(self) -> Iterator[NDArray[Any]]:
        sampler = self.sampler
        if isinstance(sampler, ArraySampler) and can_skip(sampler):
            yield np.concatenate([np.empty(0, np.int64), *sampler.pieces(0)])
        else:
            yield np.array(list(sampler))
