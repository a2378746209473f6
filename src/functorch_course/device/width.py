"""Numbers that a device would hold with half their digits, refused."""

from typing import Any

import jax
import numpy as np

from functorch_course.errors import NarrowingError

NARROWED = {np.dtype(np.float64): "float32", np.dtype(np.complex128): "complex64"}


def check_width(name: str, part: Any) -> None:  # noqa: ANN401
    """Raise if JAX would narrow floats in silence, as it does unless told to keep 64 bits.

    Whole numbers may lose half of theirs: labels are few.

    Args:
        name: What it is, for the message.
        part: A pytree of arrays.

    Raises:
        NarrowingError: If it would.

    Example:
        >>> check_width("inputs", [np.zeros(3)])
        Traceback (most recent call last):
        functorch_course.errors.NarrowingError: the inputs of a batch are float64, which JAX would
        silently narrow: give the dataset array.astype(np.float32), or np.float32(number), ...

    PyTorch: a module of float32 refuses float64 in the same places.
    """
    for leaf in jax.tree.leaves(part):
        kind = getattr(leaf, "dtype", None)
        if kind in NARROWED and jax.dtypes.canonicalize_dtype(kind) != kind:
            narrow = NARROWED[kind]
            raise NarrowingError(
                f"the {name} of a batch are {kind}, which JAX would silently narrow: give the "
                f"dataset array.astype(np.{narrow}), or np.{narrow}(number), or call "
                'jax.config.update("jax_enable_x64", True) first'
            )
