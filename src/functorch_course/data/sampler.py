"""Samplers: in which order the samples of an epoch come."""

import itertools
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator, randint, random_int64, randperm

from .errors import DataTypeError, NotWrittenError
from .types import Key

KeyT = TypeVar("KeyT", covariant=True)

_AT_A_TIME = 4096  # indices turned from array to ints at once: an epoch's order stays an array
_DRAWN_AT_ONCE = 32  # PyTorch draws with replacement in pieces of this length


class Sampler(Generic[KeyT]):
    """An order of samples: write ``__iter__``, and ``__len__`` where the number is known.

    Any iterable serves as a sampler; this is the common base of those below. A sampler may also
    have ``iter_from(start)``, the same order from position ``start`` on, so that a loader whose
    state is restored need not go through the beginning.

    Attributes:
        repeats: Whether an index may come more than once in an epoch. A loader then makes the
            augmentation of a sample depend on its position too.

    Raises:
        NotWrittenError: If a subclass without ``__iter__`` is iterated.

    Example:
        >>> class Backwards(Sampler[int]):
        ...     def __iter__(self):
        ...         return iter([2, 1, 0])
        >>> list(Backwards())
        [2, 1, 0]

    PyTorch: ``torch.utils.data.Sampler``.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.Sampler
    """

    repeats: bool = True

    def __iter__(self) -> Iterator[KeyT]:
        raise NotWrittenError(
            f"{type(self).__name__} gives no order: write `def __iter__(self)` in it"
        )


