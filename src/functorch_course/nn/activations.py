"""The nonlinearities, as functions of one array."""

from typing import Literal

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from functorch_course.errors import one_of


def relu(x: ArrayLike) -> jax.Array:
    r"""Return the positive part.

    .. math:: \max(0, x)

    Args:
        x: An array.

    Returns:
        An array of the same shape. Its derivative at 0 is 0.

    Example:
        >>> relu(jnp.array([-1.0, 2.0]))
        Array([0., 2.], dtype=float32)

    PyTorch: ``torch.nn.functional.relu``.
    """
    return jax.nn.relu(x)


def leaky_relu(x: ArrayLike, negative_slope: float = 0.01) -> jax.Array:
    r"""Return the positive part and a small share of the negative one.

    .. math:: x \text{ if } x > 0 \text{ else } a x

    Args:
        x: An array.
        negative_slope: The share a.

    Returns:
        An array of the same shape. Its derivative at 0 is a.

    Example:
        >>> leaky_relu(jnp.array([-1.0, 2.0]))
        Array([-0.01,  2.  ], dtype=float32)

    PyTorch: ``torch.nn.functional.leaky_relu``; ``jax.nn.leaky_relu`` has derivative 1 at 0.
    """
    return jnp.where(jnp.asarray(x) > 0, x, negative_slope * jnp.asarray(x))


def elu(x: ArrayLike, alpha: float = 1.0) -> jax.Array:
    r"""Return the exponential linear unit.

    .. math:: x \text{ if } x > 0 \text{ else } \alpha (e^x - 1)

    Args:
        x: An array.
        alpha: The negative of the value far to the left.

    Returns:
        An array of the same shape.

    Example:
        >>> elu(jnp.array([-100.0, 2.0]))
        Array([-1.,  2.], dtype=float32)

    PyTorch: ``torch.nn.functional.elu``.

    Source: Clevert et al., Fast and accurate deep network learning by exponential linear units,
    2016.
    """
    return jax.nn.elu(x, alpha)


def gelu(x: ArrayLike, approximate: Literal["none", "tanh"] = "none") -> jax.Array:
    r"""Return the Gaussian error linear unit.

    .. math:: x \Phi(x), \quad \text{"tanh": }
        \tfrac{x}{2} \left(1 + \tanh\left(\sqrt{2/\pi} (x + 0.044715 x^3)\right)\right)

    Args:
        x: An array.
        approximate: ``"none"`` for the formula with the normal distribution function Φ, ``"tanh"``
            for its approximation.

    Returns:
        An array of the same shape.

    Raises:
        InvalidValueError: If ``approximate`` is another word.

    Example:
        >>> gelu(jnp.array([0.0, 1.0]))
        Array([0.        , 0.8413447], dtype=float32)

    PyTorch: ``torch.nn.functional.gelu``; ``jax.nn.gelu`` approximates by default.

    Source: Hendrycks and Gimpel, Gaussian error linear units, 2016.
    """
    one_of("approximate", approximate, ["none", "tanh"])
    return jax.nn.gelu(x, approximate=approximate == "tanh")


def silu(x: ArrayLike) -> jax.Array:
    r"""Return x times its sigmoid, also called swish.

    .. math:: x / (1 + e^{-x})

    Args:
        x: An array.

    Returns:
        An array of the same shape.

    Example:
        >>> silu(jnp.array([0.0, 1.0]))
        Array([0.       , 0.7310586], dtype=float32)

    PyTorch: ``torch.nn.functional.silu``.
    """
    return jax.nn.silu(x)


def sigmoid(x: ArrayLike) -> jax.Array:
    r"""Return the probability that belongs to log-odds.

    .. math:: 1 / (1 + e^{-x})

    Args:
        x: An array.

    Returns:
        An array of the same shape, of values from 0 to 1.

    Example:
        >>> sigmoid(jnp.array([0.0, 100.0]))
        Array([0.5, 1. ], dtype=float32)

    PyTorch: ``torch.sigmoid``.
    """
    return jax.nn.sigmoid(x)


def tanh(x: ArrayLike) -> jax.Array:
    r"""Return the hyperbolic tangent.

    .. math:: (e^x - e^{-x}) / (e^x + e^{-x})

    Args:
        x: An array.

    Returns:
        An array of the same shape, of values from -1 to 1.

    Example:
        >>> tanh(jnp.array([0.0, 100.0]))
        Array([0., 1.], dtype=float32)

    PyTorch: ``torch.tanh``.
    """
    return jnp.tanh(x)


def softplus(x: ArrayLike, beta: float = 1.0, threshold: float = 20.0) -> jax.Array:
    r"""Return a smooth positive part.

    .. math:: \log(1 + e^{\beta x}) / \beta, \quad x \text{ where } \beta x > \text{threshold}

    Args:
        x: An array.
        beta: How sharp the bend is.
        threshold: Beyond it the result is x itself.

    Returns:
        An array of the same shape.

    Example:
        >>> softplus(jnp.array([0.0, 100.0]))
        Array([  0.6931472, 100.       ], dtype=float32)

    PyTorch: ``torch.nn.functional.softplus``.
    """
    scaled = beta * jnp.asarray(x)
    return jnp.where(scaled > threshold, x, jax.nn.softplus(scaled) / beta)


def softmax(x: ArrayLike, dim: int) -> jax.Array:
    r"""Return probabilities that belong to scores.

    .. math:: e^{x_i} / \sum_j e^{x_j}

    Args:
        x: An array of scores.
        dim: The axis along which the probabilities sum to 1.

    Returns:
        An array of the same shape.

    Example:
        >>> softmax(jnp.array([0.0, 0.0]), dim=0)
        Array([0.5, 0.5], dtype=float32)

    PyTorch: ``torch.softmax``. Before :func:`cross_entropy` leave it out: that takes scores.
    """
    return jax.nn.softmax(x, dim)


def log_softmax(x: ArrayLike, dim: int) -> jax.Array:
    r"""Return the logarithms of :func:`softmax`, without its loss of digits.

    .. math:: x_i - \log \sum_j e^{x_j}

    Args:
        x: An array of scores.
        dim: The axis along which the probabilities sum to 1.

    Returns:
        An array of the same shape.

    Example:
        >>> log_softmax(jnp.array([0.0, 1000.0]), dim=0)
        Array([-1000.,     0.], dtype=float32)

    PyTorch: ``torch.log_softmax``.
    """
    return jax.nn.log_softmax(x, dim)
