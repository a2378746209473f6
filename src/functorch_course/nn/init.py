"""The starting values of parameters, as pure functions that return NumPy arrays.

PyTorch's names end in an underscore because they overwrite a tensor; these return a new array.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from functorch_course import random
from functorch_course.errors import InvalidValueError, one_of
from functorch_course.random import Generator

_GAINS = {
    "linear": 1.0,
    "conv1d": 1.0,
    "conv2d": 1.0,
    "conv3d": 1.0,
    "conv_transpose1d": 1.0,
    "conv_transpose2d": 1.0,
    "conv_transpose3d": 1.0,
    "sigmoid": 1.0,
    "tanh": 5.0 / 3.0,
    "relu": math.sqrt(2.0),
    "selu": 3.0 / 4.0,
}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    r"""Return the factor that keeps the spread of values through a nonlinearity.

    .. math:: g = \sqrt{2 / (1 + a^2)} \text{ for leaky ReLU with slope } a

    Args:
        nonlinearity: ``"linear"``, ``"conv1d"`` ..., ``"sigmoid"``, ``"tanh"``, ``"relu"``,
            ``"leaky_relu"`` or ``"selu"``.
        param: The negative slope of ``"leaky_relu"``; ``None`` means 0.01.

    Returns:
        The gain.

    Raises:
        InvalidValueError: If the nonlinearity is unknown.

    Example:
        >>> calculate_gain("tanh")
        1.6666666666666667

    PyTorch: ``torch.nn.init.calculate_gain``.
    """
    if nonlinearity == "leaky_relu":
        return math.sqrt(2.0 / (1 + (0.01 if param is None else param) ** 2))
    one_of("nonlinearity", nonlinearity, [*_GAINS, "leaky_relu"])
    return _GAINS[nonlinearity]


def fan_in_and_fan_out(shape: Sequence[int]) -> tuple[int, int]:
    """Return how many inputs feed one output of a weight, and how many outputs one input feeds.

    Args:
        shape: The weight's shape, (out, in) or (out, in, *kernel).

    Returns:
        fan_in = in · kernel size and fan_out = out · kernel size.

    Raises:
        InvalidValueError: If the shape has fewer than two axes.

    Example:
        >>> fan_in_and_fan_out((4, 3, 5, 5))
        (75, 100)

    PyTorch: the private ``torch.nn.init._calculate_fan_in_and_fan_out``.
    """
    if len(shape) < 2:
        raise InvalidValueError(
            f"shape={tuple(shape)} has no fan: a weight needs at least two axes, (out, in)"
        )
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel


def uniform(
    shape: Sequence[int],
    a: float = 0.0,
    b: float = 1.0,
    *,
    generator: Generator | None = None,
    dtype: DTypeLike = np.float32,
) -> NDArray[Any]:
    """Draw every value from the uniform distribution U(a, b).

    Args:
        shape: The shape of the result.
        a: The lower end.
        b: The upper end.
        generator: The source of the numbers; ``None`` means the current one.
        dtype: float32 or float64.

    Returns:
        A new array.

    Example:
        >>> uniform((2,), 0.0, 1.0, generator=Generator(0))
        array([0.4962566, 0.7682218], dtype=float32)

    PyTorch: ``torch.nn.init.uniform_``, bit for bit.
    """
    return random.uniform(a, b, tuple(shape), dtype, generator=generator)


def xavier_uniform(
    shape: Sequence[int],
    gain: float = 1.0,
    *,
    generator: Generator | None = None,
    dtype: DTypeLike = np.float32,
) -> NDArray[Any]:
    r"""Draw a weight that keeps the variance alike forwards and backwards.

    .. math:: U(-b, b), \quad b = g \sqrt{6 / (\text{fan}_{in} + \text{fan}_{out})}

    Args:
        shape: The weight's shape, (out, in) or (out, in, *kernel).
        gain: The factor g; see :func:`calculate_gain`.
        generator: The source of the numbers; ``None`` means the current one.
        dtype: float32 or float64.

    Returns:
        A new array.

    Raises:
        InvalidValueError: If the shape has fewer than two axes.

    Example:
        >>> float(abs(xavier_uniform((3, 3), generator=Generator(0))).max()) <= 1.0
        True

    PyTorch: ``torch.nn.init.xavier_uniform_``, bit for bit.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
    networks, 2010.
    """
    bound = math.sqrt(3.0) * _xavier_std(shape, gain)
    return uniform(shape, -bound, bound, generator=generator, dtype=dtype)


def kaiming_uniform(
    shape: Sequence[int],
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    generator: Generator | None = None,
    dtype: DTypeLike = np.float32,
) -> NDArray[Any]:
    r"""Draw a weight that keeps the variance through (leaky) ReLUs.

    .. math:: U(-b, b), \quad b = g \sqrt{3 / \text{fan}}

    Args:
        shape: The weight's shape, (out, in) or (out, in, *kernel).
        a: The negative slope of ``"leaky_relu"``.
        mode: ``"fan_in"`` keeps it forwards, ``"fan_out"`` backwards.
        nonlinearity: What follows the weight; it gives the gain g.
        generator: The source of the numbers; ``None`` means the current one.
        dtype: float32 or float64.

    Returns:
        A new array.

    Raises:
        InvalidValueError: If the shape has fewer than two axes, or a word is unknown.

    Example:
        >>> kaiming_uniform((1, 3), a=5**0.5, generator=Generator(0))
        array([[-0.00432252,  0.30971584, -0.47518533]], dtype=float32)

    PyTorch: ``torch.nn.init.kaiming_uniform_``, bit for bit.

    Source: He et al., Delving deep into rectifiers, 2015.
    """
    bound = math.sqrt(3.0) * _kaiming_std(shape, a, mode, nonlinearity)
    return uniform(shape, -bound, bound, generator=generator, dtype=dtype)


def _xavier_std(shape: Sequence[int], gain: float) -> float:
    """Return the standard deviation of Glorot's initialisation."""
    return gain * math.sqrt(2.0 / sum(fan_in_and_fan_out(shape)))


def _kaiming_std(shape: Sequence[int], a: float, mode: str, nonlinearity: str) -> float:
    """Return the standard deviation of He's initialisation."""
    one_of("mode", mode, ["fan_in", "fan_out"])
    fan_in, fan_out = fan_in_and_fan_out(shape)
    gain = calculate_gain(nonlinearity, a)
    return gain / math.sqrt(fan_in if mode == "fan_in" else fan_out)
