"""From a list of samples to one batch, and from one sample to NumPy."""

import copy
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any

import numpy as np

from .collate_errors import CollateError, CollateKeyError, CollateTypeError
from .collate_leaves import (
    collate_arrays,
    collate_floats,
    collate_foreign,
    collate_integers,
    collate_scalars,
    collate_text,
    is_foreign_array,
)
from .types import Batch, Sample

CollateFunction = Callable[..., Any]
"""``f(samples, *, collate_fn_map)`` gives their batch."""

CollateMap = Mapping[type | tuple[type, ...], CollateFunction]
"""Which function puts samples of a type together; subclasses count too."""

default_collate_fn_map: dict[type | tuple[type, ...], CollateFunction] = {
    np.ndarray: collate_arrays,
    (np.bool_, np.number, np.object_): collate_scalars,
    float: collate_floats,
    int: collate_integers,
    str: collate_text,
    bytes: collate_text,
}
"""What :func:`default_collate` knows beside containers; add entries to teach it more types."""

_DEFAULTS = dict(default_collate_fn_map)


def learned_functions() -> dict[type | tuple[type, ...], CollateFunction]:
    """What users have taught :func:`default_collate`."""
    return {
        kind: function
        for kind, function in default_collate_fn_map.items()
        if _DEFAULTS.get(kind) is not function
    }


def default_collate(batch: Sequence[Sample]) -> Batch:
    """Put samples together to one batch, with a new leading axis.

    Shapes: samples with arrays of shape (...) become arrays of shape (N, ...).

    - arrays and NumPy numbers keep their dtype; jax arrays become NumPy arrays;
    - ``bool`` becomes bool, ``int`` int64, ``float`` float64;
    - ``str`` and ``bytes`` stay as they are, in a list (or tuple, inside of sequences);
    - mappings, named tuples, lists and dataclasses keep their type, tuples become lists; what they
      hold is put together part by part.

    Args:
        batch: The samples, at least one, all of one structure.

    Returns:
        The batch, of new arrays.

    Raises:
        CollateTypeError: If a part is ``None``, a PIL image, or of an unknown type.
        CollateKeyError: If the samples are mappings with different keys.
        CollateError: If parts differ in shape or length, or an ``int`` does not fit int64.

    Example:
        >>> default_collate([(np.zeros(2), 7), (np.ones(2), 8)])
        [array([[0., 0.], [1., 1.]]), array([7, 8])]

    PyTorch: ``torch.utils.data.default_collate``, to NumPy. A later sample with extra keys is cut
    down without a word there; here it raises. Errors name the place within the sample.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.default_collate
    """
    return collate(batch, collate_fn_map=default_collate_fn_map)


def collate(batch: Sequence[Sample], *, collate_fn_map: CollateMap | None = None) -> Batch:
    """Put samples together, with functions of your own for some types.

    Args:
        batch: The samples, at least one, all of one structure.
        collate_fn_map: Type to function. A function gets the list of parts of this type, and
            ``collate_fn_map`` as a keyword.

    Returns:
        The batch.

    Raises:
        CollateError: If the samples do not fit together; see :func:`default_collate`.

    Example:
        >>> class Point:
        ...     def __init__(self, x):
        ...         self.x = x
        >>> def points(batch, *, collate_fn_map=None):
        ...     return np.array([point.x for point in batch])
        >>> collate([[Point(1)], [Point(2)]], collate_fn_map={Point: points})
        [array([1, 2])]

    PyTorch: ``torch.utils.data._utils.collate.collate``.
    """
    if not batch:
        raise CollateError("there is no sample in the batch", "pass at least one")
    first = batch[0]
    function = _function_for(first, collate_fn_map or {})
    if function is not None:
        return function(batch, collate_fn_map=collate_fn_map)
    part = partial(_collate_part, collate_fn_map=collate_fn_map)
    if isinstance(first, Mapping):
        return _collate_mappings(batch, part)
    if isinstance(first, Sequence):
        return _collate_sequences(batch, part)
    if is_dataclass(first):
        return _collate_dataclasses(batch, part)
    if is_foreign_array(first):
        return collate_foreign(batch)
    raise CollateTypeError(*_unknown(first))


CollatePart = Callable[[Sequence[Any], str], Any]


