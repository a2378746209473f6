"""Coin tosses: ``bernoulli`` and ``dropout_mask``."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from functorch_course.errors import InvalidValueError

from .arguments import FLOAT32, Size, as_dtype, as_shape
from .blocks import filled
from .current import resolve
from .errors import RandomError
from .generator import Generator
from .uniform import unit24, unit53


def bernoulli(
    p: ArrayLike,
    size: Size | None = None,
    dtype: DTypeLike | None = None,
    generator: Generator | None = None,
) -> NDArray[Any]:
    r"""Draw 1 with probability p and 0 otherwise.

    .. math:: x = [u < p], \quad u = u_{53} \quad\text{(for an array of float32: } u_{24}\text{)}

    Args:
        p: One probability for all, or an array of float32 or float64 with one for each number.
        size: The shape; only beside a single p.
        dtype: The dtype of the result; by default float32, or that of an array p.
        generator: Where to draw from; None for the current generator.

    Returns:
        Zeros and ones. A number costs two words of the stream, or one if p is an array of float32.

    Raises:
        RandomError: If a probability lies outside of [0, 1], or a length is negative.
        RandomTypeError: If a length is not a whole number, or the generator not a Generator.
        InvalidValueError: If a size stands beside an array.
        UnsupportedDtypeError: If an array p is neither float32 nor float64.

    Example:
        >>> bernoulli(0.5, 6, generator=Generator(0))
        array([0., 0., 1., 0., 0., 0.], dtype=float32)
        >>> bernoulli(np.array([0.0, 0.5, 1.0]), generator=Generator(0))
        array([0., 0., 1.])

    PyTorch: ``torch.empty(size).bernoulli_(p)`` for one p, ``torch.bernoulli(p)`` for an array, bit
    for bit.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.bernoulli.html
    """
    source = resolve(generator)
    probabilities = np.asarray(p)
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise RandomError(f"p={p!r} is no probability: write numbers from 0 to 1")
    if probabilities.ndim == 0:
        is_one = _tosses(source, () if size is None else size, float(probabilities))
        return is_one.astype(np.float32 if dtype is None else dtype)
    if size is not None:
        raise InvalidValueError(
            f"size={size!r} beside an array p of shape {probabilities.shape}: leave size out, the "
            "result has the shape of p"
        )
    kind = as_dtype(probabilities.dtype, ("float32", "float64"), "bernoulli with an array p")
    draw = unit24 if kind == FLOAT32 else unit53
    units = filled(probabilities.shape, kind, lambda count: draw(source, count))
    return (units < probabilities).astype(kind if dtype is None else dtype)


def dropout_mask(
    size: Size, p: float = 0.5, generator: Generator | None = None
) -> NDArray[np.bool_]:
    r"""Draw which elements a dropout layer keeps.

    .. math:: keep = [u_{53} < 1 - p]

    The layer then computes ``x * (keep / (1 - p))`` in the dtype of x.

    Args:
        size: The shape of the layer's input.
        p: The probability with which an element is dropped.
        generator: Where to draw from; None for the current generator.

    Returns:
        True where an element is kept. It costs two words of the stream an element; none if p is 0
        or 1.

    Raises:
        InvalidValueError: If p lies outside of [0, 1].
        RandomError: If a length is negative.
        RandomTypeError: If a length is not a whole number, or the generator not a Generator.

    Example:
        >>> dropout_mask(6, 0.25, generator=Generator(0))
        array([False,  True,  True, False,  True, False])

    PyTorch: ``torch.nn.functional.dropout(torch.ones(size), p) != 0``, bit for bit. Feature dropout
    (``Dropout2d``) draws a mask for (N, C) alone.

    Source: Srivastava et al., "Dropout", 2014;
    https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html
    """
    if not 0 <= p <= 1:
        raise InvalidValueError(f"p={p} is no probability: write a number from 0 to 1")
    source = resolve(generator)
    if p in (0, 1):
        return np.full(as_shape(size), p == 0)
    return _tosses(source, size, 1 - p)


def _tosses(generator: Generator, size: Size, p: float) -> NDArray[np.bool_]:
    """True with probability p."""
    return filled(as_shape(size), np.dtype(np.bool_), lambda count: unit53(generator, count) < p)
