"""The errors of the comparison."""

import functorch_course as fc


class MissingPackageError(fc.errors.CourseError, ImportError):
    """A package that only the comparison needs is not installed; the message says how to get it."""


class UnequalStructureError(fc.errors.CourseError, ValueError):
    """Two things cannot be compared value by value: other parameters, or another number of them."""
