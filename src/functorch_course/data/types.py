"""Names for what may be anything."""

from typing import Any, TypeAlias

AnyDataset: TypeAlias = Any
"""Whatever has ``__getitem__`` and ``__len__``, or is an :class:`IterableDataset`."""

Key: TypeAlias = Any
"""What a dataset is indexed with: an int, or whatever its sampler gives."""

Sample: TypeAlias = Any
"""What a dataset gives: arrays, numbers, text, and mappings and sequences of these."""

Batch: TypeAlias = Any
"""What a collate function gives: by default a sample's structure, of arrays with one more axis."""
