"""Derivatives checked against finite differences."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from .arguments import check_inputs
from .errors import GradcheckError


def gradcheck(
    function: Callable[..., Any],
    inputs: Sequence[Any],
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    r"""Compare the derivative of a function with central differences, element by element.

    :math:`\left| J_{ij} - \frac{f_i(x + \epsilon e_j) - f_i(x - \epsilon e_j)}{2 \epsilon} \right|
    \le \text{atol} + \text{rtol} \cdot |\text{difference}|`. The check runs in float64, whatever
    the inputs are and whether 64-bit numbers are on or not.

    Args:
        function: What to check; it may return one array or several.
        inputs: Where, as a list of arrays of floats.
        eps: The step.
        atol: What an element may differ by.
        rtol: What it may differ by, relative to the finite difference.
        raise_exception: Raise at a difference, rather than return False.

    Returns:
        Whether all elements agree.

    Raises:
        GradcheckError: At the first element that differs.
        GradientError: If an input holds integers.

    Example:
        >>> gradcheck(lambda x: x**2, [jnp.array([1.0, 2.0])])
        True

    PyTorch: ``torch.autograd.gradcheck``, with its defaults.
    """
    check_inputs(inputs)
    with jax.enable_x64(True):
        wide = [jnp.asarray(np.asarray(x, np.float64)) for x in inputs]

        def outputs_of(*values: jax.Array) -> list[jax.Array]:
            return [jnp.asarray(leaf) for leaf in jax.tree.leaves(function(*values))]

        analytical = jax.jacrev(outputs_of, argnums=tuple(range(len(wide))))(*wide)
        for position, x in enumerate(wide):
            numerical = _central_differences(outputs_of, wide, position, eps)
            for output, (exact, estimate) in enumerate(
                zip([row[position] for row in analytical], numerical, strict=True)
            ):
                exact = np.asarray(exact).reshape(estimate.shape)
                wrong = np.abs(exact - estimate) > atol + rtol * np.abs(estimate)
                wrong |= np.isfinite(exact) != np.isfinite(estimate)
                if wrong.any():
                    if not raise_exception:
                        return False
                    raise _differs(function, position, x.shape, output, exact, estimate, wrong)
    return True


def gradgradcheck(
    function: Callable[..., Any],
    inputs: Sequence[Any],
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    r"""Compare the second derivative of a function with central differences of the first.

    Checks :math:`x \mapsto v^T J(x)` for one uneven :math:`v`, in float64.

    Args:
        function: What to check.
        inputs: Where, as a list of arrays of floats.
        eps: The step.
        atol: What an element may differ by.
        rtol: What it may differ by, relative to the finite difference.
        raise_exception: Raise at a difference, rather than return False.

    Returns:
        Whether all elements agree.

    Raises:
        GradcheckError: At the first element that differs.
        GradientError: If an input holds integers.

    Example:
        >>> gradgradcheck(lambda x: x**3, [jnp.array([1.0, 2.0])])
        True

    PyTorch: ``torch.autograd.gradgradcheck``; there :math:`v` is drawn at random.
    """

    def first_derivative(*values: jax.Array) -> tuple[jax.Array, ...]:
        output, pull = jax.vjp(function, *values)
        return pull(jax.tree.map(_uneven, output))  # type: ignore[no-any-return]

    return gradcheck(
        first_derivative, inputs, eps=eps, atol=atol, rtol=rtol, raise_exception=raise_exception
    )


def _uneven(output: jax.Array) -> jax.Array:
    """Return weights that differ from element to element."""
    weights = 1 + jnp.arange(output.size, dtype=output.dtype) / (output.size + 1)
    return weights.reshape(output.shape)


def _central_differences(
    outputs_of: Callable[..., list[jax.Array]],
    inputs: list[jax.Array],
    position: int,
    eps: float,
) -> list[NDArray[np.float64]]:
    """Estimate the Jacobian of each output, of shape (elements of the output, of the input)."""
    columns = []
    for element in range(inputs[position].size):
        ahead, behind = (
            [np.ravel(output) for output in outputs_of(*_moved(inputs, position, element, step))]
            for step in (eps, -eps)
        )
        columns.append([(a - b) / (2 * eps) for a, b in zip(ahead, behind, strict=True)])
    return [np.stack(column, axis=1) for column in zip(*columns, strict=True)]


def _moved(inputs: list[jax.Array], position: int, element: int, step: float) -> list[jax.Array]:
    """Move one element of one input."""
    moved = np.array(inputs[position])
    moved.flat[element] += step
    return [*inputs[:position], jnp.asarray(moved), *inputs[position + 1 :]]


def _differs(
    function: Callable[..., Any],
    position: int,
    shape: tuple[int, ...],
    output: int,
    exact: NDArray[Any],
    estimate: NDArray[Any],
    wrong: NDArray[Any],
) -> GradcheckError:
    row, column = (int(where[0]) for where in np.nonzero(wrong))
    element = tuple(int(where) for where in np.unravel_index(column, shape))
    names = list(inspect.signature(function).parameters)
    name = repr(names[position]) if position < len(names) else str(position)
    return GradcheckError(
        f"gradcheck: element {row} of output {output}, with respect to element {element} of input "
        f"{name}: the derivative gives {exact[row, column]:.6g}, finite differences "
        f"{estimate[row, column]:.6g} ({int(wrong.sum())} of {wrong.size} elements differ)",
        "It raises GradcheckError: Jacobian mismatch.",
        "correct the derivative; or move the inputs away from a kink; or check in larger steps",
    )
