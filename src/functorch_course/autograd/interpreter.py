"""Walking through a traced function, one equation at a time."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
from jax.extend import core
from jax.extend.source_info_util import register_exclusion, summarize

from .explain import explain

#: Calls that only group equations; opening them changes neither values nor derivatives.
GROUPS = frozenset({"jit", "pjit", "closed_call", "checkpoint", "remat", "remat2"})
#: Calls that bring their own derivative, which is lost when they are opened.
CUSTOM = frozenset({"custom_jvp_call", "custom_vjp_call"})

#: What an equation does: the equation, its inputs, and the calls around it, outermost first.
Visit = Callable[[core.JaxprEqn, list[Any], tuple[core.JaxprEqn, ...]], Sequence[Any]]

# A line of the user's is looked for, never one of this package.
register_exclusion(f"{Path(__file__).parents[1]}{os.sep}")


def trace(function: Callable[..., Any], inputs: Sequence[Any]) -> tuple[core.ClosedJaxpr, Any]:
    """Record what a function does, with the form of its result."""
    with explain():
        closed, shape = jax.make_jaxpr(function, return_shape=True)(*inputs)
    return closed, jax.tree.structure(shape)


def flat_arrays(inputs: Sequence[Any]) -> list[jax.Array]:
    """Return the leaves of all inputs, as arrays."""
    return [jnp.asarray(leaf) for leaf in jax.tree.leaves(tuple(inputs))]


def walk(
    closed: core.ClosedJaxpr,
    inputs: Sequence[Any],
    visit: Visit,
    opened: Callable[[core.JaxprEqn], bool],
    outer: tuple[core.JaxprEqn, ...] = (),
) -> list[Any]:
    """Visit the equations in order, and pass on what each visit returns.

    What flows along need not be arrays: whatever stands in ``inputs`` reaches the visitor, and
    whatever it returns reaches the equations behind. Only literals come as they are.
    """
    jaxpr = closed.jaxpr
    known = dict(zip(jaxpr.constvars, closed.consts, strict=True))
    known |= dict(zip(jaxpr.invars, inputs, strict=True))

    def read(atom: core.Var | core.Literal) -> object:
        return atom.val if isinstance(atom, core.Literal) else known[atom]

    for equation in jaxpr.eqns:
        given = [read(atom) for atom in equation.invars]
        inner = body(equation)
        if inner is not None and opened(equation):
            outputs: Sequence[Any] = walk(inner, given, visit, opened, (*outer, equation))
        else:
            outputs = visit(equation, given, outer)
        known |= dict(zip(equation.outvars, outputs, strict=True))
    return [read(atom) for atom in jaxpr.outvars]


def body(equation: core.JaxprEqn) -> core.ClosedJaxpr | None:
    """Return the equations inside a call that runs them once, if it is one."""
    if equation.primitive.name not in GROUPS | CUSTOM:
        return None
    inner = equation.params.get("jaxpr", equation.params.get("call_jaxpr"))
    return core.ClosedJaxpr(inner, []) if isinstance(inner, core.Jaxpr) else inner


def compute(equation: core.JaxprEqn, inputs: Sequence[Any]) -> list[Any]:
    """Do what an equation says."""
    parameters = equation.primitive.get_bind_params(equation.params)
    outputs = equation.primitive.bind(*inputs, **parameters)
    return list(outputs) if equation.primitive.multiple_results else [outputs]


def equations(closed: core.ClosedJaxpr) -> Iterator[core.JaxprEqn]:
    """Yield every equation, also those inside loops and branches."""
    for equation in closed.jaxpr.eqns:
        yield equation
        for inner in core.jaxprs_in_params(equation.params):
            yield from equations(core.ClosedJaxpr(inner, []))


def source_line(equation: core.JaxprEqn, outer: tuple[core.JaxprEqn, ...] = ()) -> str:
    """Name the user's line an equation comes from, or that of the innermost call with one."""
    lines = [summarize(each.source_info) for each in (equation, *reversed(outer))]
    return next((line for line in lines if line), "unknown")
