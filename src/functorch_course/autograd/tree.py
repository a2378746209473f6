"""The one type that JAX does not have, and the one question about it."""

from typing import Any, TypeAlias

import jax

#: An array, a number, or a tree of them: lists, tuples, dicts, registered classes.
Tree: TypeAlias = Any


def alike(one: Tree, other: Tree) -> bool:
    """Tell whether two trees have the same form, whatever their leaves are."""
    form: object = jax.tree.structure(one)
    return form == jax.tree.structure(other)
