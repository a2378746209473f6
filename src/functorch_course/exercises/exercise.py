"""What an exercise is."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .answer import Answer

LESSONS = {"O": 1, "T": 2, "M": 3, "D": 4, "S": 5, "I": 6}
SECTIONS = {
    "O": "Overview of tensors",
    "T": "1-D tensors",
    "M": "Two-dimensional tensors",
    "D": "Differentiation",
    "S": "Simple dataset",
    "I": "Image datasets",
}

Run = Callable[[Answer, np.random.Generator], None]


@dataclass(frozen=True)
class Check:
    """One property of a right answer, under a name.

    Args:
        name: What is checked.
        run: Takes the answer, and the generator from which hidden inputs are drawn; raises
            :class:`MistakeError` where the answer does not have the property.

    Example:
        >>> Check("values", run=lambda answer, random: None).name
        'values'

    PyTorch: has no counterpart.
    """

    name: str
    run: Run


@dataclass(frozen=True)
class Exercise:
    """A task, and how an answer to it is judged.

    Args:
        id: The section's letter and a number, such as ``"T02"``.
        title: A few words.
        rows: The rows of the course that it trains.
        task: What to write, in a few sentences.
        example: A call and what it gives, as doctest runs it on a right answer.
        imports: The lines at the top of the learner's file.
        stub: What the learner completes.
        uses: Names of libraries and methods that are enough, all introduced by its lesson.
        hints: Three: the concept, the direction, nearly the line.
        checks: What makes an answer right.

    Example:
        >>> from functorch_course.exercises import find
        >>> find("T02").title
        'Change two elements'

    PyTorch: has no counterpart.
    """

    id: str
    title: str
    rows: tuple[str, ...]
    task: str
    example: str
    imports: str
    stub: str
    uses: tuple[str, ...]
    hints: tuple[str, str, str]
    checks: tuple[Check, ...]

    @property
    def lesson(self) -> int:
        """The lesson after which it can be solved."""
        return LESSONS[self.id[0]]

    @property
    def file_name(self) -> str:
        """The name of the learner's file."""
        return f"{self.id}.py"

    def page(self) -> str:
        """Return the text of the learner's file."""
        return PAGE.format(exercise=self, rows=", ".join(self.rows))


PAGE = '''"""{exercise.id}. {exercise.title}

{exercise.task}

Example:
{exercise.example}

Lesson: {exercise.lesson}, rows {rows}
Check:  functorch-course exercise check {exercise.id}
Hint:   functorch-course exercise hint {exercise.id}
"""

{exercise.imports}


{exercise.stub}
'''
