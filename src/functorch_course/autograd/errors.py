"""What can go wrong with a derivative: each error teaches, and is also what PyTorch raises."""

from functorch_course.errors import TeachingError


class GradientError(TeachingError, RuntimeError):
    """A gradient was asked for that does not exist, or in a form that does not fit."""


class GradcheckError(TeachingError, RuntimeError):
    """A gradient differs from what finite differences give; the message names the element."""


class GlobalStateError(TeachingError, RuntimeError):
    """A switch of PyTorch's was called that has nothing to switch here."""
