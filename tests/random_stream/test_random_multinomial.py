import numpy as np
import pytest

from functorch_course.random import (
    Generator,
    RandomError,
    RandomTypeError,
    UnsupportedDtypeError,
    multinomial,
)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("name", "count", "replacement"),
    [("repl_k20", 20, True), ("norepl_k8", 8, False), ("k1", 1, False), ("k1", 1, True)],
)
def test_multinomial_is_pytorchs(golden, per_seed, dtype, name, count, replacement):
    weights = golden["multinomial_weights"].astype(dtype)
    found = per_seed(lambda g: multinomial(weights, count, replacement, generator=g))
    assert found.dtype == np.int64
    assert np.array_equal(found, golden[f"multinomial_{name}_{dtype.replace('loat', '')}"])


@pytest.mark.parametrize("replacement", [False, True])
def test_rows_are_drawn_one_after_another(replacement):
    table = np.array([[1.0, 2.0, 3.0], [3.0, 0.5, 1.0]])
    stream = Generator(3)
    rows = [multinomial(row, 2, replacement, generator=stream) for row in table]
    found = multinomial(table, 2, replacement, generator=Generator(3))
    assert np.array_equal(found, rows)


def test_frequencies_follow_the_weights():
    weights = np.array([1.0, 0.0, 3.0, 6.0])
    for replacement in (True, False):
        generator = Generator(4)
        if replacement:
            drawn = multinomial(weights, 20_000, True, generator=generator)
        else:
            drawn = multinomial(np.tile(weights, (20_000, 1)), 1, generator=generator)[:, 0]
        shares = np.bincount(drawn, minlength=4) / 20_000
        assert np.abs(shares - weights / 10).max() < 5 * np.sqrt(0.25 / 20_000)
        assert shares[1] == 0


def test_without_replacement_nothing_comes_twice():
    drawn = multinomial(np.arange(1.0, 101.0), 100, generator=Generator(0))
    assert sorted(drawn.tolist()) == list(range(100))


@pytest.mark.parametrize(
    ("weights", "count", "replacement", "message"),
    [
        ([1.0, 2.0], 0, False, "num_samples=0 draws nothing"),
        ([1.0, 2.0], -1, True, "num_samples=-1 draws nothing"),
        ([1.0, 2.0], 3, False, "num_samples=3 are more than the 2 positive weights"),
        ([1.0, 0.0], 2, False, "num_samples=2 are more than the 1 positive weights"),
        ([1.0, -2.0], 1, False, "negative or not finite"),
        ([1.0, np.nan], 3, True, "negative or not finite"),
        ([1.0, np.inf], 1, False, "negative or not finite"),
        ([0.0, 0.0], 2, True, "all zero"),
        ([[1.0], [0.0]], 1, False, "all zero"),
        (1.0, 1, False, "have 0 axes"),
        (np.ones((1, 1, 1)), 1, False, "have 3 axes"),
        (np.ones(2**24 + 1, np.float32), 1, False, "16777217 weights are too many"),
    ],
)
def test_impossible_draws(weights, count, replacement, message):
    with pytest.raises(RandomError, match=message):
        multinomial(weights, count, replacement)


def test_no_weights_at_all():
    with pytest.raises(RandomError, match="all zero"):
        multinomial(np.empty(0), 1)


def test_wrong_kinds():
    with pytest.raises(UnsupportedDtypeError, match="multinomial does not exist for dtype=int64"):
        multinomial([1, 2], 1)
    with pytest.raises(RandomTypeError, match=r"num_samples=1.5 of type float"):
        multinomial([1.0, 2.0], 1.5)
