"""Grade a file in this process: run it, and each check, up to the first mistake."""

import io
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import functorch_course as fc

from .answer import UNWRITTEN, Answer
from .exercise import Exercise
from .finding import Finding, MistakeError


@dataclass(frozen=True)
class Verdict:
    """What grading found.

    Args:
        id: The exercise.
        checks: The names of the checks that held.
        failed: The name of the check that did not, or "".
        finding: What was wrong, or None.
        notes: What is worth saying though it is no mistake: prints, warnings.

    Example:
        >>> Verdict("T02", checks=("values",)).passed
        True

    PyTorch: has no counterpart.
    """

    id: str
    checks: tuple[str, ...] = ()
    failed: str = ""
    finding: Finding | None = None
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all is right."""
        return self.finding is None

    @property
    def unwritten(self) -> bool:
        """Whether the stub is still as it was given."""
        return self.finding is not None and self.finding.came == UNWRITTEN


def grade(exercise: Exercise, path: Path, seed: int = 0) -> Verdict:
    """Grade an answer in this process: an endless loop in it would not end.

    Args:
        exercise: What it answers.
        path: The file.
        seed: Of the hidden inputs.

    Returns:
        The verdict, with the first mistake.

    Example:
        >>> import tempfile
        >>> from functorch_course.exercises import find
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "T02.py"
        ...     _ = file.write_text(find("T02").page())
        ...     grade(find("T02"), file).unwritten
        True

    PyTorch: has no counterpart.
    """
    start_jax()
    held: list[str] = []
    failed, finding = "", None
    with (
        redirect_stdout(io.StringIO()) as printed,
        redirect_stderr(printed),
        warnings.catch_warnings(record=True) as caught,
    ):
        warnings.simplefilter("always")
        try:
            failed = "the file runs"
            answer = Answer(path)
            for number, one in enumerate(exercise.checks):
                failed = one.name
                one.run(answer, np.random.default_rng((seed, number)))
                held.append(one.name)
            failed = ""
        except MistakeError as mistake:
            finding = mistake.finding
    notes = _notes(printed.getvalue(), [str(warning.message) for warning in caught])
    return Verdict(exercise.id, tuple(held), failed, finding, notes)


def start_jax() -> None:
    """Load JAX, which takes a moment, and draws from ``np.random`` while it is imported."""
    fc.tensor.zeros(1)


def _notes(printed: str, warned: list[str]) -> tuple[str, ...]:
    """Say what was printed and warned of, once each."""
    lines = printed.splitlines()
    count = "a line" if len(lines) == 1 else f"{len(lines)} lines"
    notes = [f"it prints {count}, beginning with {lines[0]!r}"] if lines else []
    first_lines = [text.partition("\n")[0] for text in dict.fromkeys(warned)]
    return (*notes, *(f"warning: {line}" for line in first_lines))
