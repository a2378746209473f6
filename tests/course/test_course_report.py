"""The course report counts, prints, and fails when it should."""

import os
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

import course_report
from course_report import HERE, PYTORCH, CourseReport, Row, columns, read_rows, table

ROWS = [
    Row("T001", "1", executable=True, pytorch="torch", topic="first"),
    Row("T002", "2-3", executable=True, pytorch="no", topic="second"),
    Row("T003", "4", executable=False, pytorch="no", topic="a thought"),
    Row("D004", "5", executable=True, pytorch="torchvision", topic="fourth"),
]


def sides(*installed, here=(), in_pytorch=()):
    """Return both columns after some rows have passed."""
    found = columns(ROWS, installed)
    for name, rows in ((HERE, here), (PYTORCH, in_pytorch)):
        if name in found:
            found[name].passed |= set(rows)
    return found


def words(lines):
    """Return lines without their alignment."""
    return [" ".join(line.split()) for line in lines]


def test_the_table_of_rows_is_that_of_the_course():
    rows = read_rows()
    assert len(rows) == 243
    assert [int(row_id[1:]) for row_id in rows] == list(range(1, 244))
    assert {row_id[0] for row_id in rows} == set(course_report.SECTIONS)
    assert sum(row.executable for row in rows.values()) == 220
    assert Counter(row.pytorch for row in rows.values()) == {
        "torch": 162,
        "torchvision": 14,
        "no": 67,
    }
    assert all(row.executable for row in rows.values() if row.pytorch != "no")


def test_what_is_missing():
    assert [row.id for row in sides(here=["T001"])[HERE].missing("T")] == ["T002"]
    assert sides(here=["T001", "T002"])[HERE].missing("T") == []


def test_what_can_be_executed_depends_on_what_is_installed():
    assert sides().keys() == {HERE}
    assert [row.id for row in sides("torch")[PYTORCH].executable] == ["T001"]
    both = sides("torch", "torchvision")[PYTORCH]
    assert [row.id for row in both.executable] == ["T001", "D004"]


def test_the_printed_table():
    lines = words(table(sides("torch", here=["T001", "T003", "D004"])))
    assert lines[0] == "here in PyTorch"
    assert "T 1-D tensors 1 / 2 0 / 1" in lines
    assert "T002 line 2-3: second" in lines
    assert "T001 (in PyTorch) line 1: first" in lines
    assert "D Differentiation 1 / 1 whole 0 / 0 whole" in lines
    assert lines[-1] == "all 2 / 3 0 / 1"


def test_without_torch_there_is_one_column():
    lines = words(table(sides(here=["T001"])))
    assert lines[0] == "here"
    assert "T 1-D tensors 1 / 2" in lines


def test_a_row_with_a_failing_test_is_not_covered():
    column = sides(here=["T001", "T002"])[HERE]
    column.failed.add("T002")
    assert [row.id for row in column.missing("T")] == ["T002"]


@pytest.mark.parametrize(
    ("here", "in_pytorch", "status"),
    [
        (["T001", "T002", "D004"], ["T001"], pytest.ExitCode.OK),
        (["T001", "T002", "D004"], [], pytest.ExitCode.TESTS_FAILED),
        (["T001", "D004"], ["T001"], pytest.ExitCode.TESTS_FAILED),
    ],
)
def test_both_columns_have_to_be_whole(here, in_pytorch, status):
    report = CourseReport(sides("torch", here=here, in_pytorch=in_pytorch))
    session = SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    report.pytest_sessionfinish(session)
    assert session.exitstatus == status


def test_only_rows_with_a_pytorch_column_may_be_marked_so():
    class Item:
        nodeid, user_properties = "test_a", []

        def iter_markers(self, name):
            return [pytest.mark.pytorch("T055", "T036").mark] if name == PYTORCH else []

    with pytest.raises(pytest.UsageError, match="test_a: there is no row 'T036' to run in PyTorch"):
        course_report.pytest_collection_modifyitems([Item()])
    assert Item.user_properties == [(PYTORCH, "T055")]


MARKS = "course, pytorch = pytest.mark.course, pytest.mark.pytorch\n"


def run(folder, body, *options):
    """Run pytest with the plugin on one file of tests, in a process of its own."""
    (folder / "test_rows.py").write_text(f"import pytest\n{MARKS}{body}")
    environment = {**os.environ, "PYTHONPATH": str(Path(course_report.__file__).parent)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "course_report",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [*command, *options, str(folder)],
        capture_output=True, text=True, cwd=folder, env=environment, timeout=60, check=False,
    )  # fmt: skip


def test_a_section_that_is_not_whole_fails_the_run(tmp_path):
    body = (
        '@course("T055")\n@pytorch("T060")\ndef test_a(): pass\n'
        '@course("T060")\n@pytest.mark.skip\ndef test_b(): pass\n'
    )
    result = run(tmp_path, body, "--course-report")
    assert "1 passed, 1 skipped" in result.stdout
    assert result.returncode == 1
    assert "T  1-D tensors                1 / 54" in result.stdout
    assert "T060  line" in result.stdout
    assert "T055  line" not in result.stdout
    if find_spec("torch"):
        assert "T 1-D tensors 1 / 54 1 / 53" in words(result.stdout.splitlines())
        assert "T055 (in PyTorch)  line" in result.stdout
        assert "T060 (in PyTorch)  line" not in result.stdout


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        ('@course("T055")\ndef test_a(): pass\n', 0, "1 passed"),
        ('@course("T999")\ndef test_a(): pass\n', 4, "there is no row 'T999' of the course"),
    ],
)
def test_without_the_option_only_wrong_rows_matter(tmp_path, body, code, text):
    result = run(tmp_path, body)
    assert result.returncode == code
    assert text in result.stdout + result.stderr
