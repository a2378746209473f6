"""From arrays to Python numbers."""

import jax
import numpy as np

from .errors import ShapeError, TracedValueError


def item(x: jax.Array) -> int | float | bool | complex:
    """Return the only element as a Python number.

    Args:
        x: An array of one element.

    Returns:
        The number.

    Raises:
        ShapeError: If there is not exactly one element.
        TracedValueError: If the value is being traced or differentiated; the number would be cut
            off from the gradient, which plain JAX lets pass in silence.

    Example:
        >>> item(jax.numpy.array([7]))
        7

    PyTorch: ``x.item()``, which cuts the gradient in silence.
    """
    if isinstance(x, jax.core.Tracer):
        raise TracedValueError(
            f"item() of a {x.dtype.name} of shape {x.shape} inside a function that is being "
            f"traced or differentiated",
            "It gives the number, and the gradient through it is lost in silence.",
            "compute with the array itself; take item() of what the function returns",
            "T057",
        )
    if x.size != 1:
        raise ShapeError(
            f"item() needs exactly one element, but the shape is {x.shape}",
            f"It raises RuntimeError: a Tensor with {x.size} elements cannot be converted to "
            f"Scalar.",
            "tolist(x) for all of them, or item(x[i]) for one",
            "T057",
        )
    return np.asarray(x).item()  # type: ignore[no-any-return]


def tolist(x: jax.Array) -> object:
    """Return the elements as nested lists of Python numbers.

    Args:
        x: The array.

    Returns:
        A list for each axis; a number if there is none.

    Raises:
        TracedValueError: If the value is being traced or differentiated.

    Example:
        >>> tolist(jax.numpy.array([[7, 4], [3, 2]]))
        [[7, 4], [3, 2]]

    PyTorch: ``x.tolist()``.
    """
    if isinstance(x, jax.core.Tracer):
        raise TracedValueError(
            f"tolist() of a {x.dtype.name} of shape {x.shape} inside a function that is being "
            f"traced or differentiated",
            "It gives the numbers, and the gradient through them is lost in silence.",
            "compute with the array itself; take tolist() of what the function returns",
            "T068",
        )
    return np.asarray(x).tolist()
