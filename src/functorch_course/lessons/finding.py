"""Which lessons there are, and where they lie."""

from dataclasses import dataclass
from pathlib import Path

from .cells import Cell, parse
from .errors import UnknownLessonError

_HERE = Path(__file__).parent
_INSTALLED = _HERE / "scripts"
_CHECKOUT = _HERE.parents[2] / "scripts" / "lessons"


@dataclass(frozen=True)
class Lesson:
    """One lesson: a script that can be run, and that opens as a notebook.

    Args:
        number: Its place in the course, from 1.
        title: What it is about.
        path: The script.

    Example:
        >>> lesson = find(2)
        >>> lesson.path.name, lesson.cells()[0].kind
        ('02_vectors.py', 'markdown')

    PyTorch: has no counterpart.
    """

    number: int
    title: str
    path: Path

    def cells(self) -> list[Cell]:
        """Return its cells, the first of which is the title."""
        return parse(self.path.read_text(encoding="utf-8"))


def contents() -> list[Lesson]:
    """List the lessons in their order.

    Returns:
        All lessons: those that were installed with the package, or those of the checkout.

    Example:
        >>> [lesson.title for lesson in contents() if lesson.number == 2]
        ['Vectors: tensors with one axis']

    PyTorch: has no counterpart.
    """
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return [_read(path) for path in sorted(folder.glob("[0-9][0-9]_*.py"))]


def find(number: int) -> Lesson:
    """Return one lesson.

    Args:
        number: Its place in the course, from 1.

    Returns:
        The lesson.

    Raises:
        UnknownLessonError: If there is none of this number.

    Example:
        >>> find(12)
        Traceback (most recent call last):
        functorch_course.lessons.errors.UnknownLessonError: there is no lesson 12: write one of ...

    PyTorch: has no counterpart.
    """
    lessons = {lesson.number: lesson for lesson in contents()}
    if number not in lessons:
        listed = ", ".join(f"{each.number} ({each.title})" for each in lessons.values())
        raise UnknownLessonError(f"there is no lesson {number}: write one of {listed}")
    return lessons[number]


def _read(path: Path) -> Lesson:
    """Read number and title from the heading, ``# 2. Vectors``."""
    heading = parse(path.read_text(encoding="utf-8"))[0].source.splitlines()[0]
    number, _, title = heading.removeprefix("# ").partition(". ")
    return Lesson(int(number), title, path)
