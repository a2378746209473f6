"""The parameters of a program by PyTorch's names."""

from typing import Any

import jax

Tree = Any


def named_leaves(parameters: Tree) -> dict[str, Any]:
    """Return the arrays of a pytree by their paths, joined by dots, in order of the names.

    Example:
        >>> named_leaves({"linear": {"weight": 2.0, "bias": 1.0}})
        {'linear.bias': 1.0, 'linear.weight': 2.0}
    """
    leaves, _ = jax.tree.flatten_with_path(parameters)
    named = {_name(path): leaf for path, leaf in leaves}
    return dict(sorted(named.items()))


def with_leaves(parameters: Tree, values: dict[str, Any]) -> Tree:
    """Return the pytree with other arrays in it.

    Example:
        >>> with_leaves({"weight": 2.0, "bias": 1.0}, {"weight": 5.0, "bias": 6.0})
        {'bias': 6.0, 'weight': 5.0}
    """
    leaves, structure = jax.tree.flatten_with_path(parameters)
    return jax.tree.unflatten(structure, [values[_name(path)] for path, _ in leaves])


def _name(path: tuple[Any, ...]) -> str:
    """Return the path to a leaf as PyTorch would write it; Flax ends it in ``value``."""
    return jax.tree_util.keystr(path, simple=True, separator=".").removesuffix(".value")
