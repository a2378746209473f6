"""Applying a long list of exchanges at once, without a Python loop over them."""

import numpy as np
from numpy.typing import NDArray

_FEW = 2000  # below this many elements a plain loop is faster


def apply_swaps(targets: NDArray[np.int32], n: int) -> NDArray[np.integer]:
    """Exchange element i of 0, 1, ..., n - 1 with element ``targets[i]``, for one i after another.

    Args:
        targets: n - 1 positions with ``i <= targets[i] < n``, as a Fisher-Yates shuffle draws them.
        n: How many elements.

    Returns:
        The elements in their new order, of shape (n,).
    """
    return _one_by_one(targets, n) if n < _FEW else _all_at_once(targets, n)


def _one_by_one(targets: NDArray[np.int32], n: int) -> NDArray[np.int64]:
    """The definition."""
    order = list(range(n))
    for i, target in enumerate(targets.tolist()):
        order[i], order[target] = order[target], order[i]
    return np.array(order, np.int64)


def _all_at_once(targets: NDArray[np.int32], n: int) -> NDArray[np.int32]:
    """The same by following where each element comes from.

    Step i reads position ``targets[i]`` and never touches position i again: the result at i is what
    lay at ``targets[i]``. There lay what the latest earlier step with the same target put down (if
    none, ``targets[i]`` itself), and step t puts down what lay at position t when it began. So with
    ``moved[t]`` for that, and ``parent[t]`` for the latest step before t with target t,

        moved[t] = moved[parent[t]], or t if there is none.

    The parents form a forest, and ``moved`` is the root of each tree.
    """
    latest, previous = _repeats(targets, n)
    moved = _roots(_parents(latest, previous, n))
    order = np.empty(n, np.int32)
    order[:-1] = targets
    repeated = np.flatnonzero(previous >= 0)
    order[repeated] = moved[previous[repeated]]
    order[-1] = moved[-1]
    return order


def _repeats(targets: NDArray[np.int32], n: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """For each position its latest step, and for each step the previous one with its target.

    -1 stands for none. Steps of equal targets are peeled off from the latest on: writing
    ``at[targets] = steps`` keeps the last of equals, and half of the rest goes in each round.
    """
    steps = np.arange(len(targets), dtype=np.int32)
    latest = np.full(n, -1, np.int32)
    latest[targets] = steps
    previous = np.full(len(targets), -1, np.int32)
    peeled, at = latest.copy(), np.empty(n, np.int32)
    rest = np.flatnonzero(latest[targets] != steps)
    while rest.size:
        wanted = targets[rest]
        at[wanted] = rest
        is_last = at[wanted] == rest
        step, target = rest[is_last], wanted[is_last]
        previous[peeled[target]] = step
        peeled[target] = step
        rest = rest[~is_last]
    return latest, previous


def _parents(latest: NDArray[np.int32], previous: NDArray[np.int32], n: int) -> NDArray[np.int32]:
    """For each position t the latest step before t with target t; t itself if there is none."""
    position = np.arange(n, dtype=np.int32)
    to_itself = np.flatnonzero(latest == position)
    parent = latest.copy()
    parent[to_itself] = previous[to_itself]
    return np.where(parent < 0, position, parent)


def _roots(parent: NDArray[np.int32]) -> NDArray[np.int32]:
    """The root of each tree: every round doubles the distance looked ahead."""
    while True:
        ahead = parent[parent]
        if np.array_equal(ahead, parent):
            return parent
        parent = ahead
