"""One line of PyTorch: what to write here."""

import ast
import copy
from dataclasses import asdict, dataclass
from typing import Any

from .names import USUAL
from .parsing import parse_text
from .rewrite import Note, Rewriter, Verdict
from .scope import Scope

ORDER: list[Verdict] = ["unknown", "explain", "write", "nothing"]


@dataclass(frozen=True)
class Translation:
    """What a line of PyTorch becomes.

    Args:
        source: The line.
        here: What to write; the line itself if nothing changes, empty if nothing is needed.
        verdict: ``same``, ``nothing``, ``write``, ``explain``, or ``unknown``.
        notes: The differences, one for each of PyTorch's names.

    PyTorch: has no counterpart.
    """

    source: str
    here: str
    verdict: Verdict
    notes: tuple[Note, ...]

    def as_json(self) -> dict[str, Any]:
        """Return everything in plain values."""
        return asdict(self) | {"notes": [note._asdict() for note in self.notes]}


def translate_line(text: str) -> Translation:
    """Rewrite one or a few lines of PyTorch; unknown variables are taken for tensors.

    Args:
        text: Python, with PyTorch's modules under their usual names (``nn``, ``F``, ``optim``, …).

    Returns:
        What to write here, and what differs.

    Raises:
        ScriptError: If the text is not Python.

    Example:
        >>> translate_line("x.view(-1, 1)").here
        'fc.tensor.view(x, -1, 1)'
        >>> translate_line("x[0] = 1").here
        'x = x.at[0].set(1)'
        >>> translate_line("optimizer.zero_grad()").verdict
        'nothing'

    PyTorch: has no counterpart.
    """
    scope = Scope(imports=dict(USUAL), guess=True)
    parts = [rewrite(node, scope) for node in parse_text(text, "the line").body]
    here = "\n".join(part.here for part in parts if part.here)
    notes = tuple(note for part in parts for note in part.notes)
    verdicts = [part.verdict for part in parts]
    worst: Verdict = next((verdict for verdict in ORDER if verdict in verdicts), "same")
    return Translation(text, here, worst, notes)


def rewrite(node: ast.stmt, scope: Scope) -> Translation:
    """Rewrite one statement in a scope; the node itself stays as it is."""
    before = ast.unparse(node)
    rewriter = Rewriter(scope)
    new = rewriter.statement(copy.deepcopy(node))
    after = ast.unparse(new)
    notes = tuple(rewriter.notes)
    verdicts = {note.verdict for note in notes}
    if verdicts & {"unknown", "explain"}:
        return Translation(before, after, "unknown" if "unknown" in verdicts else "explain", notes)
    if ("nothing" in verdicts and after == before) or _binds_itself(new):
        return Translation(before, "", "nothing", notes)
    return Translation(before, after, "same" if after == before else "write", notes)


def _binds_itself(node: ast.stmt) -> bool:
    """Tell whether a statement has become ``x = x``."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return False
    return ast.unparse(node.targets[0]) == ast.unparse(node.value)
