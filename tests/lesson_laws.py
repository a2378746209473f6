"""The form of a lesson: what every script in ``scripts/lessons/`` has to look like."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from course_report import read_rows
from functorch_course.lessons import Cell, parse
from lesson_tables import rows

MOST_LINES, WIDEST = 220, 100
SAYS = ["**The text says:**", "**What happens:**", "**Why:**"]
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?(?![\w.]*\d)")


def breaks(path: Path, text: str) -> list[str]:
    """Every law that a lesson breaks, as a line."""
    return [line for law in LAWS for line in law(path, text, parse(text))]


def title(path: Path, text: str, cells: list[Cell]) -> Iterator[str]:
    """The first cell is prose, headed by the number in the file's name."""
    heading = rf"# {int(path.name[:2])}\. \S.*\n\n\S"
    if cells[0].kind != "markdown" or not re.match(heading, cells[0].source):
        yield "the first cell does not begin with `# N. Title` and a paragraph"


def course_rows(path: Path, text: str, cells: list[Cell]) -> Iterator[str]:
    """The first cell names rows of the course that exist."""
    line = re.search(r"^Rows: (.+)$", cells[0].source, re.MULTILINE)
    if line is None:
        yield "the first cell has no line `Rows: T034–T089`"
        return
    named = re.findall(r"[OTMDSI]\d{3}", line[1])
    yield from (f"there is no row {row}" for row in named if row not in read_rows())
    if not named:
        yield f"no row stands in {line[0]!r}"


def length(path: Path, text: str, cells: list[Cell]) -> Iterator[str]:
    """A lesson is short, and so are its lines, except those of tables."""
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        yield f"{len(lines)} lines are more than {MOST_LINES}"
    for number, line in enumerate(lines, 1):
        if len(line) > WIDEST and not line.startswith("# |"):
            yield f"line {number} has more than {WIDEST} characters"


def imports(path: Path, text: str, cells: list[Cell]) -> Iterator[str]:
    """The library is imported, torch is not."""
    nodes = list(ast.walk(ast.parse(text)))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    if "functorch_course" not in names:
        yield "the library is not imported"
    yield from (f"{n} is imported" for n in names if n.split(".")[0] in {"torch", "torchvision"})


def corrections(path: Path, text: str, cells: list[Cell]) -> Iterator[str]:
    """Where the text is wrong: what it says, what happens, why; then code that shows it."""
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        found = [mark for mark in SAYS if mark in cell.source]
        if not found:
            continue
        places = [cell.source.find(mark) for mark in SAYS]
        if places[0] != 0 or places != sorted(places) or len(found) < len(SAYS):
            yield f"line {cell.line}: a correction has the parts {', '.join(SAYS)}"
        if after is None or after.kind != "code":
            yield f"line {cell.line}: no code follows the correction"


def picture(path: Path, text: str, cells: list[Cell]) -> Iterator[str]:
    """At least one picture is drawn, where runs are written."""
    if "runs/lessons/" not in "".join(cell.source for cell in cells if cell.kind == "code"):
        yield "no picture is written to runs/lessons/"


def end(path: Path, text: str, cells: list[Cell]) -> Iterator[str]:
    """The last cell says what to remember, and where the exercises are."""
    if cells[-1].kind != "markdown" or "`functorch-course exercise list" not in cells[-1].source:
        yield "the last cell does not name `functorch-course exercise list`"


def tables(path: Path, text: str, cells: list[Cell]) -> Iterator[str]:
    """Every table can be read."""
    try:
        rows(text)
    except AssertionError as error:
        yield str(error)


def numbers(path: Path, text: str, cells: list[Cell]) -> Iterator[str]:
    """Fractions and large numbers in prose stand in an assertion, or in a table that is run."""
    code = ast.parse("\n".join(cell.source for cell in cells if cell.kind == "code"))
    asserted = {
        abs(node.value)
        for statement in ast.walk(code)
        if isinstance(statement, ast.Assert)
        for node in ast.walk(statement)
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
    }
    for cell in cells:
        prose = [line for line in cell.source.splitlines() if cell.kind == "markdown"]
        spoken = " ".join(line for line in prose if not line.startswith(("|", "Rows:")))
        for found in _NUMBER.findall(spoken):
            value = abs(float(found.replace(",", "")))
            if ("." in found or value >= 100) and value not in asserted:
                yield f"line {cell.line}: {found} in the prose is asserted nowhere"


LAWS: list[Callable[[Path, str, list[Cell]], Iterator[str]]] = [
    title, course_rows, length, imports, corrections, picture, end, tables, numbers,
]  # fmt: skip
