"""The checks of the optimizers' numbers."""

from functorch_course.errors import InvalidValueError


def not_negative(**values: object) -> None:
    """Raise :class:`InvalidValueError` if one of the named numbers is negative or NaN.

    Args:
        **values: Numbers by name; functions (schedules) are let through.

    Raises:
        InvalidValueError: If a number is negative or NaN.

    Example:
        >>> not_negative(lr=0.1, momentum=0.9)
        >>> not_negative(lr=-0.1)
        Traceback (most recent call last):
        functorch_course.errors.InvalidValueError: lr=-0.1 must not be negative
    """
    for name, value in values.items():
        if isinstance(value, int | float) and not value >= 0:
            raise InvalidValueError(f"{name}={value} must not be negative")


def positive(**values: float) -> None:
    """Raise :class:`InvalidValueError` unless each named number is positive.

    Args:
        **values: Numbers by name.

    Raises:
        InvalidValueError: If a number is zero, negative or NaN.

    Example:
        >>> positive(gamma=0.1)
        >>> positive(gamma=0.0)
        Traceback (most recent call last):
        functorch_course.errors.InvalidValueError: gamma=0.0 must be positive
    """
    for name, value in values.items():
        if not value > 0:
            raise InvalidValueError(f"{name}={value} must be positive")


def share(**values: float) -> None:
    """Raise :class:`InvalidValueError` unless each named number lies in [0, 1).

    Args:
        **values: Numbers by name.

    Raises:
        InvalidValueError: If a number lies outside.

    Example:
        >>> share(beta1=0.9)
        >>> share(beta1=1.0)
        Traceback (most recent call last):
        functorch_course.errors.InvalidValueError: beta1=1.0 must lie in [0, 1)
    """
    for name, value in values.items():
        if not 0 <= value < 1:
            raise InvalidValueError(f"{name}={value} must lie in [0, 1)")


def at_least_one(**values: int) -> None:
    """Raise :class:`InvalidValueError` unless each named whole number is 1 or more.

    Args:
        **values: Numbers by name.

    Raises:
        InvalidValueError: If a number is less than 1.

    Example:
        >>> at_least_one(step_size=30)
        >>> at_least_one(step_size=0)
        Traceback (most recent call last):
        functorch_course.errors.InvalidValueError: step_size=0 must be at least 1
    """
    for name, value in values.items():
        if value < 1:
            raise InvalidValueError(f"{name}={value} must be at least 1")
