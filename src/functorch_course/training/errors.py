"""What can go wrong with a training run that is taken up again."""

from functorch_course.errors import CourseError


class CheckpointMismatchError(CourseError, ValueError):
    """A checkpoint is of another model, optimizer or setting; the message names what differs."""
