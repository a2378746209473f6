"""Datasets: what has samples by index, what has them in a stream, and chains of either."""

import bisect
import itertools
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Any, Generic, TypeVar

import numpy as np

from .batches import GetItems, Indices, can_get_batch, get_items, items_getter, merge
from .errors import DatasetFormError, NotWrittenError, SampleIndexError
from .types import AnyDataset, Batch, Key

SampleT = TypeVar("SampleT", covariant=True)


class Dataset(Generic[SampleT]):
    """Samples by index: write ``__getitem__`` and ``__len__``.

    Any object that has these two is a dataset for the loader, a list for one; this class adds
    iteration that stops where it should, and ``+``.

    A dataset may also offer whole batches: ``get_batch(indices)``, which equals
    ``default_collate([dataset[i] for i in indices])``, and ``can_get_batch``, whether it can at
    present. Or ``__getitems__(indices)``, a list of samples.

    Raises:
        NotWrittenError: If ``dataset[i]`` is asked of a subclass without ``__getitem__``.

    Example:
        >>> class Squares(Dataset[int]):
        ...     def __len__(self):
        ...         return 4
        ...     def __getitem__(self, index):
        ...         return index**2
        >>> list(Squares()), len(Squares() + Squares())
        ([0, 1, 4, 9], 8)

    PyTorch: ``torch.utils.data.Dataset``. Iteration there goes on until an ``IndexError``, which
    never comes from fields that are jax arrays, and which a mistake in ``__getitem__`` fakes; here
    it takes ``len(dataset)`` samples.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.Dataset
    """

    def __getitem__(self, index: Key) -> SampleT:
        raise NotWrittenError(
            f"{type(self).__name__} gives no samples: write `def __getitem__(self, index)` in it"
        )

    def __iter__(self) -> Iterator[SampleT]:
        if isinstance(self, Sized):
            return (self[index] for index in range(len(self)))
        return _until_index_error(self)

    def __add__(self, other: AnyDataset) -> "Dataset[Any]":
        return ConcatDataset([self, other])


def _until_index_error(dataset: Dataset[SampleT]) -> Iterator[SampleT]:
    """The samples of a dataset that does not know its length."""
    for index in itertools.count():
        try:
            sample = dataset[index]
        except IndexError:
            return
        yield sample


class IterableDataset(Dataset[SampleT]):
    """Samples in a stream: write ``__iter__``, and ``__len__`` where the length is known.

    With workers, each of them iterates over its own copy: split the stream with
    ``get_worker_info()``, or every sample comes once a worker.

    Raises:
        NotWrittenError: If a subclass without ``__iter__`` is iterated.

    Example:
        >>> class Countdown(IterableDataset[int]):
        ...     def __iter__(self):
        ...         return iter([3, 2, 1])
        >>> list(Countdown() + Countdown())
        [3, 2, 1, 3, 2, 1]

    PyTorch: ``torch.utils.data.IterableDataset``.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.IterableDataset
    """

    def __iter__(self) -> Iterator[SampleT]:
        raise NotWrittenError(
            f"{type(self).__name__} gives no samples: write `def __iter__(self)` in it"
        )

    def __add__(self, other: AnyDataset) -> "Dataset[Any]":
        return ChainDataset([self, other])


