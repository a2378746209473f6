"""Values and calls as short text."""

from collections.abc import Sequence
from typing import Any

import numpy as np

LONGEST, FEWEST = 240, 24


def shown(value: object) -> str:
    """Return a value as text that fits a few lines: an array with its dtype and shape."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple | list):
        inside = ", ".join(map(shown, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    if is_array(value):
        return _array(value)
    text = getattr(value, "__name__", None) or repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def is_array(value: object) -> bool:
    """Whether a value is an array of NumPy or JAX, or one element of an array of NumPy."""
    return isinstance(value, np.ndarray | np.generic) or library_of(value) == "JAX"


def library_of(value: object) -> str:
    """Return whose array a value is, ``"NumPy"`` or ``"JAX"``, without importing jax."""
    home = type(value).__module__.partition(".")[0]
    return "NumPy" if home == "numpy" else "JAX" if home in ("jax", "jaxlib") else home


def called(text: str, names: Sequence[str], arguments: Sequence[object]) -> tuple[str, ...]:
    """Return a call as lines: how it is written, then the value of each argument."""
    values = [f"{one} = {shown(value)}" for one, value in zip(names, arguments, strict=False)]
    return (text, *values)


def _array(value: Any) -> str:  # noqa: ANN401
    """Return an array's values, dtype and shape."""
    array = np.asarray(value)
    values = np.array2string(
        array, separator=", ", threshold=FEWEST, precision=5, max_line_width=10_000
    )
    text = " ".join(values.split())
    shape = f", shape {array.shape}" if array.ndim else ""
    return f"{text} ({array.dtype}{shape})"
