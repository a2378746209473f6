"""The errors this library raises on purpose, each a subclass of :class:`CourseError`."""

from collections.abc import Iterable


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


class NonFiniteLossError(CourseError, ArithmeticError):
    """The loss became NaN or infinite; the message names the step and the likely remedy."""


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
