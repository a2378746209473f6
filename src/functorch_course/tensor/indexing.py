"""Reading and replacing elements, with every index checked that is known before the run."""

import operator
from collections.abc import Iterator
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike
from numpy.typing import NDArray

from .errors import OutOfBoundsError, TracedValueError
from .shape import axis_of

Part: TypeAlias = Any  # an index, a slice, a list, an array, a mask, None, or ...
Key: TypeAlias = Part | tuple[Part, ...]

_LESSON = "T055"


def index(x: jax.Array, key: Key) -> jax.Array:
    """Read ``x[key]``, and raise where plain JAX would take the nearest element instead.

    Shapes: each integer in the key removes an axis, each slice keeps one.

    Args:
        x: The array.
        key: What stands between the brackets: a number, a slice, a list, an array, ``None``,
            ``...``, a boolean mask, or a tuple of these.

    Returns:
        The element or part; also one element is an array, of shape ``()``.

    Raises:
        OutOfBoundsError: If an index lies outside its axis.
        TracedValueError: If a mask is being traced: the shape of the result would depend on it.

    Example:
        >>> x = jnp.array([7, 4, 3, 2, 6])
        >>> index(x, slice(1, 4))
        Array([4, 3, 2], dtype=int32)
        >>> index(x, 5)
        Traceback (most recent call last):
        functorch_course.tensor.errors.OutOfBoundsError: index 5 is outside axis 0 of length 5 ...

    PyTorch: ``x[key]``. Under ``jit`` an index that is itself computed cannot be checked, and
        is clamped.
    """
    return x[checked_key(x, key)]


def assign(x: jax.Array, key: Key, value: ArrayLike) -> jax.Array:
    """Return a copy of ``x`` in which ``x[key]`` is ``value``; ``x`` itself stays.

    Args:
        x: The array.
        key: What stands between the brackets, see :func:`index`.
        value: The new value, broadcast to the shape of ``x[key]``.

    Returns:
        The new array. Keep it: without ``x = assign(x, ...)`` nothing happens.

    Raises:
        OutOfBoundsError: If an index lies outside its axis; plain JAX would drop the write.
        TracedValueError: If a mask is being traced.

    Example:
        >>> assign(jnp.array([7, 4, 3]), 0, 100)
        Array([100,   4,   3], dtype=int32)

    PyTorch: ``x[key] = value`` writes into ``x`` and into everything that shares its memory.
    """
    return x.at[checked_key(x, key)].set(value)


def take(x: jax.Array, indices: ArrayLike) -> jax.Array:
    """Read elements by their number in the flattened array.

    Shapes: the result has the shape of ``indices``.

    Args:
        x: The array.
        indices: Which elements.

    Returns:
        The elements.

    Raises:
        OutOfBoundsError: If an index lies outside.

    Example:
        >>> take(jnp.array([[7, 4], [3, 2]]), jnp.array([0, 3]))
        Array([7, 2], dtype=int32)

    PyTorch: ``torch.take``.
    """
    return index(jnp.ravel(x), jnp.asarray(indices))


def index_select(x: jax.Array, dim: int, indices: ArrayLike) -> jax.Array:
    """Read whole slices along one axis, such as the rows of an embedding table.

    Shapes: axis ``dim`` gets the length of ``indices``.

    Args:
        x: The array.
        dim: The axis.
        indices: Which slices, as a vector.

    Returns:
        The slices.

    Raises:
        OutOfBoundsError: If an index lies outside.

    Example:
        >>> index_select(jnp.array([[1, 2], [3, 4]]), 1, [1])
        Array([[2],
               [4]], dtype=int32)

    PyTorch: ``torch.index_select``.
    """
    before = (slice(None),) * axis_of(dim, x.ndim)
    return index(x, (*before, jnp.asarray(indices)))


