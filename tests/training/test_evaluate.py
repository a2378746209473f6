"""Means over every sample, and outputs in order."""

import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course.errors import InvalidValueError
from functorch_course.training import Functional, evaluate, predict
from tolerance import assert_close

MODEL = Functional(lambda w, x: w * x, jnp.array(3.0))


def squared(outputs, targets):
    return ((outputs - targets) ** 2).mean()


def absolute(outputs, targets):
    return abs(outputs - targets)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_the_batch_size_does_not_change_the_means(size):
    x, y = np.arange(7.0, dtype=np.float32), np.ones(7, np.float32)
    batches = [(x[i : i + size], y[i : i + size]) for i in range(0, 7, size)]
    result = evaluate(MODEL, batches, squared, {"mae": absolute})
    assert result.samples == 7
    assert_close(np.float32(result.loss), np.mean((3 * x - y) ** 2))
    assert_close(np.float32(result.metrics["mae"]), np.mean(abs(3 * x - y)))
    assert np.array_equal(predict(MODEL, batches), 3 * x)


def test_evaluating_again_compiles_nothing():
    traced = []

    def apply(w, x):
        traced.append(x.shape)
        return w * x

    model = Functional(apply, jnp.array(1.0))
    for _ in range(3):
        evaluate(model, [(jnp.ones(2), jnp.ones(2))], squared)
    assert traced == [(2,)]


def test_an_empty_loader_is_refused():
    with pytest.raises(InvalidValueError, match="nothing to evaluate"):
        evaluate(MODEL, [], squared)
    with pytest.raises(InvalidValueError, match="nothing to predict"):
        predict(MODEL, [])
