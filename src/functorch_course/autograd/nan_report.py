"""Where a NaN or an infinity comes from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend import core
from numpy.typing import NDArray

from .interpreter import Visit, compute, flat_arrays, source_line, trace, walk
from .tree import Tree

_MANY = 6


@dataclass(frozen=True)
class NanReport:
    """The first operation that makes a NaN or an infinity out of ordinary numbers.

    Args:
        phase: ``"input"``, ``"forward"`` or ``"backward"``; None if all numbers are finite.
        operation: Its name in JAX, such as ``"log"``.
        line: The file, line and function it was written in.
        inputs: What went in.
        output: What came out.

    Example:
        >>> report = NanReport(None)
        >>> print(report)
        all numbers are finite, forward and backward

    PyTorch: the message of ``torch.autograd.detect_anomaly``, which looks at the backward pass.
    """

    phase: str | None
    operation: str = ""
    line: str = ""
    inputs: tuple[NDArray[Any], ...] = ()
    output: NDArray[Any] | None = None

    def __bool__(self) -> bool:
        return self.phase is not None

    def __str__(self) -> str:
        if self.phase is None:
            return "all numbers are finite, forward and backward"
        if self.phase == "input":
            return f"the input already holds {_worst(self.output)}: {_short(self.output)}"
        went_in = ", ".join(map(_short, self.inputs))
        return (
            f"{_worst(self.output)} in the {self.phase} pass: {self.operation}({went_in}) = "
            f"{_short(self.output)}\n  at {self.line}"
        )


def nan_report(function: Callable[..., Any]) -> Callable[..., NanReport]:
    """Turn a function into one that looks for the first NaN or infinity in its computation.

    The function is run one operation at a time, then its derivative; loops and branches are
    followed. An operation counts if it makes a NaN where none went in, or an infinity where all
    that went in was finite.

    Args:
        function: What to look into. It is traced, so no Python ``if`` may depend on a value.

    Returns:
        A function of the same arguments, that returns a :class:`NanReport`.

    Example:
        >>> print(nan_report(lambda x: jnp.sqrt(x))(0.0))
        inf in the backward pass: div(0.5, 0.) = inf
          at ...
        >>> nan_report(lambda x: jnp.exp(x))(1.0).phase is None
        True

    PyTorch: ``torch.autograd.detect_anomaly``; ``jax_debug_nans`` in JAX, which raises.
    """

    def report(*inputs: Tree) -> NanReport:
        for leaf in flat_arrays(inputs):
            if _fault([], [leaf]):
                return NanReport("input", output=np.asarray(leaf))
        forward, _ = trace(function, inputs)
        found = _first_fault(forward, inputs)
        if found is not None:
            return _as_report("forward", *found)
        backward, _ = trace(_derivative(function), inputs)
        found = _first_fault(backward, inputs)
        return NanReport(None) if found is None else _as_report("backward", *found)

    return report


_Fault = tuple[core.JaxprEqn, list[Any], list[Any], tuple[core.JaxprEqn, ...]]


def _derivative(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the way there and back, with ones coming back."""

    def there_and_back(*inputs: Tree) -> Tree:
        floats, rebuild = _separate_floats(inputs)
        output, pull = jax.vjp(lambda floats: function(*rebuild(floats)), floats)
        return pull(jax.tree.map(jnp.ones_like, output))

    return there_and_back


def _separate_floats(inputs: Sequence[Any]) -> tuple[list[Any], Callable[[list[Any]], Any]]:
    """Take the leaves that can be differentiated, and say how to put them back."""
    leaves, form = jax.tree.flatten(tuple(inputs))
    places = [i for i, x in enumerate(leaves) if jnp.issubdtype(jnp.result_type(x), jnp.inexact)]

    def rebuild(floats: list[Any]) -> Tree:
        filled = list(leaves)
        for place, value in zip(places, floats, strict=True):
            filled[place] = value
        return jax.tree.unflatten(form, filled)

    return [leaves[place] for place in places], rebuild


