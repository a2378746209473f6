"""``pytest --course-report``: which rows of the course are executed by a test that passes.

The rows stand in ``tests/course/rows.csv``, with the lines of the course text they come from, and
with the library that runs their PyTorch column. A test names the rows it executes here with
``@pytest.mark.course("T055")``, and those whose PyTorch column it executes with
``@pytest.mark.pytorch("T055")``. The second are counted where that library is installed.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

SECTIONS = {
    "O": "Overview of tensors",
    "T": "1-D tensors",
    "M": "Two-dimensional tensors",
    "D": "Differentiation",
    "S": "Simple dataset",
    "I": "Image datasets",
}
REQUIRED = "OTMDSI"
HERE, PYTORCH = "course", "pytorch"
NONE = "no"


@dataclass(frozen=True)
class Row:
    """One claim of the course text, and what there is to run."""

    id: str
    lines: str
    executable: bool
    pytorch: str
    topic: str


@dataclass
class Column:
    """The rows that can be executed on one side, here or in PyTorch, and the outcomes so far."""

    executable: list[Row]
    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)

    def note(self, report: pytest.TestReport, rows: set[str]) -> None:
        """Note the outcome of a test of some rows."""
        if report.failed:
            self.failed |= rows
        elif report.when == "call" and report.passed:
            self.passed |= rows

    def missing(self, section: str) -> list[Row]:
        """List the rows of a section without a test that passes, or with one that fails."""
        covered = self.passed - self.failed
        return [row for row in self.executable if row.id[0] == section and row.id not in covered]

    def count(self, sections: Iterable[str]) -> str:
        """Write covered / executable of some sections."""
        rows = [row for row in self.executable if row.id[0] in sections]
        gaps = sum(len(self.missing(section)) for section in sections)
        return f"{len(rows) - gaps:>3} / {len(rows):<3}" + ("      " if gaps else " whole")


def read_rows() -> dict[str, Row]:
    """Read the table of all rows."""
    path = Path(__file__).parent / "course" / "rows.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            line["id"]: Row(
                line["id"],
                line["lines"],
                line["executable"] == "yes",
                line["pytorch"],
                line["topic"],
            )
            for line in csv.DictReader(file)
        }


def columns(rows: Iterable[Row], installed: Iterable[str]) -> dict[str, Column]:
    """Return what can be executed here, and what in PyTorch with the libraries there are."""
    rows = list(rows)
    found = {HERE: Column([row for row in rows if row.executable])}
    in_pytorch = [row for row in rows if row.pytorch in set(installed) - {NONE}]
    return found | ({PYTORCH: Column(in_pytorch)} if in_pytorch else {})


def installed_libraries() -> list[str]:
    """Name those of PyTorch's libraries that can be used: torchvision only beside torch."""
    return [name for name in ("torch", "torchvision") if find_spec("torch") and find_spec(name)]


def table(sides: dict[str, Column]) -> list[str]:
    """Write covered and executable rows by section, and below each what is missing."""
    lines = [" " * 29 + "".join(f"{name:<18}" for name in ("here", "in PyTorch")[: len(sides)])]
    for section, title in SECTIONS.items():
        counts = "   ".join(column.count(section) for column in sides.values())
        lines.append(f"{section}  {title:<24} {counts}")
        for name, column in sides.items():
            where = " (in PyTorch)" if name == PYTORCH else ""
            lines += [
                f"     {row.id}{where}  line {row.lines}: {row.topic}"
                for row in column.missing(section)
            ]
    totals = "   ".join(column.count(SECTIONS) for column in sides.values())
    return [line.rstrip() for line in [*lines, f"   {'all':<24} {totals}"]]


@dataclass(eq=False)
class CourseReport:
    """Collects what passes and fails, in this process or from its workers."""

    sides: dict[str, Column] = field(
        default_factory=lambda: columns(read_rows().values(), installed_libraries())
    )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the rows of one test."""
        for name, column in self.sides.items():
            column.note(report, {row for mark, row in report.user_properties if mark == name})

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail if a section that has to be whole is not."""
        gaps = [side.missing(section) for side in self.sides.values() for section in REQUIRED]
        if any(gaps) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table."""
        terminalreporter.section("course report: rows covered / executable")
        for line in table(self.sides):
            terminalreporter.write_line(line)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption(
        "--course-report",
        action="store_true",
        help=f"print which rows of the course are tested; fail unless {REQUIRED} are whole",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks, and the report where it is asked for."""
    config.addinivalue_line("markers", "course(*rows): the rows of the course that a test executes")
    config.addinivalue_line("markers", "pytorch(*rows): those whose PyTorch column it executes")
    is_worker = hasattr(config, "workerinput")
    if config.getoption("course_report") and not is_worker:
        config.pluginmanager.register(CourseReport(), "course-report")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Send the rows of each test along with its result, also from worker processes."""
    known = read_rows()
    in_pytorch = {name for name, row in known.items() if row.pytorch != NONE}
    for item in items:
        for name, allowed in ((HERE, known), (PYTORCH, in_pytorch)):
            for mark in item.iter_markers(name):
                for row in mark.args:
                    if row not in allowed:
                        which = "to run in PyTorch" if row in known else "of the course"
                        raise pytest.UsageError(f"{item.nodeid}: there is no row {row!r} {which}")
                    item.user_properties.append((name, row))
