"""Whole batches at once: asking datasets for them, and putting batches of several together."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .aligned import aligned_empty
from .types import AnyDataset, Batch

Indices = Sequence[int] | NDArray[np.integer[Any]]
"""Which samples, in which order."""

GetItems = Callable[[Sequence[Any]], Sequence[Any]]
"""A dataset's ``__getitems__``: a list of samples for a list of indices."""


def can_get_batch(dataset: object) -> bool:
    """Whether the dataset has ``get_batch`` and can serve it at present."""
    return hasattr(dataset, "get_batch") and bool(getattr(dataset, "can_get_batch", True))


def items_getter(dataset: object) -> GetItems | None:
    """The dataset's ``__getitems__``, if it has one."""
    return getattr(dataset, "__getitems__", None)


def get_items(dataset: AnyDataset, indices: Sequence[Any]) -> Sequence[Any]:
    """A list of samples, in one call where the dataset offers it."""
    getter = items_getter(dataset)
    return getter(indices) if getter else [dataset[index] for index in indices]


def holds_numbers(dtype: np.dtype[Any]) -> bool:
    """Whether arrays of this dtype are numbers or truth values, those of ml_dtypes included."""
    return dtype.kind in "biufc" or (dtype.kind == "V" and dtype.type is not np.void)


def take_rows(array: NDArray[Any], rows: NDArray[np.intp]) -> NDArray[Any]:
    """Rows of an array in a new one, which JAX reads in place unless a row is a single number.

    Args:
        array: Of shape (N, ...).
        rows: Which; negative ones count from the end.

    Raises:
        IndexError: If there is no such row.
    """
    # As numbers without a sign the negative ones are large, so that one look finds all of both.
    if array.ndim == 1 or not rows.size or rows.view(np.uintp).max() >= len(array):
        return array.take(rows, axis=0)
    out = aligned_empty((*rows.shape, *array.shape[1:]), array.dtype)
    return array.take(rows, axis=0, out=out, mode="clip")  # where it checks, NumPy copies once more


def merge(parts: Sequence[Batch], order: NDArray[np.intp]) -> Batch:
    """Put batches one after the other, and give row ``order[i]`` of that as row i.

    Args:
        parts: Batches of one structure: arrays, lists of strings, or lists and mappings of these.
        order: A permutation of all rows.
    """
    first = parts[0]
    if isinstance(first, np.ndarray):
        return take_rows(np.concatenate(parts), order)
    if isinstance(first, Mapping):
        return {key: merge([part[key] for part in parts], order) for key in first}
    if isinstance(first[0], str | bytes):
        rows = [row for part in parts for row in part]
        return type(first)([rows[place] for place in order.tolist()])
    columns = [merge(column, order) for column in zip(*parts, strict=True)]
    return type(first)(*columns) if hasattr(first, "_fields") else columns