def _first_fault(closed: core.ClosedJaxpr, inputs: Sequence[Any]) -> _Fault | None:
    faults: list[_Fault] = []

    def visit(
        equation: core.JaxprEqn, given: list[Any], outer: tuple[core.JaxprEqn, ...]
    ) -> Sequence[Any]:
        if faults:  # what follows does not matter, and may be slow
            return compute(equation, given)
        outputs = _follow(equation, given, (*outer, equation), visit)
        if outputs is None:
            outputs = compute(equation, given)
            if _fault(given, outputs):
                faults.append((equation, given, outputs, outer))
        return outputs

    walk(closed, flat_arrays(inputs), visit, lambda _: True)
    return faults[0] if faults else None


def _follow(
    equation: core.JaxprEqn,
    given: list[Any],
    outer: tuple[core.JaxprEqn, ...],
    visit: Visit,
) -> Sequence[Any] | None:
    """Run a loop or branch step by step; None if the equation is neither."""

    def run(closed: core.ClosedJaxpr, inputs: Sequence[Any]) -> list[Any]:
        return walk(closed, inputs, visit, lambda _: True, outer)

    parameters = equation.params
    match equation.primitive.name:
        case "cond":
            return run(parameters["branches"][int(given[0])], given[1:])
        case "while":
            return _follow_while(parameters, given, run)
        case "scan" if parameters["length"]:
            return _follow_scan(parameters, given, run)
        case _:
            return None


def _follow_while(
    parameters: dict[str, Any], given: list[Any], run: Callable[..., list[Any]]
) -> list[Any]:
    first, second = parameters["cond_nconsts"], parameters["body_nconsts"]
    for_test, for_body = given[:first], given[first : first + second]
    state = given[first + second :]
    while run(parameters["cond_jaxpr"], [*for_test, *state])[0]:
        state = run(parameters["body_jaxpr"], [*for_body, *state])
    return state


def _follow_scan(
    parameters: dict[str, Any], given: list[Any], run: Callable[..., list[Any]]
) -> list[Any]:
    count, carried = parameters["num_consts"], parameters["num_carry"]
    consts, state = given[:count], given[count : count + carried]
    slices = given[count + carried :]
    collected: dict[int, list[Any]] = {}
    steps = range(parameters["length"])
    for step in reversed(steps) if parameters["reverse"] else steps:
        outputs = run(parameters["jaxpr"], [*consts, *state, *(each[step] for each in slices)])
        state, collected[step] = outputs[:carried], outputs[carried:]
    stacked = zip(*(collected[step] for step in steps), strict=True)
    return [*state, *(jnp.stack(each) for each in stacked)]


def _fault(given: Sequence[Any], outputs: Sequence[Any]) -> bool:
    """Tell whether NaN or infinity comes out where it did not go in."""
    nan_in, inf_in = _holds(given, jnp.isnan), _holds(given, jnp.isinf)
    makes_nan = not nan_in and _holds(outputs, jnp.isnan)
    makes_inf = not nan_in and not inf_in and _holds(outputs, jnp.isinf)
    return makes_nan or makes_inf


def _holds(values: Sequence[Any], test: Callable[[Any], jax.Array]) -> bool:
    floats = [x for x in values if jnp.issubdtype(jnp.result_type(x), jnp.inexact)]
    return any(bool(test(x).any()) for x in floats)


def _as_report(
    phase: str,
    equation: core.JaxprEqn,
    given: list[Any],
    outputs: list[Any],
    outer: tuple[core.JaxprEqn, ...],
) -> NanReport:

    output = next(each for each in outputs if _fault([], [each]))
    line = source_line(equation, outer)
    inputs = tuple(np.asarray(each) for each in given)
    return NanReport(phase, equation.primitive.name, line, inputs, np.asarray(output))


def _worst(values: NDArray[Any] | None) -> str:
    return "NaN" if np.isnan(np.asarray(values, np.float64)).any() else "inf"


def _short(values: NDArray[Any] | None) -> str:
    """Write a small array in full, and of a large one the shape and the first fault."""
    array = np.asarray(values)
    if array.size <= _MANY:
        return np.array2string(array, separator=", ", precision=6)
    bad = ~np.isfinite(np.asarray(array, np.float64))
    if not bad.any():
        return f"{array.dtype}{list(array.shape)}"
    where = tuple(int(axis[0]) for axis in np.nonzero(bad))
    return (
        f"{array.dtype}{list(array.shape)}, {int(bad.sum())} of them not finite, first at {where}"
    )
