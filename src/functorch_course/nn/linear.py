"""The affine map, in PyTorch's layout."""

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator

from .errors import ShapeMismatchError
from .module import Module
from .parameter import default_parameters


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
        InvalidValueError: If a size is not positive, or an input does not hold real numbers.
        ShapeMismatchError: If an input's last axis is not ``in_features`` long.

    Example:
        >>> import numpy as np
        >>> layer = Linear(3, 2, generator=Generator(0))
        >>> layer(np.ones((4, 3), np.float32)).shape
        (4, 2)

    PyTorch: ``torch.nn.Linear``. From the same seed the starting values are equal bit for bit.
    """

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
        inputs = jnp.asarray(x)
        _check_input(inputs, self.in_features, f"Linear({self.in_features}, {self.out_features})")
        outputs = inputs @ self.weight[...].T
        return outputs if self.bias is None else outputs + self.bias[...]


def _check_input(inputs: jax.Array, size: int, module: str) -> None:
    """Raise unless the last axis has the given size and the values are floating."""
    if inputs.ndim == 0 or inputs.shape[-1] != size:
        raise ShapeMismatchError(
            f"{module} needs inputs of shape (..., {size}), got {inputs.shape}: "
            "flatten each sample with x.reshape(len(x), -1), or change in_features"
        )
    if not jnp.issubdtype(inputs.dtype, jnp.inexact):
        raise InvalidValueError(
            f"{module} needs floating inputs, got {inputs.dtype}: write x.astype(np.float32), "
            "and scale images to [0, 1]"
        )
