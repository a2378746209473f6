"""The errors of this package that have no place in :mod:`functorch_course.errors`."""

from functorch_course.errors import CourseError


class MissingFileError(CourseError, FileNotFoundError):
    """A file that the metadata names does not exist.

    PyTorch: a plain ``FileNotFoundError``, which this is too; it does not name the line.
    """


class OutsideFolderError(CourseError, PermissionError):
    """A name leads out of the folder that the images must lie in.

    PyTorch: has no counterpart: such a file is read.
    """
