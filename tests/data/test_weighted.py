"""Samples drawn by weight; the numbers are PyTorch's for the same seeds."""

import numpy as np
import pytest

from functorch_course.data import WeightedRandomSampler
from functorch_course.data.weighted import _multinomial_of_many
from functorch_course.random import Generator, manual_seed, multinomial


def test_indices_come_by_weight():
    manual_seed(0)
    sampler = WeightedRandomSampler([0.1, 0.9, 0.4, 0.7, 3.0, 0.6], 5)
    assert len(list(sampler)) == len(sampler) == 5
    counts = np.bincount(list(WeightedRandomSampler([1, 0, 3], 40_000)), minlength=3)
    np.testing.assert_allclose(counts / 40_000, [0.25, 0, 0.75], atol=0.01)
    assert sampler.repeats
    assert not WeightedRandomSampler([1, 1], 2, False).repeats


@pytest.mark.parametrize("replacement", [True, False])
def test_many_weights_are_drawn_by_the_same_formula(replacement):
    weights = np.random.default_rng(0).random(1000)
    few = multinomial(weights, 50, replacement, generator=Generator(5))
    many = _multinomial_of_many(weights, 50, replacement, Generator(5))
    np.testing.assert_array_equal(few, many)


@pytest.mark.slow
def test_more_weights_than_pytorch_takes():
    weights = np.zeros(2**24 + 10)
    weights[-3:] = 1
    drawn = list(WeightedRandomSampler(weights, 100, generator=Generator(0)))
    assert set(drawn) == {2**24 + 7, 2**24 + 8, 2**24 + 9}


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (([1.0], 0), "num_samples should be a positive integer value, but got num_samples=0"),
        (([1.0], True), "but got num_samples=True"),
        (([1.0], 1, 1), "replacement should be a boolean value, but got replacement=1"),
        (([[1.0]], 1), r"weights should be a 1d sequence.*shape \(1, 1\)"),
        (([1.0, -1.0], 1), r"a weight is -1\.0: write finite weights"),
        (([1.0, float("nan")], 1), "a weight is nan"),
        (([0.0, 0.0], 1), "only 0 weights are positive"),
        (([1.0, 0.0], 2, False), "2 samples are to be drawn, but only 1 weights are positive"),
    ],
)
def test_bad_arguments_are_refused(arguments, text):
    with pytest.raises(ValueError, match=text):
        WeightedRandomSampler(*arguments)
