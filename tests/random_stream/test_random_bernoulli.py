import numpy as np
import pytest

from functorch_course.errors import InvalidValueError
from functorch_course.random import (
    Generator,
    RandomError,
    RandomTypeError,
    UnsupportedDtypeError,
    bernoulli,
    dropout_mask,
)


def test_one_probability_is_pytorchs(golden, per_seed):
    for p, expected in zip(
        golden["bernoulli_p"].tolist(), golden["bernoulli_scalar_p"], strict=True
    ):
        assert np.array_equal(per_seed(lambda g, p=p: bernoulli(p, 32, generator=g)), expected)


def test_an_array_of_probabilities_is_pytorchs(golden, per_seed):
    for p, expected in zip(
        golden["bernoulli_p"].tolist(), golden["bernoulli_tensor_p_f32"], strict=True
    ):
        table = np.full(32, p, np.float32)
        assert np.array_equal(per_seed(lambda g, t=table: bernoulli(t, generator=g)), expected)


def test_dropout_is_pytorchs(golden, per_seed):
    for p, expected in zip(golden["dropout_p"].tolist(), golden["dropout_ones24_f32"], strict=True):
        kept = per_seed(lambda g, p=p: dropout_mask(24, p, generator=g))
        assert kept.dtype == bool
        scale = np.float32(1 - p) if p < 1 else np.float32(1)
        assert np.array_equal(kept.astype(np.float32) / scale, expected), p


def test_feature_dropout_is_pytorchs(golden, per_seed):
    kept = per_seed(lambda g: dropout_mask((4, 6, 1, 1), 0.4, generator=g))
    expected = golden["dropout2d_ones_4x6x2x2_p0.4_f32"]
    factors = kept.astype(np.float32) / np.float32(0.6)
    assert np.array_equal(np.broadcast_to(factors, expected.shape), expected)


@pytest.mark.parametrize("p", [0, 1, 0.0, 1.0])
def test_certain_dropout_draws_nothing(p):
    generator = Generator(1)
    kept = dropout_mask((2, 3), p, generator=generator)
    assert kept.tolist() == [[p == 0] * 3] * 2
    assert np.array_equal(generator.get_state(), Generator(1).get_state())


def test_dtypes_of_the_result():
    assert bernoulli(0.5).dtype == np.float32
    assert bernoulli(0.5).shape == ()
    assert bernoulli(0.5, 3, np.bool_).dtype == np.bool_
    assert bernoulli(np.full(3, 0.5)).dtype == np.float64
    assert bernoulli(np.full(3, 0.5), dtype=np.int64).dtype == np.int64


def test_certain_tosses():
    assert bernoulli(0, 50).sum() == 0
    assert bernoulli(1, 50).sum() == 50


@pytest.mark.parametrize("p", [1.5, -0.1, float("nan"), np.array([0.5, 2.0])])
def test_what_is_no_probability(p):
    with pytest.raises(RandomError, match=r"is no probability: write numbers from 0 to 1"):
        bernoulli(p)


@pytest.mark.parametrize("p", [1.5, -0.1, float("nan")])
def test_what_no_dropout_can_have(p):
    with pytest.raises(InvalidValueError, match=f"p={p} is no probability"):
        dropout_mask(3, p)


def test_a_size_beside_an_array():
    with pytest.raises(InvalidValueError, match=r"size=3 beside an array p of shape \(3,\)"):
        bernoulli(np.full(3, 0.5), 3)


def test_an_array_of_integers():
    with pytest.raises(
        UnsupportedDtypeError, match="with an array p does not exist for dtype=int64"
    ):
        bernoulli(np.array([0, 1]))


def test_impossible_sizes():
    with pytest.raises(RandomError, match="negative length"):
        bernoulli(0.5, -1)
    with pytest.raises(RandomTypeError, match="no shape"):
        dropout_mask(1.5)
