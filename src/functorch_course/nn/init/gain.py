"""What the starting values are scaled by: the gain of a nonlinearity and the fans of a weight."""

import math
from collections.abc import Sequence

from functorch_course.errors import InvalidValueError, one_of

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
