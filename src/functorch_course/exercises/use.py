"""How a check uses what the learner defined."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Use:
    """How the learner's definition is used, where it is not simply called.

    Args:
        text: The use in words.
        names: What the arguments are called in it.
        run: Takes what the learner defined, and the arguments.

    Example:
        >>> Use("len(Pairs(x))", ("x",), lambda pairs, x: len(pairs(x))).run(list, "abc")
        3

    PyTorch: has no counterpart.
    """

    text: str
    names: tuple[str, ...]
    run: Callable[..., Any]


def plain_call(name: str, learned: Callable[..., Any]) -> Use:
    """Return the use that calls a function, with the learner's own names for the arguments."""
    names = _parameters(learned)
    text = f"{name}({', '.join(names) or '...'})"
    return Use(text, names, lambda learned, *given: learned(*given))


def _parameters(learned: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of the parameters; some functions that are not Python's do not tell them."""
    try:
        return tuple(inspect.signature(learned).parameters)
    except ValueError:
        return ()
