"""A random order that needs no memory, for datasets too long for a permutation."""

from collections.abc import Iterator, Sized

import numpy as np
from numpy.typing import NDArray

from functorch_course.random import Generator, IndexShuffle, random_int64

from .sampler import ArraySampler, check_generator, check_positive

_AT_A_TIME = 4096  # indices computed at once


class IndexShuffleSampler(ArraySampler):
    """The samples in a random order, computed index by index.

    It begins at once and takes constant memory, whatever the length: for datasets of more than some
    ten million samples, where :class:`RandomSampler` holds 8 bytes a sample.

    Args:
        data_source: Anything with a length.
        generator: Whence the seed of each epoch's order is drawn; None for the current generator.

    Raises:
        DataTypeError: If ``generator`` is not a Generator.
        InvalidValueError: If there is no sample.

    Example:
        >>> sampler = IndexShuffleSampler(range(1_000_000_000), generator=Generator(0))
        >>> order = iter(sampler)
        >>> next(order), next(order)
        (399010467, 378223143)

    PyTorch: has no counterpart: its orders are permutations in memory.
    """

    repeats = False

    def __init__(self, data_source: Sized, generator: Generator | None = None) -> None:
        check_positive("len(data_source)", len(data_source))
        self.data_source = data_source
        self.generator = check_generator(generator)

    def pieces(self, start: int) -> Iterator[NDArray[np.int64]]:
        """The order from position ``start`` on, in arrays, the first of them at once."""
        order = IndexShuffle(len(self), int(random_int64(generator=self.generator)))
        for first in range(start, len(self), _AT_A_TIME):
            yield order[first : first + _AT_A_TIME]

    def __len__(self) -> int:
        return len(self.data_source)
