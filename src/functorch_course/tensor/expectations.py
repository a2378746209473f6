"""Shapes written down, and checked: against products and losses that broadcast in silence."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import jax.numpy as jnp
from jax.typing import ArrayLike

from functorch_course.errors import InvalidValueError

from .errors import ShapeError

P = ParamSpec("P")
R = TypeVar("R")


def shapes(annotation: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Write the shapes of a function beside it, and have them checked at every call.

    A letter or word stands for one length, the same wherever it appears; a number for itself;
    ``()`` for no axis. The check runs in Python alone, so compiled code contains nothing of it.

    Args:
        annotation: One shape per positional argument, and ``->`` with that of the result:
            ``"N D, D -> N"``.

    Returns:
        A decorator.

    Raises:
        InvalidValueError: If the annotation has no ``->``, or not one shape per argument.
        ShapeError: When the function is called with, or returns, another shape.

    Example:
        >>> @shapes("N D, D -> N")
        ... def predict(x, w):
        ...     return x * w
        >>> predict(jnp.ones((3, 3)), jnp.ones(3))
        Traceback (most recent call last):
        functorch_course.tensor.errors.ShapeError: predict promises a result of shape N = (3,),
        but it is (3, 3)
          PyTorch: It says nothing: * multiplies element by element and broadcasts.
          Here:    x @ w where a sum over a common axis is meant; * where it is not
          Lesson:  M101

    PyTorch: has no counterpart.
    """
    arguments, arrow, result = annotation.partition("->")
    if not arrow:
        raise InvalidValueError(
            f"shapes({annotation!r}) has no '->': write 'shape, shape -> shape of the result'"
        )
    expected = [shape.split() for shape in arguments.split(",")]

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        if len(expected) > len(signature.parameters):
            raise InvalidValueError(
                f"shapes({annotation!r}) describes {len(expected)} arguments, but "
                f"{_name(function)} takes {len(signature.parameters)}: give one shape per argument"
            )

        @functools.wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            lengths: dict[str, int] = {}
            given = signature.bind(*args, **kwargs).arguments
            for (name, value), names in zip(given.items(), expected, strict=False):
                if not _agrees(_shape(value), names, lengths):
                    raise _argument(function, name, value, names, lengths)
            output = function(*args, **kwargs)
            if not _agrees(_shape(output), result.split(), lengths):
                raise _result(function, output, result.split(), lengths)
            return output

        return checked

    return decorate


def check_same_shape(prediction: ArrayLike, target: ArrayLike) -> None:
    """Raise unless a loss compares shapes that are equal.

    Args:
        prediction: What the model says.
        target: What is true.

    Raises:
        ShapeError: If the shapes differ, such as ``(N, 1)`` and ``(N,)``.

    Example:
        >>> check_same_shape(jnp.ones((4, 1)), jnp.ones(4))
        Traceback (most recent call last):
        functorch_course.tensor.errors.ShapeError: the prediction has shape (4, 1), the target (4,);
        their difference would have shape (4, 4) ...

    PyTorch: ``MSELoss`` warns, and averages over all N² pairs.
    """
    first, second = jnp.shape(prediction), jnp.shape(target)
    if first == second:
        return
    raise ShapeError(
        f"the prediction has shape {first}, the target {second}; {_difference(first, second)}",
        "It warns at most, and averages over all pairs: the loss is wrong.",
        f"squeeze or reshape one of them, such as reshape(prediction, {second})",
        "M116",
    )


def _difference(first: tuple[int, ...], second: tuple[int, ...]) -> str:
    try:
        return f"their difference would have shape {jnp.broadcast_shapes(first, second)}"
    except ValueError:
        return "they cannot be compared"


def _agrees(shape: tuple[int, ...], names: list[str], lengths: dict[str, int]) -> bool:
    """Compare a shape with its names, and learn the lengths seen for the first time."""
    names = [] if names == ["()"] else names
    return len(shape) == len(names) and all(
        length == (int(name) if name.isdigit() else lengths.setdefault(name, length))
        for length, name in zip(shape, names, strict=True)
    )


def _shape(value: object) -> tuple[int, ...]:
    """Return the shape of an array or a number."""
    shape: tuple[int, ...] = getattr(value, "shape", ())
    return shape


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", repr(function))


def _known(names: list[str], lengths: dict[str, int]) -> str:
    """Write a shape with its names, and with the lengths that are known."""
    sizes = [str(lengths.get(name, name)) for name in names if name != "()"]
    return f"{' '.join(names)} = ({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"


def _argument(
    function: Callable[..., Any],
    argument: str,
    value: object,
    names: list[str],
    lengths: dict[str, int],
) -> ShapeError:
    return ShapeError(
        f"{_name(function)} expects {argument} of shape {_known(names, lengths)}, "
        f"but got {_shape(value)}",
        "It goes on if the shapes happen to broadcast.",
        "reshape, transpose or squeeze the argument",
        "M092",
    )


def _result(
    function: Callable[..., Any], output: object, names: list[str], lengths: dict[str, int]
) -> ShapeError:
    return ShapeError(
        f"{_name(function)} promises a result of shape {_known(names, lengths)}, "
        f"but it is {_shape(output)}",
        "It says nothing: * multiplies element by element and broadcasts.",
        "x @ w where a sum over a common axis is meant; * where it is not",
        "M101",
    )
