"""What can go wrong with a training run: what it is given, and what it is taken up from."""

from functorch_course.errors import CourseError


class CheckpointMismatchError(CourseError, ValueError):
    """A checkpoint is of another model, optimizer or setting; the message names what differs."""


class ArgumentTypeError(CourseError, TypeError):
    """An argument is of another kind than it must be; the message says which, and what to write."""
