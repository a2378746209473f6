"""What can be wrong with a request, as opposed to an answer."""

from functorch_course.errors import CourseError, InvalidValueError


class ExerciseFileError(InvalidValueError):
    """A file cannot be written or graded where it was asked for; the message says what to do."""


class GraderError(CourseError, RuntimeError):
    """The process that grades failed by itself; the message ends with what it wrote."""
