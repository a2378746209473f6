"""One module here and one in PyTorch: the same parameters, forward pass and gradients."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

import functorch_course as fc

from .errors import UnequalStructureError
from .packages import require
from .parameters import named_leaves, with_leaves
from .parts import Array, Part, Report
from .sides import compare_sides
from .tensors import to_numpy
from .tolerance import Tolerance

if TYPE_CHECKING:
    import torch
    from flax import nnx


def module(
    model: "nnx.Module",
    torch_module: "torch.nn.Module",
    *inputs: npt.ArrayLike,
    names: Mapping[str, str] | None = None,
    gradients: bool = True,
    tolerance: Tolerance | None = None,
) -> Report:
    r"""Compare a module with one of PyTorch, given PyTorch's parameters.

    Formula: :math:`f_\theta(x) \approx g_\theta(x)`, and :math:`v^T J` alike for every parameter
    and every floating-point input

    Both are evaluated, not trained: dropout lets everything through.

    Args:
        model: A Flax NNX module; it is not changed.
        torch_module: The ``torch.nn.Module``; it is not changed either.
        *inputs: What both are called with.
        names: The parameters whose names differ: the name here to the name in PyTorch.
        gradients: Whether to compare derivatives too.
        tolerance: What may differ; None for a table by dtype, ten times as much for gradients.

    Returns:
        The report: one part for each parameter's shape and dtype, the outputs, each gradient.

    Raises:
        UnequalStructureError: If one has a parameter that the other has not.
        MissingPackageError: If torch is not installed.

    Example:
        >>> import functorch_course as fc
        >>> def check(torch_linear):
        ...     report = fc.compare.module(fc.nn.Linear(3, 2), torch_linear, np.ones((4, 3), "f4"))
        ...     assert report.equal, report

    PyTorch: has no counterpart.
    """
    functional_call = require("torch").func.functional_call
    apply, parameters, buffers = fc.training.as_program(model, training=False)
    ours = {name: np.asarray(leaf) for name, leaf in named_leaves(parameters).items()}
    theirs = _renamed(torch_module, names or {}, list(ours))
    parts = [_declared(name, ours[name], theirs[name]) for name in ours]
    title = f"{type(model).__name__} and {type(torch_module).__name__} of PyTorch"
    arrays = (*theirs.values(), *(np.asarray(array) for array in inputs))
    if not all(part.within for part in parts):
        return Report(title, parts)

    def forward(*given: Any) -> Any:  # noqa: ANN401
        values = dict(zip(ours, given, strict=False))
        return apply(with_leaves(parameters, values), buffers, *given[len(ours) :])[0]

    def torch_forward(*given: Any) -> Any:  # noqa: ANN401
        places = [(names or {}).get(name, name) for name in ours]
        values = dict(zip(places, given, strict=False))
        return functional_call(torch_module, values, given[len(ours) :])

    labels = [*ours, *(f"input {i}" for i in range(len(inputs)))]
    was_training = torch_module.training
    torch_module.eval()
    try:
        parts += compare_sides(
            forward, torch_forward, arrays, gradients=gradients, tolerance=tolerance, labels=labels
        )
    finally:
        torch_module.train(was_training)
    return Report(title, parts, arrays[len(ours) :])


def _renamed(
    torch_module: "torch.nn.Module", names: Mapping[str, str], ours: list[str]
) -> dict[str, Array]:
    """Return PyTorch's parameters by the names they have here."""
    theirs = {name: to_numpy(value) for name, value in torch_module.named_parameters()}
    wanted = {name: names.get(name, name) for name in ours}
    here = sorted(name for name, place in wanted.items() if place not in theirs)
    there = sorted(theirs.keys() - set(wanted.values()))
    if here or there:
        raise UnequalStructureError(
            f"the parameters differ: only here {here}, only in PyTorch {there}: "
            "write names={'name here': 'name in PyTorch'}"
        )
    return {name: theirs[place] for name, place in wanted.items()}


def _declared(name: str, ours: Array, theirs: Array) -> Part:
    """Compare shape and dtype of a parameter."""
    shapes, dtypes = (ours.shape, theirs.shape), (ours.dtype.name, theirs.dtype.name)
    same = shapes[0] == shapes[1] and dtypes[0] == dtypes[1]
    return Part(f"parameter {name}", shapes, dtypes, None, same)
