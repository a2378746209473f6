"""From a script with ``# %%`` marks to its cells."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from functorch_course.errors import DamagedFileError

_MARK = re.compile(r"# %%( \[markdown\])?\s*")


@dataclass(frozen=True)
class Cell:
    """One piece of a lesson: prose or code.

    Args:
        kind: What it is.
        source: The code, or the Markdown without its comment marks.
        line: Where the source begins in the script, counted from 1.

    Example:
        >>> Cell("code", "x = 1", line=2).kind
        'code'

    PyTorch: has no counterpart.
    """

    kind: Literal["markdown", "code"]
    source: str
    line: int


def parse(text: str) -> list[Cell]:
    r"""Read a script in the percent format, as Jupytext and VS Code do.

    Args:
        text: The script: ``# %%`` begins a cell of code, ``# %% [markdown]`` one of comments.

    Returns:
        Its cells, without blank lines at their ends.

    Raises:
        DamagedFileError: If something stands before the first mark, or a line of Markdown is no
            comment.

    Example:
        >>> for cell in parse("# %% [markdown]\n# # Title\n\n# %%\nx = 1\n"):
        ...     print(cell)
        Cell(kind='markdown', source='# Title', line=2)
        Cell(kind='code', source='x = 1', line=5)

    PyTorch: its tutorials are scripts too, with rows of ``#`` between the cells.
    """
    lines = text.splitlines()
    marks = [place for place, line in enumerate(lines) if _MARK.fullmatch(line)]
    _check_nothing_before(lines[: marks[0] if marks else None])
    return [_cell(lines[start:end], start + 2) for start, end in pairwise([*marks, len(lines)])]


def _check_nothing_before(lines: list[str]) -> None:
    """Refuse what would belong to no cell."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            raise DamagedFileError(f"line {number} stands before the first cell: put `# %%` above")


def _cell(lines: list[str], first: int) -> Cell:
    """Make a cell of its mark and its lines, the first of which has this number."""
    mark, *body = lines
    while body and not body[-1].strip():
        body.pop()
    if "[markdown]" not in mark:
        return Cell("code", "\n".join(body), first)
    prose = [_prose(line, number) for number, line in enumerate(body, first)]
    return Cell("markdown", "\n".join(prose), first)


def _prose(line: str, number: int) -> str:
    if line and not line.startswith("#"):
        raise DamagedFileError(f"line {number} of a Markdown cell is no comment: {line!r}")
    return line.removeprefix("#").removeprefix(" ")
