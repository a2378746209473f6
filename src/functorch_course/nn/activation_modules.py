"""The nonlinearities as modules, to stand in a :class:`Sequential`."""

from typing import Literal

import jax
from jax.typing import ArrayLike

from . import activations
from .module import Module


class ReLU(Module):
    """:func:`relu` as a module.

    Example:
        >>> import jax.numpy as jnp
        >>> ReLU()(jnp.array([-1.0, 2.0]))
        Array([0., 2.], dtype=float32)

    PyTorch: ``torch.nn.ReLU``; there is no ``inplace``.
    """

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Apply the function."""
        return activations.relu(x)


class LeakyReLU(Module):
    """:func:`leaky_relu` as a module.

    Args:
        negative_slope: The slope left of 0.

    Example:
        >>> import jax.numpy as jnp
        >>> LeakyReLU()(jnp.array([-1.0, 2.0]))
        Array([-0.01,  2.  ], dtype=float32)

    PyTorch: ``torch.nn.LeakyReLU``; there is no ``inplace``.
    """

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = negative_slope

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Apply the function."""
        return activations.leaky_relu(x, self.negative_slope)


class ELU(Module):
    """:func:`elu` as a module.

    Args:
        alpha: The negative of the value far to the left.

    Example:
        >>> import jax.numpy as jnp
        >>> ELU()(jnp.array([-1.0, 2.0]))
        Array([-0.63212055,  2.        ], dtype=float32)

    PyTorch: ``torch.nn.ELU``; there is no ``inplace``.
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Apply the function."""
        return activations.elu(x, self.alpha)


class GELU(Module):
    """:func:`gelu` as a module.

    Args:
        approximate: ``"none"`` or ``"tanh"``.

    Example:
        >>> import jax.numpy as jnp
        >>> GELU()(jnp.array([-1.0, 2.0]))
        Array([-0.15865527,  1.9544997 ], dtype=float32)

    PyTorch: ``torch.nn.GELU``.
    """

    def __init__(self, approximate: Literal["none", "tanh"] = "none") -> None:
        self.approximate = approximate

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Apply the function."""
        return activations.gelu(x, self.approximate)


class SiLU(Module):
    """:func:`silu` as a module.

    Example:
        >>> import jax.numpy as jnp
        >>> SiLU()(jnp.array([-1.0, 2.0]))
        Array([-0.26894143,  1.761594  ], dtype=float32)

    PyTorch: ``torch.nn.SiLU``; there is no ``inplace``.
    """

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Apply the function."""
        return activations.silu(x)


class Sigmoid(Module):
    """:func:`sigmoid` as a module.

    Example:
        >>> import jax.numpy as jnp
        >>> Sigmoid()(jnp.array([-1.0, 2.0]))
        Array([0.26894143, 0.880797  ], dtype=float32)

    PyTorch: ``torch.nn.Sigmoid``.
    """

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Apply the function."""
        return activations.sigmoid(x)


class Tanh(Module):
    """:func:`tanh` as a module.

    Example:
        >>> import jax.numpy as jnp
        >>> Tanh()(jnp.array([-1.0, 2.0]))
        Array([-0.7615942,  0.9640276], dtype=float32)

    PyTorch: ``torch.nn.Tanh``.
    """

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Apply the function."""
        return activations.tanh(x)


class Softplus(Module):
    """:func:`softplus` as a module.

    Args:
        beta: How sharp the bend is.
        threshold: Beyond it the result is x itself.

    Example:
        >>> import jax.numpy as jnp
        >>> Softplus()(jnp.array([-1.0, 2.0]))
        Array([0.3132617, 2.126928 ], dtype=float32)

    PyTorch: ``torch.nn.Softplus``.
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        self.beta = beta
        self.threshold = threshold

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Apply the function."""
        return activations.softplus(x, self.beta, self.threshold)


class Softmax(Module):
    """:func:`softmax` as a module.

    Args:
        dim: The axis along which the probabilities sum to 1.

    Example:
        >>> import jax.numpy as jnp
        >>> Softmax(dim=0)(jnp.array([-1.0, 2.0]))
        Array([0.04742587, 0.95257413], dtype=float32)

    PyTorch: ``torch.nn.Softmax``; the axis must be given.
    """

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Apply the function."""
        return activations.softmax(x, self.dim)


class LogSoftmax(Module):
    """:func:`log_softmax` as a module.

    Args:
        dim: The axis along which the probabilities sum to 1.

    Example:
        >>> import jax.numpy as jnp
        >>> LogSoftmax(dim=0)(jnp.array([-1.0, 2.0]))
        Array([-3.0485873 , -0.04858733], dtype=float32)

    PyTorch: ``torch.nn.LogSoftmax``; the axis must be given.
    """

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Apply the function."""
        return activations.log_softmax(x, self.dim)
