"""Functions that bring their own derivative."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from .errors import GradientError
from .tree import Tree


def custom_function(
    forward: Callable[..., tuple[Any, Any]], backward: Callable[[Any, Any], Any]
) -> Callable[..., Any]:
    r"""Make a function from its value and its derivative.

    Args:
        forward: Takes the inputs; returns the output, and what the way back needs.
        backward: Takes what was kept and :math:`\partial L / \partial y`; returns
            :math:`\partial L / \partial x`, as a tuple if there are several inputs. None stands
            for zero.

    Returns:
        A function of the inputs.

    Raises:
        GradientError: When differentiated, if ``backward`` returns another number of gradients
            than there are inputs, or one of another shape than its input.

    Example:
        >>> cube = custom_function(
        ...     forward=lambda x: (x**3, x),
        ...     backward=lambda x, gradient: 3 * x**2 * gradient,
        ... )
        >>> jax.grad(cube)(2.0)
        Array(12., dtype=float32, weak_type=True)

    PyTorch: ``torch.autograd.Function`` with ``ctx.save_for_backward``. Verify it with
        :func:`gradcheck`.
    """

    @jax.custom_vjp
    @functools.wraps(forward)
    def function(*inputs: Tree) -> Tree:
        return forward(*inputs)[0]

    def forward_and_keep(*inputs: Tree) -> tuple[Any, Any]:
        output, kept = forward(*inputs)
        return output, (kept, inputs)

    def checked_backward(residuals: tuple[Any, Any], gradient: Tree) -> tuple[Any, ...]:
        kept, inputs = residuals
        returned = backward(kept, gradient)
        gradients = returned if isinstance(returned, tuple) else (returned,)
        if len(gradients) != len(inputs):
            raise GradientError(
                f"backward returned {len(gradients)} gradients for {len(inputs)} inputs",
                "It raises RuntimeError: returned an incorrect number of gradients.",
                "return one gradient for each input, None where there is none",
                "D139",
            )
        return tuple(map(_shaped_like, gradients, inputs, range(len(inputs))))

    function.defvjp(forward_and_keep, checked_backward)
    return function


def _shaped_like(gradient: Tree, value: Tree, number: int) -> Tree:
    """Check one gradient against its input."""
    if gradient is None:
        return jax.tree.map(jnp.zeros_like, value)
    if jax.tree.map(jnp.shape, gradient) != jax.tree.map(jnp.shape, value):
        raise GradientError(
            f"backward returned a gradient of shape {jax.tree.map(jnp.shape, gradient)} for input "
            f"{number} of shape {jax.tree.map(jnp.shape, value)}",
            "It raises RuntimeError: returned an invalid gradient.",
            "a gradient has the shape of its input: sum over the axes that were broadcast",
            "D139",
        )
    return gradient
