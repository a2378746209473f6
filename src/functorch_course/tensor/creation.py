"""Making arrays: from Python numbers, and from rules such as "evenly spaced"."""

import functools
import math
from collections.abc import Callable
from typing import Any, ParamSpec

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike
from numpy.typing import NDArray

from functorch_course.errors import InvalidValueError, TeachingError

from .conversion import converted
from .dtypes import DTypeLike, as_dtype, bool_, default_integer, float32
from .errors import PrecisionError, RaggedError

P = ParamSpec("P")
# Where PyTorch runs, a product and a sum are one step that rounds once; a wider kind does the same.
WIDER: dict[type, type] = {np.float32: np.float64, np.float64: np.longdouble}


def _explains_flags(function: Callable[P, jax.Array]) -> Callable[P, jax.Array]:
    """Let a function that makes arrays explain what PyTorch's takes besides."""

    @functools.wraps(function)
    def made(*args: P.args, **kwargs: P.kwargs) -> jax.Array:
        if kwargs.pop("requires_grad", False):
            raise TeachingError(
                f"{function.__name__}(..., requires_grad=True): an array here carries no such flag",
                "It marks the tensor, and records every operation on it for backward().",
                "write the computation as a function f of x, and grad(f)(x)",
                "O017",
            )
        device = kwargs.pop("device", None)
        if device is not None:
            raise TeachingError(
                f"{function.__name__}(..., device={device!r}): arrays are made where JAX runs, "
                f"which is {jax.default_backend()!r}",
                "It makes the tensor there; without the word, on the CPU.",
                "leave the word out, or jax.device_put(x, jax.devices('cpu')[0])",
                "O029",
            )
        return function(*args, **kwargs)

    return made


@_explains_flags
def tensor(data: object, dtype: DTypeLike = None) -> jax.Array:
    """Make an array from Python numbers, nested lists, or another array, by copying.

    Floats become float32 and integers int64 (int32 while 64-bit numbers are off). A NumPy array
    keeps its dtype.

    Shapes: a number gives ``()``, a list of n numbers ``(n,)``, n lists of m ``(n, m)``.

    Args:
        data: The values.
        dtype: The dtype to convert to; fractions are dropped on the way to an integer.

    Returns:
        A new array.

    Raises:
        PrecisionError: If a value does not fit, or 64 bits are needed and off.
        RaggedError: If nested lists have unequal lengths.
        TeachingError: If ``requires_grad=True`` or a ``device`` is given, here and below.

    Example:
        >>> tensor([7, 4, 3, 2, 6])
        Array([7, 4, 3, 2, 6], dtype=int32)
        >>> tensor([1, 2, 3.5])
        Array([1. , 2. , 3.5], dtype=float32)
        >>> tensor([300], dtype="uint8")
        Traceback (most recent call last):
        functorch_course.tensor.errors.PrecisionError: the value 300 does not fit into uint8 ...

    PyTorch: ``torch.tensor``. There integers are int64 always.
    """
    if isinstance(data, jax.Array):
        return data if dtype is None else data.astype(as_dtype(dtype))
    try:
        host = np.asarray(data)
    except ValueError as error:
        raise _ragged(data) from error
    except jax.errors.TracerArrayConversionError:  # a list of values that are being traced
        return jnp.array(data, None if dtype is None else as_dtype(dtype))
    target = _inferred_dtype(data, host) if dtype is None else as_dtype(dtype)
    return jnp.asarray(converted(host, target))


@_explains_flags
def zeros(*size: int | tuple[int, ...], dtype: DTypeLike = float32) -> jax.Array:
    """Make an array of zeros.

    Args:
        *size: The shape, as numbers or as one tuple.
        dtype: The dtype.

    Returns:
        The array, of shape ``size``.

    Example:
        >>> zeros(2, 3)
        Array([[0., 0., 0.],
               [0., 0., 0.]], dtype=float32)

    PyTorch: ``torch.zeros``. ``jnp.zeros(2, 3)`` takes the 3 for a dtype.
    """
    return jnp.zeros(_shape(size), as_dtype(dtype))


