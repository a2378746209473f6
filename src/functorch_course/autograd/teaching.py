"""Names that PyTorch has and that have no work to do here: they exist to say so."""

from typing import NoReturn

from .errors import GlobalStateError


def zero_grad(*args: object, **kwargs: object) -> NoReturn:  # noqa: ARG001
    """Explain why there is nothing to set to zero.

    Raises:
        GlobalStateError: Always.

    Example:
        >>> zero_grad()
        Traceback (most recent call last):
        functorch_course.autograd.errors.GlobalStateError: zero_grad(): there is no stored ...

    PyTorch: ``optimizer.zero_grad()`` forgets the gradients that ``backward()`` has added up.
    """
    raise GlobalStateError(
        "zero_grad(): there is no stored gradient to forget",
        "Every backward() adds to x.grad; forgetting zero_grad() causes wrong learning.",
        "nothing: each gradient is a return value; add them with accumulate() if you want a sum",
        "D162",
    )


def no_grad(*args: object, **kwargs: object) -> NoReturn:  # noqa: ARG001
    """Explain why nothing has to be switched off.

    Raises:
        GlobalStateError: Always.

    Example:
        >>> with no_grad():
        ...     pass
        Traceback (most recent call last):
        functorch_course.autograd.errors.GlobalStateError: no_grad(): nothing is recorded ...

    PyTorch: ``torch.no_grad()`` stops the recording of operations.
    """
    raise GlobalStateError(
        "no_grad(): nothing is recorded unless a gradient is asked for",
        "It records every operation on tensors that require grad, unless told not to.",
        "call the function itself; inside a function that is differentiated, detach(x)",
        "O025",
    )


def set_grad_enabled(*args: object, **kwargs: object) -> NoReturn:  # noqa: ARG001
    """Explain why there is no switch.

    Raises:
        GlobalStateError: Always.

    Example:
        >>> set_grad_enabled(False)
        Traceback (most recent call last):
        functorch_course.autograd.errors.GlobalStateError: set_grad_enabled(): there is ...

    PyTorch: ``torch.set_grad_enabled(mode)`` switches the recording for the whole thread.
    """
    raise GlobalStateError(
        "set_grad_enabled(): there is no switch; whoever wants a gradient calls grad",
        "It switches the recording of operations on or off.",
        "grad(f)(x) where the gradient is wanted, f(x) where it is not",
        "O015",
    )


def requires_grad_(*args: object, **kwargs: object) -> NoReturn:  # noqa: ARG001
    """Explain where one says what is differentiated.

    Raises:
        GlobalStateError: Always.

    Example:
        >>> requires_grad_(2.0)
        Traceback (most recent call last):
        functorch_course.autograd.errors.GlobalStateError: requires_grad_(): an array carries ...

    PyTorch: ``x.requires_grad_()`` marks a tensor.
    """
    raise GlobalStateError(
        "requires_grad_(): an array carries no mark",
        "It marks the tensor, so that operations on it are recorded.",
        "grad(f, wrt='x')(x): the argument is named where the gradient is asked for; "
        "freeze(parameters, 'name') is the opposite",
        "O017",
    )


def retain_grad(*args: object, **kwargs: object) -> NoReturn:  # noqa: ARG001
    """Explain how to see the gradient of an intermediate value.

    Raises:
        GlobalStateError: Always.

    Example:
        >>> retain_grad(2.0)
        Traceback (most recent call last):
        functorch_course.autograd.errors.GlobalStateError: retain_grad(): gradients are ...

    PyTorch: ``y.retain_grad()`` keeps the gradient of a tensor that is no leaf.
    """
    raise GlobalStateError(
        "retain_grad(): gradients are returned, not kept",
        "It makes backward() fill y.grad although y is no leaf.",
        "y = tap(y, 'y') inside f, then tapped_gradients(f)(x)['y']",
        "D157",
    )
