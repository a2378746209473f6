"""How an answer differs from what was expected, in words."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .shown import is_array, library_of

Tolerance = tuple[float, float]

# A right answer may take another route than the reference, so more is allowed than rounding once.
TOLERANCES: dict[str, Tolerance] = {
    "float64": (1e-9, 1e-9),
    "float32": (1e-4, 1e-5),
    "float16": (2e-2, 2e-3),
}
GRADIENT: Tolerance = (2e-3, 2e-4)  # of float32 derivatives against finite differences


def difference(
    expected: object, came: object, library: str, tolerance: Tolerance | None = None
) -> str:
    """Return what is different, or "" if nothing is.

    Args:
        expected: The right value: arrays, Python values, and tuples, lists and dicts of them.
        came: The learner's.
        library: Whose arrays are wanted, "JAX" or "NumPy", wherever an array is expected.
        tolerance: Relative and absolute; without it, by the dtype expected.

    Returns:
        A sentence for people.

    Example:
        >>> difference(np.ones(3), np.ones((3, 1)), "NumPy")
        'the shape should be (3,), and is (3, 1)'

    PyTorch: has no counterpart.
    """
    if is_array(expected):
        return _arrays(np.asarray(expected), came, library, tolerance)
    if isinstance(expected, tuple | list):
        return _sequences(expected, came, library, tolerance)
    if isinstance(expected, dict):
        if not isinstance(came, dict) or came.keys() != expected.keys():
            return f"a dict with the keys {sorted(expected)} was expected"
        return _first(
            (f"[{key!r}]", difference(value, came[key], library, tolerance))
            for key, value in expected.items()
        )
    if type(came) is not type(expected):
        return f"the type should be {_type(expected)}, and is {_type(came)}"
    if isinstance(expected, float):
        return _values(np.asarray(expected), np.asarray(came), tolerance)
    return "" if came == expected else f"{expected!r} was expected, {came!r} came"


def _sequences(
    expected: tuple[object, ...] | list[object],
    came: object,
    library: str,
    tolerance: Tolerance | None,
) -> str:
    """Compare tuples and lists, part by part."""
    kind = type(expected).__name__
    if not isinstance(came, type(expected)):
        return f"a {kind} was expected, not {_value_of(came)}"
    if len(came) != len(expected):
        return f"the {kind} should have {len(expected)} parts, and has {len(came)}"
    return _first(
        (f"[{place}]", difference(one, other, library, tolerance))
        for place, (one, other) in enumerate(zip(expected, came, strict=True))
    )


def _first(parts: Iterable[tuple[str, str]]) -> str:
    """Return the first difference among parts, with its place."""
    for place, text in parts:
        if text:
            return f"{place}{text}" if text.startswith("[") else f"{place}: {text}"
    return ""


def _arrays(expected: NDArray[Any], came: object, library: str, tolerance: Tolerance | None) -> str:
    """Compare library, shape, dtype and values, in this order."""
    if not is_array(came) or library_of(came) != library:
        return f"an array of {library} was expected, not {_value_of(came)}"
    array = np.asarray(came)
    if array.shape != expected.shape:
        return f"the shape should be {expected.shape}, and is {array.shape}"
    if array.dtype != expected.dtype:
        return f"the dtype should be {expected.dtype}, and is {array.dtype}"
    return _values(expected, array, tolerance)


def _values(expected: NDArray[Any], came: NDArray[Any], tolerance: Tolerance | None) -> str:
    """Compare numbers: whole ones must be equal, others nearly so."""
    relative, absolute = tolerance or TOLERANCES.get(expected.dtype.name, (0.0, 0.0))
    near = np.isclose(came, expected, relative, absolute, equal_nan=True)
    if near.all():
        return ""
    if expected.ndim == 0:
        return f"{expected.item():.6g} was expected, {came.item():.6g} came"
    wrong = np.argwhere(~near)
    first = tuple(wrong[0].tolist())
    place = first[0] if len(first) == 1 else first
    return (
        f"{len(wrong)} of {expected.size} values differ, the first at index {place}: "
        f"{expected[first].item():.6g} was expected, {came[first].item():.6g} came"
    )


def _value_of(value: object) -> str:
    """Return what a value is."""
    return _type(value) if is_array(value) else f"a value of type {_type(value)}"


def _type(value: object) -> str:
    """Return a type's name as people write it."""
    if is_array(value):
        return f"an array of {library_of(value)}"
    kind = type(value)
    home = kind.__module__.partition(".")[0]
    return kind.__name__ if home == "builtins" else f"{home}.{kind.__name__}"
