"""What goes wrong with data, in the classes that PyTorch's users expect."""

from functorch_course.errors import CourseError, InvalidValueError


class DataTypeError(CourseError, TypeError):
    """An argument or a sample is of a kind that cannot be used.

    PyTorch: raises a plain ``TypeError`` in the same places.
    """


class SampleIndexError(CourseError, IndexError, ValueError):
    """There is no sample at this index.

    PyTorch: raises ``IndexError``, and ``ValueError`` for a negative index of a ``ConcatDataset``.
    """


class DatasetFormError(CourseError, AssertionError):
    """Parts of a dataset do not fit together: unequal lengths, or the wrong kind of dataset.

    PyTorch: raises a plain ``AssertionError`` in the same places.
    """


class NotWrittenError(CourseError, NotImplementedError):
    """A subclass lacks a method that it has to bring.

    PyTorch: raises a plain ``NotImplementedError`` in the same places.
    """


class FetchError(CourseError, RuntimeError):
    """A sample could not be had, and the error behind it must not be raised as it is.

    PyTorch: has no counterpart; a dataset that raises ``StopIteration`` ends the epoch silently.
    """


class WorkerError(CourseError, RuntimeError):
    """A worker died, took too long, could not start, or failed in a way that cannot be rebuilt.

    PyTorch: raises a plain ``RuntimeError`` in the same places.
    """


class LoaderStateError(InvalidValueError):
    """A saved state does not belong to this loader; the message says what differs.

    PyTorch: has no counterpart; its loaders have no state.
    """
