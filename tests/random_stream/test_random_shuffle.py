import math
import pickle
from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functorch_course.errors import InvalidValueError
from functorch_course.random import IndexShuffle, RandomError, RandomTypeError, randperm

LENGTHS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 63, 64, 65, 1000, 4095, 4096, 4097, 65_535, 65_537, 100_000]


@pytest.mark.parametrize("n", LENGTHS)
def test_every_index_comes_once(n):
    order = IndexShuffle(n, seed=5)
    whole = order[:]
    assert whole.dtype == np.int64
    assert len(order) == n == len(whole)
    assert np.array_equal(np.sort(whole), np.arange(n))
    assert np.array_equal(order.inverse(whole), np.arange(n))
    assert list(order) == whole.tolist()


@settings(max_examples=60)
@given(st.integers(1, 2**63 - 1) | st.integers(1, 100), st.data())
def test_places_agree_in_every_form(n, data):
    order = IndexShuffle(
        n, data.draw(st.integers(-(2**63), 2**64 - 1)), data.draw(st.integers(0, 9))
    )
    place = data.draw(st.integers(0, n - 1))
    index = order[place]
    assert isinstance(index, int)
    assert 0 <= index < n
    assert order[place - n] == index == order[np.int64(place)]
    assert order[[place]].tolist() == [index] == order[place : place + 1].tolist()
    assert order.inverse(index) == place
    assert order.inverse(np.array([[index]])).tolist() == [[place]]


@pytest.mark.parametrize("n", [10**9, 2**31, 2**31 + 1])
def test_a_thousand_million_indices(n):
    order = IndexShuffle(n, seed=1)
    places = np.linspace(0, n - 1, 20_000).astype(np.int64)
    indices = order[places]
    assert len(np.unique(indices)) == len(places)
    assert np.array_equal(order.inverse(indices), places)
    assert abs(indices.mean() / n - 0.5) < 5 / math.sqrt(12 * len(places))


@pytest.mark.parametrize(
    "cut", [slice(None), slice(3, 40, 7), slice(-5, None), slice(None, None, -1)]
)
def test_slices_are_those_of_a_list(cut):
    order = IndexShuffle(50, seed=2)
    assert order[cut].tolist() == list(order)[cut]


def test_seed_and_epoch_choose_the_order():
    orders = {(s, e): tuple(IndexShuffle(100, s, e)) for s in (0, 1, -1, 2**32) for e in (0, 1, 2)}
    assert len(set(orders.values())) == len(orders)
    assert tuple(IndexShuffle(100, 1, 2)) == orders[1, 2]
    assert tuple(IndexShuffle(100, 2**64 - 1, 0)) == orders[-1, 0]


def test_it_is_not_pytorchs_order():
    assert list(IndexShuffle(100, seed=0)) != randperm(100).tolist()


def test_a_copy_sent_to_another_process_is_equal():
    order = IndexShuffle(1000, seed=3, epoch=4)
    twin = pickle.loads(pickle.dumps(order))  # noqa: S301
    assert twin == order
    assert repr(twin) == "IndexShuffle(n=1000, seed=3, epoch=4)"
    assert np.array_equal(twin[:], order[:])


def excess(counts: np.ndarray) -> float:
    """How many standard deviations chi-squared lies above what equal chances give."""
    expected = counts.sum() / counts.size
    chi_squared = ((counts - expected) ** 2 / expected).sum()
    freedom = counts.size - 1
    return (chi_squared - freedom) / math.sqrt(2 * freedom)


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_every_order_of_few_indices_is_as_likely(n):
    counts = Counter(tuple(IndexShuffle(n, seed)) for seed in range(6000))
    table = np.array([counts[order] for order in permutations(range(n))])
    assert excess(table) < 5


@pytest.mark.parametrize("n", [7, 30, 100, 5000])
def test_first_index_and_neighbours_distance_are_uniform(n):
    pairs = np.array([(o[0], o[1]) for o in (IndexShuffle(n, 0, e) for e in range(10_000))])
    assert excess(np.bincount(pairs[:, 0] * min(n, 100) // n)) < 5
    distance = (pairs[:, 0] - pairs[:, 1]) % n
    assert distance.min() > 0
    assert excess(np.bincount((distance - 1) * min(n - 1, 100) // (n - 1))) < 5


@pytest.mark.parametrize("n", [2**16, 100_003])
def test_one_long_order_has_no_pattern(n):
    order = IndexShuffle(n, seed=9)[:]
    for lag in (1, 2, 64, 1024):
        distance = (order[lag:] - order[:-lag]) % n
        assert excess(np.bincount(distance * 100 // n, minlength=100)) < 5, lag
    places = np.arange(n)
    assert abs(np.corrcoef(places, order)[0, 1]) < 5 / math.sqrt(n)
    cell = (places * 16 // n) * 16 + order * 16 // n
    assert excess(np.bincount(cell, minlength=256)) < 5
    assert (order == places).sum() < 10  # a random order keeps one index in place on average


@pytest.mark.parametrize("n", [-1, 2**63])
def test_length_out_of_range(n):
    with pytest.raises(RandomError, match=f"n={n} is out of range"):
        IndexShuffle(n, seed=0)


def test_impossible_arguments():
    with pytest.raises(RandomError, match="epoch=-1 is negative"):
        IndexShuffle(5, seed=0, epoch=-1)
    with pytest.raises(RandomTypeError, match=r"n=2.5 of type float"):
        IndexShuffle(2.5, seed=0)
    with pytest.raises(InvalidValueError, match="out of range"):
        IndexShuffle(5, seed=2**64)
    with pytest.raises(RandomError, match="a seed is a whole number"):
        IndexShuffle(5, seed=None)


@pytest.mark.parametrize("place", [5, -6, [0, 5], np.array([-6])])
def test_places_out_of_range(place):
    order = IndexShuffle(5, seed=0)
    with pytest.raises(IndexError, match=r"of an order of 5 indices: write one from -5 to 4"):
        order[place]


@pytest.mark.parametrize("place", [[0.5], np.array([True]), "a"])
def test_places_that_are_no_whole_numbers(place):
    with pytest.raises(RandomTypeError, match="write whole numbers or a slice"):
        IndexShuffle(5, seed=0)[place]


def test_no_places_give_no_indices():
    assert IndexShuffle(5, seed=0)[[]].tolist() == []
    assert IndexShuffle(0, seed=0)[[]].shape == (0,)
    with pytest.raises(IndexError, match="place 0 of an order of 0 indices"):
        IndexShuffle(0, seed=0)[0]
