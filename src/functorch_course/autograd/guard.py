"""What holds while a function of the user's is differentiated: errors teach, ``.item()`` raises.

Plain JAX lets ``x.item()`` pass while it differentiates, and the gradient comes out wrong. Where
the call is written cannot be told from outside: in a method, in a library, behind a partial. So the
method itself looks whether this package is differentiating just now. It belongs to the class of
traced values; arrays have their own, and what has no gradient, such as ``detach(x)``, is an array.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import jax

from functorch_course.tensor.errors import TracedValueError

from .explain import explain

_DIFFERENTIATING = ContextVar("differentiating", default=False)


@contextmanager
def differentiating() -> Iterator[None]:
    """Explain errors, and let no number be taken out of a value that has a gradient.

    Raises:
        TeachingError: In place of an error of plain JAX that has a lesson behind it.
        TracedValueError: If ``.item()`` of such a value is called.
    """
    token = _DIFFERENTIATING.set(True)
    try:
        with explain():
            yield
    finally:
        _DIFFERENTIATING.reset(token)


def _item(self: jax.core.Tracer[Any], *place: int) -> object:
    """Do what ``.item()`` of JAX does, unless that would cut a gradient that was asked for."""
    if _DIFFERENTIATING.get():
        raise TracedValueError(
            ".item() was called inside a function that is being differentiated",
            "It gives the number, and the gradient through it is lost in silence.",
            "compute with the array itself, and take item() of what the function returns; "
            "to print or to branch, detach(x).item()",
            "T057",
        )
    return self.__getattr__("item")(*place)


# Adds the method in front of the one that JAX looks up by ``__getattr__``. Outside of this package,
# also in plain ``jax.grad``, nothing changes.
jax.core.Tracer.item = _item  # type: ignore[assignment,method-assign]
