"""Sums and products of arrays, and which product is which."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from .dtypes import as_float, is_integral
from .errors import DtypeError, ShapeError


def add(x: ArrayLike, y: ArrayLike) -> jax.Array:
    r"""Add element by element, with broadcasting.

    :math:`z_i = x_i + y_i`. Shapes are aligned from the right; lengths must be equal or one of
    them 1; missing axes count as 1.

    Args:
        x: One term.
        y: The other term.

    Returns:
        The sum, of the common shape and dtype.

    Raises:
        ShapeError: If the shapes have no common shape.

    Example:
        >>> add(jnp.array([1, 2, 3, -1]), 1)
        Array([2, 3, 4, 0], dtype=int32)

    PyTorch: ``x + y``, with the same promotion: an integer array plus 1.5 is float32.
    """
    _common_shape("+", x, y)
    return jnp.add(*_promoted(x, y))


def mul(x: ArrayLike, y: ArrayLike) -> jax.Array:
    r"""Multiply element by element, with broadcasting: the Hadamard product.

    :math:`z_i = x_i y_i`. For the matrix product see :func:`matmul`.

    Args:
        x: One factor.
        y: The other factor.

    Returns:
        The product, of the common shape and dtype.

    Raises:
        ShapeError: If the shapes have no common shape.

    Example:
        >>> mul(jnp.array([1, 2]), jnp.array([3, 2]))
        Array([3, 4], dtype=int32)

    PyTorch: ``x * y``.
    """
    _common_shape("*", x, y)
    return jnp.multiply(*_promoted(x, y))


def dot(x: jax.Array, y: jax.Array) -> jax.Array:
    r"""Multiply two vectors into a number.

    :math:`x \cdot y = \sum_i x_i y_i`. Shapes: ``(n,)`` and ``(n,)`` give ``()``.

    Args:
        x: One vector.
        y: The other.

    Returns:
        The sum of the products.

    Raises:
        ShapeError: If they are not two vectors of one length.
        DtypeError: If their dtypes differ.

    Example:
        >>> dot(jnp.array([1, 2]), jnp.array([3, 2]))
        Array(7, dtype=int32)

    PyTorch: ``torch.dot``. ``jnp.dot`` of two matrices is the matrix product.
    """
    if x.ndim != 1 or x.shape != y.shape:
        raise _product_shapes("dot", "two vectors of one length", x, y, "T074")
    _one_dtype("dot", x, y)
    return jnp.dot(x, y)


def mm(x: jax.Array, y: jax.Array) -> jax.Array:
    r"""Multiply two matrices.

    :math:`z_{ij} = \sum_k x_{ik} y_{kj}`. Shapes: ``(n, k)`` and ``(k, m)`` give ``(n, m)``.

    Args:
        x: The left matrix.
        y: The right matrix.

    Returns:
        The matrix product.

    Raises:
        ShapeError: If they are not two matrices that fit.
        DtypeError: If their dtypes differ.

    Example:
        >>> mm(jnp.array([[0, 1, 1], [1, 0, 1]]), jnp.array([[1, 1], [1, 1], [-1, 1]]))
        Array([[0, 2],
               [0, 2]], dtype=int32)

    PyTorch: ``torch.mm``.
    """
    if x.ndim != 2 or y.ndim != 2 or x.shape[1] != y.shape[0]:
        raise _product_shapes("mm", "shapes (n, k) and (k, m)", x, y, "M099")
    _one_dtype("mm", x, y)
    return jnp.matmul(x, y)


def matmul(x: jax.Array, y: jax.Array) -> jax.Array:
    r"""Multiply matrices, vectors, or batches of matrices: ``x @ y``.

    :math:`z_{\ldots ij} = \sum_k x_{\ldots ik} y_{\ldots kj}`. Leading axes are broadcast.

    Args:
        x: The left factor.
        y: The right factor.

    Returns:
        The product.

    Raises:
        ShapeError: If the inner lengths differ.
        DtypeError: If their dtypes differ.

    Example:
        >>> matmul(jnp.eye(2), jnp.array([3.0, 4.0]))
        Array([3., 4.], dtype=float32)

    PyTorch: ``x @ y``, ``torch.matmul``.
    """
    inner = y.shape[-2] if y.ndim > 1 else jnp.size(y)
    if x.ndim == 0 or y.ndim == 0 or x.shape[-1] != inner:
        raise _product_shapes("matmul", "shapes (..., n, k) and (..., k, m)", x, y, "M092")
    _one_dtype("matmul", x, y)
    return jnp.matmul(x, y)


def linear(x: jax.Array, weight: jax.Array, bias: jax.Array | None = None) -> jax.Array:
    r"""Apply a fully connected layer, and check each shape against its meaning.

    :math:`y = x W^T + b`. Shapes: ``x (..., in)``, ``weight (out, in)``, ``bias (out,)`` give
    ``(..., out)``.

    Args:
        x: One sample, or any batch of them.
        weight: The weights, in PyTorch's layout.
        bias: The bias, if there is one.

    Returns:
        The output.

    Raises:
        ShapeError: If a shape does not fit its meaning.
        DtypeError: If the dtypes differ.

    Example:
        >>> weight = jnp.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        >>> linear(jnp.ones(3), weight, jnp.array([0.5, -0.5]))
        Array([ 6.5, 14.5], dtype=float32)

    PyTorch: ``torch.nn.functional.linear``.
    """
    if weight.ndim != 2 or x.ndim == 0 or x.shape[-1] != weight.shape[1]:
        raise _layer_shapes(x, weight)
    _one_dtype("linear", x, weight)
    if bias is None:
        return jnp.matmul(x, weight.T)
    if bias.shape != weight.shape[:1]:
        raise _bias_shape(bias, weight)
    _one_dtype("linear", x, bias)
    return jnp.matmul(x, weight.T) + bias


def _promoted(x: ArrayLike, y: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
    """Make an integer array beside a Python float float32, also while 64 bits are on."""
    if isinstance(y, float) and is_integral(x):
        return as_float(x), y
    if isinstance(x, float) and is_integral(y):
        return x, as_float(y)
    return x, y


def _common_shape(sign: str, x: ArrayLike, y: ArrayLike) -> None:
    first, second = jnp.shape(x), jnp.shape(y)
    if first == second or not first or not second:
        return
    try:
        np.broadcast_shapes(first, second)
    except ValueError as error:
        raise ShapeError(
            f"shapes {first} and {second} do not fit together in x {sign} y",
            "It raises RuntimeError: the size of tensor a must match the size of tensor b.",
            "lengths that are equal or 1, aligned from the right; unsqueeze(x, -1) adds a 1 there",
            "M102",
        ) from error


def _one_dtype(name: str, x: jax.Array, y: jax.Array) -> None:
    if x.dtype == y.dtype:
        return
    raise DtypeError(
        f"{name} of {x.dtype} and {y.dtype}: a product takes one dtype",
        "It raises RuntimeError: expected both to have the same dtype.",
        f"cast(y, {x.dtype.name!r}) or cast(x, {y.dtype.name!r}) first",
        "T071",
    )


def _product_shapes(
    name: str, expected: str, x: jax.Array, y: jax.Array, lesson: str
) -> ShapeError:
    """Say what was expected, and suggest the product that would fit."""
    if x.ndim == y.ndim == 2 and x.shape == y.shape:
        hint = f"mul(x, y), the product element by element; or {name}(x, y.T)"
    elif x.ndim == y.ndim == 2 and x.shape[1] == y.shape[1]:
        hint = f"{name}(x, y.T), whose inner lengths are equal"
    elif x.ndim and y.ndim and x.shape[-1] == y.shape[-2 if y.ndim > 1 else -1]:
        hint = "matmul(x, y), which takes these shapes"
    else:
        hint = "make the inner lengths equal"
    return ShapeError(
        f"{name} expects {expected}, but got {x.shape} and {y.shape}",
        "It raises RuntimeError too.",
        hint,
        lesson,
    )


def _layer_shapes(x: jax.Array, weight: jax.Array) -> ShapeError:
    if weight.ndim == 2 and x.ndim and x.shape[-1] == weight.shape[0]:
        hint = "linear(x, weight.T): here the weight is stored as (out, in), as in nn.Linear"
    else:
        hint = "a weight of shape (out, in), and x with the features in its last axis"
    return ShapeError(
        f"linear expects x (..., in) and weight (out, in), but got {x.shape} and {weight.shape}",
        "It raises RuntimeError: mat1 and mat2 shapes cannot be multiplied.",
        hint,
        "O013",
    )


def _bias_shape(bias: jax.Array, weight: jax.Array) -> ShapeError:
    return ShapeError(
        f"linear expects a bias of shape {weight.shape[:1]}, but got {bias.shape}",
        "It broadcasts the bias if it can, and the result may have a wrong shape.",
        f"a bias of shape {weight.shape[:1]}, one number per output",
        "M105",
    )
