"""Many numbers into one, by PyTorch's conventions."""

from collections.abc import Callable
from typing import Any, NamedTuple, overload

import jax
import jax.numpy as jnp
import numpy as np

from .dtypes import DTypeLike, as_dtype, default_integer, has_x64, is_integral
from .errors import DtypeError, PrecisionError, ShapeError
from .shape import axis_of

Dim = int | tuple[int, ...] | None


class Extremum(NamedTuple):
    """The values along an axis, and where they stand.

    Args:
        values: The values.
        indices: Their places along the axis.

    PyTorch: ``torch.return_types.max`` and its like.
    """

    values: jax.Array
    indices: jax.Array


def sum(  # noqa: A001 - PyTorch's name
    x: jax.Array, dim: Dim = None, keepdim: bool = False, dtype: DTypeLike = None
) -> jax.Array:
    r"""Add the elements, of all axes or of some.

    :math:`s = \sum_i x_i`. Integers and booleans are added as int64, or as int32 while 64-bit
    numbers are off, and then not beyond it.

    Shapes: ``(n, m)`` gives ``()``; ``dim=0`` runs down the rows and gives ``(m,)``.

    Args:
        x: The array.
        dim: The axis or axes that vanish; all if None.
        keepdim: Keep them with length one.
        dtype: The dtype to add in.

    Returns:
        The sum.

    Raises:
        OutOfBoundsError: If there is no such axis.
        PrecisionError: If the sum of integers does not fit; only outside of ``jit``.

    Example:
        >>> a = jnp.array([[11, 12, 13], [21, 22, 23], [31, 32, 33]])
        >>> sum(a), sum(a, 0)
        (Array(198, dtype=int32), Array([63, 66, 69], dtype=int32))

    PyTorch: ``x.sum(dim, keepdim)``. ``jnp.sum`` wraps around in silence.
    """
    axis = _axes(x, dim)
    if dtype is not None or not is_integral(x):
        return jnp.sum(x, axis, as_dtype(dtype) if dtype else None, keepdims=keepdim)
    _refuse_overflow("sum", np.sum, x, axis)
    return jnp.sum(x, axis, default_integer(), keepdims=keepdim)


def prod(x: jax.Array, dim: int | None = None, keepdim: bool = False) -> jax.Array:
    r"""Multiply the elements, of all axes or of one.

    :math:`p = \prod_i x_i`.

    Args:
        x: The array.
        dim: The axis that vanishes; all if None.
        keepdim: Keep it with length one.

    Returns:
        The product.

    Raises:
        OutOfBoundsError: If there is no such axis.
        PrecisionError: If the product of integers does not fit; only outside of ``jit``.

    Example:
        >>> prod(jnp.array([2.0, 3.0, 4.0]))
        Array(24., dtype=float32)

    PyTorch: ``x.prod(dim, keepdim)``.
    """
    axis = _axes(x, dim)
    if not is_integral(x):
        return jnp.prod(x, axis, keepdims=keepdim)
    _refuse_overflow("prod", np.prod, x, axis)
    return jnp.prod(x, axis, default_integer(), keepdims=keepdim)


def mean(x: jax.Array, dim: Dim = None, keepdim: bool = False) -> jax.Array:
    r"""Average the elements, of all axes or of some.

    :math:`\bar x = \frac1n \sum_i x_i`.

    Args:
        x: The array, of floats.
        dim: The axis or axes that vanish; all if None.
        keepdim: Keep them with length one.

    Returns:
        The mean.

    Raises:
        DtypeError: If the elements are integers.
        OutOfBoundsError: If there is no such axis.

    Example:
        >>> mean(jnp.array([7.0, 4.0, 3.0, 2.0, 6.0]))
        Array(4.4, dtype=float32)

    PyTorch: ``x.mean(dim, keepdim)``, which refuses integers too; ``jnp.mean`` converts them.
    """
    _floats_only("mean", x, "T076")
    return jnp.mean(x, _axes(x, dim), keepdims=keepdim)


