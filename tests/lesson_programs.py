"""Lessons as programs of their own: each runs in a new process, in an empty folder."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

MOST_PRINTED = 60


def faults(script: Path, folder: Path) -> list[str]:
    """Run a lesson, and list what is wrong with how it went."""
    program = [sys.executable, "-W", "error", str(script.absolute())]
    run = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)
    return list(_faults(run, folder))


def _faults(run: "subprocess.CompletedProcess[str]", folder: Path) -> Iterator[str]:
    if run.returncode:
        yield f"it ended with {run.returncode}"
    if run.stderr:
        yield f"it complained: {run.stderr}"
    if run.stdout.count("\n") > MOST_PRINTED:
        yield f"it printed more than {MOST_PRINTED} lines"
    written = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    if not any(path.suffix == ".png" for path in written):
        yield "it drew no picture"
    yield from (f"it wrote {p}" for p in sorted(written) if p.parts[:2] != ("runs", "lessons"))
