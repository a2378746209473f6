"""The test run over learning rates."""

import jax.numpy as jnp
import numpy as np
import optax
import pytest

from functorch_course.errors import InvalidValueError
from functorch_course.training import Functional, find_learning_rate, fit


def squared(outputs, targets):
    return ((outputs - targets) ** 2).mean()


X = np.arange(1.0, 9.0, dtype=np.float32)
Y = 2 * X + np.array([1, -1, 1, -1, 1, -1, 1, -1], np.float32)
BATCHES = [(X[:4], Y[:4]), (X[4:], Y[4:])]
LINE = Functional(lambda w, x: w * x, jnp.array(0.0))


def test_the_curve_rises_evenly_ends_where_the_loss_blows_up_and_its_suggestion_trains():
    curve = find_learning_rate(LINE, BATCHES, squared, optax.sgd, steps=200)
    np.testing.assert_allclose(np.diff(np.log(curve.rates)), np.log(1e7) / 199, rtol=1e-6)
    # The second batch has a mean square of 43.5: gradient descent on it diverges above 1 / 43.5.
    assert 1 / 43.5 < curve.rates[-1] < 1
    assert np.isfinite(curve.losses).all()
    result = fit(LINE, BATCHES, squared, optax.sgd(curve.suggestion), epochs=200)
    assert result.history.epochs[-1].train_loss < 1.5
    assert float(LINE.parameters) == 0.0


@pytest.mark.parametrize(
    ("batches", "settings", "message"),
    [
        (BATCHES, {"low": 1.0, "high": 0.1}, "low=1.0, high=0.1, steps=100: write 0 < low < high"),
        ([], {}, "the loader gave no batch"),
        ([(X * np.nan, X)], {}, "the first loss is not finite"),
    ],
)
def test_what_cannot_be_tried_is_named(batches, settings, message):
    with pytest.raises(InvalidValueError, match=message):
        find_learning_rate(LINE, batches, squared, optax.sgd, **settings)