def var(x: jax.Array, dim: Dim = None, correction: int = 1, keepdim: bool = False) -> jax.Array:
    r"""Measure the variance, of all axes or of some.

    :math:`\frac{1}{n - c} \sum_i (x_i - \bar x)^2`, with correction :math:`c = 1`.

    Args:
        x: The array, of floats.
        dim: The axis or axes that vanish; all if None.
        correction: 1 for the unbiased estimate, 0 for the variance of the population.
        keepdim: Keep them with length one.

    Returns:
        The variance.

    Raises:
        DtypeError: If the elements are integers.
        OutOfBoundsError: If there is no such axis.

    Example:
        >>> var(jnp.array([1.0, -1.0])), var(jnp.array([1.0, -1.0]), correction=0)
        (Array(2., dtype=float32), Array(1., dtype=float32))

    PyTorch: ``x.var(dim, correction=1)``. ``jnp.var`` divides by n.
    """
    _floats_only("var", x, "T080")
    return jnp.var(x, _axes(x, dim), ddof=correction, keepdims=keepdim)


def std(x: jax.Array, dim: Dim = None, correction: int = 1, keepdim: bool = False) -> jax.Array:
    r"""Measure the standard deviation, of all axes or of some.

    The square root of :func:`var`.

    Args:
        x: The array, of floats.
        dim: The axis or axes that vanish; all if None.
        correction: 1 divides by n - 1, 0 by n.
        keepdim: Keep them with length one.

    Returns:
        The standard deviation.

    Raises:
        DtypeError: If the elements are integers.
        OutOfBoundsError: If there is no such axis.

    Example:
        >>> std(jnp.array([1.0, -1.0, 1.0, -1.0]))
        Array(1.1547005, dtype=float32)

    PyTorch: ``x.std(dim, correction=1)``. ``jnp.std`` divides by n.
    """
    _floats_only("std", x, "T080")
    return jnp.std(x, _axes(x, dim), ddof=correction, keepdims=keepdim)


@overload
def max(x: jax.Array, dim: None = None, keepdim: bool = False) -> jax.Array: ...  # noqa: A001
@overload
def max(x: jax.Array, dim: int, keepdim: bool = False) -> Extremum: ...  # noqa: A001
def max(  # noqa: A001 - PyTorch's name
    x: jax.Array, dim: int | None = None, keepdim: bool = False
) -> jax.Array | Extremum:
    """Find the largest element, or along an axis the largest elements and where they stand.

    Args:
        x: The array.
        dim: The axis that vanishes; all if None.
        keepdim: Keep it with length one; only with ``dim``.

    Returns:
        The maximum; with ``dim`` an :class:`Extremum` of values and indices, the first of equals.

    Raises:
        ShapeError: If there are no elements.
        OutOfBoundsError: If there is no such axis.

    Example:
        >>> max(jnp.array([7, 4, 3, 2, 6]))
        Array(7, dtype=int32)
        >>> max(jnp.array([[1, 5], [4, 2]]), 1).indices
        Array([1, 0], dtype=int32)

    PyTorch: ``x.max()`` and ``x.max(dim)``, also in the gradient: equals share it without
        ``dim``, and with ``dim`` the named one gets it all.
    """
    _not_empty("max", x)
    return jnp.max(x) if dim is None else _extremum(jnp.argmax, x, dim, keepdim)


@overload
def min(x: jax.Array, dim: None = None, keepdim: bool = False) -> jax.Array: ...  # noqa: A001
@overload
def min(x: jax.Array, dim: int, keepdim: bool = False) -> Extremum: ...  # noqa: A001
def min(  # noqa: A001 - PyTorch's name
    x: jax.Array, dim: int | None = None, keepdim: bool = False
) -> jax.Array | Extremum:
    """Find the smallest element, or along an axis the smallest elements and where they stand.

    Args:
        x: The array.
        dim: The axis that vanishes; all if None.
        keepdim: Keep it with length one; only with ``dim``.

    Returns:
        The minimum; with ``dim`` an :class:`Extremum` of values and indices, the first of equals.

    Raises:
        ShapeError: If there are no elements.
        OutOfBoundsError: If there is no such axis.

    Example:
        >>> min(jnp.array([7, 4, 3, 2, 6]))
        Array(2, dtype=int32)

    PyTorch: ``x.min()`` and ``x.min(dim)``.
    """
    _not_empty("min", x)
    return jnp.min(x) if dim is None else _extremum(jnp.argmin, x, dim, keepdim)


