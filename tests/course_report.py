"""``pytest --course-report``: which rows of the course are executed by a test that passes.

The rows stand in ``tests/course/rows.csv``, with the lines of the course text they come from. A
test names its rows with ``@pytest.mark.course("T055")``.
"""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
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
PROPERTY = "course"


@dataclass(frozen=True)
class Row:
    """One claim of the course text, and whether there is anything to run."""

    id: str
    lines: str
    executable: bool
    topic: str


def read_rows() -> dict[str, Row]:
    """Read the table of all rows."""
    path = Path(__file__).parent / "course" / "rows.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            line["id"]: Row(line["id"], line["lines"], line["executable"] == "yes", line["topic"])
            for line in csv.DictReader(file)
        }


def missing(rows: Iterable[Row], covered: set[str], section: str) -> list[Row]:
    """List the executable rows of a section that no passing test covers."""
    return [
        row for row in rows if row.executable and row.id[0] == section and row.id not in covered
    ]


def table(rows: dict[str, Row], covered: set[str]) -> list[str]:
    """Write covered and executable rows by section, and below each what is missing."""
    executable = Counter(row.id[0] for row in rows.values() if row.executable)
    done = Counter(row_id[0] for row_id in covered if rows[row_id].executable)
    lines = []
    for section, title in SECTIONS.items():
        gaps = missing(rows.values(), covered, section)
        counts = f"{done[section]:>3} / {executable[section]:<3}"
        lines.append(f"{section}  {title:<24} {counts} {'' if gaps else 'whole'}".rstrip())
        lines += [f"     {row.id}  line {row.lines}: {row.topic}" for row in gaps]
    total = f"{done.total():>3} / {executable.total()}"
    return [*lines, f"   {'all':<24} {total}"]


@dataclass(eq=False)
class CourseReport:
    """Collects what passes and fails, in this process or from its workers."""

    rows: dict[str, Row] = field(default_factory=read_rows)
    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)

    @property
    def covered(self) -> set[str]:
        """The rows with a test that passes, and none that fails."""
        return self.passed - self.failed

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the rows of one test."""
        rows = {value for name, value in report.user_properties if name == PROPERTY}
        if report.failed:
            self.failed |= rows
        elif report.when == "call" and report.passed:
            self.passed |= rows

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail if a section that has to be whole is not."""
        gaps = [missing(self.rows.values(), self.covered, section) for section in REQUIRED]
        if any(gaps) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table."""
        terminalreporter.section("course report: rows covered / executable")
        for line in table(self.rows, self.covered):
            terminalreporter.write_line(line)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption(
        "--course-report",
        action="store_true",
        help=f"print which rows of the course are tested; fail unless {REQUIRED} are whole",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark, and the report where it is asked for."""
    config.addinivalue_line("markers", "course(*rows): the rows of the course that a test executes")
    is_worker = hasattr(config, "workerinput")
    if config.getoption("course_report") and not is_worker:
        config.pluginmanager.register(CourseReport(), "course-report")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Send the rows of each test along with its result, also from worker processes."""
    known = read_rows()
    for item in items:
        for mark in item.iter_markers(PROPERTY):
            for row in mark.args:
                if row not in known:
                    raise pytest.UsageError(f"{item.nodeid}: there is no row {row!r} of the course")
                item.user_properties.append((PROPERTY, row))
