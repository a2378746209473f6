"""Values and calls as short text."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

ValueT = TypeVar("ValueT")
LONGEST, MOST_NUMBERS, MOST_PARTS = 240, 24, 5


def shown(value: object) -> str:
    """Return a value as text that fits a few lines: an array with its dtype and shape."""
    if not is_array(value):
        return _shortened(value)
    array = np.asarray(value)
    shape = f", shape {array.shape}" if array.ndim else ""
    return f"{_numbers(array)} ({array.dtype}{shape})"


def _shortened(value: object) -> str:
    """Return a value as text, arrays inside of it without dtype and shape."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_shortened(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple | list):
        rest = [f"… {len(value)} in all"] if len(value) > MOST_PARTS else []
        inside = ", ".join([*map(_shortened, value[:MOST_PARTS]), *rest])
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    if is_array(value):
        return _numbers(np.asarray(value))
    text = getattr(value, "__name__", None) or repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _numbers(array: NDArray[Any]) -> str:
    """Return the numbers of an array in one line."""
    text = np.array2string(
        array,
        separator=", ",
        threshold=MOST_NUMBERS,
        max_line_width=10_000,
        formatter={"float_kind": "{:.6g}".format},
    )
    return re.sub(r"\[ +", "[", " ".join(text.split()))


def is_array(value: object) -> bool:
    """Whether a value is an array of NumPy or JAX, or one element of an array of NumPy."""
    return hasattr(value, "dtype") and library_of(value) in ("NumPy", "JAX")


def library_of(value: object) -> str:
    """Return whose array a value is, ``"NumPy"`` or ``"JAX"``, without importing jax."""
    home = type(value).__module__.partition(".")[0]
    return "NumPy" if home == "numpy" else "JAX" if home in ("jax", "jaxlib") else home


def called(text: str, names: Sequence[str], arguments: Sequence[object]) -> tuple[str, ...]:
    """Return a call as lines: how it is written, then the value of each argument."""
    return (text, *(f"{name} = {shown(value)}" for name, value in named(names, arguments)))


def named(names: Sequence[str], arguments: Sequence[ValueT]) -> list[tuple[str, ValueT]]:
    """Pair arguments with their names; one without a name is called by its number."""
    numbers = [f"argument {n + 1}" for n in range(len(names), len(arguments))]
    return list(zip([*names, *numbers], arguments, strict=False))
