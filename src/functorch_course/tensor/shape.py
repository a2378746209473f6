"""Shapes: asking for them and changing them. Values never move, so nothing is ever aliased."""

import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from .errors import OutOfBoundsError, ShapeError


def size(x: ArrayLike, dim: int | None = None) -> tuple[int, ...] | int:
    """Return the shape, or the length of one axis.

    Args:
        x: The array.
        dim: The axis; all of them if None.

    Returns:
        A tuple, or one number if ``dim`` is given.

    Raises:
        OutOfBoundsError: If there is no such axis.

    Example:
        >>> size(jnp.zeros((4, 3))), size(jnp.zeros((4, 3)), -1)
        ((4, 3), 3)

    PyTorch: ``x.size()``. In JAX and NumPy ``x.size`` is the number of elements, PyTorch's
        ``numel``.
    """
    shape = jnp.shape(x)
    return shape if dim is None else shape[axis_of(dim, len(shape))]


def ndimension(x: ArrayLike) -> int:
    """Return the number of axes, which the course calls rank.

    Args:
        x: The array.

    Returns:
        0 for a number, 1 for a vector, 2 for a matrix.

    Example:
        >>> ndimension(jnp.zeros((4, 3)))
        2

    PyTorch: ``x.ndimension()``, ``x.dim()``; ``x.ndim`` in both libraries.
    """
    return jnp.ndim(x)


def numel(x: ArrayLike) -> int:
    """Return the number of elements.

    Args:
        x: The array.

    Returns:
        The product of the shape.

    Example:
        >>> numel(jnp.zeros((4, 3)))
        12

    PyTorch: ``x.numel()``; ``x.size`` in JAX and NumPy.
    """
    return jnp.size(x)


def view(x: jax.Array, *shape: int | Sequence[int]) -> jax.Array:
    """Arrange the same elements, in the same order, in another shape.

    Args:
        x: The array.
        *shape: The new shape, as numbers or as one tuple; one of them may be -1: "what remains".

    Returns:
        An array of the new shape.

    Raises:
        ShapeError: If the number of elements differs.

    Example:
        >>> view(jnp.arange(4), 2, -1)
        Array([[0, 1],
               [2, 3]], dtype=int32)

    PyTorch: ``x.view``, which shares memory with ``x`` and therefore fails where the strides do
        not allow it; here that cannot happen. ``x.view`` of a JAX array reinterprets bits.
    """
    return jnp.reshape(x, _fitting(x, _numbers(shape), "view"))


def reshape(x: jax.Array, *shape: int | Sequence[int]) -> jax.Array:
    """Arrange the same elements, in the same order, in another shape: the same as :func:`view`.

    Args:
        x: The array.
        *shape: The new shape, as numbers or as one tuple; one of them may be -1.

    Returns:
        An array of the new shape.

    Raises:
        ShapeError: If the number of elements differs.

    Example:
        >>> reshape(jnp.arange(3), (3, 1)).shape
        (3, 1)

    PyTorch: ``x.reshape``.
    """
    return jnp.reshape(x, _fitting(x, _numbers(shape), "reshape"))


def unsqueeze(x: jax.Array, dim: int) -> jax.Array:
    """Insert an axis of length one.

    Args:
        x: The array.
        dim: Where it stands in the result; negative numbers count from the end.

    Returns:
        The array with one more axis.

    Raises:
        OutOfBoundsError: If the place does not exist.

    Example:
        >>> unsqueeze(jnp.ones(5), 0).shape
        (1, 5)

    PyTorch: ``x.unsqueeze(dim)``.
    """
    return jnp.expand_dims(x, axis_of(dim, jnp.ndim(x) + 1))


def squeeze(x: jax.Array, dim: int | None = None) -> jax.Array:
    """Drop axes of length one: all, or the given one.

    Args:
        x: The array.
        dim: The axis; an axis of another length stays.

    Returns:
        The array with fewer axes.

    Raises:
        OutOfBoundsError: If there is no such axis.

    Example:
        >>> squeeze(jnp.ones((1, 5, 1))).shape, squeeze(jnp.ones((1, 5)), 1).shape
        ((5,), (1, 5))

    PyTorch: ``x.squeeze(dim)``. ``jnp.squeeze`` raises for an axis of another length.
    """
    if dim is None:
        return jnp.squeeze(x)
    axis = axis_of(dim, x.ndim)
    return jnp.squeeze(x, axis) if x.shape[axis] == 1 else x


def transpose(x: jax.Array, dim0: int, dim1: int) -> jax.Array:
    """Exchange two axes.

    Args:
        x: The array.
        dim0: One axis.
        dim1: The other.

    Returns:
        The array with both exchanged.

    Raises:
        OutOfBoundsError: If there is no such axis.

    Example:
        >>> transpose(jnp.ones((4, 3)), 0, 1).shape
        (3, 4)

    PyTorch: ``x.transpose(dim0, dim1)``. ``jnp.transpose`` takes all axes: PyTorch's permute.
    """
    return jnp.swapaxes(x, axis_of(dim0, x.ndim), axis_of(dim1, x.ndim))


