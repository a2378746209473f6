"""Running a lesson cell by cell, as a notebook would."""

import ast
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from .cells import Cell
from .finding import Lesson


@dataclass(frozen=True)
class Output:
    """What a cell of code did.

    Args:
        printed: What it wrote to standard output.
        value: The value of its last line, if that is an expression; otherwise None.

    Example:
        >>> Output("", 3).value
        3

    PyTorch: has no counterpart.
    """

    printed: str
    value: Any


def run(lesson: Lesson) -> Iterator[tuple[Cell, Output | None]]:
    """Run a lesson, and yield each cell with its output when it has run.

    Args:
        lesson: The lesson. What it writes, it writes below the current folder.

    Yields:
        Each cell; beside prose stands None.

    Raises:
        Exception: Whatever the lesson raises; the traceback shows its lines.

    Example:
        >>> from functorch_course.lessons import find
        >>> cell, output = next(run(find(2)))
        >>> cell.kind, output
        ('markdown', None)

    PyTorch: has no counterpart.
    """
    module = ModuleType("__main__")
    module.__file__ = str(lesson.path)
    for cell in lesson.cells():
        yield cell, None if cell.kind == "markdown" else _run_code(cell, module)


def _run_code(cell: Cell, module: ModuleType) -> Output:
    """Run a cell, its lines numbered as in the file."""
    tree = ast.parse("\n" * (cell.line - 1) + cell.source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    path, value = module.__file__ or "", None
    with _as_main(module), redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, path, "exec"), vars(module))
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), path, "eval"), vars(module))
    return Output(printed.getvalue(), value)


@contextmanager
def _as_main(module: ModuleType) -> Iterator[None]:
    """Let a module be the main one, so that worker processes find what it defines."""
    before = sys.modules["__main__"]
    sys.modules["__main__"] = module
    try:
        yield
    finally:
        sys.modules["__main__"] = before
