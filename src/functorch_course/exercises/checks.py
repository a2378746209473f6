"""What can be checked of any definition: what it returns, and what it refuses."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from .answer import Answer
from .exercise import Check, Run
from .finding import Finding, MistakeError
from .inputs import Cases, identical, on_device, on_host
from .shown import called, named, shown
from .use import Use, plain_call

Reference = Callable[..., Any]


def values(
    function: str,
    reference: Reference,
    cases: Cases,
    place: Callable[[Any], Any] = on_device,
    library: str = "JAX",
    use: Use | None = None,
    name: str = "values",
) -> Check:
    """Check that a function returns what the reference returns, and does nothing else.

    Shape, dtype and values must agree; the inputs must be as they were; a second call must give the
    same bits.

    Args:
        function: What the learner's function is called.
        reference: The right function, of NumPy arrays.
        cases: Draws the arguments of each call.
        place: Whether the learner gets arrays of JAX or of NumPy.
        library: Whose arrays the learner returns: ``"JAX"`` or ``"NumPy"``.
        use: How the definition is used; without it, it is called.
        name: What the check is called.

    Returns:
        The check.

    Example:
        >>> values("double", lambda x: 2 * x, lambda random: [(np.ones(3),)]).name
        'values'

    PyTorch: has no counterpart.
    """

    def run(answer: Answer, random: np.random.Generator) -> None:
        usage = use or plain_call(function, answer[function])
        learned = partial(usage.run, answer[function])
        for arguments in cases(random):
            call = called(usage.text, usage.names, arguments)
            expected = reference(*on_host(arguments))
            given = place(arguments)
            came = answer.expect(call, partial(learned, *given), expected, library)
            kept = answer.run(call, partial(on_host, came))
            _check_unchanged(answer, call, usage.names, place(arguments), given)
            again = answer.run(call, partial(learned, *place(arguments)))
            if not answer.run(call, partial(identical, kept, again)):
                first = answer.shown(call, kept, shown(expected))
                second = answer.shown(call, again, first)
                _refuse(call, first, second, "the second call gave another answer")

    return Check(name, run)


def raises(
    function: str,
    kind: type[Exception],
    why: str,
    cases: Cases,
    place: Callable[[Any], Any] = on_device,
    use: Use | None = None,
    name: str = "errors",
) -> Check:
    """Check that a function refuses some arguments.

    Args:
        function: What the learner's function is called.
        kind: The error that it should raise.
        why: Why it should, in words.
        cases: Draws the arguments.
        place: Whether the learner gets arrays of JAX or of NumPy.
        use: How the definition is used; without it, it is called.
        name: What the check is called.

    Returns:
        The check.

    Example:
        >>> raises("root", ValueError, "-1 has no root", lambda random: [(-1.0,)]).name
        'errors'

    PyTorch: has no counterpart.
    """

    def run(answer: Answer, random: np.random.Generator) -> None:
        usage = use or plain_call(function, answer[function])
        for arguments in cases(random):
            call = called(usage.text, usage.names, arguments)
            wrong = partial(usage.run, answer[function], *place(arguments))
            answer.expect_error(call, wrong, kind, why)

    return Check(name, run)


def check(name: str) -> Callable[[Run], Check]:
    """Make a check of a function that looks for a mistake in its own way.

    Args:
        name: What is checked.

    Returns:
        A decorator.

    Example:
        >>> @check("has a length")
        ... def has_length(answer, random):
        ...     answer.expect(("len(Pairs())",), lambda: len(answer["Pairs"]()), 0)
        >>> has_length.name
        'has a length'

    PyTorch: has no counterpart.
    """
    return lambda run: Check(name, run)


def _check_unchanged(
    answer: Answer,
    call: tuple[str, ...],
    names: tuple[str, ...],
    before: tuple[Any, ...],
    after: tuple[Any, ...],
) -> None:
    """Refuse a call that wrote into its arguments."""
    for (name, one), other in zip(named(names, before), after, strict=True):
        if not answer.run(call, partial(identical, one, other), f"{name} as it was"):
            meaning = f"the call changed the {name} that it was given: make a new value instead"
            text = answer.shown(call, other, f"{name} as it was")
            _refuse(call, f"{name} as it was", f"{name} = {text} after the call", meaning)


def _refuse(call: tuple[str, ...], expected: str, came: str, meaning: str) -> None:
    """Report a mistake."""
    raise MistakeError(Finding(call, expected, came, meaning))
