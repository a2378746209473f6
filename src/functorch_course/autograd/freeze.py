"""Values that the gradient passes by: detached results and frozen parameters."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp

from functorch_course.errors import InvalidValueError

from .tree import Tree


def detach(x: Tree) -> Tree:
    r"""Return the same values, as constants of the differentiation.

    :math:`\partial\,\text{detach}(x) / \partial x = 0`.

    Args:
        x: An array, or a tree of arrays.

    Returns:
        The same values.

    Example:
        >>> jax.grad(lambda x: detach(x**2) + x)(3.0)
        Array(1., dtype=float32, weak_type=True)

    PyTorch: ``x.detach()``; also ``torch.no_grad()`` around a part of the computation.
    """
    return jax.tree.map(_stopped, x)


def _stopped(leaf: Tree) -> Tree:
    """Stop the gradient of one leaf; a Python float becomes an array, which has ``.item()``."""
    stopped = jax.lax.stop_gradient(leaf)
    return jnp.asarray(stopped) if isinstance(stopped, (float, complex)) else stopped


def freeze(parameters: Tree, *names: str) -> Tree:
    """Detach the parameters of some names; their gradients become zero.

    Args:
        parameters: A tree of arrays; a leaf is named by its path, such as ``"linear.weight"``.
        *names: Which leaves: a name, or the beginning of names up to a dot.

    Returns:
        The same values in the same form.

    Raises:
        InvalidValueError: If a name fits no leaf.

    Example:
        >>> def loss(parameters):
        ...     parameters = freeze(parameters, "weight")
        ...     return parameters["weight"] * parameters["bias"]
        >>> jax.grad(loss)({"weight": 2.0, "bias": 3.0})
        {'bias': Array(2., dtype=float32, ...), 'weight': Array(0., dtype=float32, ...)}

    PyTorch: ``p.requires_grad_(False)``, which leaves ``p.grad`` at None. An optimizer with
        momentum or weight decay moves a parameter whose gradient is zero: there use :func:`split`.
    """
    trainable, frozen = split(parameters, *names)
    return merge(trainable, detach(frozen))


def split(parameters: Tree, *names: str) -> tuple[Any, Any]:
    """Separate the parameters that are trained from those that are frozen.

    Args:
        parameters: A tree of arrays.
        *names: What is frozen: names, or beginnings of names up to a dot.

    Returns:
        The trainable and the frozen tree, each with None where the other has a leaf. Differentiate
        with respect to the first, and :func:`merge` both inside the loss.

    Raises:
        InvalidValueError: If a name fits no leaf.

    Example:
        >>> split({"weight": 2.0, "bias": 3.0}, "weight")
        ({'bias': 3.0, 'weight': None}, {'bias': None, 'weight': 2.0})

    PyTorch: ``p.requires_grad_(False)`` for the second.
    """
    _check_names(leaf_names(parameters), names)

    def is_frozen(path: tuple[Any, ...]) -> bool:
        return any(_covers(name, _name(path)) for name in names)

    with_path = jax.tree_util.tree_map_with_path
    trainable = with_path(lambda path, leaf: None if is_frozen(path) else leaf, parameters)
    frozen = with_path(lambda path, leaf: leaf if is_frozen(path) else None, parameters)
    return trainable, frozen


def merge(trainable: Tree, frozen: Tree) -> Tree:
    """Put together again what :func:`split` separated.

    Args:
        trainable: The first tree.
        frozen: The second.

    Returns:
        The tree of both.

    Example:
        >>> merge(*split({"weight": 2.0, "bias": 3.0}, "weight"))
        {'bias': 3.0, 'weight': 2.0}

    PyTorch: has no counterpart; a module holds both.
    """
    return jax.tree.map(
        lambda one, other: other if one is None else one,
        trainable,
        frozen,
        is_leaf=lambda leaf: leaf is None,
    )


def leaf_names(tree: Tree) -> list[str]:
    """Name each leaf by its path, as a state dict does."""
    return [_name(path) for path, _ in jax.tree_util.tree_leaves_with_path(tree)]


def _name(path: tuple[Any, ...]) -> str:
    is_variable = path and path[-1] == jax.tree_util.GetAttrKey("value")  # of a Flax module
    return jax.tree_util.keystr(path[:-1] if is_variable else path, simple=True, separator=".")


def _covers(name: str, leaf: str) -> bool:
    return leaf == name or leaf.startswith(name + ".")


def _check_names(leaves: list[str], names: Sequence[str]) -> None:
    for name in names:
        if not any(_covers(name, leaf) for leaf in leaves):
            raise InvalidValueError(
                f"no parameter is called {name!r}: write one of {', '.join(map(repr, leaves))}"
            )
