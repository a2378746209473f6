"""Which arguments are differentiated, and whether they can be."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from functorch_course.errors import InvalidValueError, TeachingError

from .errors import GradientError
from .tree import Tree

#: Positions or names of arguments; one alone, or several.
Wrt = int | str | Sequence[int | str]


def positions_of(function: Callable[..., Any], wrt: Wrt) -> tuple[int, ...]:
    """Turn names of arguments into their positions."""
    several = [wrt] if isinstance(wrt, (int, str)) else list(wrt)
    if all(isinstance(which, int) for which in several):
        return tuple(several)  # type: ignore[arg-type]
    names = list(inspect.signature(function).parameters)
    unknown = [which for which in several if isinstance(which, str) and which not in names]
    if unknown:
        raise InvalidValueError(
            f"wrt={unknown[0]!r} is no argument of the function: write one of "
            f"{', '.join(map(repr, names))}"
        )
    return tuple(names.index(which) if isinstance(which, str) else which for which in several)


def check_function(function: object) -> None:
    """Raise unless a function is to be differentiated; PyTorch differentiates a value."""
    if callable(function):
        return
    raise TeachingError(
        f"a {type(function).__name__} was given where a function is differentiated: a value does "
        f"not know how it was computed",
        "loss.backward() goes back from the value, which remembers its operations.",
        "write the computation as a function f of x; then grad(f)(x), or backward(f, x)",
        "D154",
    )


def positional(
    function: Callable[..., Any], last: int, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Move arguments given by name to their positions, where a position is needed."""
    if last < len(args):
        return args, kwargs
    bound = inspect.signature(function).bind(*args, **kwargs)
    bound.apply_defaults()
    if last >= len(bound.args):
        raise InvalidValueError(
            f"the argument at position {last} is to be differentiated, but only "
            f"{len(bound.args)} came: give it, or another wrt"
        )
    return bound.args, bound.kwargs


def check_inputs(inputs: Sequence[Any]) -> None:
    """Raise unless every input consists of floats, and none carries PyTorch's flag."""
    for leaf in jax.tree.leaves(tuple(inputs)):
        if not _is_float(leaf):
            raise _not_a_float(tuple(inputs))
        if hasattr(leaf, "requires_grad"):
            raise TeachingError(
                "x.requires_grad = ... was written on an array, which stores the word and does "
                "nothing with it",
                "It marks the tensor, so that operations on it are recorded.",
                "leave the line out: grad(f)(x) says what is differentiated",
                "O017",
            )


def _is_float(leaf: Tree) -> bool:
    """Tell whether a leaf has a gradient; the common cases first, because every call pays."""
    kind = getattr(getattr(leaf, "dtype", None), "kind", None)
    if kind is None:
        return isinstance(leaf, (float, complex))
    return kind in "fc" or bool(jnp.issubdtype(leaf.dtype, jnp.inexact))


def _not_a_float(inputs: Tree) -> GradientError:
    """Name the first leaf that is no float."""
    leaves = jax.tree_util.tree_leaves_with_path(inputs)
    path, leaf = next((path, leaf) for path, leaf in leaves if not _is_float(leaf))
    return GradientError(
        f"input {jax.tree_util.keystr(path)} holds {jnp.result_type(leaf)} values, and only "
        f"floats have a gradient",
        "It raises RuntimeError: only tensors of floating point dtype can require gradients.",
        "write the input with a point, 2.0 instead of 2, or cast(x, 'float32')",
        "D147",
    )
