"""Batches of what is no container: arrays, numbers, text, arrays of other libraries."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .aligned import aligned_empty
from .batches import holds_numbers
from .collate_errors import CollateError, CollateTypeError, CollateValueError
from .types import Sample


def collate_arrays(batch: Sequence[Sample], **_: object) -> NDArray[Any]:
    """Stack arrays of one shape."""
    first = batch[0]
    if not holds_numbers(first.dtype):
        raise CollateTypeError(
            f"an array of dtype {first.dtype} has no batch of numbers",
            "give arrays of numbers, text as str, or pass a collate_fn",
        )
    for number, array in enumerate(batch):
        if np.shape(array) != first.shape:
            raise CollateError(
                f"the arrays differ in shape: sample 0 has {first.shape}, sample {number} has "
                f"{np.shape(array)}",
                "resize, crop or pad them in the transform, or pass a collate_fn",
            )
    out = aligned_empty((len(batch), *first.shape), _common_dtype(batch))
    return np.stack(batch, out=out, casting="unsafe")


def collate_scalars(batch: Sequence[Sample], **_: object) -> NDArray[Any]:
    """NumPy numbers, in their own dtype."""
    return _numbers(batch, _common_dtype(batch))


def collate_floats(batch: Sequence[Sample], **_: object) -> NDArray[Any]:
    """Python floats, as float64."""
    return _numbers(batch, np.dtype(np.float64))


def collate_integers(batch: Sequence[Sample], **_: object) -> NDArray[Any]:
    """Python ints as int64, bools as bool; with a float among them float32, as in PyTorch."""
    kinds = set(map(type, batch))
    if any(issubclass(kind, float | np.floating) for kind in kinds):
        return _numbers(batch, np.dtype(np.float32))
    return _numbers(batch, np.dtype(np.bool_ if kinds == {bool} else np.int64))


def collate_text(batch: Sequence[Sample], **_: object) -> Sequence[Sample]:
    """Text stays as it is."""
    return batch


def is_foreign_array(value: object) -> bool:
    """Whether the value is an array of another library, such as jax, that NumPy can read."""
    return hasattr(value, "__array__") and hasattr(value, "dtype") and hasattr(value, "shape")


def collate_foreign(batch: Sequence[Sample]) -> NDArray[Any]:
    """Arrays of another library, taken to NumPy one by one: it works, but slowly."""
    library = type(batch[0]).__module__.split(".")[0]
    if library in {"jax", "jaxlib"}:
        warnings.warn(
            "the dataset gives jax arrays, which are taken to NumPy sample by sample: that costs "
            "some ten microseconds each, and dataset[i] clamps an index that is too large; hold "
            "the data in NumPy arrays (np.asarray once), or pass them to TensorDataset",
            stacklevel=2,
        )
    return collate_arrays([np.asarray(array) for array in batch])


def _numbers(batch: Sequence[Sample], kind: np.dtype[Any]) -> NDArray[Any]:
    """The numbers as an array of this dtype."""
    try:
        return np.array(batch, kind)
    except OverflowError as error:
        raise CollateValueError(
            f"the int {max(batch, key=abs)} does not fit {kind}", "write a float, or text"
        ) from error
    except (TypeError, ValueError) as error:
        kinds = ", ".join(sorted({type(number).__name__ for number in batch}))
        raise CollateTypeError(
            f"{kinds} came where every sample should have a number", "give numbers alone"
        ) from error


def _common_dtype(batch: Sequence[Sample]) -> np.dtype[Any]:
    """The dtype that holds all of them, as PyTorch finds it: floats give way to no integer."""
    kinds = {np.asarray(array).dtype for array in batch}
    floats = {kind for kind in kinds if kind.kind not in "biu"}
    return np.result_type(*(floats or kinds))
