"""Gradients of values inside a function."""

from collections.abc import Callable
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
from jax.ad_checkpoint import checkpoint_name
from jax.extend import core

from functorch_course.errors import InvalidValueError

from .arguments import check_inputs
from .differentiate import one_for, vjp
from .errors import GradientError
from .interpreter import GROUPS, compute, equations, flat_arrays, trace, walk
from .tree import Tree

T = TypeVar("T")


def tap(x: T, name: str) -> T:
    """Give a value inside a function a name, by which its gradient can be asked for.

    Args:
        x: The value; it passes through unchanged.
        name: The name, once in a function.

    Returns:
        ``x``.

    Example:
        >>> def f(x):
        ...     y = tap(x**2, "y")
        ...     return 3 * y
        >>> tapped_gradients(f)(2.0)
        {'y': Array(3., dtype=float32)}

    PyTorch: ``y.retain_grad()``, or ``y.register_hook``.
    """
    return checkpoint_name(x, name)  # type: ignore[no-any-return]


def tapped_gradients(
    function: Callable[..., Any], *, gradient: Tree = None
) -> Callable[..., dict[str, jax.Array]]:
    r"""Turn a function into one that returns the gradients of its tapped values.

    :math:`\partial f / \partial y` for each :math:`y` that passed through :func:`tap`.

    Args:
        function: Taps some values. It is traced, so no Python ``if`` may depend on a value.
        gradient: The gradient with respect to the output; 1 if the output is one number.

    Returns:
        A function of the same arguments, that returns the gradients by name. Each has the shape
        of its value.

    Raises:
        InvalidValueError: When called, if a name is used twice.
        GradientError: When called, if nothing is tapped, or a tap stands inside a loop or branch.

    Example:
        >>> loss = lambda x: jnp.sum(tap(jnp.sin(tap(x, "input")), "sine") ** 2)
        >>> tapped_gradients(loss)(jnp.zeros(2))["sine"]
        Array([0., 0.], dtype=float32)

    PyTorch: ``y.grad``, after ``y.retain_grad()`` and ``backward()``.
    """

    def gradients(*inputs: Tree) -> dict[str, jax.Array]:
        check_inputs(inputs)
        closed, form = trace(function, inputs)
        shifts = _zero_shifts(closed)

        def shifted(shifts: dict[str, jax.Array]) -> Tree:
            """Run the function with something added to each tapped value: here zero."""

            def visit(equation: core.JaxprEqn, given: list[Any], _outer: Tree) -> list[Any]:
                outputs = compute(equation, given)
                if equation.primitive.name != "name":
                    return outputs
                return [outputs[0] + shifts[equation.params["name"]]]

            arrays = flat_arrays(inputs)
            return jax.tree.unflatten(form, walk(closed, arrays, visit, _is_group))

        value, pull = vjp(shifted, shifts)
        return pull(one_for(value) if gradient is None else gradient)[0]  # type: ignore[no-any-return]

    return gradients


def _is_group(equation: core.JaxprEqn) -> bool:
    return equation.primitive.name in GROUPS


def _zero_shifts(closed: core.ClosedJaxpr) -> dict[str, jax.Array]:
    """Return a zero in the form of each tapped value."""
    everywhere = [each for each in equations(closed) if each.primitive.name == "name"]
    reached: list[core.JaxprEqn] = []

    def visit(equation: core.JaxprEqn, _given: Tree, _outer: Tree) -> list[None]:
        if equation.primitive.name == "name":
            reached.append(equation)
        return [None] * len(equation.outvars)

    walk(closed, [None] * len(closed.jaxpr.invars), visit, _is_group)
    names = [equation.params["name"] for equation in reached]
    _check_taps(names, [equation.params["name"] for equation in everywhere])
    return {
        name: jnp.zeros_like(equation.outvars[0].aval)  # type: ignore[arg-type]
        for name, equation in zip(names, reached, strict=True)
    }


def _check_taps(reached: list[str], everywhere: list[str]) -> None:
    twice = next((name for name in reached if reached.count(name) > 1), None)
    if twice is not None:
        raise InvalidValueError(
            f"the name {twice!r} is tapped {reached.count(twice)} times: give each value its own"
        )
    hidden = [name for name in everywhere if name not in reached]
    if hidden or not reached:
        raise GradientError(
            f"tap {hidden[0]!r} stands inside a loop or branch" if hidden else "nothing is tapped",
            "retain_grad() keeps the gradient of each tensor it is called on, also in a loop.",
            "tap the result of the loop" if hidden else "y = tap(y, 'y') inside the function",
            "D157",
        )