class ConcatDataset(Dataset[SampleT]):
    """Several datasets, one after the other.

    Args:
        datasets: The parts, each with samples by index and a length.

    Raises:
        DatasetFormError: If there is no part, or one is an :class:`IterableDataset`.
        SampleIndexError: If ``dataset[i]`` is asked for an index out of range.

    Example:
        >>> both = ConcatDataset(["abc", "de"])
        >>> both[2], both[3], both[-1], len(both)
        ('c', 'd', 'e', 5)

    PyTorch: ``torch.utils.data.ConcatDataset``. Whole batches pass through here.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.ConcatDataset
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)
        if not self.datasets:
            raise DatasetFormError("there is nothing to put together: pass at least one dataset")
        for dataset in self.datasets:
            if isinstance(dataset, IterableDataset):
                raise DatasetFormError(
                    f"{type(dataset).__name__} is an IterableDataset and has no samples by index: "
                    "write ChainDataset([...]) of IterableDatasets alone"
                )
        self.cumulative_sizes = list(itertools.accumulate(map(len, self.datasets)))

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]

    def __getitem__(self, index: int) -> SampleT:
        length = len(self)
        if not -length <= index < length:
            raise self._no_sample(index)
        part = bisect.bisect_right(self.cumulative_sizes, index % length)
        start = self.cumulative_sizes[part - 1] if part else 0
        sample: SampleT = self.datasets[part][index % length - start]
        return sample

    @property
    def can_get_batch(self) -> bool:
        """Whether every part can give whole batches."""
        return _is_plain(self, ConcatDataset) and all(map(can_get_batch, self.datasets))

    def get_batch(self, indices: Indices) -> Batch:
        """Return a whole batch: each part gives its rows in one call.

        Args:
            indices: Which samples, in which order; at least one.

        Returns:
            What ``default_collate([dataset[i] for i in indices])`` gives.

        Raises:
            SampleIndexError: If an index is out of range.
        """
        part, place = self._locate(indices)
        used = np.unique(part).tolist()
        batches = [self.datasets[number].get_batch(place[part == number]) for number in used]
        if len(batches) == 1:
            return batches[0]
        return merge(batches, np.argsort(np.argsort(part, kind="stable")))

    @property
    def __getitems__(self) -> GetItems:
        """How to get a list of samples at once, where a part can."""
        if not (_is_plain(self, ConcatDataset) and any(map(items_getter, self.datasets))):
            raise AttributeError("no part has __getitems__")
        return self._get_items

    def _get_items(self, indices: Sequence[int]) -> list[SampleT]:
        """The samples, those of each part in one call."""
        part, place = self._locate(indices)
        samples: list[Any] = [None] * len(part)
        for number in np.unique(part).tolist():
            rows = np.flatnonzero(part == number)
            for row, item in zip(
                rows.tolist(), get_items(self.datasets[number], place[rows].tolist()), strict=True
            ):
                samples[row] = item
        return samples

    def _locate(self, indices: Indices) -> tuple[Any, Any]:
        """The part that each index falls into, and the place within it."""
        length = len(self)
        wanted = np.asarray(indices, np.int64)
        outside = (wanted < -length) | (wanted >= length)
        if outside.any():
            raise self._no_sample(wanted[outside][0])
        wanted = np.where(wanted < 0, wanted + length, wanted)
        part = np.searchsorted(self.cumulative_sizes, wanted, side="right")
        starts = np.array([0, *self.cumulative_sizes])
        return part, wanted - starts[part]

    def _no_sample(self, index: int) -> SampleIndexError:
        """The error for an index that is out of range."""
        length = len(self)
        return SampleIndexError(
            f"index {index} is out of range: the {len(self.datasets)} parts have {length} samples, "
            f"so write {-length} to {length - 1}"
        )


class ChainDataset(IterableDataset[SampleT]):
    """Several streams, one after the other.

    Args:
        datasets: The parts, each an :class:`IterableDataset`.

    Raises:
        DatasetFormError: If a part is not an :class:`IterableDataset`.

    Example:
        >>> class Countdown(IterableDataset[int]):
        ...     def __iter__(self):
        ...         return iter([2, 1])
        >>> list(ChainDataset([Countdown(), Countdown()]))
        [2, 1, 2, 1]

    PyTorch: ``torch.utils.data.ChainDataset``, which looks at the parts only when iterated.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.ChainDataset
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)
        for dataset in self.datasets:
            if not isinstance(dataset, IterableDataset):
                raise DatasetFormError(
                    f"{type(dataset).__name__} is no IterableDataset: write ConcatDataset([...]) "
                    "for datasets with samples by index"
                )

    def __iter__(self) -> Iterator[SampleT]:
        return itertools.chain.from_iterable(self.datasets)

    def __len__(self) -> int:
        return sum(map(len, self.datasets))


def _is_plain(dataset: Dataset[Any], kind: type[Dataset[Any]]) -> bool:
    """Whether no subclass has changed what a sample is, so that batches may bypass it."""
    return type(dataset).__getitem__ is kind.__getitem__
