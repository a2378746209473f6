"""The batches of CIFAR as torchvision stores them: pickles, which are read but never run."""

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from functorch_course.errors import DamagedFileError
from functorch_course.plain_pickle import Built, Functions, PickleError, read_pickle


class PickledBatch(NamedTuple):
    """Pixels (N, 3072) and labels (N,)."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]


class PickledArray(Built):
    """An array of bytes, while the pickle that describes it is being read."""

    array: NDArray[np.uint8]

    def build(self, state: object) -> None:
        """Take in version, shape, dtype, whether the first axis runs fastest, and the bytes."""
        match state:
            case (1, tuple(shape), "u1", False, str(text)) if _is_shape(shape, len(text)):
                raw = text.encode("latin-1")  # each character is a byte
                self.array = np.frombuffer(raw, np.uint8).reshape(shape)
            case _:
                raise PickleError("its array is none of bytes in rows")


def _is_shape(shape: tuple[object, ...], size: int) -> bool:
    """Whether these are the lengths of the axes of an array of so many items."""
    lengths = [length for length in shape if type(length) is int and length >= 0]
    return len(lengths) == len(shape) and math.prod(lengths) == size


def _begin_array(*_: object) -> PickledArray:
    """Return an array to be filled; it says of itself what it holds later."""
    return PickledArray()


def _dtype(name: object, *_: object) -> str:
    """Return the name of the only dtype that there is in these files."""
    if name != "u1":
        # Text is shown; what else it may be could be nested without end.
        shown = repr(name) if isinstance(name, str) else type(name).__name__
        raise PickleError(f"its array is of dtype {shown}, not 'u1'")
    return "u1"


def _refuse(identity: object) -> object:
    """Refuse what lies outside of the pickle."""
    raise PickleError(f"it refers to a {type(identity).__name__} that lies elsewhere")


def parse_batch(content: bytes, labels: str, path: Path) -> PickledBatch:
    """Read one batch; no instruction of the pickle is run, whatever it says.

    Args:
        content: The bytes of the file.
        labels: The key of the labels.
        path: Where they come from, for the error.

    Raises:
        DamagedFileError: If it is anything but a dict with an array of bytes and a list of labels.

    PyTorch: torchvision gives such files to ``pickle.load``, which runs them.
    """
    functions: Functions = {
        "numpy.core.multiarray._reconstruct": _begin_array,
        "numpy.dtype": _dtype,
    }
    try:
        found = read_pickle(content, {"numpy.ndarray": "array"}, functions, _refuse)
    except PickleError as error:
        raise DamagedFileError(f"{path} is no batch of images: {error}") from error
    match found:
        case {"data": PickledArray(array=pixels), **others} if _fit(pixels, others.get(labels)):
            return PickledBatch(pixels, np.array(others[labels], np.int64))
    raise DamagedFileError(f"{path} is no batch of images: no 'data' and {labels!r} that fit")


def _fit(pixels: NDArray[np.uint8], labels: object) -> bool:
    """Whether these are rows of pixels, and a list with one small number for each."""
    if pixels.shape[1:] != (3 * 32 * 32,):
        return False
    if not isinstance(labels, list) or len(labels) != len(pixels):
        return False
    return all(type(label) is int and 0 <= label < 256 for label in labels)
