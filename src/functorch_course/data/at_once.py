"""Keys in arrays, where a list would need a Python number for each."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import DataTypeError
from .sampler import ArraySampler, can_skip


class AtOnce:
    """Gives all keys of a sampler as one array, which is at hand where the sampler has arrays.

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
            yield as_array(list(sampler))


def as_array(keys: list[Any]) -> NDArray[Any]:
    """The keys in an array, of whole numbers if there is none.

    Raises:
        DataTypeError: If they are sequences of unequal lengths.
    """
    try:
        return np.asarray(keys) if keys else np.empty(0, np.int64)
    except ValueError as error:
        raise DataTypeError(
            f"no array holds keys such as {keys[0]!r}: give numbers, or tuples of one length"
        ) from error
