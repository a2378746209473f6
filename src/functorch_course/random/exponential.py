"""Waiting times: ``exponential``."""

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .arguments import Size, as_dtype, as_shape
from .blocks import filled
from .current import resolve
from .errors import RandomError
from .generator import Generator
from .libm import each
from .uniform import unit53


def exponential(
    size: Size = (),
    rate: float = 1.0,
    dtype: DTypeLike = np.float32,
    generator: Generator | None = None,
) -> NDArray[Any]:
    r"""Draw numbers from the exponential distribution.

    .. math:: x = -\frac{1}{rate} \ln(1 - u_{53}), \quad p(x) = rate \cdot e^{-rate \cdot x}

    Args:
        size: The shape.
        rate: Events per unit; the mean is ``1 / rate``.
        dtype: float32 or float64; the computation is in float64.
        generator: Where to draw from; None for the current generator.

    Returns:
        An array of this shape and dtype. It costs two words of the stream a number.

    Raises:
        RandomError: If the rate is not positive, or a length is negative.
        RandomTypeError: If a length is not a whole number, or the generator not a Generator.
        UnsupportedDtypeError: If the dtype is none of those above.

    Example:
        >>> exponential(3, generator=Generator(0))
        array([3.5083263, 1.2303847, 0.6150441], dtype=float32)

    PyTorch: ``torch.empty(size, dtype=dtype).exponential_(rate)``, bit for bit where the C library
    rounds ``log1p`` alike.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.Tensor.exponential_.html
    """
    kind = as_dtype(dtype, ("float32", "float64"), "exponential")
    source = resolve(generator)
    if not rate > 0:
        raise RandomError(f"rate={rate} is not positive: write how many events a unit brings")
    factor = -1.0 / rate
    return filled(
        as_shape(size), kind, lambda count: factor * each(math.log1p, -unit53(source, count))
    )
