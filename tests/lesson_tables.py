"""The tables of the lessons, read and executed: every row is a claim.

A table has the header ``| PyTorch | torch.func | here | value |``, without the second column where
that teaches nothing. Each cell but the last is an expression in backticks, or ``—``; the last is a
literal, or the name of the error that all expressions raise.
"""

import keyword
import math
import re
import runpy
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from functorch_course.lessons import Cell, Lesson, parse
from tolerance import assert_close

HEADERS = (["PyTorch", "torch.func", "here", "value"], ["PyTorch", "here", "value"])
EMPTY = "—"
_BAR = re.compile(r"(?<!\\)\|")
_CONSTANTS = {"inf": math.inf, "nan": math.nan}


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    line: int
    expressions: dict[str, str]
    value: str

    @property
    def error(self) -> str | None:
        """The name of the error that is expected, if it is one."""
        is_constant = keyword.iskeyword(self.value) or self.value in _CONSTANTS
        return self.value if self.value.isidentifier() and not is_constant else None


def rows(text: str) -> list[Row]:
    """All rows of all tables of a lesson."""
    return [row for cell in parse(text) if cell.kind == "markdown" for row in _of_cell(cell)]


def _of_cell(cell: Cell) -> Iterator[Row]:
    header: list[str] | None = None
    for number, line in enumerate(cell.source.splitlines(), cell.line):
        if not line.startswith("|"):
            header = None
            continue
        cells = [part.strip().replace(r"\|", "|") for part in _BAR.split(line)[1:-1]]
        if header is None:
            header = cells
            assert header in HEADERS, f"line {number}: the header is {header}, not {HEADERS}"
        elif not all(re.fullmatch(r":?-+:?", part) for part in cells):
            assert len(cells) == len(header), f"line {number}: {len(cells)} cells"
            yield _row(number, dict(zip(header, cells, strict=True)))


def _row(line: int, cells: dict[str, str]) -> Row:
    bare = {}
    for column, text in cells.items():
        assert text == EMPTY or re.fullmatch(r"`[^`]+`", text), f"line {line}: {text} has no `"
        bare[column] = text.strip("`")
    return Row(line, {c: t for c, t in bare.items() if c != "value" and t != EMPTY}, bare["value"])


@cache
def globals_of(lesson: Lesson) -> dict[str, Any]:
    """What a lesson has defined when it has run; it is run once in a process."""
    return runpy.run_path(str(lesson.path), run_name="__main__")


def check(row: Row, column: str, namespace: dict[str, Any]) -> None:
    """Evaluate one cell, and compare it with the value or the error of its row."""
    place, found = f"line {row.line}, {column}", _outcome(row.expressions[column], namespace)
    if row.error or isinstance(found, Exception):
        names = [kind.__name__ for kind in type(found).__mro__]
        assert row.error in names, f"{place}: {found!r} instead of {row.value}"
        return
    try:
        assert_equal(found, eval(row.value, {"__builtins__": {}, **_CONSTANTS}))
    except AssertionError as error:
        raise AssertionError(f"{place}: {found!r} instead of {row.value}") from error


def _outcome(expression: str, namespace: dict[str, Any]) -> Any:
    try:
        return eval(expression, namespace)
    except Exception as error:  # noqa: BLE001 - what it raises is what was found
        return error


def assert_equal(found: Any, expected: Any) -> None:
    """Compare numbers by the tolerance of their dtype, everything else exactly."""
    if isinstance(found, (tuple, list)) and not isinstance(expected, str):
        assert isinstance(expected, (tuple, list))
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_equal(one, other)
    elif isinstance(found, dict):
        assert found.keys() == expected.keys()
        for key in found:
            assert_equal(found[key], expected[key])
    elif expected is None or isinstance(expected, (str, bool)):
        assert found == expected
    else:
        found = found.detach().numpy() if hasattr(found, "detach") else np.asarray(found)
        assert found.dtype != object
        assert_close(found, np.asarray(expected, found.dtype if found.dtype.kind == "f" else None))
