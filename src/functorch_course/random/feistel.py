"""A Feistel network: a keyed permutation of the numbers below a power of two, and its inverse."""

from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Words = TypeVar("Words", int, NDArray[np.uint64])
"""One number or many: the arithmetic is the same."""

_MULTIPLIERS = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB  # those of SplitMix64
_ALL_BITS = 2**64 - 1


class Feistel(NamedTuple):
    r"""The network: each round changes the high bits l of a number or its low bits r.

    .. math:: l \leftarrow l \oplus F_k(r), \quad r \leftarrow r \oplus F_{k+1}(l)

    Whatever the keyed hash F is, a round can be undone by doing it again.
    """

    high: int
    """How many bits l has."""

    low: int
    """How many bits r has."""

    keys: list[tuple[int, int]]
    """Two 64-bit keys for every two rounds."""

    def permute(self, number: Words) -> Words:
        """All rounds."""
        left, right = self._cut(number)
        for first, second in self.keys:
            left ^= _hash(right, first) >> (64 - self.high)
            right ^= _hash(left, second) >> (64 - self.low)
        joined: Words = (left << self.low) | right
        return joined

    def restore(self, number: Words) -> Words:
        """All rounds, from the last to the first."""
        left, right = self._cut(number)
        for first, second in reversed(self.keys):
            right ^= _hash(left, second) >> (64 - self.low)
            left ^= _hash(right, first) >> (64 - self.high)
        joined: Words = (left << self.low) | right
        return joined

    def _cut(self, number: Any) -> tuple[Any, Any]:  # noqa: ANN401 - an int or an array
        """The high and the low bits."""
        return number >> self.low, number & (2**self.low - 1)


def _hash(number: Any, key: int) -> Any:  # noqa: ANN401 - an int or an array
    """64 well mixed bits."""
    mixed = ((number ^ key) * _MULTIPLIERS[0]) & _ALL_BITS
    return ((mixed ^ (mixed >> 32)) * _MULTIPLIERS[1]) & _ALL_BITS
