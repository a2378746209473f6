"""Universal functions: one function applied to every element."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from .dtypes import as_float


def sin(x: ArrayLike) -> jax.Array:
    r"""Take the sine of each element.

    :math:`y_i = \sin x_i`, :math:`x` in radians. Integers become float32, here and below.

    Args:
        x: The angles.

    Returns:
        The values, of the same shape.

    Example:
        >>> sin(jnp.array([0.0, jnp.pi / 2]))
        Array([0., 1.], dtype=float32)

    PyTorch: ``torch.sin``.
    """
    return jnp.sin(as_float(x))


def cos(x: ArrayLike) -> jax.Array:
    r"""Take the cosine of each element.

    :math:`y_i = \cos x_i`, :math:`x` in radians.

    Args:
        x: The angles.

    Returns:
        The values, of the same shape.

    Example:
        >>> cos(0)
        Array(1., dtype=float32)

    PyTorch: ``torch.cos``.
    """
    return jnp.cos(as_float(x))


def tanh(x: ArrayLike) -> jax.Array:
    r"""Take the hyperbolic tangent of each element.

    :math:`y_i = \tanh x_i`.

    Args:
        x: The array.

    Returns:
        The values, between -1 and 1.

    Example:
        >>> tanh(0)
        Array(0., dtype=float32)

    PyTorch: ``torch.tanh``.
    """
    return jnp.tanh(as_float(x))


def exp(x: ArrayLike) -> jax.Array:
    r"""Take the exponential of each element.

    :math:`y_i = e^{x_i}`.

    Args:
        x: The array.

    Returns:
        The values, of the same shape.

    Example:
        >>> exp(jnp.array([0, 1]))
        Array([1.       , 2.7182817], dtype=float32)

    PyTorch: ``torch.exp``.
    """
    return jnp.exp(as_float(x))


def log(x: ArrayLike) -> jax.Array:
    r"""Take the natural logarithm of each element.

    :math:`y_i = \ln x_i`; :math:`-\infty` at 0 and NaN below, without an error.

    Args:
        x: The array.

    Returns:
        The values, of the same shape.

    Example:
        >>> log(jnp.array([1, 0, -1]))
        Array([  0., -inf,  nan], dtype=float32)

    PyTorch: ``torch.log``. To find where such a value first appears, see
        :func:`functorch_course.autograd.nan_report`.
    """
    return jnp.log(as_float(x))


def sqrt(x: ArrayLike) -> jax.Array:
    r"""Take the square root of each element.

    :math:`y_i = \sqrt{x_i}`; NaN below 0; the derivative at 0 is infinite.

    Args:
        x: The array.

    Returns:
        The values, of the same shape.

    Example:
        >>> sqrt(jnp.array([4, 9]))
        Array([2., 3.], dtype=float32)

    PyTorch: ``torch.sqrt``.
    """
    return jnp.sqrt(as_float(x))


def sigmoid(x: ArrayLike) -> jax.Array:
    r"""Apply the logistic function to each element.

    :math:`y_i = 1 / (1 + e^{-x_i})`.

    Args:
        x: The array.

    Returns:
        The values, between 0 and 1.

    Example:
        >>> sigmoid(0)
        Array(0.5, dtype=float32)

    PyTorch: ``torch.sigmoid``.
    """
    return jax.nn.sigmoid(as_float(x))


def relu(x: jax.Array) -> jax.Array:
    r"""Replace negative elements by zero.

    :math:`y_i = \max(x_i, 0)`; the derivative at 0 is 0.

    Args:
        x: The array; integers stay integers.

    Returns:
        The values, of the same shape and dtype.

    Example:
        >>> relu(jnp.array([-1.0, 0.0, 2.0]))
        Array([0., 0., 2.], dtype=float32)

    PyTorch: ``torch.relu``.
    """
    return jax.nn.relu(x)


@jax.custom_jvp
def _abs(x: ArrayLike) -> jax.Array:
    """The absolute value, to be given PyTorch's derivative."""
    return jnp.abs(x)


_abs.defjvps(lambda tangent, _, x: jnp.sign(x) * tangent)
_compiled_abs: Callable[[ArrayLike], jax.Array] = jax.jit(_abs)


def abs(x: ArrayLike) -> jax.Array:  # noqa: A001 - PyTorch's name
    r"""Take the absolute value of each element.

    :math:`y_i = |x_i|`; the derivative is :math:`\operatorname{sign} x_i`, so 0 at 0.

    Args:
        x: The array.

    Returns:
        The values, of the same shape and dtype.

    Example:
        >>> abs(jnp.array([-1.5, 2.0])), jax.grad(abs)(0.0)
        (Array([1.5, 2. ], dtype=float32), Array(0., dtype=float32, weak_type=True))

    PyTorch: ``torch.abs``. The derivative of ``jnp.abs`` at 0 is 1.
    """
    return _compiled_abs(x)