def _function_for(first: Sample, collate_fn_map: CollateMap) -> CollateFunction | None:
    """The function for the exact type, or else for the first base class in the map."""
    if type(first) in collate_fn_map:
        return collate_fn_map[type(first)]
    for kind, function in collate_fn_map.items():
        if isinstance(first, kind):
            return function
    return None


def _collate_part(parts: Sequence[Sample], key: str, collate_fn_map: CollateMap | None) -> Batch:
    """Put the same part of every sample together; an error learns where that was."""
    try:
        return collate(parts, collate_fn_map=collate_fn_map)
    except CollateError as error:
        raise error.inside(key) from error.__cause__


def _collate_mappings(batch: Sequence[Sample], part: CollatePart) -> Batch:
    """Key by key, in a copy of the first mapping."""
    first = batch[0]
    for number, sample in enumerate(batch):
        if sample.keys() != first.keys():
            odd = min(sample.keys() ^ first.keys(), key=str)
            raise CollateKeyError(
                f"the key {odd!r} is not in all samples of the batch (see samples 0 and {number})",
                "give every sample the same keys",
            )
    values = {key: part([sample[key] for sample in batch], f"[{key!r}]") for key in first}
    return _like(first, values, MutableMapping, dict)


def _collate_sequences(batch: Sequence[Sample], part: CollatePart) -> Batch:
    """Place by place, in a copy of the first sequence; a tuple becomes a list."""
    first = batch[0]
    for number, sample in enumerate(batch):
        if len(sample) != len(first):
            raise CollateError(
                "each element in list of batch should be of equal size, but sample 0 has "
                f"{len(first)} and sample {number} has {len(sample)}",
                "pad or crop them in the transform, or pass a collate_fn",
            )
    names = getattr(first, "_fields", None)
    keys = [f".{name}" for name in names] if names else [f"[{i}]" for i in range(len(first))]
    columns = zip(*batch, strict=True)
    values = [part(column, key) for key, column in zip(keys, columns, strict=True)]
    if isinstance(first, tuple):
        return type(first)(*values) if names else values
    return _like(first, values, MutableSequence, list)


def _collate_dataclasses(batch: Sequence[Sample], part: CollatePart) -> Batch:
    """Field by field."""
    first = batch[0]
    names = [field.name for field in fields(first) if field.init]
    return type(first)(
        **{name: part([getattr(sample, name) for sample in batch], f".{name}") for name in names}
    )


def _like(first: Sample, values: Batch, mutable: type, plain: type) -> Batch:
    """The values in a container like the first sample, or a plain one where that cannot be."""
    try:
        if not isinstance(first, mutable):
            return type(first)(values)
        clone = copy.copy(first)
        for key in values if isinstance(values, dict) else range(len(values)):
            clone[key] = values[key]  # type: ignore[index]
    except TypeError:
        return plain(values)
    return clone


def _unknown(sample: Sample) -> tuple[str, str]:
    """The problem with a sample of an unknown type, and the remedy."""
    kind = type(sample)
    problem = f"{kind.__module__}.{kind.__qualname__} has no batch"
    if sample is None:
        return f"None came; {problem}", "give every sample a value, or pass a collate_fn"
    if kind.__module__.startswith("PIL."):
        return problem, "add transform=ToTensor() to the dataset, so that it gives arrays"
    return problem, (
        "give arrays, numbers, text, or mappings and sequences of these, pass a collate_fn, or add "
        f"{kind.__name__} to default_collate_fn_map"
    )


def default_convert(data: Sample) -> Sample:
    """Take what is in one sample to NumPy, where there is no batch to make.

    Args:
        data: One sample.

    Returns:
        NumPy and jax arrays and NumPy numbers become NumPy arrays, a tuple becomes a list;
        everything else stays as it is.

    Example:
        >>> default_convert((np.float32(1.5), 2, "three"))
        [array(1.5, dtype=float32), 2, 'three']

    PyTorch: ``torch.utils.data.default_convert``, to NumPy.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.default_convert
    """
    if isinstance(data, str | bytes):
        return data
    if isinstance(data, np.ndarray | np.generic) or is_foreign_array(data):
        return np.asarray(data)
    if isinstance(data, Mapping):
        return _like(data, {key: default_convert(data[key]) for key in data}, MutableMapping, dict)
    if isinstance(data, Sequence):
        values = [default_convert(part) for part in data]
        if isinstance(data, tuple):
            return type(data)(*values) if hasattr(data, "_fields") else values
        return _like(data, values, MutableSequence, list)
    return data
