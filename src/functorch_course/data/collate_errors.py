"""What goes wrong when samples are put together: errors that know where in the sample."""

from functorch_course.errors import CourseError


class CollateError(CourseError, RuntimeError):
    """Samples cannot be put together; the message names the place within the sample.

    PyTorch: raises a plain ``RuntimeError`` that names no place.
    """

    def __init__(self, problem: str, write: str) -> None:
        super().__init__(problem, write)
        self.problem = problem
        self.write = write
        self.place = ""

    def __str__(self) -> str:
        return f"sample{self.place}: {self.problem}: {self.write}"

    def inside(self, key: str) -> "CollateError":
        """The same error, seen from one level further out."""
        self.place = key + self.place
        return self

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.problem, self.write), {"place": self.place}


class CollateTypeError(CollateError, TypeError):
    """A part of a sample is of a type that has no batch.

    PyTorch: raises a plain ``TypeError``.
    """


class CollateKeyError(CollateError, KeyError):
    """The samples are mappings with different keys.

    PyTorch: raises ``KeyError`` for a missing key, and drops one too many without a word.
    """


class CollateValueError(CollateError, ValueError):
    """A number does not fit the dtype of its batch.

    PyTorch: raises a plain ``ValueError``.
    """
