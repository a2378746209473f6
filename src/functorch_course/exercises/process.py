"""Grade a file in a process of its own, with a time limit."""

import json
import linecache
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .errors import GraderError
from .exercise import Exercise
from .finding import Finding
from .grade import Verdict

READY = b"ready\n"
LIMIT = 10.0
GRACE = 5.0  # after which a process that did not end itself is ended
TIMEOUT = "Timeout ("  # how faulthandler begins
TRACEBACK = "Traceback (most recent call last)"
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
        GraderError: If the process fails before the answer does.

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
        said, killed = _said(process, limit)
        errors.seek(0)
        wrote = errors.read().decode(errors="replace")
    text = said.removeprefix(READY)
    if not said.startswith(READY) or (not text and TRACEBACK in wrote):
        raise GraderError(f"the process that grades {path.name} failed:\n{wrote}")
    if text:
        return _read(text)
    late = killed or TIMEOUT in wrote
    return Verdict(
        exercise.id,
        failed="the file ends",
        finding=_too_late(path, limit, wrote) if late else _ended(path, process.returncode),
    )


def _said(process: "subprocess.Popen[bytes]", limit: float) -> tuple[bytes, bool]:
    """Return all that the process says, and whether it had to be ended from here."""
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        return first + process.communicate(timeout=limit + GRACE)[0], False
    except subprocess.TimeoutExpired as expired:
        return first + (expired.output or b""), True
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


def _too_late(path: Path, limit: float, wrote: str) -> Finding:
    """Report an answer that took too long, with the lines where it was."""
    places = re.findall(rf'File "{re.escape(str(path))}", line (\d+) in (.+)', wrote)
    return Finding(
        called=(f"running {path.name}",),
        expected="an answer",
        came=f"no answer within {limit:g} s",
        meaning="look for a loop that does not end, or for very much work",
        lines=tuple(
            f"line {line}, in {name}: {linecache.getline(str(path), int(line)).strip()}"
            for line, name in reversed(places)
        ),
    )


def _ended(path: Path, code: int) -> Finding:
    """Report an answer that ended the process."""
    return Finding(
        called=(f"running {path.name}",),
        expected="an answer",
        came=f"the end of the Python process, with exit code {code}",
        meaning="an answer must not end the program, as os._exit does",
    )
