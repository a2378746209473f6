"""One function, written for JAX and for PyTorch: values, shapes, dtypes and derivatives."""

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
import numpy.typing as npt

import functorch_course as fc

from .errors import UnequalStructureError
from .packages import require
from .parts import Array, Part, Report, compare_arrays
from .tensors import is_floating, matching_dtypes, precision, to_numpy, to_torch
from .tolerance import GRADIENTS, Tolerance

if TYPE_CHECKING:
    import torch
    from hypothesis.strategies import SearchStrategy

JaxFunction = Callable[..., Any]
TorchFunction = Callable[..., Any]


def function(
    jax_function: JaxFunction,
    torch_function: TorchFunction,
    *inputs: npt.ArrayLike,
    strategy: "SearchStrategy[Any] | None" = None,
    gradients: bool = True,
    tolerance: Tolerance | None = None,
    examples: int = 100,
    seed: int = 0,
) -> Report:
    r"""Compare a function of JAX with its counterpart in PyTorch.

    Formula: :math:`f(x) \approx g(x)` and :math:`v^T J_f(x) \approx v^T J_g(x)` for each
    floating-point input, with :math:`v_i = \cos i`; that PyTorch gives None counts as 0

    Args:
        jax_function: Takes jax arrays and gives one, or several in a tuple, list or dict.
        torch_function: Takes tensors and gives the same.
        *inputs: What both are given: arrays of any shape and dtype. A float64 among them turns
            jax's 64 bits on for this comparison.
        strategy: Instead of inputs, a hypothesis strategy of an array or of a tuple of arrays. Of
            the inputs that fail, the report is about the smallest.
        gradients: Whether to compare derivatives too.
        tolerance: What may differ; None for a table by dtype, ten times as much for gradients.
        examples: How many inputs of the strategy to try.
        seed: Where the strategy starts, so that a second run tries the same.

    Returns:
        The report; ``report.equal`` says whether all is within the tolerance, ``print(report)``
        shows both sides.

    Raises:
        UnequalStructureError: If the functions give different numbers of arrays.
        InvalidValueError: If there are neither inputs nor a strategy, or both.
        MissingPackageError: If torch, or for a strategy hypothesis, is not installed.

    Example:
        >>> import jax.numpy as jnp
        >>> import functorch_course as fc
        >>> def sine(x):
        ...     import torch
        ...     return torch.sin(x)
        >>> def check():
        ...     report = fc.compare.function(jnp.sin, sine, np.float32([0.5, 1.0]))
        ...     assert report.equal, report

    PyTorch: has no counterpart; ``torch.testing.assert_close`` compares two tensors.
    """
    require("torch")
    if bool(inputs) == (strategy is not None):
        raise fc.errors.InvalidValueError(
            f"{len(inputs)} inputs and strategy={strategy!r}: write either inputs or a strategy"
        )

    def compare(*given: npt.ArrayLike) -> Report:
        arrays = tuple(np.asarray(array) for array in given)
        parts = _compare(jax_function, torch_function, arrays, gradients, tolerance)
        return Report(_title(jax_function, torch_function), parts, arrays)

    if strategy is None:
        return compare(*inputs)
    return _smallest_failure(compare, strategy, examples, seed)


def _compare(
    jax_function: JaxFunction,
    torch_function: TorchFunction,
    inputs: tuple[Array, ...],
    gradients: bool,
    tolerance: Tolerance | None,
) -> list[Part]:
    """Return outputs and derivatives side by side."""
    places = [place for place, array in enumerate(inputs) if gradients and is_floating(array)]
    with precision(inputs):
        ours, pull_back = _apply(jax_function, inputs, places)
        theirs, tensors = _apply_torch(torch_function, inputs, places)
        if len(ours) != len(theirs):
            raise UnequalStructureError(
                f"{len(ours)} arrays came out of {_name(jax_function)}, but {len(theirs)} out of "
                f"{_name(torch_function)}: return the same from both"
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
            _part(f"gradient of input {place}", a, b, tolerance, GRADIENTS)
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


def _smallest_failure(
    compare: Callable[..., Report], strategy: "SearchStrategy[Any]", examples: int, seed: int
) -> Report:
    """Return the report on the smallest input that fails, or else on the one that comes closest."""
    hypothesis = require("hypothesis")
    closest: list[Report] = []
    tried = 0

    def fails(drawn: Any) -> bool:  # noqa: ANN401
        nonlocal tried
        tried += 1
        report = compare(*(drawn if isinstance(drawn, tuple) else (drawn,)))
        if not closest or _share(report) >= _share(closest[0]):
            closest[:] = [report]
        return not report.equal

    settings = hypothesis.settings(max_examples=examples, database=None, deadline=None)
    try:
        smallest = hypothesis.find(strategy, fails, settings=settings, random=random.Random(seed))
    except hypothesis.errors.NoSuchExample:
        found = closest[0]
    else:
        found = compare(*(smallest if isinstance(smallest, tuple) else (smallest,)))
    return Report(found.title, found.parts, found.inputs, tried)


def _share(report: Report) -> float:
    """Return the largest relative difference in a report."""
    return max((part.distance.relative for part in report.parts if part.distance), default=0.0)


def _names(name: str, count: int) -> list[str]:
    """Return names for some outputs, numbered if there are several."""
    return [name] if count == 1 else [f"{name} {i}" for i in range(count)]


def _title(ours: JaxFunction, theirs: TorchFunction) -> str:
    """Return what is compared."""
    return f"{_name(ours)} and {_name(theirs)} of PyTorch"


def _name(f: Callable[..., Any]) -> str:
    """Return the name of a function."""
    name: str = getattr(f, "__name__", type(f).__name__)
    return name
