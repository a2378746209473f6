"""The course report counts, prints, and fails when it should."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import course_report
from course_report import CourseReport, Row, missing, read_rows, table

ROWS = {
    "T001": Row("T001", "1", True, "first"),
    "T002": Row("T002", "2-3", True, "second"),
    "T003": Row("T003", "4", False, "a thought"),
    "D004": Row("D004", "5", True, "fourth"),
}


def test_the_table_of_rows_is_that_of_the_course():
    rows = read_rows()
    assert len(rows) == 243
    assert sum(row.executable for row in rows.values()) == 220
    assert [int(row_id[1:]) for row_id in rows] == list(range(1, 244))
    assert {row_id[0] for row_id in rows} == set(course_report.SECTIONS)


def test_what_is_missing():
    assert [row.id for row in missing(ROWS.values(), {"T001"}, "T")] == ["T002"]
    assert missing(ROWS.values(), {"T001", "T002"}, "T") == []


def test_the_printed_table():
    lines = table(ROWS, {"T001", "T003", "D004"})
    assert "T  1-D tensors                1 / 2" in lines
    assert "     T002  line 2-3: second" in lines
    assert "D  Differentiation            1 / 1   whole" in lines
    assert lines[-1].split() == ["all", "2", "/", "3"]


def test_a_row_with_a_failing_test_is_not_covered():
    report = CourseReport(ROWS, passed={"T001", "T002"}, failed={"T002"})
    assert report.covered == {"T001"}


def run(folder, body, *options):
    """Run pytest with the plugin on one file of tests, in a process of its own."""
    (folder / "test_rows.py").write_text(f"import pytest\ncourse = pytest.mark.course\n{body}")
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
        '@course("T055")\ndef test_a(): pass\n'
        '@course("T060")\n@pytest.mark.skip\ndef test_b(): pass\n'
    )
    result = run(tmp_path, body, "--course-report")
    assert "1 passed, 1 skipped" in result.stdout
    assert result.returncode == 1
    assert "T  1-D tensors                1 / 54" in result.stdout
    assert "T060  line" in result.stdout
    assert "T055  line" not in result.stdout


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
