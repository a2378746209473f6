"""What is wrong with an answer, as a teacher would say it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The first mistake that was found in an answer.

    Args:
        called: What was called, with which arguments, a line each.
        expected: What should have come.
        came: What came.
        meaning: What the difference means, in a sentence.
        lines: The learner's own lines that were running, the innermost last.

    Example:
        >>> Finding(("double(2)",), "4", "5").came
        '5'

    PyTorch: has no counterpart.
    """

    called: tuple[str, ...]
    expected: str
    came: str
    meaning: str = ""
    lines: tuple[str, ...] = ()


class MistakeError(Exception):
    """Carries a finding from where it was made to the grader; it never leaves this package."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding
