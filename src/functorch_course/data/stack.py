"""Several datasets side by side."""

from collections.abc import Sequence
from typing import Any

from functorch_course.errors import InvalidValueError

from .batches import GetItems, Indices, can_get_batch, get_items, items_getter
from .dataset import Dataset
from .types import AnyDataset, Batch, Key, Sample


class StackDataset(Dataset[Any]):
    """Datasets of equal length side by side: sample i is the tuple or dict of their samples i.

    Args:
        *datasets: Without names, for samples that are tuples.
        **named: With names, for samples that are dicts.

    Raises:
        InvalidValueError: If there is none, both kinds are mixed, or the lengths differ.

    Example:
        >>> pairs = StackDataset(image=["a", "b"], caption=["first", "second"])
        >>> pairs[1]
        {'image': 'b', 'caption': 'second'}

    PyTorch: ``torch.utils.data.StackDataset``. Whole batches pass through here.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.StackDataset
    """

    datasets: tuple[Any, ...] | dict[str, Any]

    def __init__(self, *datasets: AnyDataset, **named: AnyDataset) -> None:
        if bool(datasets) == bool(named):
            raise InvalidValueError(
                f"{len(datasets)} datasets came without a name and {len(named)} with one: "
                "write StackDataset(images, labels) or StackDataset(image=images, label=labels)"
            )
        self.datasets = datasets or named
        lengths = [len(part) for part in self._parts()]
        if len(set(lengths)) > 1:
            raise InvalidValueError(
                f"the datasets have {', '.join(map(str, lengths))} samples: "
                "stack datasets of equal length"
            )

    def __len__(self) -> int:
        return len(self._parts()[0])

    def __getitem__(self, index: Key) -> Sample:
        samples = [part[index] for part in self._parts()]
        return self._named(samples) if isinstance(self.datasets, dict) else tuple(samples)

    @property
    def can_get_batch(self) -> bool:
        """Whether every dataset can give whole batches."""
        plain = type(self).__getitem__ is StackDataset.__getitem__
        return plain and all(map(can_get_batch, self._parts()))

    def get_batch(self, indices: Indices) -> Batch:
        """Return the batches of the datasets side by side.

        Args:
            indices: Which samples, in which order.

        Returns:
            A list of batches, or a dict of them if the datasets have names.
        """
        batches = [part.get_batch(indices) for part in self._parts()]
        return self._named(batches) if isinstance(self.datasets, dict) else batches

    @property
    def __getitems__(self) -> GetItems:
        """How to get a list of samples at once, where a dataset can."""
        plain = type(self).__getitem__ is StackDataset.__getitem__
        if not (plain and any(map(items_getter, self._parts()))):
            raise AttributeError("no dataset has __getitems__")
        return self._get_items

    def _get_items(self, indices: Sequence[Any]) -> list[Any]:
        """The samples, those of each dataset in one call."""
        columns = [get_items(part, indices) for part in self._parts()]
        for part, column in zip(self._parts(), columns, strict=True):
            if len(column) != len(indices):
                raise InvalidValueError(
                    f"__getitems__ of {type(part).__name__} gave {len(column)} samples for "
                    f"{len(indices)} indices: give one sample for each index"
                )
        rows = zip(*columns, strict=True)
        return [self._named(row) if isinstance(self.datasets, dict) else row for row in rows]

    def _parts(self) -> list[Any]:
        """The datasets without their names."""
        return list(self.datasets.values() if isinstance(self.datasets, dict) else self.datasets)

    def _named(self, values: Sequence[Any]) -> dict[str, Any]:
        """The values under the names of the datasets."""
        return dict(zip(self.datasets, values, strict=True))
