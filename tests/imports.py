"""Read from the source which file imports what, without running it."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = "functorch_course"


class Import(NamedTuple):
    """One imported module, by its full name, and where it is written."""

    module: str
    file: Path
    line: int


def imports(file: Path, source: Path) -> Iterator[Import]:
    """Yield what ``file`` imports when it runs, at any depth; not what only type checkers see."""
    own = list(file.relative_to(source).with_suffix("").parts)
    package = own[:-1]
    for node in _running(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, file, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) + 1 - node.level]] if node.level else []
            base += node.module.split(".") if node.module else []
            for alias in node.names:
                child = source.joinpath(*base, alias.name)
                is_module = child.with_suffix(".py").exists() or (child / "__init__.py").exists()
                name = [*base, alias.name] if is_module else base
                yield Import(".".join(name), file, node.lineno)


def part(file: Path, source: Path) -> str:
    """Return the part of the house that a file belongs to: its first name below the package."""
    names = file.relative_to(source / PACKAGE).with_suffix("").parts
    return names[0]


def root(module: str) -> str:
    """Return the name that the import table speaks of: a part of the house, or a distribution."""
    names = module.split(".")
    if names[0] == PACKAGE:
        return names[1] if len(names) > 1 else PACKAGE
    return "" if names[0] in sys.stdlib_module_names else names[0]


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """Walk over everything but the blocks under ``if TYPE_CHECKING``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from _running(child)
