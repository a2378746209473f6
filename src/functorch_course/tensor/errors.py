"""What can go wrong with a tensor: each error teaches, and is also what PyTorch raises there."""

from functorch_course.errors import TeachingError


class OutOfBoundsError(TeachingError, IndexError):
    """An index lies outside its axis; plain JAX would clamp it in silence."""


class ShapeError(TeachingError, RuntimeError):
    """Shapes do not fit together."""


class RaggedError(TeachingError, ValueError):
    """Nested lists of unequal length are no array."""


class DtypeError(TeachingError, RuntimeError):
    """A dtype that the operation does not take, or two dtypes that it does not mix."""


class PrecisionError(DtypeError):
    """A value does not fit into the dtype it would get; plain JAX would truncate or wrap it."""


class TracedValueError(TeachingError, RuntimeError):
    """A Python number was asked of a value that is only being traced or differentiated."""


class AliasError(TeachingError, ValueError):
    """Memory cannot be shared as asked."""
