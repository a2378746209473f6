"""Random permutations in PyTorch's order: ``randperm``."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .arguments import as_count, as_dtype
from .current import resolve
from .errors import RandomError
from .generator import Generator
from .swaps import apply_swaps

_LARGE = (2**32 - 1) // 20  # from here on PyTorch draws 64 bits a swap, and swaps backwards
_EXACT = {"float16": 2**11, "float32": 2**24, "float64": 2**53}
_DTYPES = (
    "int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8",
    "float64", "float32", "float16",
)  # fmt: skip


def randperm(
    n: int, dtype: DTypeLike = np.int64, generator: Generator | None = None
) -> NDArray[Any]:
    r"""Draw a random order of 0, 1, ..., n - 1.

    The Fisher-Yates shuffle: for i = 0, 1, ..., n - 2 exchange the elements at

    .. math:: i \quad\text{and}\quad i + (w_{32} \bmod (n - i))

    Args:
        n: How many numbers.
        dtype: Any integer or float dtype that holds n - 1; it does not change the order.
        generator: Where to draw from; None for the current generator.

    Returns:
        An array of shape (n,). It costs n - 1 words of the stream (2 n for n >= 214,748,364).

    Raises:
        RandomError: If n is negative, or the dtype too small for n - 1.
        RandomTypeError: If n is not a whole number, or the generator not a Generator.
        UnsupportedDtypeError: If the dtype is neither integer nor float.

    Example:
        >>> randperm(10, generator=Generator(0))
        array([4, 1, 7, 5, 3, 9, 0, 8, 6, 2])

    PyTorch: ``torch.randperm``, bit for bit. For an order that needs no memory, see
    :class:`IndexShuffle`.

    Source: Fisher and Yates, 1938; https://docs.pytorch.org/docs/stable/generated/torch.randperm.html
    """
    kind = as_dtype(dtype, _DTYPES, "randperm")
    count = _checked_count(n, kind)
    source = resolve(generator)
    if count < _LARGE:
        order = apply_swaps(_draw_targets(source, count), count)
    else:
        order = _backward(source, count)
    return order.astype(kind, copy=False)


def _draw_targets(generator: Generator, n: int) -> NDArray[np.int32]:
    """For each position but the last, which of those from it on it is exchanged with."""
    steps = max(n - 1, 0)
    targets = generator.words32(steps)
    targets %= np.arange(n, n - steps, -1, dtype=np.uint32)
    targets += np.arange(steps, dtype=np.uint32)
    return targets.view(np.int32)


def _backward(generator: Generator, n: int) -> NDArray[np.int64]:
    r"""Exchange position i with one of those before it, :math:`w_{64} \bmod (i + 1)`.

    Undone from its end and seen from behind, this is the forward shuffle; so the forward shuffle's
    code makes the inverse, mirrored.
    """
    targets = generator.words64(n)
    targets %= np.arange(1, n + 1, dtype=np.uint64)
    mirrored = (n - 1 - targets.astype(np.int32))[::-1]
    inverse = apply_swaps(mirrored[:-1], n)
    order = np.empty(n, np.int64)
    order[n - 1 - inverse] = np.arange(n - 1, -1, -1)
    return order


def _checked_count(n: int, kind: np.dtype[Any]) -> int:
    """The length, if the dtype holds every index below it."""
    count = as_count("n", n)
    if count < 0:
        raise RandomError(f"n={n} is negative: write how many numbers to permute, 0 or more")
    greatest = _EXACT.get(kind.name) or int(np.iinfo(kind).max)
    if count - 1 > greatest:
        raise RandomError(
            f"{kind.name} holds indices up to {greatest}, but n={n} needs {n - 1}: "
            "write a wider dtype, such as int64"
        )
    return count
