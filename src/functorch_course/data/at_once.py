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
            yield joined(sampler.pieces(0))
        else:
            yield as_array(list(sampler))


def joined(pieces: Iterable[NDArray[Any]]) -> NDArray[Any]:
    """One array of all the pieces, of whole numbers if there is none."""
    return np.concatenate(list(pieces) or [np.empty(0, np.int64)])


def as_array(keys: Any) -> NDArray[Any]:  # noqa: ANN401
    """One key or several in an array with one axis or more.

    Raises:
        DataTypeError: If they are sequences of unequal lengths.
    """
    if isinstance(keys, list) and not keys:
        return np.empty(0, np.int64)
    try:
        return np.atleast_1d(np.asarray(keys))
    except ValueError as error:
        raise DataTypeError(
            f"no array holds keys such as {keys[0]!r}: iterate over the loader, or give numbers"
        ) from error
