"""The engine: PyTorch's CPU generator, a Mersenne Twister with one spare normal number."""

import operator
import secrets
from typing import Self

import numpy as np
from numpy.random import MT19937, RandomState
from numpy.typing import ArrayLike, NDArray

from functorch_course.errors import InvalidValueError

from .errors import RandomError
from .state import EngineState, pack, unpack

DEFAULT_SEED = 67280421310721
"""The seed of a generator that was never seeded."""

_FEW = 2048  # below this many words NumPy's random_raw starts faster than randint


class Generator:
    """A stream of random numbers, equal to that of ``torch.Generator(device="cpu")``.

    The engine is MT19937: 624 words of 32 bits, twisted anew each time they are used up.
    Only ``seed mod 2**32`` enters it.

    Args:
        seed: From ``-2**63`` to ``2**64 - 1``; negative seeds count as ``seed + 2**64``.

    Raises:
        InvalidValueError: If the seed is out of range.
        RandomError: If the seed is not a whole number.

    Example:
        >>> generator = Generator(1234)
        >>> generator.words32(3)
        array([ 822569775, 2137449171, 2671936806], dtype=uint32)
        >>> generator.initial_seed()
        1234

    PyTorch: ``torch.Generator().manual_seed(seed)``. A generator here belongs to one thread at a
    time; PyTorch's takes a lock.

    Source: Matsumoto and Nishimura, "Mersenne Twister", 1998;
    https://docs.pytorch.org/docs/stable/generated/torch.Generator.html
    """

    __slots__ = ("_bits", "_fresh", "_seed", "_stream", "spare_normal")

    spare_normal: float | None
    """The second number of the last Box-Muller pair, if it has not been handed out yet."""

    def __init__(self, seed: int = DEFAULT_SEED) -> None:
        self._bits = MT19937(0)
        self._stream = RandomState(self._bits)  # NumPy's frozen interface to the same words
        self.manual_seed(seed)

    def manual_seed(self, seed: int) -> Self:
        """Start the stream of ``seed`` from its beginning.

        It costs about two microseconds, so one generator may be reseeded for every sample.

        Args:
            seed: From ``-2**63`` to ``2**64 - 1``.

        Returns:
            The generator itself.

        Raises:
            InvalidValueError: If the seed is out of range.
            RandomError: If the seed is not a whole number.

        Example:
            >>> Generator().manual_seed(-1).initial_seed() == 2**64 - 1
            True

        PyTorch: ``torch.Generator.manual_seed``; NumPy's integers, which it refuses, are
        welcome here.
        """
        self._seed = checked_seed(seed) % 2**64
        self._stream.seed(self._seed % 2**32)
        self._fresh = True
        self.spare_normal = None
        return self

    def seed(self) -> int:
        """Start a stream that nobody can foresee, and return its seed.

        Returns:
            64 bits from the operating system.

        Example:
            >>> generator = Generator()
            >>> generator.seed() == generator.initial_seed()
            True

        PyTorch: ``torch.Generator.seed``.
        """
        self.manual_seed(secrets.randbits(64))
        return self._seed

    def initial_seed(self) -> int:
        """Return the seed from which the stream started, modulo ``2**64``.

        Example:
            >>> Generator(7).initial_seed()
            7

        PyTorch: ``torch.Generator.initial_seed``.
        """
        return self._seed

    def get_state(self) -> NDArray[np.uint8]:
        """Return where the stream stands.

        Returns:
            5056 bytes, the same that PyTorch would return.

        Example:
            >>> generator = Generator(0)
            >>> state = generator.get_state()
            >>> first = generator.words32(2)
            >>> generator.set_state(state)
            >>> bool((generator.words32(2) == first).all())
            True

        PyTorch: ``torch.Generator.get_state().numpy()``.
        """
        words = self._bits.state["state"]
        return pack(
            EngineState(self._seed, words["key"], words["pos"], self._fresh, self.spare_normal)
        )

    def set_state(self, state: ArrayLike) -> None:
        """Go to where a stream stood.

        Args:
            state: What :meth:`get_state` returned here or in PyTorch.

        Raises:
            RandomTypeError: If the state is not an array of uint8.
            RandomError: If it has another size, or no engine can be in that state.

        Example:
            >>> Generator().set_state(Generator(3).get_state())

        PyTorch: ``torch.Generator.set_state``.
        """
        engine = unpack(state)
        self._bits.state = {
            "bit_generator": "MT19937",
            "state": {"key": engine.key, "pos": engine.position},
        }
        self._seed, self._fresh = engine.seed, engine.fresh
        self.spare_normal = engine.spare_normal

    def clone(self) -> "Generator":
        """Return a second generator that stands at the same place and goes on by itself.

        Example:
            >>> first = Generator(5)
            >>> second = first.clone()
            >>> bool(first.words32(1) == second.words32(1))
            True

        PyTorch: ``torch.Generator.clone_state``.
        """
        twin = Generator()
        twin.set_state(self.get_state())
        return twin

    def words32(self, count: int) -> NDArray[np.uint32]:
        """Draw the next ``count`` words of 32 bits, from which every draw is made.

        Args:
            count: How many, at least 0.

        Returns:
            The words in the order of the stream, of shape (count,).

        Example:
            >>> Generator(0).words32(2)
            array([2357136044, 2546248239], dtype=uint32)

        PyTorch: has no counterpart in Python; ``at::CPUGeneratorImpl::random()`` in C++.
        """
        self._fresh = self._fresh and count == 0
        if count < _FEW:
            return self._bits.random_raw(count).astype(np.uint32)
        return self._stream.randint(0, 2**32, size=count, dtype=np.uint32)

    def words64(self, count: int) -> NDArray[np.uint64]:
        r"""Draw ``count`` words of 64 bits, each made of two words of 32.

        .. math:: w_{64} = 2^{32} w_{first} + w_{second}

        Args:
            count: How many, at least 0.

        Returns:
            The words in the order of the stream, of shape (count,).

        Example:
            >>> Generator(0).words64(1) == 2357136044 * 2**32 + 2546248239
            array([ True])

        PyTorch: has no counterpart in Python; ``at::CPUGeneratorImpl::random64()`` in C++.
        """
        self._fresh = self._fresh and count == 0
        if count < _FEW:
            high, low = self._bits.random_raw(2 * count).reshape(count, 2).T
            return (high << np.uint64(32)) | low
        return self._stream.randint(0, 2**64, size=count, dtype=np.uint64)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(seed={self._seed})"

    def __getstate__(self) -> NDArray[np.uint8]:
        return self.get_state()

    def __setstate__(self, state: NDArray[np.uint8]) -> None:
        Generator.__init__(self)
        self.set_state(state)


def checked_seed(seed: int) -> int:
    """The seed as a plain int, if it is one and in range."""
    if isinstance(seed, bool) or not hasattr(seed, "__index__"):
        raise RandomError(
            f"a seed is a whole number, but {seed!r} of type {type(seed).__name__} came: "
            "write an int"
        )
    number = operator.index(seed)
    if not -(2**63) <= number < 2**64:
        raise InvalidValueError(
            f"seed={number} is out of range: write one from -2**63 to 2**64 - 1"
        )
    return number
