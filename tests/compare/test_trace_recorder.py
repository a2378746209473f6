"""The file that records traces in PyTorch is short, and needs torch and NumPy alone."""

import ast
import sys
from pathlib import Path

from functorch_course import compare

HELPER = Path(compare.__file__).with_name("trace_recorder.py").read_text(encoding="utf-8")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def lines_of_code(text):
    """Count the lines that are neither empty, nor a comment, nor documentation."""
    tree = ast.parse(text)
    documentation = set()
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node):
            first = node.body[0]
            documentation |= set(range(first.lineno, first.end_lineno + 1))
    return sum(
        bool(line.strip()) and not line.lstrip().startswith("#") and number not in documentation
        for number, line in enumerate(text.splitlines(), 1)
    )


PROGRAM = '''"""About.

More.
"""

# why
import os

def f():
    """About."""
    return (
        1)
'''


def test_lines_are_counted():
    assert lines_of_code(PROGRAM) == 4


def test_it_has_20_lines_of_code():
    assert lines_of_code(HELPER) <= 20
    assert max(map(len, HELPER.splitlines())) <= 100


def test_it_imports_numpy_alone():
    nodes = [n for n in ast.walk(ast.parse(HELPER)) if isinstance(n, ast.Import | ast.ImportFrom)]
    names = {getattr(node, "module", None) or node.names[0].name for node in nodes}
    assert names - sys.stdlib_module_names == {"numpy"}
