"""Applying a long list of exchanges without a Python loop over them.

A Fisher-Yates shuffle exchanges element i with one behind it, for one i after another. Here a
whole chunk of such steps is done at once. Most of them do not meet: they take the element at their
target and leave their own there. Two kinds do meet, and are few while the chunk is short beside
what is left:

* *Repeats*: steps with the same target. A later one takes what the earlier one has left there.
* *Hits*: a step whose target is the position of a later step of the chunk. That one then does not
  leave the element that lay at its position when the chunk began, but what the hit has left there,
  which may again come from a hit.
"""

import numpy as np
from numpy.typing import NDArray

_FEW = 3000  # below this many elements the plain loop is faster
_LEAST, _MOST = 600, 2**14  # lengths of a chunk: worth NumPy's calls, and within the cache


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
    """The same, a chunk of at most a third of the remaining steps at a time."""
    order, scratch = np.arange(n), np.empty(n, np.int32)
    start = 0
    while start < n - 1:
        length = min(max((n - start) // 3, _LEAST), _MOST)
        _exchange(order, scratch, targets[start : start + length].astype(np.intp), start)
        start += length
    return order


def _exchange(
    order: NDArray[np.int64], latest: NDArray[np.int32], target: NDArray[np.intp], start: int
) -> None:
    """Do the steps from ``start`` on, one for each target; steps are counted within the chunk.

    ``latest`` holds at each target the last step that has it; elsewhere it means nothing.
    """
    stop = start + len(target)
    step = np.arange(len(target), dtype=np.int32)
    latest[target] = step  # of equal targets the last step stays
    hit = target[target < stop]
    origin = step.copy()
    origin[hit - start] = latest[hit]
    later, earlier = _repeats(latest, target, step)

    left = order[start:stop].copy()
    left[hit - start] = left[_first(origin, hit - start)]
    taken = order[target]
    taken[later] = left[earlier]
    order[target] = left
    order[start:stop] = taken


def _repeats(
    latest: NDArray[np.int32], target: NDArray[np.intp], step: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Pairs of steps with the same target, each with the one before it.

    The last steps are known; every round finds the last of the rest, as writing an array to equal
    indices keeps the last one. It overwrites ``latest``.
    """
    rest = step[latest[target] != step]
    later, earlier = [rest[:0]], [rest[:0]]
    while rest.size:
        wanted = target[rest]
        following = latest[wanted]
        latest[wanted] = rest
        is_last = latest[wanted] == rest
        later.append(following[is_last])
        earlier.append(rest[is_last])
        rest = rest[~is_last]
    return np.concatenate(later), np.concatenate(earlier)


def _first(origin: NDArray[np.int32], steps: NDArray[np.intp]) -> NDArray[np.int32]:
    """Where the chains of origins from these steps end; every round doubles the way looked back."""
    while True:
        now = origin[steps]
        before = origin[now]
        if np.array_equal(before, now):
            return now
        origin[steps] = before
