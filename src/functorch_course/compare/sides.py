"""Both sides of one function on the same inputs: outputs, and gradients for every input."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
import numpy.typing as npt

from .errors import UnequalStructureError
from .packages import require
from .parts import Array, Part, compare_arrays
from .tensors import is_floating, matching_dtypes, precision, to_numpy, to_torch
from .tolerance import GRADIENTS, Tolerance

if TYPE_CHECKING:
    import torch

JaxFunction = Callable[..., Any]
TorchFunction = Callable[..., Any]


def compare_sides(
    jax_function: JaxFunction,
    torch_function: TorchFunction,
    inputs: tuple[Array, ...],
    *,
    gradients: bool,
    tolerance: Tolerance | None,
    labels: Sequence[str] = (),
) -> list[Part]:
    """Return outputs and derivatives side by side; ``labels`` are what the inputs are called."""
    numbered = [f"input {place}" for place in range(len(inputs))]
    places = [place for place, array in enumerate(inputs) if gradients and is_floating(array)]
    with precision(inputs):
        ours, pull_back = _apply(jax_function, inputs, places)
        theirs, tensors = _apply_torch(torch_function, inputs, places)
        if len(ours) != len(theirs):
            raise UnequalStructureError(
                f"{len(ours)} arrays came out of {name_of(jax_function)}, but {len(theirs)} out of "
                f"{name_of(torch_function)}: return the same from both"
            )
        parts = [
            _part(name, a, b, tolerance, 1)
            for name, a, b in zip(_names("output", len(ours)), ours, theirs, strict=True)
        ]
        if not places or any(part.shapes[0] != part.shapes[1] for part in parts):
            return parts
        here = pull_back([_cotangent(array) for array in ours])
        there = _torch_gradients(theirs, [tensors[place] for place in places])
        return parts + [
            _part(f"gradient of {(labels or numbered)[place]}", a, b, tolerance, GRADIENTS)
            for place, a, b in zip(places, here, there, strict=True)
        ]


def _apply(
    f: JaxFunction, inputs: tuple[Array, ...], places: list[int]
) -> tuple[list[Array], Callable[[list[Array]], Any]]:
    """Return the outputs, and a function from their cotangents to gradients."""
    arrays = [jax.numpy.asarray(array) for array in inputs]

    def of_floating(*floating: jax.Array) -> list[jax.Array]:
        given = list(arrays)
        for place, array in zip(places, floating, strict=True):
            given[place] = array
        return [jax.numpy.asarray(leaf) for leaf in jax.tree.leaves(f(*given))]

    outputs, pull_back = jax.vjp(of_floating, *(arrays[place] for place in places))
    return [np.asarray(output) for output in outputs], pull_back


def _apply_torch(
    f: TorchFunction, inputs: tuple[Array, ...], places: list[int]
) -> "tuple[list[torch.Tensor], list[torch.Tensor]]":
    """Return the outputs and the tensors that went in."""
    torch = require("torch")
    tensors = [to_torch(array).requires_grad_(i in places) for i, array in enumerate(inputs)]
    return [torch.as_tensor(leaf) for leaf in jax.tree.leaves(f(*tensors))], tensors


def _torch_gradients(
    outputs: "list[torch.Tensor]", inputs: "list[torch.Tensor]"
) -> "list[torch.Tensor]":
    """Return PyTorch's gradients, zero where it has none."""
    torch = require("torch")
    used = [output for output in outputs if output.requires_grad]
    if not used:
        return [torch.zeros_like(tensor) for tensor in inputs]
    cotangents = [to_torch(_cotangent(to_numpy(output))) for output in used]
    found = torch.autograd.grad(used, inputs, cotangents, allow_unused=True)
    return [
        torch.zeros_like(tensor) if gradient is None else gradient
        for tensor, gradient in zip(inputs, found, strict=True)
    ]


def _cotangent(output: Array) -> Array:
    """Return what weighs the elements of an output: cos 0, cos 1, ..., so that none cancel."""
    if not is_floating(output):
        return np.zeros(output.shape, jax.dtypes.float0)
    return np.cos(np.arange(output.size)).reshape(output.shape).astype(output.dtype)


def _part(
    name: str,
    ours: npt.ArrayLike,
    theirs: "torch.Tensor",
    tolerance: Tolerance | None,
    loosened: float,
) -> Part:
    """Compare an array with a tensor."""
    array = np.asarray(ours)
    dtypes = matching_dtypes(array, theirs)
    return compare_arrays(
        name, array, to_numpy(theirs), dtypes=dtypes, loosened=loosened, tolerance=tolerance
    )


def _names(name: str, count: int) -> list[str]:
    """Return names for some outputs, numbered if there are several."""
    return [name] if count == 1 else [f"{name} {i}" for i in range(count)]


def name_of(f: Callable[..., Any]) -> str:
    """Return the name of a function."""
    name: str = getattr(f, "__name__", type(f).__name__)
    return name
