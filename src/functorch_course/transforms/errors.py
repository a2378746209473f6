"""The one error of this package that has no place in :mod:`functorch_course.errors`."""

from functorch_course.errors import CourseError


class SampleTypeError(CourseError, TypeError):
    """A transform was given a sample of a kind that it cannot work on.

    PyTorch: raises a plain ``TypeError``, which this is too.
    """
