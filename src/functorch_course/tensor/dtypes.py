"""Data types by PyTorch's names and PyTorch's rules: 64 bits are 64 bits, or an error."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from .errors import PrecisionError

#: What names a dtype: a NumPy or JAX dtype, or one of PyTorch's names as a string.
DTypeLike = Any

uint8 = jnp.dtype("uint8")
int8 = jnp.dtype("int8")
int16 = short = jnp.dtype("int16")
int32 = jnp.dtype("int32")
int64 = long = jnp.dtype("int64")
float16 = half = jnp.dtype("float16")
bfloat16 = jnp.dtype("bfloat16")
float32 = jnp.dtype("float32")
float64 = double = jnp.dtype("float64")
bool_ = jnp.dtype("bool")

_PYTORCH_NAMES = {
    "half": float16,
    "float": float32,
    "double": float64,
    "short": int16,
    "int": int32,
    "long": int64,
    "HalfTensor": float16,
    "BFloat16Tensor": bfloat16,
    "FloatTensor": float32,
    "DoubleTensor": float64,
    "ByteTensor": uint8,
    "CharTensor": int8,
    "ShortTensor": int16,
    "IntTensor": int32,
    "LongTensor": int64,
    "BoolTensor": bool_,
}
_NEEDS_X64 = {int64, float64, jnp.dtype("uint64"), jnp.dtype("complex128")}


def enable_x64() -> None:
    """Switch 64-bit numbers on, for the whole process.

    Call it once, before the first array is made. Floats keep PyTorch's default, float32;
    integers get PyTorch's default, int64.

    Example:
        >>> from functorch_course.tensor import enable_x64, tensor
        >>> enable_x64()  # doctest: +SKIP
        >>> tensor([1, 2]).dtype  # doctest: +SKIP
        dtype('int64')

    PyTorch: has no counterpart; 64-bit numbers are always on there.
    Source: https://docs.jax.dev/en/latest/notebooks/Common_Gotchas_in_JAX.html
    """
    jax.config.update("jax_enable_x64", True)


def as_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """Return the dtype that a name means, if this process can hold it.

    Args:
        dtype: A dtype, or a name: ``"float32"``, ``"torch.long"``, ``"FloatTensor"``.

    Returns:
        The NumPy dtype, which is also JAX's.

    Raises:
        PrecisionError: If it needs 64 bits and they are off.

    Example:
        >>> as_dtype("torch.FloatTensor"), as_dtype("half"), as_dtype(np.uint8)
        (dtype('float32'), dtype('float16'), dtype('uint8'))

    PyTorch: ``torch.float32`` and its aliases; ``"float"`` is 32 bits as there, while Python's
        ``float`` is 64.
    """
    if isinstance(dtype, str):
        name = dtype.removeprefix("torch.")
        dtype = _PYTORCH_NAMES.get(name, name)
    resolved: np.dtype[Any] = jnp.dtype(dtype)
    if resolved in _NEEDS_X64 and not has_x64():
        raise _sixty_four_bits_are_off(resolved)
    return resolved


def has_x64() -> bool:
    """Tell whether 64-bit numbers are on."""
    return bool(jax.config.jax_enable_x64)  # type: ignore[attr-defined]


def default_integer() -> np.dtype[Any]:
    """Return int64, PyTorch's default, or int32 while 64-bit numbers are off."""
    return int64 if has_x64() else int32


def cast(x: ArrayLike, dtype: DTypeLike) -> jax.Array:
    r"""Convert to another dtype, as a new array.

    Shapes: any; the same comes out. Floats become integers by dropping the fraction.

    Args:
        x: The array; it stays what it is.
        dtype: The new dtype, see :func:`as_dtype`.

    Returns:
        The converted array.

    Raises:
        PrecisionError: If the dtype needs 64 bits and they are off.

    Example:
        >>> cast(jnp.array([1.9, -3.7]), "int")
        Array([ 1, -3], dtype=int32)

    PyTorch: ``x.to(dtype)``, ``x.type(torch.FloatTensor)``, ``x.float()``.
    """
    resolved = as_dtype(dtype)
    return x.astype(resolved) if isinstance(x, jax.Array) else jnp.asarray(x, resolved)


def is_integral(x: ArrayLike) -> bool:
    """Tell whether the values are integers or booleans."""
    kind = x.dtype.kind if isinstance(x, jax.Array) else np.asarray(x).dtype.kind
    return kind in "biu"


def as_float(x: ArrayLike) -> jax.Array:
    """See to it that integers and Python numbers become float32 in a function of floats."""
    if isinstance(x, jax.Array) and (x.dtype.kind not in "biu" or not has_x64()):
        return x  # without x64, JAX itself turns integers into float32
    if isinstance(x, (jax.Array, np.ndarray)):
        return cast(x, float32 if x.dtype.kind in "biu" else x.dtype)
    return jnp.asarray(x, float32)


def _sixty_four_bits_are_off(dtype: np.dtype[Any]) -> PrecisionError:
    half_as_wide = dtype.name.replace("64", "32").replace("128", "64")
    return PrecisionError(
        f"{dtype.name} was asked for, but 64-bit numbers are off, and JAX would give "
        f"{half_as_wide} instead",
        f"{dtype.name} is always available.",
        f"call functorch_course.tensor.enable_x64() once at the start of the program, "
        f"or ask for dtype={half_as_wide}",
        "T042" if dtype.kind in "fc" else "T044",
    )
