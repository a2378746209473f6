"""Stopping when nothing improves, and keeping the best."""

import jax.numpy as jnp
import numpy as np
import optax
import pytest

from functorch_course.errors import InvalidValueError
from functorch_course.training import EarlyStopping, EpochRecord, Functional, History, KeepBest, fit


def run(callback, scores, metric):
    """Give the callback one epoch after the other; return those after which it says stop."""
    history, stops = History(), []
    for epoch, score in enumerate(scores, 1):
        loss, metrics = (None, {metric: score}) if metric else (score, {})
        history.epochs.append(EpochRecord(epoch, 1, 1.0, loss, metrics, 1.0, 1.0))
        if callback.on_epoch_end(history, model=epoch):
            stops.append(epoch)
    return stops


def test_the_lowest_loss_is_kept_and_patience_counts_from_it():
    stop = EarlyStopping(patience=2)
    assert run(stop, [3.0, 1.0, 2.0, 1.5, 0.5], metric=None) == [4]
    assert (stop.model, stop.record.validation_loss) == (5, 0.5)


def test_the_highest_metric_is_kept_and_the_first_of_equals():
    best = KeepBest("accuracy")
    assert run(best, [0.5, 0.9, 0.9, 0.1], metric="accuracy") == []
    assert best.model == 2


def test_a_metric_that_was_not_measured_is_named():
    with pytest.raises(InvalidValueError, match=r"epoch 1 has not the metric 'auc' .*accuracy"):
        run(KeepBest("auc"), [0.5], metric="accuracy")


def test_fit_stops_and_the_best_model_is_another_than_the_last():
    data = [(np.ones(1, np.float32), np.ones(1, np.float32))]
    model = Functional(lambda w, x: w * x, jnp.array(0.9))
    stop = EarlyStopping(patience=3)
    diverging = optax.sgd(1.5)

    def squared(outputs, targets):
        return ((outputs - targets) ** 2).mean()

    result = fit(model, data, squared, diverging, 50, validation=data, callbacks=[stop])
    assert len(result.history.epochs) == 4
    assert stop.record.epoch == 1
    assert abs(stop.model.parameters - 1) < abs(result.model.parameters - 1)
