"""The convolution of images."""

from typing import Literal

import jax
import numpy as np
from jax.typing import ArrayLike
from numpy.typing import DTypeLike

from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator

from .errors import ShapeMismatchError
from .inputs import floating_input, precision
from .module import Module
from .parameter import Parameter, default_parameters

Pair = int | tuple[int, int]
Padding = Pair | Literal["valid", "same"]


class Conv2d(Module):
    r"""Slide filters over images: the cross-correlation that is called convolution.

    .. math:: y_{n, o} = b_o + \sum_c W_{o, c} \star x_{n, c}

    Shapes: x (N, in_channels, H, W) or (in_channels, H, W); weight
    (out_channels, in_channels / groups, kernel height, kernel width); bias (out_channels,);
    y (N, out_channels, H', W') with
    H' = ⌊(H + 2 · padding - dilation · (kernel - 1) - 1) / stride⌋ + 1.

    Args:
        in_channels: The channels of an input.
        out_channels: The number of filters.
        kernel_size: The size of a filter, one number or (height, width).
        stride: By how much the filter moves.
        padding: How many zeros surround the image; ``"valid"`` for none, ``"same"`` for as many as
            keep its size.
        dilation: The distance of the pixels that a filter looks at.
        groups: In how many separate groups the channels are filtered.
        bias: Whether there is a b.
        generator: The source of the starting values; ``None`` means the current one.
        dtype: float32 or float64.

    Raises:
        InvalidValueError: If a number is out of range, ``groups`` does not divide the channels, or
            ``padding="same"`` meets a stride.
        InputTypeError: If an input is not a floating array.
        ShapeMismatchError: If an input has other axes or channels, or is smaller than the filter.

    Example:
        >>> layer = Conv2d(1, 8, kernel_size=3, padding=1)
        >>> layer(np.zeros((5, 1, 28, 28), np.float32)).shape
        (5, 8, 28, 28)

    PyTorch: ``torch.nn.Conv2d``, with equal starting values; only zeros as padding.
    """

    weight: Parameter[jax.Array]
    bias: Parameter[jax.Array] | None

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Pair,
        stride: Pair = 1,
        padding: Padding = 0,
        dilation: Pair = 1,
        groups: int = 1,
        bias: bool = True,
        *,
        generator: Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        kernel = _pair("kernel_size", kernel_size, least=1)
        self.stride = _pair("stride", stride, least=1)
        self.dilation = _pair("dilation", dilation, least=1)
        self.padding = _edges(padding, kernel, self.stride, self.dilation)
        self.groups = groups
        self.in_channels = in_channels
        if (
            min(in_channels, out_channels, groups) < 1
            or in_channels % groups
            or out_channels % groups
        ):
            raise InvalidValueError(
                f"Conv2d({in_channels}, {out_channels}, groups={groups}): all must be at least 1, "
                "and groups must divide both numbers of channels"
            )
        shape = (out_channels, in_channels // groups, *kernel)
        self.weight, self.bias = default_parameters(shape, bias, generator, dtype)

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Filter a batch of images, or one image."""
        images = floating_input(x, "Conv2d")
        if images.ndim == 3:
            return self(images[None])[0]
        self._check(images.shape)
        outputs = jax.lax.conv_general_dilated(
            images,
            self.weight[...],
            window_strides=self.stride,
            padding=self.padding,
            rhs_dilation=self.dilation,
            dimension_numbers=("NCHW", "OIHW", "NCHW"),
            feature_group_count=self.groups,
            precision=precision(),
        )
        return outputs if self.bias is None else outputs + self.bias[...][:, None, None]

    def _check(self, shape: tuple[int, ...]) -> None:
        """Raise unless a batch of this shape can be filtered."""
        if len(shape) != 4 or shape[1] != self.in_channels:
            raise ShapeMismatchError(
                f"Conv2d needs inputs of shape (N, {self.in_channels}, H, W), got {shape}: "
                "channels come before height and width"
            )
        padded = [
            size + low + high for size, (low, high) in zip(shape[2:], self.padding, strict=True)
        ]
        reach = [
            step * (size - 1) + 1
            for size, step in zip(self.weight.shape[2:], self.dilation, strict=True)
        ]
        if padded[0] < reach[0] or padded[1] < reach[1]:
            raise ShapeMismatchError(
                f"Conv2d: the filter covers {reach[0]} x {reach[1]} pixels, the padded image of "
                f"shape {shape} has only {padded[0]} x {padded[1]}"
            )


def _pair(name: str, value: Pair, least: int) -> tuple[int, int]:
    """Return (height, width) of one number or two."""
    pair = (value, value) if isinstance(value, int) else tuple(value)
    if len(pair) != 2 or min(pair) < least:
        raise InvalidValueError(f"{name}={value!r}: write one or two numbers of at least {least}")
    return pair


def _edges(
    padding: Padding, kernel: tuple[int, int], stride: tuple[int, int], dilation: tuple[int, int]
) -> tuple[tuple[int, int], ...]:
    """Return how many zeros go before and after, for height and width."""
    if padding == "valid":
        return (0, 0), (0, 0)
    if padding == "same":
        if stride != (1, 1):
            raise InvalidValueError(f"padding='same' needs stride=1, got stride={stride}")
        totals = [step * (size - 1) for step, size in zip(dilation, kernel, strict=True)]
        return tuple((total // 2, total - total // 2) for total in totals)
    if isinstance(padding, str):
        raise InvalidValueError(f"padding={padding!r}: write numbers, 'valid' or 'same'")
    height, width = _pair("padding", padding, least=0)
    return (height, height), (width, width)
