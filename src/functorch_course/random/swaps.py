"""Applying a long list of exchanges without a Python loop over them.

A Fisher-Yates shuffle exchanges element i with one at or behind it, for one i after another. Here a
chunk of such steps is done at once, sorted by their targets and, where these are equal, in order:

* Of equal targets the first step takes the element that lies there, and every later one what the
  step before it has left there.
* A step leaves the element at its own position. That is the one which lay there when the chunk
  began, unless the position was the target of an earlier step of the chunk: then it is what the
  last of these has left there, which may again come from an earlier one.
"""

import numpy as np
from numpy.typing import NDArray

_FEW = 500  # below this many elements the plain loop is faster
# A chunk has 4,096 steps: its arrays fit into the cache, and into memory that is there; for larger
# ones the system would have to find and clear some each time.
_BITS = 12


def apply_swaps(targets: NDArray[np.int32], n: int) -> NDArray[np.int64]:
    """Exchange element i of 0, 1, ..., n - 1 with element ``targets[i]``, for one i after another.

    Args:
        targets: n - 1 positions with ``i <= targets[i] < n``, as a Fisher-Yates shuffle draws them.
        n: How many elements.

    Returns:
        The elements in their new order, of shape (n,).
    """
    return one_by_one(targets, n) if n < _FEW else by_chunks(targets, n)


def one_by_one(targets: NDArray[np.int32], n: int) -> NDArray[np.int64]:
    """The definition."""
    order = list(range(n))
    for i, target in enumerate(targets.tolist()):
        order[i], order[target] = order[target], order[i]
    return np.array(order, np.int64)


def by_chunks(targets: NDArray[np.int32], n: int) -> NDArray[np.int64]:
    """The same, a chunk of steps at a time."""
    order = np.arange(n)
    for start in range(0, n - 1, 2**_BITS):
        _exchange(order, targets[start : start + 2**_BITS], start)
    return order


def _exchange(order: NDArray[np.int64], targets: NDArray[np.int32], start: int) -> None:
    """Do the steps from ``start`` on, one for each target; steps are counted within the chunk."""
    chunk = order[start : start + len(targets)]
    target, step = _sorted(targets, len(order))
    inside = np.searchsorted(target, start + len(chunk))
    left = chunk[_origins(target[:inside] - start, step[:inside], len(chunk))]
    taken = order[target]
    again = np.flatnonzero(target[1:] == target[:-1])
    taken[again + 1] = left[step[again]]
    order[target] = left[step]  # of equal targets the last step stays
    chunk[step] = taken


def _sorted(targets: NDArray[np.int32], n: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Targets in ascending order, and the step of each; both in one number are sorted fastest."""
    kind = np.dtype(np.uint32 if n <= 2 ** (32 - _BITS) else np.uint64)
    pairs: NDArray[np.unsignedinteger] = targets.astype(kind)
    pairs <<= _BITS
    pairs |= np.arange(len(targets), dtype=kind)
    pairs.sort()
    return (pairs >> _BITS).astype(np.intp), (pairs & (2**_BITS - 1)).astype(np.intp)


def _origins(hit: NDArray[np.intp], step: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """From which position of the chunk each step's element comes; ``step`` has the target ``hit``.

    Every round doubles the way looked back from those that are not at their end.
    """
    origin = np.arange(count)
    origin[hit] = step  # of equal ones the last step stays
    while hit.size:
        now = origin[hit]
        before = origin[now]
        origin[hit] = before
        hit = hit[before != now]
    return origin
