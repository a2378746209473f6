"""Parts of a dataset: chosen by index, or split at random."""

import itertools
import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator, randperm

from .batches import GetItems, Indices, can_get_batch, items_getter
from .dataset import Dataset, SampleT
from .types import AnyDataset, Batch, Key


class Subset(Dataset[SampleT]):
    """The samples of a dataset at given indices.

    Args:
        dataset: The whole dataset.
        indices: Which samples, in which order: a sequence or an array.

    Example:
        >>> vowels = Subset("abcde", [0, 4])
        >>> list(vowels), vowels[-1]
        (['a', 'e'], 'e')

    PyTorch: ``torch.utils.data.Subset``. Whole batches pass through here.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.Subset
    """

    def __init__(self, dataset: AnyDataset, indices: Indices | Sequence[Any]) -> None:
        self.dataset = dataset
        self.indices = indices

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, index: Key) -> SampleT:
        key: Key = [self._key(i) for i in index] if isinstance(index, list) else self._key(index)
        sample: SampleT = self.dataset[key]
        return sample

    @property
    def can_get_batch(self) -> bool:
        """Whether the whole dataset can give whole batches."""
        return type(self).__getitem__ is Subset.__getitem__ and can_get_batch(self.dataset)

    def get_batch(self, indices: Indices) -> Batch:
        """Return a whole batch from the whole dataset.

        Args:
            indices: Which samples of this subset, in which order.

        Returns:
            What ``default_collate([subset[i] for i in indices])`` gives.
        """
        if isinstance(self.indices, np.ndarray):
            return self.dataset.get_batch(self.indices[np.asarray(indices, np.intp)])
        return self.dataset.get_batch([self.indices[index] for index in indices])

    @property
    def __getitems__(self) -> GetItems:
        """How to get a list of samples at once, where the whole dataset can."""
        getter = items_getter(self.dataset)
        if getter is None or type(self).__getitem__ is not Subset.__getitem__:
            raise AttributeError("the dataset has no __getitems__")
        return lambda indices: getter([self._key(index) for index in indices])

    def _key(self, index: Key) -> Key:
        """The key of a sample in the whole dataset; NumPy's whole numbers become plain ones."""
        key = self.indices[index]
        return int(key) if isinstance(key, np.integer) else key


def random_split(
    dataset: AnyDataset, lengths: Sequence[float], generator: Generator | None = None
) -> list[Subset[Any]]:
    r"""Split a dataset at random into parts that share no sample.

    Formula: fractions :math:`f_k` of n samples become lengths :math:`\lfloor n f_k \rfloor`; what
    is left goes to the first parts, one each.

    Args:
        dataset: What to split.
        lengths: Lengths that sum to ``len(dataset)``, or fractions that sum to 1.
        generator: Where to draw from; None for the current generator.

    Returns:
        One :class:`Subset` for each length; its ``indices`` are an int64 array.

    Raises:
        InvalidValueError: If the lengths do not sum to ``len(dataset)``, or one is negative or
            not a whole number, or a fraction is not between 0 and 1.

    Example:
        >>> train, test = random_split(range(10), [0.7, 0.3], generator=Generator(42))
        >>> train.indices, test.indices
        (array([2, 6, 1, 8, 4, 5, 0]), array([9, 3, 7]))

    PyTorch: ``torch.utils.data.random_split``: the same parts from the same seed. ``indices`` is a
    list there.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.random_split
    """
    sizes = _part_sizes(len(dataset), lengths)
    order = randperm(sum(sizes), generator=generator)
    ends = itertools.accumulate(sizes)
    return [Subset(dataset, order[end - size : end]) for end, size in zip(ends, sizes, strict=True)]


def _part_sizes(total: int, lengths: Sequence[float]) -> list[int]:
    """How many samples each part has, if they make up the whole."""
    whole = sum(lengths)
    if math.isclose(whole, 1) and whole <= 1:
        return _sizes_of_fractions(total, lengths)
    for length in lengths:
        if length < 0 or length != int(length):
            raise InvalidValueError(
                f"a part of length {length} came in lengths={list(lengths)}: write whole numbers "
                f"that sum to {total}, or fractions that sum to 1"
            )
    if whole != total:
        raise InvalidValueError(
            f"lengths={list(lengths)} sum to {whole}, but the dataset has {total} samples: "
            f"write lengths that sum to {total}, or fractions that sum to 1"
        )
    return [int(length) for length in lengths]


def _sizes_of_fractions(total: int, fractions: Sequence[float]) -> list[int]:
    """Rounded down, and the rest dealt out from the first part on."""
    for place, fraction in enumerate(fractions):
        if not 0 <= fraction <= 1:
            raise InvalidValueError(
                f"lengths[{place}]={fraction} is no fraction: write numbers from 0 to 1"
            )
    sizes = [math.floor(total * fraction) for fraction in fractions]
    for place in range(total - sum(sizes)):
        sizes[place % len(sizes)] += 1
    for place, size in enumerate(sizes):
        if size == 0:
            warnings.warn(
                f"part {place} of {total} samples has none: lengths[{place}]={fractions[place]}",
                stacklevel=4,
            )
    return sizes
