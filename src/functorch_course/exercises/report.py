"""The verdicts, the list and the hints, as they stand in the terminal."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .catalogue import EXERCISES
from .errors import ExerciseFileError
from .exercise import SECTIONS, Exercise
from .finding import Finding
from .grade import Verdict
from .workbook import State

MARKS = {"passed": ("✓", "green"), "not yet": ("✗", "red")}
NARROWEST = 80


def show(content: RenderableType) -> None:
    """Write something to standard output.

    Args:
        content: What the functions of this file return.

    Example:
        >>> show("done")
        done

    PyTorch: has no counterpart.
    """
    console = Console(highlight=False, markup=False)
    console.width = max(console.width, NARROWEST)
    console.print(content)


def verdict_page(exercise: Exercise, path: Path, verdict: Verdict) -> RenderableType:
    """Say what was found, as a teacher would.

    Args:
        exercise: What was asked.
        path: The learner's file.
        verdict: What grading found.

    Returns:
        What :func:`show` writes.

    Example:
        >>> from functorch_course.exercises import find
        >>> finding = Finding(("read(x, i)", "i = 5"), "IndexError", "6", "nothing was raised")
        >>> show(verdict_page(find("T01"), Path("T01.py"), Verdict("T01", (), "errors", finding)))
        ✗ T01 Read one element, or fail
            call      read(x, i)
                      i = 5
            expected  IndexError
            came      6
            that is   nothing was raised
            hint      functorch-course exercise hint T01

    PyTorch: has no counterpart.
    """
    mark, color = MARKS["passed" if verdict.passed else "not yet"]
    if verdict.unwritten:
        mark, color = "·", "yellow"
    head = Text.assemble((mark, color), f" {exercise.id} ", (exercise.title, "bold"))
    lines = _grid()
    if verdict.unwritten:
        head.append(f"  still to be written, in {path}")
    elif verdict.finding is not None:
        _add_finding(lines, path, verdict.finding)
        lines.add_row("hint", f"functorch-course exercise hint {exercise.id}")
    for note in verdict.notes:
        lines.add_row("note", Text(note))
    return Group(head, Padding(lines, (0, 0, 0, 4))) if lines.row_count else head


def _grid() -> Table:
    """Return an empty table of labels and texts."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    return grid


def _add_finding(lines: Table, path: Path, finding: Finding) -> None:
    """Add the rows of a finding."""
    lines.add_row("call", Text("\n".join(finding.called)))
    lines.add_row("expected", Text(finding.expected))
    lines.add_row("came", Text(finding.came, "red"))
    if finding.meaning:
        lines.add_row("that is", Text(finding.meaning))
    for line in finding.lines:
        lines.add_row(path.name, Text(line))


def summary(verdicts: Iterable[Verdict]) -> str:
    """Count what passed, and say what comes next.

    Args:
        verdicts: Of the files that were checked.

    Returns:
        A sentence or two.

    Example:
        >>> summary([Verdict("T02"), Verdict("T03")])
        '2 of 2 passed. Next: functorch-course exercise start T04'

    PyTorch: has no counterpart.
    """
    found = list(verdicts)
    passed = [verdict.id for verdict in found if verdict.passed]
    line = f"{len(passed)} of {len(found)} passed."
    ids = [exercise.id for exercise in EXERCISES]
    if len(passed) < len(found) or passed[-1] == ids[-1]:
        return line
    return f"{line} Next: functorch-course exercise start {ids[ids.index(passed[-1]) + 1]}"


def list_table(states: Mapping[str, State]) -> Table:
    """Return all exercises as a table, with how far each is.

    Args:
        states: By id, as :func:`states` returns them.

    Returns:
        What :func:`show` writes.

    Example:
        >>> list_table({"T02": "passed"}).row_count == len(EXERCISES) + len(SECTIONS)
        True

    PyTorch: has no counterpart.
    """
    passed = sum(state == "passed" for state in states.values())
    caption = f"{passed} of {len(EXERCISES)} passed"
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, caption=caption, caption_justify="left")
    for title in ("", "", "exercise", "", "rows"):
        table.add_column(title, no_wrap=True)
    section = ""
    for exercise in EXERCISES:
        if exercise.id[0] != section:
            section = exercise.id[0]
            table.add_section()
            title = f"{SECTIONS[section]} (lesson {exercise.lesson})"
            table.add_row("", section, Text(title, "bold"))
        state = states.get(exercise.id, "")
        mark, color = MARKS.get(state, ("·" if state else "", "yellow"))
        table.add_row(Text(mark, color), exercise.id, exercise.title, state, _rows(exercise.rows))
    return table


def _rows(rows: tuple[str, ...]) -> str:
    """Return rows in at most eleven letters."""
    return ", ".join(rows) if len(rows) < 3 else f"{min(rows)} … {max(rows)}"


def hint_text(exercise: Exercise, level: int) -> str:
    """Return a hint.

    Args:
        exercise: To what.
        level: 1 the concept, 2 the direction, with the names that are enough, 3 nearly the line.

    Returns:
        A few lines, and how to get the next one.

    Raises:
        ExerciseFileError: If there is no such level.

    Example:
        >>> from functorch_course.exercises import find
        >>> print(hint_text(find("T02"), 1))
        T02 Change two elements, hint 1 of 3
          Arrays do not change. What looks like a change is a new array.
        More: functorch-course exercise hint T02 --level 2

    PyTorch: has no counterpart.
    """
    if not 1 <= level <= len(exercise.hints):
        raise ExerciseFileError(f"there is no hint {level}: write --level 1, 2 or 3")
    title = f"{exercise.id} {exercise.title}, hint {level} of {len(exercise.hints)}"
    lines = [title, f"  {exercise.hints[level - 1]}"]
    if level == 2 and exercise.uses:
        lines.append(f"  These are enough: {', '.join(exercise.uses)}")
    if level < len(exercise.hints):
        lines.append(f"More: functorch-course exercise hint {exercise.id} --level {level + 1}")
    return "\n".join(lines)
