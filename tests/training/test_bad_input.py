"""What is wrong with the data or the model is named, whichever engine goes through it."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from functorch_course import nn
from functorch_course.data import DataLoader, TensorDataset, default_collate
from functorch_course.data.errors import DataTypeError, SampleIndexError
from functorch_course.device import device_prefetch
from functorch_course.errors import InvalidValueError, NarrowingError, NonFiniteLossError
from functorch_course.nn.errors import IndexRangeError, InputTypeError, ShapeMismatchError
from functorch_course.random import Generator
from functorch_course.training import (
    Callback,
    Functional,
    evaluate,
    find_learning_rate,
    fit,
    predict,
)
from tolerance import assert_close

X = np.linspace(-1, 1, 40, dtype=np.float32).reshape(10, 4)
Y = np.arange(10) % 3
ENGINES = pytest.mark.parametrize("engine", ["step", "epoch"])


def train(engine, x=X, y=Y, loss=nn.cross_entropy, epochs=2, rate=0.1, model=None, **settings):
    loader = DataLoader(TensorDataset(x, y), 4, **settings.pop("loader", {}))
    model = model or nn.SoftmaxRegression(4, 3)
    return fit(model, loader, loss, optax.sgd(rate), epochs, compile=engine, **settings)


def with_label(label, place=6):
    y = Y.copy()
    y[place] = label
    return y


@ENGINES
@pytest.mark.parametrize("label", [3, -1])
def test_a_label_out_of_range_is_named_with_its_batch(engine, label):
    message = (
        rf"^in epoch 1 at step 2, batch 1 \(counted from 0\): label {label} at position 2 is not "
        r"one of 0 \.\.\. 2, the 3 classes"
    )
    with pytest.raises(IndexRangeError, match=message):
        train(engine, y=with_label(label))


@ENGINES
@pytest.mark.parametrize("index", [10, -11])
def test_an_index_that_no_sample_has_is_named(engine, index):
    with pytest.raises(IndexError, match=rf"{index}.* 10"):
        train(engine, loader={"sampler": [0, 1, index, 3]})
    assert train(engine, loader={"sampler": [0, 1, -10, 9]}).history.epochs


def test_an_order_that_is_no_list_of_whole_numbers_is_refused():
    for wrong in (0.5, np.nan, np.inf, 2**64 - 1):
        with pytest.raises(SampleIndexError, match=r"the sampler gave [0-9a-z.e+]+, but"):
            train("epoch", loader={"sampler": [wrong, 1]})
    for wrong in (None, 2**70):
        with pytest.raises(DataTypeError, match=r"no index of a dataset: .*; write whole numbers"):
            train("epoch", loader={"sampler": [wrong, 1]})
    for sampler in ([(0, 1), (2, 3)] * 2, ["a", "b"]):
        with pytest.raises(DataTypeError, match="needs a whole number for each sample"):
            train("epoch", loader={"sampler": sampler})


class Index:
    def __init__(self, index):
        self.index = index

    def __index__(self):
        return self.index

    __int__ = __index__


@pytest.mark.parametrize(
    "sampler",
    [[Index(3), Index(1)], [True, False], [3.0, 1.0], [0, 1, 2, 3, 99]],
    ids=["objects", "truth values", "whole floats", "wrong in what is dropped"],
)
def test_what_one_engine_takes_as_an_index_the_other_does_too(sampler):
    settings = {"sampler": sampler, "drop_last": len(sampler) == 5}
    runs = []
    for engine in ("step", "epoch"):
        model = nn.SoftmaxRegression(4, 3, generator=Generator(0))
        runs.append(train(engine, loader=settings, model=model).history.step_losses)
    assert_close(np.float32(runs[0]), np.float32(runs[1]))


@ENGINES
def test_a_sampler_that_gives_nothing_is_named(engine):
    with pytest.raises(InvalidValueError, match="the loader gave no batch"):
        train(engine, loader={"sampler": []})


@ENGINES
def test_an_ignored_label_is_not_blamed(engine):
    loss = functools.partial(nn.cross_entropy, ignore_index=255)
    assert train(engine, y=with_label(255), loss=loss).history.epochs
    x = X.copy()
    x[9] = np.nan
    with pytest.raises(NonFiniteLossError, match="became nan in epoch 1 at step 3"):
        train(engine, x=x, y=with_label(255, place=8), loss=loss)


@ENGINES
def test_a_nan_names_epoch_step_batch_and_parameter(engine):
    x = X.copy()
    x[5, 1] = np.nan
    message = (
        r"the loss became nan in epoch 1 at step 2: .* look into batch 1 \(counted from 0\)"
        r".*; since then the parameter linear\.bias is not finite"
    )
    with pytest.raises(NonFiniteLossError, match=message):
        train(engine, x=x)


@ENGINES
def test_a_loss_that_grows_beyond_all_numbers_names_the_later_epoch(engine):
    model = Functional(lambda w, x: x @ w, jnp.ones((4, 1)))
    targets = np.ones((10, 1), np.float32)
    message = r"the loss became (inf|nan) in epoch ([2-9]|[1-9]\d) at step \d: write a smaller"
    with pytest.raises(NonFiniteLossError, match=message):
        train(engine, y=targets, loss=nn.mse_loss, model=model, rate=50.0, epochs=99)


@ENGINES
def test_unequal_shapes_are_named(engine):
    with pytest.raises(ShapeMismatchError, match=r"predictions have shape \(4, 1\).*\(4,\)"):
        train(engine, y=X[:, 0], loss=nn.mse_loss, model=nn.Linear(4, 1))
    with pytest.raises(ShapeMismatchError, match=r"need labels of shape \(4,\), got \(4, 1\)"):
        train(engine, y=Y[:, None])
    with pytest.raises(
        ShapeMismatchError, match=r"needs inputs of shape \(\.\.\., 5\), got \(4, 4\)"
    ):
        train(engine, model=nn.SoftmaxRegression(5, 3))


@ENGINES
def test_inputs_that_are_no_floats_are_named(engine):
    with pytest.raises(InputTypeError, match="needs floating inputs, got uint8"):
        train(engine, x=np.zeros((10, 4), np.uint8))


@ENGINES
def test_floats_that_would_lose_half_their_digits_are_named(engine):
    with pytest.raises(NarrowingError, match="inputs of a batch are float64, which JAX would"):
        train(engine, x=X.astype(np.float64))
    with pytest.raises(NarrowingError, match="targets of a batch are float64"):
        train(engine, y=X[:, :1].astype(np.float64), loss=nn.mse_loss, model=nn.Linear(4, 1))
    with pytest.raises(NarrowingError, match=r"complex128.*give.*complex64\(number\)"):
        train(engine, x=X.astype(np.complex128))
    with jax.enable_x64(True):
        model = nn.Linear(4, 1, dtype=np.float64)
        wide = X.astype(np.float64)
        assert train(engine, x=wide, y=wide[:, :1], loss=nn.mse_loss, model=model).history.epochs


def test_floats_of_any_loader_that_would_lose_digits_are_named():
    wide = TensorDataset(X.astype(np.float64), Y)
    loaders = [
        [wide.get_batch(range(4))],
        DataLoader(wide, 4, collate_fn=lambda samples: default_collate(samples)),
        device_prefetch(DataLoader(wide, 4)),
    ]
    model = nn.SoftmaxRegression(4, 3)
    for loader in loaders:
        with pytest.raises(NarrowingError, match="of a batch are float64"):
            fit(model, loader, nn.cross_entropy, optax.sgd(0.1), 1)
    with pytest.raises(NarrowingError, match="inputs of a batch are float64"):
        train("auto", validation=DataLoader(wide, 4))
    with pytest.raises(NarrowingError, match="inputs of a batch are float64"):
        predict(model, DataLoader(wide, 4))
    assert predict(model, [(X, X.astype(np.float64))]).shape == (10, 3)


def test_pythons_own_floats_are_no_float64():
    model = Functional(lambda w, batch: w * batch["x"] * batch["scale"], jnp.array(1.0))
    batches = [({"x": X[0], "scale": 0.5}, X[0]), ({"x": X[1], "scale": 2.0}, X[1])]

    def squared(outputs, targets):
        return ((outputs - targets) ** 2).mean()

    result = fit(model, batches, squared, optax.sgd(0.1), 1)
    assert_close(np.float32(result.history.step_losses[0]), (X[0] ** 2).mean() / 4)
    assert evaluate(model, batches, squared).samples > 0


@ENGINES
def test_a_loader_without_a_full_batch_is_named(engine):
    with pytest.raises(InvalidValueError, match="the loader gave no batch: there is nothing to tr"):
        train(engine, x=X[:3], y=Y[:3], loader={"drop_last": True})


def test_a_wrong_label_in_the_validation_set_is_named():
    wrong = DataLoader(TensorDataset(X, with_label(7)), 4)
    with pytest.raises(
        IndexRangeError, match=r"^in evaluating batch 1 \(counted from 0\): label 7 at position 2"
    ):
        train("auto", validation=wrong)
    nan = [(X * np.float32(np.nan), Y)]
    assert np.isnan(evaluate(nn.SoftmaxRegression(4, 3), nan, nn.cross_entropy).loss)


def test_a_wrong_label_does_not_look_like_a_rate_that_is_too_high():
    loader = DataLoader(TensorDataset(X, with_label(7)), 4)
    with pytest.raises(IndexRangeError, match=r"^at step 2: label 7 at position 2"):
        find_learning_rate(nn.SoftmaxRegression(4, 3), loader, nn.cross_entropy, optax.sgd)


@ENGINES
def test_the_callbacks_hear_of_the_end(engine):
    class Log(Callback):
        def on_fit_end(self, history):
            self.losses = len(history.step_losses)

    log = Log()
    with pytest.raises(IndexRangeError):
        train(engine, y=with_label(3), callbacks=[log])
    assert log.losses == 2
