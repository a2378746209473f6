"""A dataset whose samples are rows of arrays."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .batches import Indices, holds_numbers, take_rows
from .dataset import Dataset
from .errors import DatasetFormError, DataTypeError
from .types import Key


class TensorDataset(Dataset[tuple[Any, ...]]):
    """Arrays of equal length: sample i is the tuple of their rows i.

    Args:
        *tensors: NumPy or jax arrays of shape (N, ...). jax arrays are taken to NumPy once.

    Raises:
        DatasetFormError: If there is no array, or their lengths differ.
        DataTypeError: If one is not an array with at least one axis.

    Example:
        >>> dataset = TensorDataset(np.arange(6.0).reshape(3, 2), np.array([7, 8, 9]))
        >>> dataset[1]
        (array([2., 3.]), np.int64(8))
        >>> dataset.get_batch([2, 0])
        [array([[4., 5.], [0., 1.]]), array([9, 7])]

    PyTorch: ``torch.utils.data.TensorDataset``. There ``x += 1`` on a sample changes the dataset;
    here samples are read-only views, so that it raises. Whole batches are taken in one step.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset
    """

    def __init__(self, *tensors: ArrayLike) -> None:
        if not tensors:
            raise DatasetFormError("there is no array: write TensorDataset(inputs, targets)")
        self.tensors = tuple(map(_read_only, tensors))
        lengths = [len(tensor) for tensor in self.tensors]
        if len(set(lengths)) > 1:
            raise DatasetFormError(
                f"the arrays have {', '.join(map(str, lengths))} rows: pass arrays of equal length"
            )

    def __len__(self) -> int:
        return len(self.tensors[0])

    def __getitem__(self, index: Key) -> tuple[Any, ...]:
        return tuple([tensor[index] for tensor in self.tensors])

    @property
    def can_get_batch(self) -> bool:
        """Whether :meth:`get_batch` gives what the samples do: no subclass has changed them."""
        plain = type(self).__getitem__ is TensorDataset.__getitem__
        return plain and all(holds_numbers(tensor.dtype) for tensor in self.tensors)

    def get_batch(self, indices: Indices) -> list[NDArray[Any]]:
        """Return the rows of every array in one step each.

        Args:
            indices: Which samples, in which order.

        Returns:
            One new array of shape (len(indices), ...) for each array of the dataset.
        """
        rows = np.asarray(indices, np.intp)
        return [take_rows(tensor, rows) for tensor in self.tensors]


def _read_only(tensor: ArrayLike) -> NDArray[Any]:
    """The same values as a NumPy array that cannot be written through."""
    array = np.asarray(tensor)
    if array.ndim == 0 or array.dtype.kind == "O":
        raise DataTypeError(
            f"a {type(tensor).__name__} came where an array with rows was expected: "
            "write np.array(...) of numbers, of shape (N, ...)"
        )
    view = array.view()
    view.flags.writeable = False
    return view