@_explains_flags
def ones(*size: int | tuple[int, ...], dtype: DTypeLike = float32) -> jax.Array:
    """Make an array of ones.

    Args:
        *size: The shape, as numbers or as one tuple.
        dtype: The dtype.

    Returns:
        The array, of shape ``size``.

    Example:
        >>> ones((2,))
        Array([1., 1.], dtype=float32)

    PyTorch: ``torch.ones``.
    """
    return jnp.ones(_shape(size), as_dtype(dtype))


@_explains_flags
def full(size: tuple[int, ...], fill_value: float, dtype: DTypeLike = None) -> jax.Array:
    """Make an array of one repeated value.

    Args:
        size: The shape.
        fill_value: The value.
        dtype: The dtype; that of the value if None.

    Returns:
        The array, of shape ``size``.

    Raises:
        PrecisionError: If the value does not fit into the dtype.

    Example:
        >>> full((2,), 7)
        Array([7, 7], dtype=int32)

    PyTorch: ``torch.full``.
    """
    return jnp.broadcast_to(tensor(fill_value, dtype), size)


@_explains_flags
def eye(n: int, m: int | None = None, dtype: DTypeLike = float32) -> jax.Array:
    """Make a matrix with ones on the diagonal.

    Args:
        n: How many rows.
        m: How many columns; ``n`` if None.
        dtype: The dtype.

    Returns:
        The array, of shape ``(n, m)``.

    Example:
        >>> eye(2)
        Array([[1., 0.],
               [0., 1.]], dtype=float32)

    PyTorch: ``torch.eye``.
    """
    return jnp.eye(n, m, dtype=as_dtype(dtype))


@_explains_flags
def zeros_like(x: ArrayLike, dtype: DTypeLike = None) -> jax.Array:
    """Make zeros of another array's shape, and dtype unless given.

    Args:
        x: The array to be like.
        dtype: The dtype; that of ``x`` if None.

    Returns:
        The array, of the shape of ``x``.

    Example:
        >>> zeros_like(tensor([1.5, 2.5]))
        Array([0., 0.], dtype=float32)

    PyTorch: ``torch.zeros_like``.
    """
    return jnp.zeros_like(x, None if dtype is None else as_dtype(dtype))


@_explains_flags
def ones_like(x: ArrayLike, dtype: DTypeLike = None) -> jax.Array:
    """Make ones of another array's shape, and dtype unless given.

    Args:
        x: The array to be like.
        dtype: The dtype; that of ``x`` if None.

    Returns:
        The array, of the shape of ``x``.

    Example:
        >>> ones_like(tensor([1.5, 2.5]))
        Array([1., 1.], dtype=float32)

    PyTorch: ``torch.ones_like``.
    """
    return jnp.ones_like(x, None if dtype is None else as_dtype(dtype))


@_explains_flags
def full_like(x: ArrayLike, fill_value: float, dtype: DTypeLike = None) -> jax.Array:
    """Repeat one value in another array's shape, and dtype unless given.

    Args:
        x: The array to be like.
        fill_value: The value.
        dtype: The dtype; that of ``x`` if None.

    Returns:
        The array, of the shape of ``x``.

    Raises:
        PrecisionError: If the value does not fit into the dtype.

    Example:
        >>> full_like(tensor([1.5, 2.5]), 3)
        Array([3., 3.], dtype=float32)

    PyTorch: ``torch.full_like``.
    """
    like = jnp.asarray(x)
    return full(like.shape, fill_value, like.dtype if dtype is None else dtype)


