"""What can go wrong with a lesson."""

from functorch_course.errors import CourseError


class UnknownLessonError(CourseError, LookupError):
    """There is no lesson of this number; the message lists those that there are."""