def permute(x: jax.Array, *dims: int | Sequence[int]) -> jax.Array:
    """Put all axes in a new order.

    Args:
        x: The array.
        *dims: Which old axis stands at each new place, as numbers or as one tuple.

    Returns:
        The array with its axes in that order.

    Raises:
        ShapeError: If an axis is missing or stands twice.

    Example:
        >>> permute(jnp.ones((28, 30, 3)), 2, 0, 1).shape
        (3, 28, 30)

    PyTorch: ``x.permute(*dims)``; ``x.transpose(*dims)`` in JAX.
    """
    order = _numbers(dims)
    if sorted(axis % max(x.ndim, 1) for axis in order) != list(range(x.ndim)):
        raise ShapeError(
            f"permute{order} of an array with {x.ndim} axes does not name each axis once",
            "It raises RuntimeError too.",
            f"give {x.ndim} different axes, such as permute(x, {str(tuple(range(x.ndim)))[1:-1]})",
            "M127",
        )
    return jnp.transpose(x, order)


def expand(x: jax.Array, *shape: int | Sequence[int]) -> jax.Array:
    """Repeat axes of length one, and add axes in front.

    Args:
        x: The array.
        *shape: The new shape, as numbers or as one tuple; -1 keeps an axis as it is.

    Returns:
        An array of the new shape.

    Raises:
        ShapeError: If an axis of another length than one would change.

    Example:
        >>> expand(jnp.ones(10), 32, 10).shape
        (32, 10)

    PyTorch: ``x.expand(*shape)``; ``jnp.broadcast_to``.
    """
    wanted = _numbers(shape)
    old = (1,) * (len(wanted) - x.ndim) + x.shape
    target = tuple(have if want == -1 else want for have, want in zip(old, wanted, strict=False))
    if len(old) != len(wanted) or any(
        have not in (1, want) for have, want in zip(old, target, strict=True)
    ):
        raise ShapeError(
            f"an array of shape {x.shape} cannot be expanded to {wanted}: only axes of length 1 "
            f"are repeated",
            "It raises RuntimeError too.",
            "unsqueeze(x, dim) where the new axis is to stand, then expand",
            "M103",
        )
    return jnp.broadcast_to(x, target)


def stack(arrays: Sequence[ArrayLike], dim: int = 0) -> jax.Array:
    """Join arrays of one shape along a new axis.

    Shapes: N arrays ``(C, H, W)`` give ``(N, C, H, W)``.

    Args:
        arrays: The arrays.
        dim: Where the new axis stands.

    Returns:
        The joined array.

    Raises:
        ShapeError: If the shapes differ.

    Example:
        >>> stack([jnp.zeros(2), jnp.ones(2)])
        Array([[0., 0.],
               [1., 1.]], dtype=float32)

    PyTorch: ``torch.stack``.
    """
    shapes = [jnp.shape(array) for array in arrays]
    different = next((shape for shape in shapes if shape != shapes[0]), None)
    if different is not None:
        raise ShapeError(
            f"stack needs equal shapes, but got {shapes[0]} and {different}",
            "It raises RuntimeError too.",
            "make the shapes equal first; cat joins along an axis that exists",
            "M128",
        )
    return jnp.stack(arrays, axis_of(dim, len(shapes[0]) + 1))


def cat(arrays: Sequence[ArrayLike], dim: int = 0) -> jax.Array:
    """Join arrays along an axis they have.

    Shapes: ``(a, n)`` and ``(b, n)`` give ``(a + b, n)`` with ``dim=0``.

    Args:
        arrays: The arrays.
        dim: The axis.

    Returns:
        The joined array.

    Raises:
        ShapeError: If another axis differs.

    Example:
        >>> cat([jnp.zeros(2), jnp.ones(1)])
        Array([0., 0., 1.], dtype=float32)

    PyTorch: ``torch.cat``; ``jnp.concatenate``.
    """
    shapes = [jnp.shape(array) for array in arrays]
    axis = axis_of(dim, len(shapes[0]))
    others = [shape[:axis] + shape[axis + 1 :] for shape in shapes]
    if any(rest != others[0] for rest in others):
        raise ShapeError(
            f"cat along axis {axis} needs shapes that are equal elsewhere, but got {shapes}",
            "It raises RuntimeError too.",
            "join along the axis in which the arrays differ",
            "O014",
        )
    return jnp.concatenate(arrays, axis)


def axis_of(dim: int, ndim: int) -> int:
    """Turn a possibly negative axis into its place, or raise if there is none."""
    if -ndim <= dim < ndim:
        return dim % ndim
    raise OutOfBoundsError(
        f"axis {dim} does not exist in an array of {ndim} axes",
        f"It raises IndexError: dimension out of range (from {-ndim} to {ndim - 1}).",
        f"dim from {-ndim} to {ndim - 1}" if ndim else "no dim: the array is a single number",
        "M122",
    )


def _numbers(shape: tuple[int | Sequence[int], ...]) -> tuple[int, ...]:
    """Read a shape that was written as numbers or as one tuple."""
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        return tuple(shape[0])
    return shape  # type: ignore[return-value]


def _fitting(x: jax.Array, shape: tuple[int, ...], name: str) -> tuple[int, ...]:
    """Return the shape if the elements of ``x`` fill it exactly."""
    known = math.prod(length for length in shape if length != -1)
    unknown = shape.count(-1)
    if (known == x.size) if unknown == 0 else (unknown == 1 and known and x.size % known == 0):
        return shape
    raise ShapeError(
        f"{name} cannot arrange the {x.size} elements of shape {x.shape} in shape {shape}",
        f"It raises RuntimeError: shape {list(shape)} is invalid for input of size {x.size}.",
        f"a shape whose product is {x.size}, such as {name}(x, -1, 1)",
        "T063",
    )
