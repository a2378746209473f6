"""Between torch tensors, jax arrays and NumPy arrays, for the comparison only."""

import contextlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
import numpy.typing as npt

from .packages import require

if TYPE_CHECKING:
    import torch

Array = npt.NDArray[Any]


def to_numpy(tensor: "torch.Tensor") -> Array:
    """Return a tensor's values; bfloat16, which NumPy lacks, as jax's NumPy extension has it."""
    detached = tensor.detach().cpu()
    if str(detached.dtype) == "torch.bfloat16":
        return np.asarray(detached.float().numpy()).astype(jax.numpy.bfloat16)
    return np.asarray(detached.numpy())


def to_torch(array: Array) -> "torch.Tensor":
    """Return a tensor of an array's values, in memory of its own."""
    library = require("torch")
    narrow = array.dtype.name == "bfloat16"
    tensor: torch.Tensor = library.tensor(array.astype(np.float32) if narrow else array)
    return tensor.bfloat16() if narrow else tensor


def is_floating(array: Array) -> bool:
    """Return whether one can differentiate with respect to an array."""
    return bool(jax.numpy.issubdtype(array.dtype, np.floating))


def precision(arrays: Iterable[Array]) -> contextlib.AbstractContextManager[Any]:
    """Let jax keep 64 bits where an input has a float64; PyTorch always keeps them."""
    wide = any(array.dtype == np.float64 for array in arrays)
    return jax.enable_x64(True) if wide else contextlib.nullcontext()


def matching_dtypes(ours: Array, theirs: "torch.Tensor") -> tuple[str, str]:
    """Return the names of two dtypes, not counting that jax has narrowed whole numbers to 32."""
    here, there = ours.dtype.name, str(theirs.dtype).removeprefix("torch.")
    narrowed = {"int64": "int32", "uint64": "uint32"}.get(there) == here
    return (there, there) if narrowed and not jax.config.read("jax_enable_x64") else (here, there)
