"""Starting values with structure: orthogonal, sparse, identity."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator, randperm

from .plain import normal


def orthogonal(
    shape: Sequence[int],
    gain: float = 1.0,
    *,
    generator: Generator | None = None,
    dtype: DTypeLike = np.float32,
) -> NDArray[Any]:
    r"""Draw a weight whose rows (or columns, if there are fewer) are orthogonal.

    .. math:: W W^T = g^2 I

    Args:
        shape: At least two axes; those after the first count as one.
        gain: The length g of a row.
        generator: The source of the numbers; ``None`` means the current one.
        dtype: float32 or float64.

    Returns:
        A new array.

    Raises:
        InvalidValueError: If the shape has fewer than two axes.

    Example:
        >>> w = orthogonal((2, 3), generator=Generator(0))
        >>> (w @ w.T).round(5)
        array([[1., 0.],
               [0., 1.]], dtype=float32)

    PyTorch: ``torch.nn.init.orthogonal_``, from the same draws; equal to rounding, for the
    decomposition is LAPACK's.

    Source: Saxe et al., Exact solutions to the nonlinear dynamics of learning, 2014.
    """
    if len(shape) < 2:
        raise InvalidValueError(f"shape={tuple(shape)}: an orthogonal weight needs two axes")
    flat = normal(shape, generator=generator, dtype=dtype).reshape(shape[0], -1)
    is_wide = flat.shape[0] < flat.shape[1]
    q, r = np.linalg.qr(flat.T if is_wide else flat)
    q *= np.sign(np.diag(r))
    return np.ascontiguousarray((q.T if is_wide else q).reshape(shape) * q.dtype.type(gain))


def sparse(
    shape: Sequence[int],
    sparsity: float,
    std: float = 0.01,
    *,
    generator: Generator | None = None,
    dtype: DTypeLike = np.float32,
) -> NDArray[Any]:
    """Draw normal values and set the same share of every column to zero.

    Args:
        shape: Two axes, (out, in).
        sparsity: The share of zeros in a column, rounded up to whole rows.
        std: The standard deviation of the others.
        generator: The source of the values; ``None`` means the current one.
        dtype: float32 or float64.

    Returns:
        A new array.

    Raises:
        InvalidValueError: If the shape has not two axes.

    Example:
        >>> (sparse((4, 2), sparsity=0.5) == 0).sum(0)
        array([2, 2])

    PyTorch: ``torch.nn.init.sparse_``, bit for bit; as there, which rows become zero is always
    drawn from the default generator (here: the current one), even when ``generator`` is given.

    Source: Martens, Deep learning via Hessian-free optimization, 2010.
    """
    if len(shape) != 2:
        raise InvalidValueError(f"shape={tuple(shape)}: a sparse weight has two axes, (out, in)")
    rows, columns = shape
    values = normal(shape, 0.0, std, generator=generator, dtype=dtype)
    zeros = int(np.ceil(sparsity * rows))
    for column in range(columns):
        values[randperm(rows)[:zeros], column] = 0
    return values


def eye(shape: Sequence[int], dtype: DTypeLike = np.float32) -> NDArray[Any]:
    """Return the identity, so that a linear layer starts by passing its inputs on.

    Args:
        shape: Two axes, (out, in).
        dtype: float32 or float64.

    Returns:
        A new array.

    Raises:
        InvalidValueError: If the shape has not two axes.

    Example:
        >>> eye((2, 3))
        array([[1., 0., 0.],
               [0., 1., 0.]], dtype=float32)

    PyTorch: ``torch.nn.init.eye_``.
    """
    if len(shape) != 2:
        raise InvalidValueError(f"shape={tuple(shape)}: the identity has two axes, (out, in)")
    rows, columns = shape
    return np.eye(rows, columns).astype(dtype)