class ArraySampler(Sampler[int]):
    """An order that is at hand in arrays: write ``pieces``, and ``__len__``."""

    def pieces(self, start: int) -> Iterator[NDArray[np.int64]]:
        """The order from position ``start`` on, in arrays that are drawn when asked for."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[int]:
        return self.iter_from(0)

    def iter_from(self, start: int) -> Iterator[int]:
        """Return the order from a position on; what comes before is drawn but not gone through."""
        for piece in self.pieces(start):
            for first in range(0, len(piece), _AT_A_TIME):
                yield from piece[first : first + _AT_A_TIME].tolist()


class SequentialSampler(ArraySampler):
    """The samples in their own order.

    Args:
        data_source: Anything with a length.

    Example:
        >>> list(SequentialSampler("abc"))
        [0, 1, 2]

    PyTorch: ``torch.utils.data.SequentialSampler``.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.SequentialSampler
    """

    repeats = False

    def __init__(self, data_source: Sized) -> None:
        self.data_source = data_source

    def pieces(self, start: int) -> Iterator[NDArray[np.int64]]:
        """The order from position ``start`` on, in arrays."""
        for first in range(start, len(self), _AT_A_TIME):
            yield np.arange(first, min(first + _AT_A_TIME, len(self)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(ArraySampler):
    """The samples in random order, each once, or drawn with replacement.

    Args:
        data_source: Anything with a length.
        replacement: Whether a sample may come again.
        num_samples: How many indices an epoch has; None for as many as there are samples.
        generator: Where to draw from. None for a stream of its own in each epoch, whose seed comes
            from the current generator.

    Raises:
        DataTypeError: If ``replacement`` is not a bool, or ``generator`` not a Generator.
        InvalidValueError: If there is no sample, or ``num_samples`` is not positive.

    Example:
        >>> list(RandomSampler(range(5), generator=Generator(0)))
        [4, 0, 1, 3, 2]

    PyTorch: ``torch.utils.data.RandomSampler``: the same order from the same seed. The order is
    kept in 8 bytes a sample here, not in a list of ints.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.RandomSampler
    """

    def __init__(
        self,
        data_source: Sized,
        replacement: bool = False,
        num_samples: int | None = None,
        generator: Generator | None = None,
    ) -> None:
        check_bool("replacement", replacement, DataTypeError)
        self.data_source = data_source
        self.replacement = replacement
        self.generator = check_generator(generator)
        self._num_samples = num_samples
        check_positive("num_samples", self.num_samples)

    @property
    def num_samples(self) -> int:
        """How many indices an epoch has."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    @property
    def repeats(self) -> bool:  # type: ignore[override]
        """Whether an index may come more than once in an epoch."""
        return self.replacement or self.num_samples > len(self.data_source)

    def pieces(self, start: int) -> Iterator[NDArray[np.int64]]:
        """The order from position ``start`` on, in arrays that are drawn when asked for."""
        for piece in self._drawn():
            if start < len(piece):
                yield piece[start:]
            start = max(start - len(piece), 0)

    def _drawn(self) -> Iterator[NDArray[np.int64]]:
        """The whole order, in the pieces that PyTorch draws."""
        generator = self.generator or Generator(int(random_int64()))
        n, count = len(self.data_source), self.num_samples
        if self.replacement:
            for _ in range(count // _DRAWN_AT_ONCE):
                yield randint(0, n, _DRAWN_AT_ONCE, generator=generator)
            yield randint(0, n, count % _DRAWN_AT_ONCE, generator=generator)
            return
        for _ in range(count // n):
            yield randperm(n, generator=generator)
        # PyTorch draws this even where nothing is taken, which a generator of one's own must show.
        if count % n or self.generator is not None:
            yield randperm(n, generator=generator)[: count % n]

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler[Any]):
    """Given indices in random order.

    Args:
        indices: Which samples.
        generator: Where to draw from; None for the current generator.

    Raises:
        DataTypeError: If ``generator`` is not a Generator.

    Example:
        >>> list(SubsetRandomSampler([10, 20, 30], generator=Generator(0)))
        [30, 10, 20]

    PyTorch: ``torch.utils.data.SubsetRandomSampler``: the same order from the same seed.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.SubsetRandomSampler
    """

    repeats = False

    def __init__(self, indices: Sequence[Any], generator: Generator | None = None) -> None:
        self.indices = indices
        self.generator = check_generator(generator)

    def __iter__(self) -> Iterator[Any]:
        for place in randperm(len(self.indices), generator=self.generator):
            yield _plain(self.indices[place])

    def __len__(self) -> int:
        return len(self.indices)


class BatchSampler(Sampler[list[Any]]):
    """Lists of the indices that another sampler gives.

    Args:
        sampler: Any iterable of indices.
        batch_size: How many to a list.
        drop_last: Whether to leave out a last list that is not full.

    Raises:
        InvalidValueError: If ``batch_size`` is not positive or ``drop_last`` not a bool.

    Example:
        >>> list(BatchSampler(range(5), batch_size=2, drop_last=False))
        [[0, 1], [2, 3], [4]]

    PyTorch: ``torch.utils.data.BatchSampler``.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.BatchSampler
    """

    def __init__(self, sampler: Iterable[Any], batch_size: int, drop_last: bool) -> None:
        check_positive("batch_size", batch_size)
        check_bool("drop_last", drop_last, InvalidValueError)
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    @property
    def repeats(self) -> bool:  # type: ignore[override]
        """Whether an index may come more than once in an epoch."""
        return getattr(self.sampler, "repeats", True)

    def __iter__(self) -> Iterator[list[Any]]:
        return self.iter_from(0)

    def iter_from(self, start: int) -> Iterator[list[Any]]:
        """Return the lists from number ``start`` on."""
        for batch in self._all_from(start):
            if len(batch) == self.batch_size or not self.drop_last:
                yield batch

    def _all_from(self, start: int) -> Iterator[list[Any]]:
        """The lists, the last one full or not."""
        first = start * self.batch_size
        if isinstance(self.sampler, ArraySampler) and can_skip(self.sampler):
            yield from _cut(self.sampler.pieces(first), self.batch_size)
            return
        indices = iter_from(self.sampler, first)
        while batch := list(itertools.islice(indices, self.batch_size)):
            yield batch

    def __len__(self) -> int:
        count = len(self.sampler)  # type: ignore[arg-type]
        return count // self.batch_size if self.drop_last else -(-count // self.batch_size)


def iter_from(sampler: Iterable[Any], start: int) -> Iterator[Any]:
    """What the sampler gives from a position on, without going through the beginning if it can."""
    if can_skip(sampler):
        rest: Iterator[Any] = sampler.iter_from(start)  # type: ignore[attr-defined]
        return rest
    return itertools.islice(sampler, start, None)


def can_skip(sampler: Iterable[Any]) -> bool:
    """Whether ``iter_from`` goes with the ``__iter__`` that the sampler has."""
    for kind in type(sampler).__mro__:
        if "iter_from" in vars(kind):
            return True
        if "__iter__" in vars(kind):
            return False
    return False


def _cut(pieces: Iterator[NDArray[np.int64]], size: int) -> Iterator[list[int]]:
    """Lists of ``size`` from the pieces; the next piece is asked for when a list is not full."""
    begun: list[int] = []
    for piece in pieces:
        missing = (size - len(begun)) % size
        begun += piece[:missing].tolist()
        if len(begun) == size:
            yield begun
            begun = []
        for first in range(missing, len(piece), size):
            begun = piece[first : first + size].tolist()
            if len(begun) == size:
                yield begun
                begun = []
    if begun:
        yield begun


def check_positive(name: str, value: object) -> None:
    """Raise unless the value is a positive int."""
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise InvalidValueError(
            f"{name} should be a positive integer value, but got {name}={value!r}: write 1 or more"
        )


def check_bool(name: str, value: object, error: type[Exception]) -> None:
    """Raise unless the value is True or False."""
    if not isinstance(value, bool):
        raise error(
            f"{name} should be a boolean value, but got {name}={value!r}: write True or False"
        )


def check_generator(generator: Generator | None) -> Generator | None:
    """The generator, if it is one of this library or None."""
    if generator is not None and not isinstance(generator, Generator):
        raise DataTypeError(
            f"generator={generator!r} of type {type(generator).__module__}."
            f"{type(generator).__name__} came: write generator=functorch_course.Generator(seed)"
        )
    return generator


def _plain(index: Key) -> Key:
    """A NumPy whole number as an int; any other key as it is."""
    return int(index) if isinstance(index, np.integer) else index
