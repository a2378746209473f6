"""The affine map, in PyTorch's layout."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike
from numpy.typing import DTypeLike

from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator

from .errors import ShapeMismatchError
from .inputs import floating_input, precision
from .module import Module
from .parameter import Parameter, default_parameters


class Linear(Module):
    r"""An affine map of the last axis.

    .. math:: y = x W^T + b

    Shapes: x (..., in_features), W (out_features, in_features), b (out_features,),
    y (..., out_features).

    Args:
        in_features: The size of an input.
        out_features: The size of an output.
        bias: Whether there is a b.
        generator: The source of the starting values; ``None`` means the current one.
        dtype: float32 or float64.

    Raises:
        InvalidValueError: If a size is not positive.
        InputTypeError: If an input is not a floating array, or one that jax would narrow.
        ShapeMismatchError: If an input's last axis is not ``in_features`` long.

    Example:
        >>> import numpy as np
        >>> layer = Linear(3, 2, generator=Generator(0))
        >>> layer(np.ones((4, 3), np.float32)).shape
        (4, 2)

    PyTorch: ``torch.nn.Linear``. From the same seed the starting values are equal bit for bit.
    Like there, a product on a GPU takes full float32, not TF32.
    """

    weight: Parameter[jax.Array]
    bias: Parameter[jax.Array] | None

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        generator: Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        if in_features < 1 or out_features < 1:
            raise InvalidValueError(
                f"Linear({in_features}, {out_features}): both sizes must be at least 1"
            )
        self.in_features = in_features
        self.out_features = out_features
        self.weight, self.bias = default_parameters(
            (out_features, in_features), bias, generator, dtype
        )

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Apply the map to a batch or to one sample."""
        name = f"Linear({self.in_features}, {self.out_features})"
        inputs = floating_input(x, name)
        if inputs.shape[-1:] != (self.in_features,):
            raise ShapeMismatchError(
                f"{name} needs inputs of shape (..., {self.in_features}), got {inputs.shape}: "
                "flatten each sample with x.reshape(len(x), -1), or change in_features"
            )
        outputs = jnp.matmul(inputs, self.weight[...].T, precision=precision())
        return outputs if self.bias is None else outputs + self.bias[...]
