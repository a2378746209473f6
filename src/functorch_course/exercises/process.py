"""Grade a file in a process of its own, with a time limit."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .child import READY
from .errors import GraderError
from .exercise import Exercise
from .finding import Finding
from .grade import Verdict

LIMIT = 10.0
GRACE = 5.0
CPU = {"JAX_PLATFORMS": "cpu"}  # an answer is small, and is judged alike on every machine


def check_file(exercise: Exercise, path: Path, *, seed: int = 0, limit: float = LIMIT) -> Verdict:
    """Grade an answer in a process of its own, so that nothing in it can disturb this one.

    Args:
        exercise: What it answers.
        path: The file.
        seed: Of the hidden inputs.
        limit: Seconds that the answer may take.

    Returns:
        The verdict; an answer that does not end, or ends the process, is a mistake too.

    Raises:
        GraderError: If the process does not start.

    Example:
        >>> from functorch_course.exercises import find
        >>> check_file(find("T02"), Path("missing.py")).finding.came
        "FileNotFoundError: [Errno 2] No such file or directory: '...missing.py'"

    PyTorch: has no counterpart.
    """
    path = path.absolute()
    words = [sys.executable, "-m", "functorch_course.exercises.child"]
    words += [str(path), exercise.id, str(seed), str(limit)]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            words,
            bufsize=0,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **CPU},
        ) as process,
    ):
        said = _said(process, limit)
        errors.seek(0)
        wrote = errors.read().decode(errors="replace")
    if not said.startswith(READY):
        raise GraderError(f"the process that grades {path.name} did not start:\n{wrote}")
    text = said.removeprefix(READY)
    return _read(text) if text else _ended(exercise, path, limit, wrote, process.returncode)


def _said(process: "subprocess.Popen[bytes]", limit: float) -> bytes:
    """Return all that the process says, and see that it ends."""
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        return first + process.communicate(timeout=limit + GRACE)[0]
    finally:
        process.kill()


def _read(text: bytes) -> Verdict:
    """Return the verdict that came as JSON."""
    content = json.loads(text, object_hook=_with_tuples)
    finding = content.pop("finding")
    return Verdict(**content, finding=finding and Finding(**finding))


def _with_tuples(content: dict[str, Any]) -> dict[str, Any]:
    """Return what JSON made of a dataclass, with tuples again for lists."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in content.items()
    }


def _ended(exercise: Exercise, path: Path, limit: float, wrote: str, code: int) -> Verdict:
    """Report an answer that took too long, or ended the process."""
    lines = tuple(
        f"line {line}, in {name}"
        for line, name in reversed(
            re.findall(rf'File "{re.escape(str(path))}", line (\d+) in (.+)', wrote)
        )
    )
    if wrote.startswith("Timeout"):
        came = f"no answer within {limit:g} seconds"
        meaning = "look for a loop that does not end, at the line below"
    else:
        came = f"the end of the Python process, with exit code {code}"
        meaning = "no answer may end the program, as os._exit does"
    finding = Finding((f"running {path.name}",), "an answer", came, meaning, lines)
    return Verdict(exercise.id, failed="the file ends", finding=finding)
