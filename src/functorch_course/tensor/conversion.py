"""Values in another dtype, refused where one does not fit."""

from typing import Any

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from .errors import PrecisionError


def converted(host: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Copy into another dtype, or raise at the first value that does not fit."""
    if host.dtype.kind == "c" and dtype.kind not in "cb":
        if host.imag.any():
            raise _is_complex(host[host.imag != 0].flat[0], dtype)
        host = host.real
    if host.size and dtype.kind in "iu" and host.dtype.kind in "iuf":
        limits = np.iinfo(dtype)
        outside = ~((np.trunc(host) >= limits.min) & (np.trunc(host) <= limits.max))
        if outside.any():
            raise _does_not_fit(host[outside].flat[0], dtype)
    with np.errstate(over="ignore"):
        converted = np.array(host, dtype)
    if dtype.kind == "f" and host.dtype.kind in "iuf":
        lost = np.isfinite(host) & ~np.isfinite(converted)
        if lost.any():
            raise _does_not_fit(host[lost].flat[0], dtype)
    return converted


def _is_complex(value: complex, dtype: np.dtype[Any]) -> PrecisionError:
    return PrecisionError(
        f"the value {value} is complex, and {dtype.name} holds no imaginary part",
        "It refuses it, too.",
        "give dtype='complex64', or the real part",
        "T044",
    )


def _does_not_fit(value: float, dtype: np.dtype[Any]) -> PrecisionError:
    limits = np.iinfo(dtype) if dtype.kind in "iu" else jnp.finfo(dtype)  # type: ignore[no-untyped-call]
    wider = ", or call functorch_course.tensor.enable_x64() for int64" if dtype == "int32" else ""
    return PrecisionError(
        f"the value {value} does not fit into {dtype.name} (from {limits.min} to {limits.max})",
        _what_pytorch_does(dtype),
        f"give a wider dtype{wider}",
        "T044",
    )


def _what_pytorch_does(dtype: np.dtype[Any]) -> str:
    """Say how PyTorch treats a value that does not fit."""
    if dtype.kind not in "iu":
        return "It stores an infinity in silence."
    if dtype == "int32":
        return "It makes int64 unless told otherwise, and refuses a value that does not fit."
    return (
        f"It raises RuntimeError: value cannot be converted to type {dtype.name} without overflow."
    )
