"""Go through the statements of a script in order, heads before bodies."""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from .learn import inside_class, inside_function, keep_attributes, learn
from .line import Translation, rewrite
from .loop import Update, find_update
from .rewrite import Note, Verdict
from .scope import Scope

LOOPS = ast.For | ast.AsyncFor | ast.While


@dataclass(frozen=True)
class Line:
    """One statement of a script, or the head of a compound one.

    Args:
        number: Its first line, from 1.
        end: Its last line.
        source: As it stands in the script.
        here: What to write; the source if nothing changes, empty if nothing is needed.
        verdict: ``same``, ``nothing``, ``write``, ``explain``, or ``unknown``.
        notes: What differs.
        last: The last line of its body, or its own.
        dedent: By how much its body moves to the left, where only the head is not needed.
        before: Lines to write before it.
        after: Lines to write after it and its body.

    PyTorch: has no counterpart.
    """

    number: int
    end: int
    source: str
    here: str
    verdict: Verdict
    notes: tuple[Note, ...]
    last: int
    dedent: int = 0
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def source_lines(source: str) -> list[str]:
    """Split as Python counts lines: at line feeds and carriage returns alone."""
    return re.split("\r\n|\r|\n", source)


class Walker:
    """Collect the lines of a script; what is known grows from statement to statement."""

    def __init__(self, source: str, tree: ast.Module) -> None:
        self.source = source_lines(source)
        self.taken = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        self.lines: list[Line] = []
        self.in_step: dict[ast.stmt, Translation] = {}
        self.outermost_loop: int | None = None
        self.inside = 0
        self.arguments: set[str] = set()  # of the function around

    def walk(self, body: list[ast.stmt], scope: Scope) -> None:
        """Go through a body; where nothing of it is needed, Python needs a ``pass``."""
        own = []
        for node in body:
            own.append(len(self.lines))
            self._visit(node, scope)
        lines = self.lines[own[0] :] if self.inside else []
        if lines and all(not line.here and line.last == line.end for line in lines):
            self.lines[own[0]] = replace(self.lines[own[0]], here="pass")

    def _visit(self, node: ast.stmt, scope: Scope) -> None:
        """Translate one statement, or a head and then what is inside of it."""
        if isinstance(node, ast.ClassDef | ast.For | ast.AsyncFor):
            learn(node, scope)
        bodies = list(_bodies(node))
        if not bodies or _first_line(bodies[0][0]) == node.lineno:
            self._add(node, self.in_step.get(node) or rewrite(node, scope), _end(node))
        else:
            self._add(node, _rewrite_head(node, scope), self._head_end(bodies[0][0]))
            if isinstance(node, ast.With | ast.AsyncWith) and not self.lines[-1].here:
                self.lines[-1] = replace(self.lines[-1], **_opened(node))
            self._inside(node, bodies, scope)
        if not isinstance(node, ast.ClassDef | ast.For | ast.AsyncFor):
            learn(node, scope)

    def _inside(self, node: ast.stmt, bodies: list[list[ast.stmt]], scope: Scope) -> None:
        """Go through the bodies, in a scope of their own where Python gives them one."""
        outer, place = self.outermost_loop, len(self.lines) - 1
        arguments = self.arguments
        self.inside += 1
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.outermost_loop = None
                self.arguments = {
                    node.arg for node in ast.walk(node.args) if isinstance(node, ast.arg)
                }
                inner = inside_function(node, scope)
                self.walk(node.body, inner)
                keep_attributes(inner, scope)
            case ast.ClassDef():
                self.walk(node.body, inside_class(node, scope))
            case _:
                if isinstance(node, LOOPS):
                    self._enter_loop(node.body, place, scope)
                for body in bodies:
                    self.walk(body, scope)
        self.outermost_loop, self.arguments = outer, arguments
        self.inside -= 1

    def _enter_loop(self, body: list[ast.stmt], place: int, scope: Scope) -> None:
        """Look whether the loop is one of training, and note what to write around it."""
        if self.outermost_loop is None:
            self.outermost_loop = place
        update = find_update(body, scope, self.taken)
        if update is not None:
            self.in_step |= update.lines
            self._surround(self.outermost_loop, place, update)

    def _surround(self, outermost: int, innermost: int, update: Update) -> None:
        """Write the start before the outermost loop, the trained model after the innermost."""
        before = (*self.lines[outermost].before, *update.before)
        self.lines[outermost] = replace(self.lines[outermost], before=before)
        self.lines[innermost] = replace(self.lines[innermost], after=update.after)
        if update.model in self.arguments:
            notes = (*self.lines[innermost].notes, _stays_outside(update.model))
            self.lines[innermost] = replace(self.lines[innermost], verdict="explain", notes=notes)

    def _head_end(self, first: ast.stmt) -> int:
        """Return the last line of a head: the last one before the body that has code."""
        line = _first_line(first) - 1
        while re.fullmatch(r"\s*(#.*)?", self.source[line - 1]):
            line -= 1
        return line

    def _add(self, node: ast.stmt, translation: Translation, end: int) -> None:
        """Append a line."""
        number = _first_line(node)
        source = "\n".join(self.source[number - 1 : end])
        here = translation.here
        if translation.verdict == "same":
            here = source
        elif source.lstrip().startswith("elif") and here.startswith("if"):
            here = f"el{here}"
        self.lines.append(
            Line(number, end, source, here, translation.verdict, translation.notes, _end(node))
        )


def _stays_outside(model: str) -> Note:
    """Say that whoever called the function still has the model as it was."""
    text = (
        f"`{model}` is an argument, and stays as it was for the caller: return it with `state`, "
        "and make step and state once, where the function is called"
    )
    return Note("torch.optim.Optimizer.step", "explain", text, "D172")


def _bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield the bodies of a compound statement in order."""
    for field in ("body", "handlers", "cases", "orelse", "finalbody"):
        parts = getattr(node, field, [])
        if field in {"handlers", "cases"}:
            yield from (part.body for part in parts)
        elif parts:
            yield parts


def _first_line(node: ast.stmt) -> int:
    """Return where a statement begins, with its decorators."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _opened(node: ast.With | ast.AsyncWith) -> dict[str, Any]:
    """Return how to write a body without its head: dedented, unless that changed a string."""
    texts = (n for n in ast.walk(node) if isinstance(n, ast.Constant | ast.JoinedStr))
    if any(text.end_lineno != text.lineno for text in texts):
        return {"here": "if True:"}
    return {"dedent": node.body[0].col_offset - node.col_offset}


def _rewrite_head(node: ast.stmt, scope: Scope) -> Translation:
    """Rewrite what stands before the colon."""
    head = copy.copy(node)
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        if hasattr(head, field):
            setattr(head, field, [ast.Pass()] if field == "body" else [])
    found = rewrite(head, scope)
    return replace(found, here=found.here.removesuffix("\n    pass"))
