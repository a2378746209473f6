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
