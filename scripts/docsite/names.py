"""Every public name of the library: what the tables in the ``__init__`` files say."""

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "functorch_course"


def public_names(package: str = PACKAGE) -> Iterator[str]:
    """Yield the full names of all functions, classes and constants that a user may call.

    A table holds ``from .file import name as name``; a file that is itself public, such as
    ``errors``, has no table: there everything that it defines without an underscore is public.
    """
    for module, name in _table(_file(package)):
        full = f"{package}.{name}"
        if module == "":
            yield from public_names(full) if _is_package(full) else _defined(full)
        else:
            yield full


def definition(name: str) -> str:
    """Return where the reference finds a public name.

    Where a file is called like what it defines, as ``data/collate.py``, the public name is the
    file's own for who reads the source, and the definition must be named in full.
    """
    owner, _, last = name.rpartition(".")
    has_file = _is_package(owner) and _file(owner).with_name(f"{last}.py").exists()
    return f"{name}.{last}" if has_file else name


def _table(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the rows of a table: the module it comes from ("" for a part), and the name."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.level:
            yield from ((node.module or "", a.name) for a in node.names if a.asname == a.name)


def _defined(module: str) -> Iterator[str]:
    """Yield what a module without a table defines."""
    for node in ast.parse(_file(module).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield f"{module}.{node.name}"


def _file(module: str) -> Path:
    """Return the file with a module's table: the stub where there is one."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{module} is no module")
    stub = Path(spec.origin).with_suffix(".pyi")
    return stub if stub.exists() else Path(spec.origin)


def _is_package(module: str) -> bool:
    return _file(module).stem == "__init__"