def checked_key(x: jax.Array, key: Key) -> Key:
    """Return the key in the form JAX takes, once each part has been found inside its axis."""
    shape = jnp.shape(x)
    if type(key) is int:  # the common case, kept short
        _check_number(key, 0, shape)
        return key
    if isinstance(key, jax.Array) and shape:
        _check_part(key, 0, shape)
        return key
    parts = tuple(_as_part(part) for part in (key if isinstance(key, tuple) else (key,)))
    for part, axis in _with_axes(parts, len(shape)):
        _check_part(part, axis, shape)
    return parts if len(parts) != 1 else parts[0]


def _as_part(part: Part) -> Part:
    """Turn a list into an array, as PyTorch does."""
    return np.asarray(part, np.int32 if part == [] else None) if isinstance(part, list) else part


def _with_axes(parts: tuple[Any, ...], ndim: int) -> Iterator[tuple[Any, int]]:
    """Yield each part that consumes axes, with the first axis it consumes."""
    consumed = sum(_consumes(part) for part in parts)
    if consumed > ndim:
        raise OutOfBoundsError(
            f"{consumed} indices for an array of {ndim} axes",
            f"It raises IndexError: too many indices for tensor of dimension {ndim}.",
            f"at most {ndim} indices",
            _LESSON,
        )
    axis = 0
    for part in parts:
        if part is Ellipsis:
            axis += ndim - consumed
        elif _consumes(part):
            yield part, axis
            axis += _consumes(part)


def _consumes(part: Part) -> int:
    """Count the axes a part of the key stands for."""
    if part is None or part is Ellipsis:
        return 0
    return part.ndim if _is_mask(part) else 1


def _is_mask(part: Part) -> bool:
    return isinstance(part, (jax.Array, np.ndarray)) and part.dtype == np.bool_


def _check_part(part: Part, axis: int, shape: tuple[int, ...]) -> None:
    if isinstance(part, slice):
        return
    if _is_mask(part):
        _check_mask(part, axis, shape)
    elif isinstance(part, jax.core.Tracer):
        return
    elif isinstance(part, (jax.Array, np.ndarray)):
        _check_numbers(np.asarray(part), axis, shape)
    else:
        _check_number(operator.index(part), axis, shape)


def _check_numbers(numbers: NDArray[Any], axis: int, shape: tuple[int, ...]) -> None:
    """Look at the smallest and the largest; short arrays are faster in plain Python."""
    if 0 < numbers.size < 32:
        flat = numbers.ravel().tolist()
        _check_number(min(flat), axis, shape)
        _check_number(max(flat), axis, shape)
    elif numbers.size:
        _check_number(int(numbers.min()), axis, shape)
        _check_number(int(numbers.max()), axis, shape)


def _check_number(number: int, axis: int, shape: tuple[int, ...]) -> None:
    if not shape:
        raise OutOfBoundsError(
            f"index {number} into an array of shape (), which has no axis",
            "It raises IndexError: invalid index of a 0-dim tensor.",
            "item(x) for its Python number",
            _LESSON,
        )
    length = shape[axis]
    if not -length <= number < length:
        raise OutOfBoundsError(
            f"index {number} is outside axis {axis} of length {length}",
            f"It raises IndexError: index {number} is out of bounds for dimension {axis} with "
            f"size {length}.",
            f"an index from {-length} to {length - 1} (plain JAX would silently give the nearest)"
            if length
            else "no index: the axis is empty",
            _LESSON,
        )


def _check_mask(mask: Part, axis: int, shape: tuple[int, ...]) -> None:
    if isinstance(mask, jax.core.Tracer):
        raise TracedValueError(
            f"a boolean mask of shape {mask.shape} selects while its values are being traced, "
            f"so the shape of the result is unknown",
            "It runs, because shapes may depend on values there.",
            "jnp.where(mask, x, 0.0), which keeps the shape; or select outside of jit",
            "D132",
        )
    covered = shape[axis : axis + mask.ndim]
    if mask.shape != covered:
        raise OutOfBoundsError(
            f"a mask of shape {mask.shape} does not match the axes of shape {covered} it selects",
            "It raises IndexError too.",
            f"a mask of shape {covered}",
            _LESSON,
        )