@_explains_flags
def arange(
    start: float, end: float | None = None, step: float = 1, dtype: DTypeLike = None
) -> jax.Array:
    r"""Count from ``start`` up to, and without, ``end``.

    :math:`x_i = \text{start} + i \cdot \text{step}`, computed in float64 and rounded once.

    Shapes: :math:`\lceil (\text{end} - \text{start}) / \text{step} \rceil` values.

    Args:
        start: The first value, or the end if it stands alone.
        end: The bound, itself left out.
        step: The distance.
        dtype: The dtype; an integer one if all three are integers, else float32.

    Returns:
        The values.

    Raises:
        InvalidValueError: If the step is zero or points away from the end.

    Example:
        >>> arange(5)
        Array([0, 1, 2, 3, 4], dtype=int32)
        >>> arange(0, 1, 0.25)
        Array([0.  , 0.25, 0.5 , 0.75], dtype=float32)

    PyTorch: ``torch.arange``; integers are equal, floats equal to rounding.
    """
    first, last = (0, start) if end is None else (start, end)
    if step == 0 or (last - first) / step < 0:
        raise InvalidValueError(
            f"arange from {first} to {last} cannot go in steps of {step}: give a step that is "
            f"not zero and points from the start to the end"
        )
    whole = all(isinstance(number, int) for number in (first, last, step))
    target = as_dtype(dtype or (default_integer() if whole else float32))
    count = math.ceil((last - first) / step)
    return jnp.asarray(converted(first + np.arange(count) * step, target))


@_explains_flags
def linspace(start: float, end: float, steps: int, dtype: DTypeLike = float32) -> jax.Array:
    r"""Place evenly spaced values, both ends included.

    :math:`x_i = \text{start} + i \, (\text{end} - \text{start}) / (\text{steps} - 1)`; the second
    half is counted back from the end.

    Shapes: ``(steps,)``.

    Args:
        start: The first value.
        end: The last value.
        steps: How many values.
        dtype: The dtype.

    Returns:
        The values.

    Raises:
        InvalidValueError: If ``steps`` is negative.
        PrecisionError: If an end does not fit into the dtype, or is complex and the dtype is not.

    Example:
        >>> linspace(-2, 2, 5)
        Array([-2., -1.,  0.,  1.,  2.], dtype=float32)

    PyTorch: ``torch.linspace``, equal to the last bit, or one beside it in float64 and where one
        end is many million times the other. Complex numbers are equal to rounding; whole numbers,
        which are cut off, may be neighbours. ``jnp.linspace`` differs more often.
    """
    if steps < 0:
        raise InvalidValueError(f"steps={steps} is negative: give the number of values, 0 or more")
    resolved = as_dtype(dtype)
    ends = converted(np.array([start, end]), resolved)
    if steps == 1:
        return jnp.asarray(ends[:1])
    scalar = resolved.type if jnp.issubdtype(resolved, jnp.inexact) else np.float64
    first, last = ends.astype(scalar)
    wide = WIDER.get(resolved.type, scalar)
    position = np.arange(steps)
    with np.errstate(over="ignore", invalid="ignore"):  # infinities, as in PyTorch
        step = (last - first) / scalar(steps - 1)
        rising = first + step * position.astype(wide)
        falling = last - step * (steps - 1 - position).astype(wide)
        values = np.where(position < steps // 2, rising, falling).astype(resolved)
    return jnp.asarray(values)


def _shape(size: tuple[int | tuple[int, ...], ...]) -> tuple[int, ...]:
    """Read a shape that was written as numbers or as one tuple."""
    if len(size) == 1 and isinstance(size[0], (tuple, list)):
        return tuple(size[0])
    return size  # type: ignore[return-value]


def _inferred_dtype(data: object, host: NDArray[Any]) -> np.dtype[Any]:
    """Choose PyTorch's dtype: an array keeps its own, Python numbers get the default."""
    if isinstance(data, (np.ndarray, np.generic)):
        return as_dtype(host.dtype)
    defaults = {"b": bool_, "i": default_integer(), "u": default_integer(), "f": float32}
    if host.dtype.kind == "O":
        raise PrecisionError(
            f"{data!r} holds a number that no dtype can hold",
            "It raises RuntimeError: value cannot be converted without overflow.",
            "use floats, or integers below 2**63",
            "T044",
        )
    return defaults.get(host.dtype.kind, host.dtype)


def _ragged(data: object) -> RaggedError:
    """Say which list has another length than the first."""
    parts = data if isinstance(data, (list, tuple)) else []
    lengths = [len(part) for part in parts if hasattr(part, "__len__")]
    return RaggedError(
        f"the nested lists have unequal lengths {lengths}; an array is rectangular",
        "It raises ValueError too.",
        "make all lists equally long, for instance by padding them",
        "M119",
    )
