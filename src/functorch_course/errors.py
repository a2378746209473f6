"""The errors this library raises on purpose, each a subclass of :class:`CourseError`."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class CourseError(Exception):
    """Base of every error that this library raises on purpose.

    A program that shows errors to people (the command line does) catches this class and
    prints the message alone; anything else that comes out is a defect and deserves its traceback.
    """


class TeachingError(CourseError):
    r"""A habit from PyTorch that means something else here, explained where it was tried.

    The message has three parts: what happened, what PyTorch does, what to write here.

    Args:
        happened: What was tried, with the offending value.
        pytorch: What PyTorch does with the same line.
        write: The line to write here instead.
        lesson: The row of the course it belongs to, such as ``"T055"``, if there is one.

    Example:
        >>> error = TeachingError("x[0] = 1", "It writes into x.", "x = x.at[0].set(1)", "T060")
        >>> print(error)
        x[0] = 1
          PyTorch: It writes into x.
          Here:    x = x.at[0].set(1)
          Lesson:  T060

    PyTorch: has no counterpart.
    """

    def __init__(self, happened: str, pytorch: str, write: str, lesson: str | None = None) -> None:
        lines = [happened, f"  PyTorch: {pytorch}", f"  Here:    {write}"]
        if lesson is not None:
            lines.append(f"  Lesson:  {lesson}")
        super().__init__("\n".join(lines))


class InvalidValueError(CourseError, ValueError):
    """An argument has a value that cannot be used; the message names it and the remedy."""


class DatasetNotFoundError(CourseError, RuntimeError):
    """A dataset is neither where it was looked for nor allowed or able to be downloaded."""


class DamagedFileError(CourseError, ValueError):
    """A file exists but does not hold what it should; the message names the file and the fault."""


class NarrowingError(CourseError, TypeError):
    """Floats came that JAX would hold with half their digits; the message names their dtype.

    PyTorch: a module of float32 refuses float64 too.
    """


class NonFiniteLossError(CourseError, ArithmeticError):
    """The loss became NaN or infinite; the message names the step and the likely remedy."""


class NothingRaisedError(CourseError, AssertionError):
    """A line that was to fail did not; the message names the error that was expected."""


def one_of(name: str, value: object, allowed: Iterable[object]) -> None:
    """Raise :class:`InvalidValueError` unless ``value`` is one of ``allowed``.

    Args:
        name: What the value is called where the user wrote it.
        value: What came.
        allowed: What may come.

    Raises:
        InvalidValueError: If ``value`` is not among ``allowed``.

    Example:
        >>> one_of("reduction", "mean", ["none", "mean", "sum"])
        >>> one_of("reduction", "avg", ["none", "mean", "sum"])
        Traceback (most recent call last):
        functorch_course.errors.InvalidValueError: reduction='avg' is unknown: write one of
        'none', 'mean', 'sum'

    PyTorch: has no counterpart; each function words such a check in its own way.
    """
    choices = list(allowed)
    if value not in choices:
        listed = ", ".join(map(repr, choices))
        raise InvalidValueError(f"{name}={value!r} is unknown: write one of {listed}")


@contextmanager
def shown(expected: type[Exception], saying: str = "") -> Iterator[None]:
    """Run lines that fail, write their error to standard output, and go on.

    For lessons: what does not work is shown not working.

    Args:
        expected: The error that has to come.
        saying: What its message has to contain.

    Raises:
        NothingRaisedError: If no error comes.
        Exception: Any other error passes through, and so does one that says something else.

    Example:
        >>> with shown(ZeroDivisionError, saying="by zero"):
        ...     1 / 0
        ZeroDivisionError: division by zero

    PyTorch: has no counterpart; ``pytest.raises`` checks without showing.
    """
    try:
        yield
    except expected as error:
        if saying not in str(error):
            raise
        sys.stdout.write(f"{type(error).__name__}: {_told(error)}\n")
    else:
        raise NothingRaisedError(
            f"no {expected.__name__} came: the lines below `with shown(...)` have to fail"
        )


def _told(error: Exception) -> str:
    """Return the message: ours whole, any other's first line."""
    text = str(error)
    return text if isinstance(error, CourseError) else text.partition("\n")[0]
