"""Which generator draws when none is named: the default one, or that of a ``with`` block."""

from contextlib import AbstractContextManager
from contextvars import ContextVar, Token

import numpy as np
from numpy.typing import ArrayLike, NDArray

from functorch_course.errors import InvalidValueError

from .errors import RandomTypeError
from .generator import Generator

default_generator = Generator()
"""The generator of every draw that names none, outside of :func:`use_generator`.

PyTorch: ``torch.default_generator``. It starts with the same seed, 67280421310721.
"""

_chosen: ContextVar[Generator | None] = ContextVar("functorch_course_generator", default=None)


def manual_seed(seed: int) -> Generator:
    """Seed the default generator.

    Args:
        seed: From ``-2**63`` to ``2**64 - 1``; floats and strings are taken as ``int(seed)``.

    Returns:
        The default generator.

    Raises:
        InvalidValueError: If the seed is out of range, or a text that is no number.
        RandomTypeError: If ``int(seed)`` does not exist.

    Example:
        >>> manual_seed(42)
        Generator(seed=42)

    PyTorch: ``torch.manual_seed``; there are no other devices to seed here.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.manual_seed.html
    """
    try:
        number = int(seed)
    except TypeError as error:
        raise RandomTypeError(
            f"seed={seed!r} of type {type(seed).__name__} is no number: write an int"
        ) from error
    except (ValueError, OverflowError) as error:
        raise InvalidValueError(f"seed={seed!r} is no whole number: write an int") from error
    return default_generator.manual_seed(number)


def seed() -> int:
    """Seed the default generator from the operating system and return the seed.

    Returns:
        The seed, with which :func:`manual_seed` repeats the run.

    Example:
        >>> seed() == initial_seed()
        True

    PyTorch: ``torch.seed``.
    """
    return default_generator.seed()


def initial_seed() -> int:
    """Return the seed of the default generator, modulo ``2**64``.

    Example:
        >>> _ = manual_seed(3)
        >>> initial_seed()
        3

    PyTorch: ``torch.initial_seed``.
    """
    return default_generator.initial_seed()


def get_rng_state() -> NDArray[np.uint8]:
    """Return where the default generator stands, as 5056 bytes.

    Example:
        >>> get_rng_state().shape
        (5056,)

    PyTorch: ``torch.get_rng_state().numpy()``.
    """
    return default_generator.get_state()


def set_rng_state(state: ArrayLike) -> None:
    """Send the default generator to where a stream stood.

    Args:
        state: What :func:`get_rng_state` returned here or in PyTorch.

    Raises:
        RandomTypeError: If the state is not an array of uint8.
        RandomError: If it has another size, or no engine can be in that state.

    Example:
        >>> set_rng_state(get_rng_state())

    PyTorch: ``torch.set_rng_state``.
    """
    default_generator.set_state(state)


def use_generator(generator: Generator) -> AbstractContextManager[Generator, None]:
    """Let every draw in the block that names no generator come from this one.

    A new thread starts outside of the block.

    Args:
        generator: The generator to draw from.

    Returns:
        A context manager that gives the generator.

    Raises:
        RandomTypeError: If it is not a :class:`Generator`.

    Example:
        >>> with use_generator(Generator(0)) as mine:
        ...     current_generator() is mine
        True
        >>> current_generator() is default_generator
        True

    PyTorch: has no counterpart; one seeds the default generator, or saves and restores it with
    ``torch.random.fork_rng``.
    """
    return _Use(_checked(generator))


class _Use:
    """Chooses a generator for a block; a loader enters it for every batch, so it costs little."""

    __slots__ = ("_before", "_generator")

    def __init__(self, generator: Generator) -> None:
        self._generator = generator

    def __enter__(self) -> Generator:
        self._before: Token[Generator | None] = _chosen.set(self._generator)
        return self._generator

    def __exit__(self, *_: object) -> None:
        _chosen.reset(self._before)


def current_generator() -> Generator:
    """Return the generator of the innermost :func:`use_generator`, or the default one.

    Example:
        >>> current_generator() is default_generator
        True

    PyTorch: ``torch.default_generator``, which no block can replace.
    """
    return _chosen.get() or default_generator


def resolve(generator: Generator | None) -> Generator:
    """The generator that was named, or the current one."""
    return current_generator() if generator is None else _checked(generator)


def _checked(generator: Generator) -> Generator:
    """The generator, if it is one."""
    if not isinstance(generator, Generator):
        raise RandomTypeError(
            f"a Generator was expected, but {generator!r} of type {type(generator).__name__} came: "
            "write generator=Generator(seed)"
        )
    return generator
