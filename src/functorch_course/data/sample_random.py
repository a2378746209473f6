"""Random numbers that belong to a sample, whoever loads it, whenever."""

import zlib
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from functorch_course.random import Generator

from .types import Key

_WORD = 2**64 - 1


class SampleGenerator(Generator):
    r"""A generator that is seeded for each sample, when the sample first asks for a number.

    .. math:: seed = \mathrm{mix}(\mathrm{mix}(\mathrm{mix}(seed_0, epoch), key), position)

    Samples that draw nothing pay next to nothing.

    Args:
        seed: The seed of the loader's epoch.
        epoch: The number of the epoch.
    """

    __slots__ = ("_base", "_place")

    def __init__(self, seed: int, epoch: int) -> None:
        self._base = _mix(seed, epoch)
        self._place: tuple[Key, int] | None = None
        super().__init__()

    def begin(self, key: Key, position: int = 0) -> None:
        """Go to the beginning of the stream of a sample."""
        self._place = (key, position)
        self.spare_normal = None

    def manual_seed(self, seed: int) -> Self:
        """Start the stream of ``seed``; see :class:`Generator`."""
        self._place = None
        return super().manual_seed(seed)

    def initial_seed(self) -> int:
        """Return the seed of the sample."""
        self._seed_sample()
        return super().initial_seed()

    def get_state(self) -> NDArray[np.uint8]:
        """Return where the stream stands; see :class:`Generator`."""
        self._seed_sample()
        return super().get_state()

    def set_state(self, state: ArrayLike) -> None:
        """Go to where a stream stood; see :class:`Generator`."""
        self._place = None
        super().set_state(state)

    def words32(self, count: int) -> NDArray[np.uint32]:
        """Draw words of 32 bits; see :class:`Generator`."""
        self._seed_sample()
        return super().words32(count)

    def words64(self, count: int) -> NDArray[np.uint64]:
        """Draw words of 64 bits; see :class:`Generator`."""
        self._seed_sample()
        return super().words64(count)

    def _seed_sample(self) -> None:
        """Seed the stream, if the sample has not drawn yet."""
        if self._place is not None:
            key, position = self._place
            self.manual_seed(_mix(_mix(self._base, _number(key)), position))


def _number(key: Key) -> int:
    """The key itself if it is an int, else a number made of its text."""
    return key if isinstance(key, int) else zlib.crc32(repr(key).encode())


def _mix(state: int, number: int) -> int:
    """64 bits that change altogether with either argument.

    Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
    """
    z = (state + (number + 1) * 0x9E3779B97F4A7C15) & _WORD
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _WORD
    return z ^ (z >> 31)
