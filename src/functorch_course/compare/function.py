"""One function, written for JAX and for PyTorch: values, shapes, dtypes and derivatives."""

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

import functorch_course as fc

from .packages import require
from .parts import Report
from .sides import JaxFunction, TorchFunction, compare_sides, name_of
from .tolerance import Tolerance

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


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
        parts = compare_sides(
            jax_function, torch_function, arrays, gradients=gradients, tolerance=tolerance
        )
        return Report(_title(jax_function, torch_function), parts, arrays)

    if strategy is None:
        return compare(*inputs)
    return _smallest_failure(compare, strategy, examples, seed)


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


def _title(ours: JaxFunction, theirs: TorchFunction) -> str:
    """Return what is compared."""
    return f"{name_of(ours)} and {name_of(theirs)} of PyTorch"
