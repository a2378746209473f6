"""What modules take: arrays whose dtype neither PyTorch nor jax would change behind one's back."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from .errors import InputTypeError


def floating_input(x: ArrayLike, module: str) -> jax.Array:
    """Return the input as a jax array, refusing lists, integers and float64 that would be narrowed.

    Args:
        x: What was passed to the module.
        module: The module's name, for the message.

    Returns:
        The same values on the device.

    Raises:
        InputTypeError: If it is not an array, not floating, or of a dtype that jax narrows.

    Example:
        >>> floating_input([1.0, 2.0], "Linear(2, 1)")
        Traceback (most recent call last):
        functorch_course.nn.errors.InputTypeError: Linear(2, 1) needs an array, got list: write
        np.array(x, np.float32)

    PyTorch: has no counterpart; there, too, a list, an integer or a float64 input is refused.
    """
    if not isinstance(x, jax.Array | np.ndarray | np.number):
        raise InputTypeError(
            f"{module} needs an array, got {type(x).__name__}: write np.array(x, np.float32)"
        )
    if not jnp.issubdtype(x.dtype, jnp.inexact):
        raise InputTypeError(
            f"{module} needs floating inputs, got {x.dtype}: write x.astype(np.float32), "
            "and scale images to [0, 1]"
        )
    if jax.dtypes.canonicalize_dtype(x.dtype) != x.dtype:
        raise InputTypeError(
            f"{module} got {x.dtype}, which jax would silently narrow: write x.astype(np.float32), "
            'or call jax.config.update("jax_enable_x64", True) first'
        )
    return jnp.asarray(x)


def precision() -> str:
    """Return the precision of products: full, as in PyTorch, unless jax's setting says otherwise.

    Example:
        >>> precision()
        'highest'
        >>> with jax.default_matmul_precision("tensorfloat32"):
        ...     precision()
        'tensorfloat32'

    PyTorch: ``torch.get_float32_matmul_precision()``, which is "highest" by default.
    """
    setting: str | None = jax.config.jax_default_matmul_precision  # type: ignore[attr-defined]
    return setting or "highest"
