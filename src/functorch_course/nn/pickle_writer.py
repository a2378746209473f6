"""The pickle of a state dict, written by hand: torch's classes are named, never imported."""

import pickle
import struct
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functorch_course.errors import InvalidValueError


def write_pickle(state: Mapping[str, NDArray[Any]], storages: Mapping[np.dtype[Any], str]) -> bytes:
    """Return the pickle by which ``torch.load`` finds the tensors of a state dict.

    Args:
        state: Names and arrays; the numbers themselves are stored elsewhere, in this order.
        storages: PyTorch's name of the storage of each dtype.

    Returns:
        A pickle of protocol 2.

    Raises:
        InvalidValueError: If an array has a dtype without storage.

    Example:
        >>> state = {"a": np.zeros(2, np.float32)}
        >>> b"_rebuild_tensor_v2" in write_pickle(state, {np.dtype("f4"): "torch.FloatStorage"})
        True

    PyTorch: what ``torch.save`` writes as ``data.pkl``.
    """
    items = b""
    for number, (name, values) in enumerate(state.items()):
        if values.dtype not in storages:
            raise InvalidValueError(f"{name!r} has dtype {values.dtype}, which PyTorch lacks")
        items += _text(name) + _tensor(str(number), values, storages[values.dtype])
    start = pickle.PROTO + b"\x02" + pickle.EMPTY_DICT
    return start + pickle.MARK + items + pickle.SETITEMS + pickle.STOP


def _tensor(key: str, values: NDArray[Any], storage: str) -> bytes:
    """Return the call that builds one contiguous tensor."""
    identity = [_text("storage"), _name(storage), _text(key), _text("cpu"), _number(values.size)]
    strides = [stride // values.itemsize for stride in np.empty_like(values, order="C").strides]
    arguments = [
        _tuple(identity) + pickle.BINPERSID,
        _number(0),
        _tuple(map(_number, values.shape)),
        _tuple(map(_number, strides)),
        pickle.NEWFALSE,
        _name("collections.OrderedDict") + _tuple([]) + pickle.REDUCE,
    ]
    return _name("torch._utils._rebuild_tensor_v2") + _tuple(arguments) + pickle.REDUCE


def _text(text: str) -> bytes:
    """Return the instruction that pushes a text."""
    encoded = text.encode()
    return pickle.BINUNICODE + struct.pack("<I", len(encoded)) + encoded


def _number(number: int) -> bytes:
    """Return the instruction that pushes a whole number."""
    encoded = pickle.encode_long(number)
    return pickle.LONG1 + bytes([len(encoded)]) + encoded


def _name(dotted: str) -> bytes:
    """Return the instruction that pushes what a name stands for."""
    module, name = dotted.rsplit(".", 1)
    return pickle.GLOBAL + f"{module}\n{name}\n".encode()


def _tuple(items: Iterable[bytes]) -> bytes:
    """Return the instructions that push a tuple."""
    return pickle.MARK + b"".join(items) + pickle.TUPLE
