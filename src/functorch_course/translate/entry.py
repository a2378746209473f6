"""The dictionary: tables in ``dictionary/*.md``, one row for each name of PyTorch."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).with_name("dictionary")
HEADER = ["PyTorch", "here", "what differs", "left out", "row", "example"]
NOTHING = "nothing"
NO_LINE = "no line of its own: "


class Entry(NamedTuple):
    """One row of the dictionary.

    Args:
        torch: How it is written in PyTorch: names, or calls whose arguments have names.
        here: What to write here: an expression or an assignment in the same names; ``nothing``;
            or advice in words, where no single line corresponds.
        differs: The difference in one line; empty if there is none.
        left_out: Arguments that PyTorch takes and that are left out here: they change no number.
        refused: Arguments that do, written ``!name`` in the table: a call with one is explained.
        row: The row of the course that treats it, such as ``"T062"``, or nothing.
        example: A PyTorch expression to try it with, or nothing.
        topic: The table in which it stands.

    Example:
        >>> row = next(entry for entry in dictionary() if "x.view(*shape)" in entry.torch)
        >>> row.here, row.template, row.row
        ('`fc.tensor.view(x, *shape)`', 'fc.tensor.view(x, *shape)', 'T062')

    PyTorch: has no counterpart.
    """

    torch: tuple[str, ...]
    here: str
    differs: str
    left_out: tuple[str, ...]
    refused: tuple[str, ...]
    row: str
    example: str
    topic: str

    @property
    def template(self) -> str:
        """The code that takes its place, or nothing where ``here`` is words."""
        whole = re.fullmatch(r"`([^`]+)`", self.here)
        return whole[1] if whole else ""

    @property
    def is_needless(self) -> bool:
        """Whether nothing has to be written here."""
        return self.here == NOTHING


@cache
def dictionary() -> tuple[Entry, ...]:
    """Return all rows, table by table.

    Returns:
        The rows in the order in which they are tried.

    Example:
        >>> len(dictionary()) > 300
        True

    PyTorch: has no counterpart.
    """
    return tuple(entry for path in sorted(FOLDER.glob("*.md")) for entry in _read(path))


def _read(path: Path) -> list[Entry]:
    """Read one table; its heading is the topic."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [_cells(line) for line in lines if line.startswith("|")]
    if rows[0] != HEADER:
        raise ValueError(f"{path.name}: the columns are {rows[0]}, not {HEADER}")
    return [_entry(cells, lines[0].removeprefix("# ")) for cells in rows[2:]]


def _cells(line: str) -> list[str]:
    """Split a row at the bars that are not escaped."""
    parts = re.split(r"(?<!\\)\|", line.strip()[1:-1])
    return [part.strip().replace(r"\|", "|") for part in parts]


def _entry(cells: list[str], topic: str) -> Entry:
    """Make an entry of a row's cells."""
    torch, here, differs, left_out, row, example = cells
    names = [name for name in left_out.split(", ") if name]
    gone = tuple(name for name in names if not name.startswith("!"))
    refused = tuple(name[1:] for name in names if name.startswith("!"))
    return Entry(_code(torch), here, differs, gone, refused, row, example.strip("`"), topic)


def _code(text: str) -> tuple[str, ...]:
    """Return what stands between backticks."""
    return tuple(re.findall(r"`([^`]+)`", text))
