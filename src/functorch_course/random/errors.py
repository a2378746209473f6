"""What goes wrong when random numbers are asked for, in the classes PyTorch's users expect."""

from functorch_course.errors import CourseError


class RandomError(CourseError, RuntimeError):
    """A draw or a state that cannot be: a negative size, an empty range, a damaged state.

    PyTorch: raises a plain ``RuntimeError`` in the same places.
    """


class UnsupportedDtypeError(RandomError, NotImplementedError):
    """The draw does not exist for this dtype.

    PyTorch: raises a plain ``NotImplementedError`` (sometimes a ``RuntimeError``, which this
    is too) in the same places.
    """


class RandomTypeError(CourseError, TypeError):
    """An argument is of the wrong kind, such as a float where a whole number is needed.

    PyTorch: raises a plain ``TypeError`` in the same places.
    """
