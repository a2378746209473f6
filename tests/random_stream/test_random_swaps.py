import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functorch_course.random import swaps


def targets_from(seed: int, n: int, spread: int) -> np.ndarray:
    """n - 1 positions at or behind their step, at most ``spread`` behind."""
    steps = np.arange(n - 1)
    reach = np.minimum(n - steps, spread)
    drawn = np.random.default_rng(seed).integers(0, 2**31, n - 1) % reach
    return (steps + drawn).astype(np.int32)


def check(targets: np.ndarray, n: int) -> None:
    expected = swaps.one_by_one(targets, n)
    assert np.array_equal(swaps.by_chunks(targets, n), expected)
    assert np.array_equal(swaps.apply_swaps(targets, n), expected)


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.integers(2, 300), st.integers(1, 300), st.integers(0, 9))
def test_chunks_equal_the_definition(seed, n, spread, bits):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(swaps, "_BITS", bits)  # chunks of one step to 512
        check(targets_from(seed, n, spread), n)


@pytest.mark.parametrize("n", [499, 500, 4096, 4097, 40_000, 2**20, 2**20 + 1])
def test_long_lists(n):
    for seed, spread in enumerate([n, 40, 2]):
        check(targets_from(seed, n, spread), n)


@pytest.mark.parametrize("n", [2, 3, 500, 10_000])
def test_the_worst_lists(n):
    steps = np.arange(n - 1, dtype=np.int32)
    check(steps, n)  # nothing moves
    check(steps + 1, n)  # one chain as long as the list
    check(np.full(n - 1, n - 1, np.int32), n)  # every step has the same target
