"""From a script with ``# %%`` marks to its cells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from functorch_course.errors import DamagedFileError

_MARK = re.compile(r"# %%(?P<text> \[markdown\])?\s*")


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
    return [_cell(is_text, lines, line) for is_text, lines, line in _blocks(text)]


def _blocks(text: str) -> Iterator[tuple[bool, list[str], int]]:
    """Yield each block: whether it is Markdown, its lines, and where it begins."""
    is_text, block, start = False, list[str](), 0
    for number, line in enumerate(text.splitlines(), 1):
        mark = _MARK.fullmatch(line)
        if mark is None and not start and line.strip():
            raise DamagedFileError(f"line {number} stands before the first cell: put `# %%` above")
        if mark is None:
            block.append(line)
            continue
        if start:
            yield is_text, block, start
        is_text, block, start = mark["text"] is not None, [], number + 1
    if start:
        yield is_text, block, start


def _cell(is_text: bool, lines: list[str], line: int) -> Cell:
    while lines and not lines[-1].strip():
        lines.pop()
    if not is_text:
        return Cell("code", "\n".join(lines), line)
    return Cell("markdown", "\n".join(_prose(each, line + n) for n, each in enumerate(lines)), line)


def _prose(line: str, number: int) -> str:
    if line and not line.startswith("#"):
        raise DamagedFileError(f"line {number} of a Markdown cell is no comment: {line!r}")
    return line.removeprefix("#").removeprefix(" ")
