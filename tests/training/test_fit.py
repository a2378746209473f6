"""The training loop: what it returns, tells, leaves alone and refuses."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from functorch_course import nn
from functorch_course import optim as fc_optim
from functorch_course.errors import InvalidValueError, NonFiniteLossError
from functorch_course.training import Callback, Functional, accuracy, fit, make_step, start
from tolerance import assert_close


def squared(outputs, targets):
    return ((outputs - targets) ** 2).mean()


def line():
    return Functional(lambda w, x: w * x, jnp.array(0.0))


X = np.arange(1.0, 8.0, dtype=np.float32)
BATCHES = [(X[:4], 2 * X[:4]), (X[4:], 2 * X[4:])]


class Log(Callback):
    """Writes down what it is told."""

    def __init__(self):
        self.told = []

    def on_epoch_start(self, epoch, steps):
        self.told.append(("start", epoch, steps))

    def on_progress(self, batches, history):
        self.told += [("step", samples) for samples in batches]

    def on_epoch_end(self, history, model):
        self.told.append(("end", len(history.epochs)))
        return False

    def on_fit_end(self, history):
        self.told.append(("over", len(history.step_losses)))


def test_it_equals_the_loop_written_by_hand():
    optimizer = optax.sgd(0.01, momentum=0.9)
    result = fit(line(), BATCHES, squared, optimizer, epochs=3)
    step, losses = make_step(line(), squared, optimizer), []
    state = start(line(), optimizer)
    for x, y in BATCHES * 3:
        state, loss = step(state, x, y)
        losses.append(loss)
    assert_close(result.model.parameters, state.parameters)
    assert_close(result.history.step_losses, np.array(losses))


def test_the_mean_loss_weighs_every_sample_alike():
    result = fit(line(), BATCHES, squared, optax.sgd(0.0), epochs=1)
    assert_close(result.history.epochs[0].train_loss, np.mean((2 * X) ** 2))


def test_validation_is_measured_after_each_epoch_on_all_samples():
    labels = np.array([0, 1, 1])
    model = Functional(lambda w, x: w + x, jnp.zeros(2))
    logits = np.eye(2, dtype=np.float32)[[0, 0, 1]]
    batches = [(logits[:2], labels[:2]), (logits[2:], labels[2:])]
    result = fit(
        model,
        batches,
        nn.cross_entropy,
        optax.sgd(0.0),
        epochs=2,
        validation=batches,
        metrics={"accuracy": accuracy},
    )
    assert [record.epoch for record in result.history.epochs] == [1, 2]
    record = result.history.epochs[1]
    assert_close(record.validation_metrics["accuracy"], 2 / 3)
    expected = np.mean([np.log1p(np.exp(-1)), np.log1p(np.exp(1)), np.log1p(np.exp(-1))])
    assert_close(np.float32(record.validation_loss), np.float32(expected))


def test_callbacks_are_told_everything_in_order():
    log = Log()
    fit(line(), BATCHES, squared, optax.sgd(0.01), epochs=2, callbacks=[log])
    epoch = [("step", 4), ("step", 3)]
    assert log.told == [
        *[("start", 1, 2), *epoch, ("end", 1)],
        *[("start", 2, 2), *epoch, ("end", 2)],
        ("over", 4),
    ]


def test_the_model_that_went_in_stays_as_it_was():
    model = nn.Linear(2, 1)
    before = model.state_dict()
    batches = [(np.ones((3, 2), np.float32), np.ones((3, 1), np.float32))]
    result = fit(model, batches, squared, optax.sgd(0.1), epochs=2)
    assert np.array_equal(model.state_dict()["weight"], before["weight"])
    assert not np.array_equal(result.model.state_dict()["weight"], before["weight"])


def test_one_compilation_for_each_batch_shape():
    shapes = []

    def apply(w, x):
        shapes.append(x.shape)
        return w * x

    fit(Functional(apply, jnp.array(0.0)), BATCHES, squared, optax.sgd(0.01), epochs=5)
    assert shapes == [(4,), (3,)]


def test_least_squares_reaches_the_normal_equations():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(50, 2)).astype(np.float32)
    y = x @ np.float32([[2.0], [-1.0]]) + 3 + rng.normal(size=(50, 1)).astype(np.float32)
    exact = np.linalg.lstsq(np.c_[x, np.ones(50)].astype(np.float64), y)[0].ravel()
    result = fit(nn.LinearRegression(2), [(x, y)], squared, optax.sgd(0.2), epochs=300)
    state = result.model.state_dict()
    found = np.append(state["linear.weight"], state["linear.bias"])
    assert_close(found.astype(np.float32), exact.astype(np.float32))


def test_zero_epochs_change_nothing():
    result = fit(line(), BATCHES, squared, optax.sgd(0.1), epochs=0)
    assert float(result.model.parameters) == 0.0
    assert result.history.epochs == []


def test_negative_epochs_are_refused():
    with pytest.raises(InvalidValueError, match="epochs=-1: write a whole number of 0 or more"):
        fit(line(), BATCHES, squared, optax.sgd(0.1), epochs=-1)


def test_an_empty_loader_is_refused():
    with pytest.raises(InvalidValueError, match="the loader gave no batch"):
        fit(line(), [], squared, optax.sgd(0.1), epochs=1)


def test_a_nan_is_named_with_its_step_and_the_history_so_far_is_told():
    log = Log()
    bad = [BATCHES[0], (np.full(3, np.nan, np.float32), X[:3])]
    message = r"became nan in epoch 1 at step 2: .* batch 1 .*since then the parameter w is not fin"
    model = Functional(lambda p, x: p["w"] * x, {"unused": 1.0, "w": 0.0})
    with pytest.raises(NonFiniteLossError, match=message):
        fit(model, bad, squared, optax.sgd(0.01), epochs=1, callbacks=[log])
    assert log.told[-1] == ("over", 2)


def test_an_interrupt_ends_at_once_and_the_callbacks_hear_of_it():
    def batches():
        yield BATCHES[0]
        raise KeyboardInterrupt

    log = Log()
    with pytest.raises(KeyboardInterrupt):
        fit(line(), batches(), squared, optax.sgd(0.01), epochs=1, callbacks=[log])
    assert log.told[-1][0] == "over"


def test_float64_stays_float64():
    with jax.enable_x64(True):
        model = Functional(lambda w, x: w * x, jnp.array(0.0, jnp.float64))
        batches = [(X.astype(np.float64), 2 * X.astype(np.float64))]
        result = fit(model, batches, squared, optax.sgd(0.01), epochs=200)
        assert result.model.parameters.dtype == np.float64
        assert_close(result.model.parameters, 2.0)


def test_accumulating_two_halves_equals_the_whole_batch():
    x, y = X[:6], 2 * X[:6]
    halves = [(x[:3], y[:3]), (x[3:], y[3:])]
    whole = fit(line(), [(x, y)], squared, optax.sgd(0.01), epochs=4)
    halved = fit(line(), halves, squared, optax.sgd(0.01), epochs=4, accumulate=2)
    assert_close(halved.model.parameters, whole.model.parameters)


def test_a_clipped_gradient_moves_no_further_than_the_norm():
    result = fit(line(), BATCHES[:1], squared, optax.sgd(0.5), epochs=1, clip=0.1)
    assert_close(result.model.parameters, np.float32(0.05))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"accumulate": 0}, "accumulate=0: write a whole number of 1 or more"),
        ({"clip": 0.0}, "clip=0.0: write a norm above 0"),
    ],
)
def test_a_wrong_setting_is_named(settings, message):
    with pytest.raises(InvalidValueError, match=message):
        fit(line(), BATCHES, squared, optax.sgd(0.1), epochs=1, **settings)


@pytest.mark.parametrize("settings", [{}, {"accumulate": 2, "clip": 1e6}])
def test_an_optimizer_that_looks_at_the_loss_is_shown_it(settings):
    plateau = fc_optim.ReduceLROnPlateau(lr=0.2, factor=0.5, patience=0, steps_per_epoch=1)
    optimizer = optax.chain(fc_optim.SGD(lr=0.2), plateau)
    result = fit(line(), [(X, 2 * X)] * 2, squared, optimizer, epochs=4, **settings)
    w, state, losses = jnp.array(0.0), optimizer.init(jnp.array(0.0)), []
    for _ in range(len(result.history.step_losses) // settings.get("accumulate", 1)):
        loss, gradient = jax.value_and_grad(lambda w: squared(w * X, 2 * X))(w)
        updates, state = optimizer.update(gradient, state, w, value=loss)
        w = optax.apply_updates(w, updates)
        losses += [loss] * settings.get("accumulate", 1)
    assert float(state[1].lr) < 0.2
    assert_close(result.model.parameters, w)
    assert_close(np.float32(result.history.step_losses), np.float32(losses))
