"""The error of a text that is not Python."""

from functorch_course.errors import CourseError


class ScriptError(CourseError, ValueError):
    """A text cannot be read as Python; the message names the file, the line and the fault."""
