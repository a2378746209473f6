"""PyTorch's ``.pt`` files, read and written without torch, and without running a pickle."""

import math
import zipfile
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Any

import jax.numpy as jnp
import numpy as np
from flax import nnx
from numpy.typing import NDArray

from functorch_course.errors import DamagedFileError
from functorch_course.plain_pickle import PickleError, read_pickle

from .pickle_writer import write_pickle
from .state import Path, state_dict

STORAGES = {
    "torch.FloatStorage": np.dtype(np.float32),
    "torch.DoubleStorage": np.dtype(np.float64),
    "torch.HalfStorage": np.dtype(np.float16),
    "torch.BFloat16Storage": np.dtype(jnp.bfloat16),
    "torch.LongStorage": np.dtype(np.int64),
    "torch.IntStorage": np.dtype(np.int32),
    "torch.ShortStorage": np.dtype(np.int16),
    "torch.CharStorage": np.dtype(np.int8),
    "torch.ByteStorage": np.dtype(np.uint8),
    "torch.BoolStorage": np.dtype(np.bool_),
    "torch.ComplexFloatStorage": np.dtype(np.complex64),
    "torch.ComplexDoubleStorage": np.dtype(np.complex128),
}


def load_pt(path: Path) -> dict[str, Any]:
    """Read what ``torch.save`` wrote: a state dict, or a checkpoint of dicts, numbers and tensors.

    The file holds a pickle, which is a program. Here it is not run: a reader that knows only the
    few instructions for data takes it apart, and anything else in it is an error.

    Args:
        path: The file, in the zip format that PyTorch has written since 1.6.

    Returns:
        The dict, with NumPy arrays for tensors; for :func:`load_state_dict`.

    Raises:
        DamagedFileError: If the file is no such zip, is damaged, or asks for more than data.
        FileNotFoundError: If there is no such file.

    Example:
        >>> import tempfile, pathlib
        >>> from functorch_course import nn
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder, "model.pt")
        ...     nn.save_pt(nn.Linear(2, 1), path)
        ...     state = load_pt(path)
        >>> {name: values.shape for name, values in state.items()}
        {'weight': (1, 2), 'bias': (1,)}

    PyTorch: ``torch.load(path, weights_only=True)``.

    Source: https://docs.pytorch.org/docs/stable/notes/serialization.html
    """
    with FilePath(path).open("rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                return _read(archive, FilePath(path).stat().st_size)
        except (ValueError, RuntimeError, OSError, EOFError, zipfile.BadZipFile) as error:
            message = f"{path} is not a state dict saved by torch.save: {error}"
            raise DamagedFileError(message) from error


def save_pt(model: nnx.Module, path: Path) -> None:
    """Write the model's state dict as a ``.pt`` file.

    Args:
        model: Any Flax NNX module.
        path: The file to write; an existing one is replaced.

    Raises:
        InvalidValueError: If a parameter has a dtype that PyTorch's file format lacks.

    Example:
        >>> import tempfile, pathlib
        >>> from functorch_course import nn
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_pt(nn.Linear(2, 1), pathlib.Path(folder, "model.pt"))

    PyTorch: ``torch.save(model.state_dict(), path)``; read it with ``torch.load(path)``.
    """
    state = state_dict(model)
    entries = {"data.pkl": write_pickle(state, {v: k for k, v in STORAGES.items()})}
    for number, values in enumerate(state.values()):
        entries[f"data/{number}"] = values.astype(values.dtype.newbyteorder("<")).tobytes()
    entries |= {"byteorder": b"little", "version": b"3\n"}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(f"archive/{name}"), content)


def _read(archive: zipfile.ZipFile, size: int) -> dict[str, Any]:
    """Return the dict in an open archive of a file of some size."""
    entries = archive.infolist()
    if any(e.compress_type != zipfile.ZIP_STORED for e in entries):
        raise PickleError("its parts are compressed, which torch.save never does")
    if sum(e.file_size for e in entries) > size:
        raise PickleError("its parts are larger than the file")
    root = _root([e.filename for e in entries])
    value = read_pickle(
        archive.read(f"{root}/data.pkl"), STORAGES, FUNCTIONS, _storage_loader(archive, root)
    )
    if not isinstance(value, dict):
        raise PickleError(f"it holds {type(value).__name__}, not a dict: save model.state_dict()")
    return value


def _root(names: list[str]) -> str:
    """Return the one folder of the archive that holds the pickle."""
    roots = [name.removesuffix("/data.pkl") for name in names if name.endswith("/data.pkl")]
    if len(roots) != 1:
        raise PickleError(f"it holds {len(roots)} parts named data.pkl, not one")
    return roots[0]


def _storage_loader(archive: zipfile.ZipFile, root: str) -> Callable[[object], NDArray[Any]]:
    """Return the function that reads the numbers behind a tensor, each storage once."""
    names = set(archive.namelist())
    order = f"{root}/byteorder"
    is_big = order in names and archive.read(order) == b"big"
    storages: dict[str, NDArray[Any]] = {}

    def load(identity: object) -> NDArray[Any]:
        match identity:
            case ("storage", np.dtype() as dtype, str(key), str(), int(count)):
                name = f"{root}/data/{key}"
            case _:
                raise PickleError(f"it refers to {type(identity).__name__}, which is no storage")
        if name not in names:
            raise PickleError(f"the part {name} is missing")
        if name not in storages:
            raw = np.frombuffer(bytearray(archive.read(name)), np.uint8)
            if raw.size != count * dtype.itemsize:
                raise PickleError(f"the part {name} has {raw.size} bytes, not {count} {dtype}")
            storages[name] = raw.view(dtype.newbyteorder("big" if is_big else "little")).astype(
                dtype, copy=False
            )
        return storages[name]

    return load


def _tensor(
    storage: object, offset: object, size: object, stride: object, *_: object
) -> NDArray[Any]:
    """Return the array that a tensor's storage, offset, shape and strides describe."""
    match storage, offset, size, stride:
        case (np.ndarray() as numbers, int(start), tuple(shape), tuple(steps)):
            pass
        case _:
            raise PickleError("a tensor is not made of storage, offset, size and stride")
    # A tuple is not printed before its items are known: nested ones could be endlessly long.
    if not all(isinstance(number, int) for number in (*shape, *steps)):
        raise PickleError("a tensor's size or stride is not made of whole numbers")
    if min((start, *shape, *steps)) < 0:
        raise PickleError(f"a tensor has offset {start}, size {shape} and stride {steps}")
    pairs = list(zip(shape, steps, strict=True))
    if math.prod(shape) == 0:
        return np.empty(shape, numbers.dtype)
    end = start + sum((length - 1) * step for length, step in pairs)
    if end >= numbers.size or math.prod(shape) > numbers.size:
        raise PickleError(f"a tensor of size {shape} reaches beyond its {numbers.size} numbers")
    strides = [step * numbers.itemsize for step in steps]
    return np.lib.stride_tricks.as_strided(numbers[start:], shape, strides)


def _empty_dict() -> dict[object, object]:
    """Return the dict that stands for an OrderedDict; its items come by themselves."""
    return {}


def _parameter(data: object, *_: object) -> object:
    """Return the tensor of a parameter."""
    return data


FUNCTIONS: dict[str, Callable[..., object]] = {
    "collections.OrderedDict": _empty_dict,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_parameter": _parameter,
}
