"""Between NumPy and JAX, where memory is either copied or locked."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from functorch_course.errors import InvalidValueError

from .dtypes import as_dtype
from .errors import AliasError, TracedValueError


def from_numpy(array: NDArray[Any], *, share: bool = False) -> jax.Array:
    """Make an array from a NumPy array of the same dtype.

    The values are copied on the host before JAX sees them, because JAX may read a buffer after
    the call has returned: a later write would change results at random. With ``share=True``
    nothing is copied, and the NumPy array is made read-only instead.

    Args:
        array: The NumPy array.
        share: Hand the buffer itself over.

    Returns:
        The array, of the same shape and dtype.

    Raises:
        InvalidValueError: If it is no NumPy array.
        PrecisionError: If its dtype needs 64 bits and they are off.
        AliasError: If it is to be shared, but is a view of an array that can still be written.

    Example:
        >>> a = np.array([1.0, 2.0], np.float32)
        >>> x = from_numpy(a)
        >>> a[0] = 999
        >>> x
        Array([1., 2.], dtype=float32)

    PyTorch: ``torch.from_numpy`` always shares, and writes pass both ways; ``torch.tensor(a)``
        is the copy.
    """
    if not isinstance(array, np.ndarray):
        raise InvalidValueError(
            f"from_numpy expects a NumPy array, but got {type(array).__name__}: "
            f"write tensor({array!r})"
        )
    dtype = as_dtype(array.dtype)
    if share:
        _lock(array)
        return jnp.asarray(array)
    return jnp.asarray(np.array(array, dtype.newbyteorder("=")))


def to_numpy(x: jax.Array) -> NDArray[Any]:
    """Look at an array as NumPy: without copying on the CPU, and read-only.

    Args:
        x: The array.

    Returns:
        A read-only view; ``np.array(x)`` is a copy that can be written.

    Raises:
        TracedValueError: If the value is only being traced or differentiated.

    Example:
        >>> view = to_numpy(jnp.ones(2))
        >>> view, view.flags.writeable
        (array([1., 1.], dtype=float32), False)

    PyTorch: ``x.numpy()``, which can be written and then changes the tensor.
    """
    if isinstance(x, jax.core.Tracer):
        raise TracedValueError(
            f"to_numpy of a {x.dtype.name} of shape {x.shape}, which is being traced and has no "
            f"values yet",
            "It raises RuntimeError for a tensor that requires grad: use .detach().numpy().",
            "return the value from the function, and convert it outside",
            "T066",
        )
    view = np.asarray(x).view()
    view.flags.writeable = False
    return view


def _lock(array: NDArray[Any]) -> None:
    """Forbid further writes, through this name and through what it is a view of."""
    base = array.base
    if isinstance(base, np.ndarray) and base.flags.writeable:
        raise AliasError(
            "from_numpy(a, share=True): a is a view, and its memory can still be written through "
            "the array it was taken from",
            "It shares all the same, and later writes change the tensor.",
            "from_numpy(a), which copies; or share the whole array and slice the result",
            "M106",
        )
    array.flags.writeable = False
