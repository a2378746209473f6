"""A shuffle that is computed place by place and needs no memory: :class:`IndexShuffle`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from .arguments import as_count
from .errors import RandomError, RandomTypeError
from .feistel import Feistel
from .generator import checked_seed

Places = slice | Sequence[int] | NDArray[np.integer]

_ROUNDS, _ROUNDS_OF_FEW, _FEW = 8, 24, 2**12  # narrow halves mix more slowly
_BLOCK = 2**14


@dataclass(frozen=True)
class IndexShuffle:
    r"""A random order of 0, 1, ..., n - 1, any place of which can be computed by itself.

    A keyed hash permutes the numbers below the next power of two (a Feistel network: its rounds can
    be undone, whatever the hash). A number that lands at n or above goes through it again until it
    lands below (cycle walking), fewer than two times on average:

    .. math:: \operatorname{order}(i) = E^t(i), \quad t = \min \{ t \ge 1 : E^t(i) < n \}

    It takes constant memory and no time to start. It is a statistical shuffle, not a cipher.
    ``order[i]`` is the index at place i; ``order[array]`` and ``order[start:stop]`` are arrays of
    int64.

    Args:
        n: How many indices, from 0 to ``2**63 - 1``.
        seed: From ``-2**63`` to ``2**64 - 1``.
        epoch: Which of the seed's orders, from 0.

    Raises:
        RandomError: If n or epoch is out of range, or the seed no whole number.
        RandomTypeError: If n or epoch is not a whole number.
        InvalidValueError: If the seed is out of range.

    Example:
        >>> order = IndexShuffle(10, seed=0)
        >>> list(order)
        [2, 3, 4, 8, 7, 1, 6, 5, 9, 0]
        >>> order[3], order[-1], order[2:4], order.inverse(8)
        (8, 0, array([4, 8]), 3)
        >>> IndexShuffle(10**18, seed=0, epoch=5)[123_456_789]
        826351940391094050

    PyTorch: has no counterpart. Its ``randperm`` is :func:`randperm` here, and gives another order.

    Source: Luby and Rackoff, "How to Construct Pseudorandom Permutations from Pseudorandom
    Functions", 1988; Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002.
    """

    n: int
    seed: int
    epoch: int = 0

    def __post_init__(self) -> None:
        if not 0 <= as_count("n", self.n) < 2**63:
            raise RandomError(
                f"n={self.n} is out of range: write how many indices, from 0 to 2**63 - 1"
            )
        if as_count("epoch", self.epoch) < 0:
            raise RandomError(f"epoch={self.epoch} is negative: count epochs from 0")
        checked_seed(self.seed)

    def __len__(self) -> int:
        return self.n

    def __iter__(self) -> Iterator[int]:
        for start in range(0, self.n, _BLOCK):
            yield from self[start : start + _BLOCK].tolist()

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: Places) -> NDArray[np.int64]: ...
    def __getitem__(self, place: int | Places) -> int | NDArray[np.int64]:
        """The index at a place, or those at many; negative places count from the end."""
        if isinstance(place, int | np.integer):
            return _walk(self._network.permute, self._checked_place(int(place)), self.n)
        return self._walk_all(self._network.permute, self._checked_places(place))

    @overload
    def inverse(self, index: int) -> int: ...
    @overload
    def inverse(self, index: Places) -> NDArray[np.int64]: ...
    def inverse(self, index: int | Places) -> int | NDArray[np.int64]:
        """Return the place of an index, or those of many.

        Args:
            index: From 0 to n - 1, or an array of such, or a slice.

        Returns:
            The place, or an int64 array of places in the shape of the indices.

        Raises:
            IndexError: If an index is not below n.
            RandomTypeError: If it is not a whole number.

        Example:
            >>> order = IndexShuffle(1000, seed=1)
            >>> order.inverse(order[:3])
            array([0, 1, 2])

        PyTorch: has no counterpart; of a permutation in memory it is ``torch.argsort``.
        """
        if isinstance(index, int | np.integer):
            return _walk(self._network.restore, self._checked_place(int(index)), self.n)
        return self._walk_all(self._network.restore, self._checked_places(index))

    @cached_property
    def _network(self) -> Feistel:
        """The permutation of the numbers below the next power of two."""
        rounds = _ROUNDS_OF_FEW if self.n <= _FEW else _ROUNDS
        source = np.random.SeedSequence(int(self.seed) % 2**64, spawn_key=(int(self.epoch),))
        keys: list[int] = source.generate_state(rounds, np.uint64).tolist()
        bits = (self.n - 1).bit_length()
        return Feistel(bits - bits // 2, bits // 2, list(zip(keys[::2], keys[1::2], strict=True)))

    def _walk_all(
        self, step: Callable[[NDArray[np.uint64]], NDArray[np.uint64]], places: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """:func:`_walk` for an array, block by block."""
        flat = places.reshape(-1).astype(np.uint64)
        for start in range(0, flat.size, _BLOCK):
            block = step(flat[start : start + _BLOCK])
            while (outside := np.flatnonzero(block >= self.n)).size:
                block[outside] = step(block[outside])
            flat[start : start + _BLOCK] = block
        return flat.astype(np.int64).reshape(places.shape)

    def _checked_place(self, place: int) -> int:
        """The place counted from the start."""
        if not -self.n <= place < self.n:
            raise IndexError(
                f"place {place} of an order of {self.n} indices: write one from {-self.n} to "
                f"{self.n - 1}"
            )
        return place % self.n

    def _checked_places(self, places: Places) -> NDArray[np.int64]:
        """The places counted from the start, as an array."""
        if isinstance(places, slice):
            return np.arange(*places.indices(self.n))
        array = np.asarray(places)
        if array.size and array.dtype.kind not in "iu":
            raise RandomTypeError(
                f"places of dtype {array.dtype} came: write whole numbers or a slice"
            )
        if array.size:
            self._checked_place(int(array.min()))
            self._checked_place(int(array.max()))
        return array.astype(np.int64) % max(self.n, 1)


def _walk(step: Callable[[int], int], number: int, n: int) -> int:
    """Where the number lands below n."""
    number = step(number)
    while number >= n:
        number = step(number)
    return number
