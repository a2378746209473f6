"""Derivatives of functions: backwards, forwards, first and second."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from .arguments import Wrt, check_function, check_inputs, positional, positions_of
from .errors import GradientError
from .guard import differentiating
from .tree import Tree, alike


def value_and_grad(
    function: Callable[..., Any], wrt: Wrt = 0, *, has_aux: bool = False
) -> Callable[..., tuple[Any, Any]]:
    r"""Turn a function into one that returns its value and its gradient.

    :math:`x \mapsto (f(x), \nabla f(x))`, in one forward and one backward pass.

    Args:
        function: Returns one number, as an array of shape ``()`` or ``(1,)``.
        wrt: Which arguments to differentiate: a position or a name, or several.
        has_aux: The function returns a pair, of which only the first is differentiated.

    Returns:
        A function of the same arguments. Its gradient has the form of the argument; with several
        arguments it is a tuple.

    Raises:
        InvalidValueError: If there is no such argument.
        GradientError: When called, if the value is not one number, or the argument holds integers.
        TeachingError: When called, if the function does what cannot be differentiated here.

    Example:
        >>> def f(u, v):
        ...     return u * v + u**2
        >>> value_and_grad(f, wrt=("u", "v"))(1.0, 2.0)
        (Array(3., ...), (Array(4., ...), Array(1., ...)))

    PyTorch: ``y = f(u, v); y.backward()``, then ``u.grad`` and ``v.grad``.
    """
    check_function(function)
    positions = positions_of(function, wrt)
    single = isinstance(wrt, (int, str))

    @functools.wraps(function)
    def differentiated(*args: Tree, **kwargs: Tree) -> tuple[Any, Any]:
        args, kwargs = positional(function, max(positions), args, kwargs)
        of_selected = _of_selected(function, positions, args, kwargs)
        selected = [args[position] for position in positions]
        check_inputs(selected)
        with differentiating():
            value, gradients = _pulled(of_selected, selected, has_aux)
        return value, gradients[0] if single else gradients

    return differentiated


def grad(
    function: Callable[..., Any], wrt: Wrt = 0, *, has_aux: bool = False
) -> Callable[..., Any]:
    r"""Turn a function into its gradient.

    :math:`x \mapsto \nabla f(x)`.

    Args:
        function: Returns one number, as an array of shape ``()`` or ``(1,)``.
        wrt: Which arguments to differentiate: a position or a name, or several.
        has_aux: The function returns a pair, of which only the first is differentiated; the
            second comes out beside the gradient.

    Returns:
        A function of the same arguments.

    Raises:
        InvalidValueError: If there is no such argument.
        GradientError: When called, if the value is not one number, or the argument holds integers.
        TeachingError: When called, if the function does what cannot be differentiated here.

    Example:
        >>> grad(lambda x: x**2)(2.0)
        Array(4., dtype=float32, weak_type=True)

    PyTorch: ``x.requires_grad_(); f(x).backward(); x.grad``, or ``torch.func.grad``.
    """
    with_value = value_and_grad(function, wrt, has_aux=has_aux)

    @functools.wraps(function)
    def gradient(*args: Tree, **kwargs: Tree) -> Tree:
        value, gradients = with_value(*args, **kwargs)
        return (gradients, value[1]) if has_aux else gradients

    return gradient


def backward(function: Callable[..., Any], *inputs: Tree, gradient: Tree = None) -> Tree:
    r"""Run a function, and pull a gradient back from its output to its inputs.

    :math:`v^T J`, with the Jacobian :math:`J` of the function at the inputs.

    Shapes: the gradient has the shape of the output, the result those of the inputs.

    Args:
        function: What to run.
        *inputs: Where; all of them are differentiated.
        gradient: The gradient :math:`v` with respect to the output; 1 if the output is one number.

    Returns:
        The gradient of the input; a tuple if there are several.

    Raises:
        GradientError: If the output is not one number and no gradient came, or its shape or dtype
            is not that of the output, or an input holds integers.

    Example:
        >>> backward(lambda x: x**2, jnp.array([1.0, 2.0, 3.0]), gradient=jnp.ones(3))
        Array([2., 4., 6.], dtype=float32)

    PyTorch: ``f(x).backward(gradient)``, then ``x.grad``.
    """
    value, pull = vjp(function, *inputs)
    gradients = pull(one_for(value) if gradient is None else gradient)
    return gradients[0] if len(inputs) == 1 else gradients


def vjp(
    function: Callable[..., Any], *inputs: Tree
) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    r"""Run a function, and return with its value the way back.

    :math:`f(x)` and :math:`v \mapsto v^T J`. The way back may be gone as often as one likes.

    Args:
        function: What to run.
        *inputs: Where.

    Returns:
        The value, and a function from a gradient with respect to the value to a tuple of gradients
        with respect to the inputs.

    Raises:
        GradientError: If an input holds integers; from the way back, if the gradient has another
            shape or dtype than the value.

    Example:
        >>> value, pull = vjp(lambda x: x**2, jnp.array([1.0, 2.0, 3.0]))
        >>> pull(jnp.array([1.0, 10.0, 100.0]))
        (Array([  2.,  40., 600.], dtype=float32),)

    PyTorch: ``torch.func.vjp``; ``y.backward(v, retain_graph=True)``.
    """
    check_function(function)
    check_inputs(inputs)
    with differentiating():
        value, pull = jax.vjp(function, *inputs)

    def checked_pull(gradient: Tree) -> tuple[Any, ...]:
        return pull(_as_cotangent(gradient, value))  # type: ignore[no-any-return]

    return value, checked_pull


def jvp(
    function: Callable[..., Any], inputs: Sequence[Any], tangents: Sequence[Any]
) -> tuple[Any, Any]:
    r"""Run a function, and push a direction forward with it.

    :math:`f(x)` and :math:`J t`: how fast the value changes as the inputs move along :math:`t`.

    Args:
        function: What to run.
        inputs: Where, as a list.
        tangents: The directions, shaped like the inputs.

    Returns:
        The value, and its derivative in that direction.

    Raises:
        GradientError: If an input holds integers, or a tangent does not fit its input.

    Example:
        >>> jvp(lambda x: x**2, [2.0], [1.0])
        (Array(4., dtype=float32, weak_type=True), Array(4., dtype=float32, weak_type=True))

    PyTorch: ``torch.func.jvp``.
    """
    check_function(function)
    check_inputs(inputs)
    fitting = [_as_cotangent(t, x) for t, x in zip(tangents, inputs, strict=True)]
    with differentiating():
        return jax.jvp(function, tuple(inputs), tuple(fitting))


def jacobian(function: Callable[..., Any], wrt: Wrt = 0) -> Callable[..., Any]:
    r"""Turn a function into the matrix of all its first derivatives.

    :math:`J_{ij} = \partial f_i / \partial x_j`.

    Shapes: the shape of the output, followed by that of the input.

    Args:
        function: The function.
        wrt: Which arguments to differentiate: a position or a name, or several.

    Returns:
        A function of the same arguments.

    Raises:
        InvalidValueError: If there is no such argument.
        GradientError: When called, if an argument holds integers.

    Example:
        >>> jacobian(lambda x: x**2)(jnp.array([1.0, 2.0]))
        Array([[2., 0.],
               [0., 4.]], dtype=float32)

    PyTorch: ``torch.func.jacrev``, ``torch.autograd.functional.jacobian``.
    """
    return _matrix(function, wrt, jax.jacrev)


def hessian(function: Callable[..., Any], wrt: Wrt = 0) -> Callable[..., Any]:
    r"""Turn a function into the matrix of all its second derivatives.

    :math:`H_{ij} = \partial^2 f / \partial x_i \partial x_j`, forwards over backwards.

    Shapes: the shape of the output, followed twice by that of the input.

    Args:
        function: The function.
        wrt: Which arguments to differentiate: a position or a name, or several.

    Returns:
        A function of the same arguments.

    Raises:
        InvalidValueError: If there is no such argument.
        GradientError: When called, if an argument holds integers.

    Example:
        >>> hessian(lambda x: x[0] ** 2 * x[1])(jnp.array([1.0, 2.0]))
        Array([[4., 2.],
               [2., 0.]], dtype=float32)

    PyTorch: ``torch.func.hessian``.
    """
    return _matrix(function, wrt, jax.hessian)


def _matrix(
    function: Callable[..., Any], wrt: Wrt, transform: Callable[..., Callable[..., Any]]
) -> Callable[..., Any]:
    """Apply a transformation of JAX with our arguments and our errors."""
    check_function(function)
    positions = positions_of(function, wrt)
    single = isinstance(wrt, (int, str))

    @functools.wraps(function)
    def derivative(*args: Tree, **kwargs: Tree) -> Tree:
        args, kwargs = positional(function, max(positions), args, kwargs)
        check_inputs([args[position] for position in positions])
        with differentiating():
            return transform(function, argnums=positions[0] if single else positions)(
                *args, **kwargs
            )

    return derivative


def _of_selected(
    function: Callable[..., Any],
    positions: tuple[int, ...],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Callable[..., Any]:
    """Hold all arguments fast but those at some positions."""

    def of_selected(*selected: Tree) -> Tree:
        filled = list(args)
        for position, value in zip(positions, selected, strict=True):
            filled[position] = value
        return function(*filled, **kwargs)

    return of_selected


def _pulled(
    function: Callable[..., Any], inputs: Sequence[Any], has_aux: bool
) -> tuple[Any, tuple[Any, ...]]:
    """Go forward and back."""
    if has_aux:
        value, pull, aux = jax.vjp(function, *inputs, has_aux=True)
        return (value, aux), pull(one_for(value))
    value, pull = jax.vjp(function, *inputs)
    return value, pull(one_for(value))


def one_for(value: Tree) -> jax.Array:
    """Return the gradient of a number with respect to itself, or raise if it is no number."""
    if not alike(value, 0) or jnp.size(value) != 1:
        shapes = jax.tree.map(jnp.shape, value)
        raise GradientError(
            f"the function returns shape {shapes}, and without a gradient only a single number "
            f"can be pulled back",
            "It raises RuntimeError: grad can be implicitly created only for scalar outputs.",
            "sum or average the result; or backward(f, x, gradient=ones_like(y))",
            "D169",
        )
    if not jnp.issubdtype(jnp.result_type(value), jnp.inexact):
        raise GradientError(
            f"the function returns {jnp.result_type(value)}, and only floats have a gradient",
            "It raises RuntimeError: element 0 of tensors does not require grad.",
            "return a float",
            "D148",
        )
    return jnp.ones_like(value)


def _as_cotangent(gradient: Tree, value: Tree) -> Tree:
    """Check that a gradient, or a direction, has the form of the value it belongs to."""
    if not alike(gradient, value):
        raise _does_not_fit(jax.tree.structure(gradient), jax.tree.structure(value))
    return jax.tree.map(_fitting_leaf, gradient, value)


def _fitting_leaf(gradient: Tree, value: Tree) -> jax.Array:
    array, like = jnp.asarray(gradient), jnp.asarray(value)
    if array.shape != like.shape:
        raise _does_not_fit(f"shape {array.shape}", f"shape {like.shape}")
    if array.dtype != like.dtype and not (array.weak_type or like.weak_type):
        raise _does_not_fit(array.dtype, like.dtype)
    return array.astype(like.dtype)


def _does_not_fit(came: object, expected: object) -> GradientError:
    return GradientError(
        f"a gradient must look like the value it belongs to: expected {expected}, but got {came}",
        "It raises RuntimeError: mismatch in shape.",
        "gradient=ones_like(y), times the weights of its elements",
        "D170",
    )
