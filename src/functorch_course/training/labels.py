"""A label out of range, which compiled code cannot refuse, named once its loss is known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from functorch_course.nn.errors import IndexRangeError

from .program import Model, as_program
from .step import Loss

Examine = Callable[[Any, Any, str], None]


@dataclass(frozen=True, slots=True)
class Shape:
    """What is remembered of an array."""

    shape: tuple[int, ...]
    dtype: npt.DTypeLike


def examination(model: Model, loss: Loss) -> Examine:
    """Make a function that lets the loss look at the targets of a batch whose loss is not finite.

    In compiled code the values are not there to be looked at, and a wrong label makes the loss NaN.
    Here they are, and ``nn.cross_entropy`` and its like name it.

    Args:
        model: What gave the outputs; only their shape is used.
        loss: A function of (outputs, targets).

    Returns:
        A function of (``shapes_of`` the inputs, targets, the place of the batch as text), which
        raises IndexRangeError if the loss refuses a label, and else does nothing.

    PyTorch: has no counterpart; there each operation looks at its input when it is called.
    """

    def examine(inputs: Any, targets: Any, place: str) -> None:  # noqa: ANN401
        if not all(
            getattr(leaf, "is_fully_addressable", True) for leaf in jax.tree.leaves(targets)
        ):
            return  # other processes hold a part of them
        apply, *arrays = as_program(model, training=True)
        shapes, _ = jax.eval_shape(apply, *arrays, _as_jax(inputs))
        outputs = jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shapes)
        try:
            loss(outputs, targets)
        except IndexRangeError as error:
            raise IndexRangeError(f"{place}: {error}") from error
        except Exception:  # noqa: BLE001 - what a loss makes of zeros says nothing of the training
            return  # and the caller names the loss that was not finite

    return examine


def shapes_of(inputs: Any) -> Any:  # noqa: ANN401
    """Return what is remembered of inputs: their shapes and dtypes, and not the values."""
    if isinstance(inputs, np.ndarray):  # in a tenth of the time, for each batch that streams by
        return Shape(inputs.shape, inputs.dtype)
    return jax.tree.map(lambda leaf: Shape(np.shape(leaf), jnp.result_type(leaf)), inputs)


def _as_jax(inputs: Any) -> Any:  # noqa: ANN401
    """Return remembered shapes as those that compiled code was given."""

    def one(leaf: Shape) -> jax.ShapeDtypeStruct:
        return jax.ShapeDtypeStruct(leaf.shape, jax.dtypes.canonicalize_dtype(leaf.dtype))

    return jax.tree.map(one, inputs)
