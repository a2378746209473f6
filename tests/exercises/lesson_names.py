"""Which names a learner knows: Python's, NumPy's, and those that the lessons have used so far.

A name with a dot in front is a method or an attribute of a value.
"""

import ast
import re
from pathlib import Path

import numpy as np

LESSONS = Path(__file__).parent.parent.parent / "scripts" / "lessons"
MODULES = {"jax", "jnp", "np", "fc", "Image"}
BUILT_IN = (np.ndarray, np.random.Generator, str, list, dict)


def taught_by(lesson: int) -> set[str]:
    """The names that stand in the lessons up to this one, in their code or their tables."""
    files = sorted(LESSONS.glob("0*.py"))[:lesson]
    return {name for file in files for name in named_in(file.read_text(encoding="utf-8"))}


def named_in(text: str) -> set[str]:
    """The names that stand in a text, be it code or not."""
    modules = "|".join(sorted(MODULES))
    dotted = re.findall(rf"\b(?:{modules})(?:\.\w+)+", text)
    return {*dotted, *re.findall(r"(?<=[\w)\]])\.[A-Za-z_]\w*", text)}


def is_presupposed(name: str) -> bool:
    """Whether somebody knows a name who knows Python and NumPy, but no JAX."""
    module, _, rest = name.partition(".")
    if module in ("np", "jnp"):
        return hasattr(np, rest.split(".")[0])
    if module == "":
        return any(hasattr(kind, rest) for kind in BUILT_IN)
    return name in ("@", "jax.Array")


def names_in(source: str) -> set[str]:
    """The names of libraries, methods and attributes that a program uses, and ``@``."""
    tree = ast.parse(source)
    return {name for node in ast.walk(tree) for name in _names_of(node)} - _prefixes(tree)


def _names_of(node: ast.AST) -> set[str]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return {"@"}
    if not isinstance(node, ast.Attribute) or _root(node) == "self":
        return set()
    return {ast.unparse(node) if _root(node) in MODULES else f".{node.attr}"}


def _root(node: ast.AST) -> str:
    """The name that a chain of attributes begins with, or nothing."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _prefixes(tree: ast.AST) -> set[str]:
    """``fc.autograd`` where ``fc.autograd.grad`` is meant."""
    inner = [node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return {ast.unparse(node) for node in inner if isinstance(node, ast.Attribute)}
