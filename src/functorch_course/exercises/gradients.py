"""The derivative of an answer, against finite differences of the reference."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import functorch_course as fc

from .answer import Answer
from .difference import GRADIENT
from .exercise import Check
from .inputs import Cases, on_device, on_host
from .shown import called
from .use import plain_call

Reference = Callable[..., Any]
STEP = 1e-5


def gradients(
    function: str,
    reference: Reference,
    cases: Cases,
    wrt: tuple[int, ...] = (0,),
    name: str = "gradient",
) -> Check:
    r"""Check the derivative of a function against finite differences of the reference.

    :math:`v^T J`, for a random :math:`v`, by reverse mode through the learner's function; and
    :math:`v^T (f(x + h e_j) - f(x - h e_j)) / 2h` of the reference in float64.

    Args:
        function: What the learner's function is called.
        reference: The function whose derivative is right; it keeps the dtype of its arguments.
        cases: Draws the arguments.
        wrt: Which arguments to differentiate: arrays of floats.
        name: What the check is called.

    Returns:
        The check.

    Example:
        >>> gradients("square", lambda x: x**2, lambda random: [(np.ones(3),)]).name
        'gradient'

    PyTorch: ``torch.autograd.gradcheck`` compares a function with itself; this one with another.
    """

    def run(answer: Answer, random: np.random.Generator) -> None:
        learned = answer[function]
        usage = plain_call(function, learned)
        for arguments in cases(random):
            cotangent = np.asarray(random.uniform(1, 2, np.shape(reference(*on_host(arguments)))))
            for position in wrt:
                text = f"the gradient of (v * {usage.text}).sum() at argument {position + 1}"
                expected = _differences(reference, arguments, position, cotangent)
                answer.expect(
                    called(text, (*usage.names, "v"), (*arguments, cotangent)),
                    partial(_gradient, learned, arguments, position, cotangent),
                    expected.astype(np.float32),
                    tolerance=GRADIENT,
                )

    return Check(name, run)


def _gradient(
    learned: Callable[..., Any],
    arguments: tuple[Any, ...],
    position: int,
    cotangent: NDArray[np.float64],
) -> Any:  # noqa: ANN401
    """Go back through the learner's function."""
    given = on_device(arguments)

    def of_one(value: object) -> object:
        return learned(*given[:position], value, *given[position + 1 :])

    output, pull = fc.autograd.vjp(of_one, given[position])
    return pull(on_device(cotangent.astype(output.dtype)))[0]


def _differences(
    reference: Reference,
    arguments: tuple[Any, ...],
    position: int,
    cotangent: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Estimate the gradient of the reference, element by element, in float64."""
    wide = [_widened(argument) for argument in arguments]
    result: NDArray[np.float64] = np.zeros_like(wide[position])
    for place in np.ndindex(result.shape):
        ahead, behind = (
            np.vdot(cotangent, reference(*_moved(wide, position, place, step)))
            for step in (STEP, -STEP)
        )
        result[place] = (ahead - behind) / (2 * STEP)
    return result


def _widened(argument: object) -> Any:  # noqa: ANN401
    """Return an array of floats as float64, anything else as it is."""
    is_float = isinstance(argument, np.ndarray) and argument.dtype.kind == "f"
    return np.asarray(argument, np.float64) if is_float else argument


def _moved(wide: list[Any], position: int, place: tuple[int, ...], step: float) -> list[Any]:
    """Move one element of one argument."""
    moved = np.array(wide[position])
    moved[place] += step
    return [*wide[:position], moved, *wide[position + 1 :]]