@overload
def median(x: jax.Array, dim: None = None, keepdim: bool = False) -> jax.Array: ...
@overload
def median(x: jax.Array, dim: int, keepdim: bool = False) -> Extremum: ...
def median(x: jax.Array, dim: int | None = None, keepdim: bool = False) -> jax.Array | Extremum:
    """Find the middle element; of two middle ones the lower.

    Args:
        x: The array.
        dim: The axis that vanishes; all if None.
        keepdim: Keep it with length one; only with ``dim``.

    Returns:
        The median, NaN if there is a NaN; with ``dim`` an :class:`Extremum`.

    Raises:
        ShapeError: If there are no elements.
        OutOfBoundsError: If there is no such axis.

    Example:
        >>> median(jnp.array([4.0, 1.0, 3.0, 2.0]))
        Array(2., dtype=float32)

    PyTorch: ``x.median()`` and ``x.median(dim)``. ``jnp.median`` gives 2.5 here.
    """
    _not_empty("median", x)
    if dim is None:
        return _extremum(_argmedian, jnp.ravel(x), 0, keepdim=False).values
    return _extremum(_argmedian, x, dim, keepdim)


def norm(x: jax.Array) -> jax.Array:
    r"""Measure the Euclidean length of all elements together.

    :math:`\lVert x \rVert = \sqrt{\sum_i x_i^2}`; the derivative at 0 is 0.

    Args:
        x: The array, of floats.

    Returns:
        The length.

    Raises:
        DtypeError: If the elements are integers.

    Example:
        >>> norm(jnp.array([3.0, 4.0])), jax.grad(norm)(jnp.zeros(2))
        (Array(5., dtype=float32), Array([0., 0.], dtype=float32))

    PyTorch: ``torch.linalg.vector_norm(x)``. The derivative of ``jnp.linalg.norm`` at 0 is NaN.
    """
    _floats_only("norm", x, "T085")
    squares = jnp.sum(x * x)
    is_zero = squares == 0
    return jnp.where(is_zero, 0, jnp.sqrt(jnp.where(is_zero, 1, squares)))


def _axes(x: jax.Array, dim: Dim) -> int | tuple[int, ...] | None:
    """Check the axes, negative or not."""
    if dim is None:
        return None
    if isinstance(dim, int):
        return axis_of(dim, x.ndim)
    return tuple(axis_of(axis, x.ndim) for axis in dim)


def _extremum(find: Callable[..., jax.Array], x: jax.Array, dim: int, keepdim: bool) -> Extremum:
    """Pick the values out by their indices, so that the gradient goes where the index points."""
    axis = axis_of(dim, x.ndim)
    indices = find(x, axis, keepdims=True)
    values = jnp.take_along_axis(x, indices, axis)
    if not keepdim:
        values, indices = jnp.squeeze(values, axis), jnp.squeeze(indices, axis)
    return Extremum(values, indices)


def _argmedian(x: jax.Array, axis: int, *, keepdims: bool) -> jax.Array:
    """Find the lower middle, or the first NaN if there is one; ``keepdims`` is always true."""
    order = jnp.argsort(x, axis)
    middle = jax.lax.slice_in_dim(order, (x.shape[axis] - 1) // 2, None, axis=axis)
    middle = jax.lax.slice_in_dim(middle, 0, 1, axis=axis)
    is_nan = jnp.isnan(x)
    return jnp.where(
        is_nan.any(axis, keepdims=keepdims), jnp.argmax(is_nan, axis, keepdims=keepdims), middle
    )


def _floats_only(name: str, x: jax.Array, lesson: str) -> None:
    if not is_integral(x):
        return
    raise DtypeError(
        f"{name} of {x.dtype.name}: {name} needs floats",
        f"It raises RuntimeError: {name}(): input dtype must be floating point.",
        f"{name}(cast(x, 'float32'))",
        lesson,
    )


def _not_empty(name: str, x: jax.Array) -> None:
    if x.size:
        return
    raise ShapeError(
        f"{name} of an array of shape {x.shape}, which has no elements",
        "It raises RuntimeError too.",
        f"check numel(x) before {name}(x)",
        "T080",
    )


def _refuse_overflow(
    name: str, reduce: Callable[..., Any], x: jax.Array, axis: int | tuple[int, ...] | None
) -> None:
    """Raise if an integer result leaves int32 while 64-bit numbers are off."""
    if has_x64() or isinstance(x, jax.core.Tracer) or not x.size:
        return
    exact = reduce(np.asarray(x, np.float64), axis=axis)
    limits = np.iinfo(np.int32)
    if np.min(exact) < limits.min or np.max(exact) > limits.max:
        raise PrecisionError(
            f"the {name} of these integers leaves int32 (about {np.max(np.abs(exact)):.6g})",
            "It computes in int64.",
            "call functorch_course.tensor.enable_x64() at the start, or add floats",
            "T044",
        )
