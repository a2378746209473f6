"""Starting values that keep the spread of the signal from layer to layer."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from functorch_course.errors import one_of
from functorch_course.random import Generator

from .gain import calculate_gain, fan_in_and_fan_out
from .plain import normal, uniform


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


def xavier_normal(
    shape: Sequence[int],
    gain: float = 1.0,
    *,
    generator: Generator | None = None,
    dtype: DTypeLike = np.float32,
) -> NDArray[Any]:
    r"""Draw a weight like :func:`xavier_uniform`, from a normal distribution.

    .. math:: N(0, \sigma^2), \quad \sigma = g \sqrt{2 / (\text{fan}_{in} + \text{fan}_{out})}

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
        >>> xavier_normal((1, 1), generator=Generator(0))
        array([[1.5409961]], dtype=float32)

    PyTorch: ``torch.nn.init.xavier_normal_``, bit for bit.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
    networks, 2010.
    """
    return normal(shape, 0.0, _xavier_std(shape, gain), generator=generator, dtype=dtype)


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


def kaiming_normal(
    shape: Sequence[int],
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    generator: Generator | None = None,
    dtype: DTypeLike = np.float32,
) -> NDArray[Any]:
    r"""Draw a weight like :func:`kaiming_uniform`, from a normal distribution.

    .. math:: N(0, \sigma^2), \quad \sigma = g / \sqrt{\text{fan}}

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
        >>> kaiming_normal((1, 1), nonlinearity="linear", generator=Generator(0))
        array([[1.5409961]], dtype=float32)

    PyTorch: ``torch.nn.init.kaiming_normal_``, bit for bit.

    Source: He et al., Delving deep into rectifiers, 2015.
    """
    std = _kaiming_std(shape, a, mode, nonlinearity)
    return normal(shape, 0.0, std, generator=generator, dtype=dtype)


def _xavier_std(shape: Sequence[int], gain: float) -> float:
    """Return the standard deviation of Glorot's initialisation."""
    return gain * math.sqrt(2.0 / sum(fan_in_and_fan_out(shape)))


def _kaiming_std(shape: Sequence[int], a: float, mode: str, nonlinearity: str) -> float:
    """Return the standard deviation of He's initialisation."""
    one_of("mode", mode, ["fan_in", "fan_out"])
    fan_in, fan_out = fan_in_and_fan_out(shape)
    gain = calculate_gain(nonlinearity, a)
    return gain / math.sqrt(fan_in if mode == "fan_in" else fan_out)
