"""Whatever a newcomer gives in the wrong place or kind is refused with what to write."""

import re

import jax.numpy as jnp
import numpy as np
import optax
import pytest

from functorch_course import nn, optim
from functorch_course.data import DataLoader, TensorDataset
from functorch_course.errors import CourseError, InvalidValueError
from functorch_course.nn.errors import ShapeMismatchError
from functorch_course.training import (
    ArgumentTypeError,
    Callback,
    Functional,
    KeepBest,
    accuracy,
    evaluate,
    find_learning_rate,
    fit,
    predict,
)

X, Y = np.zeros((6, 4), np.float32), np.zeros(6, np.int64)
DATASET = TensorDataset(X, Y)
LOADER = DataLoader(DATASET, 3)
RIGHT = {
    "model": nn.SoftmaxRegression(4, 3),
    "loader": LOADER,
    "loss": nn.cross_entropy,
    "optimizer": optax.sgd(0.1),
    "epochs": 1,
}
WRONG_KINDS = [
    ({"model": nn.SoftmaxRegression}, "model is the class SoftmaxRegression: write SoftmaxRegres"),
    ({"model": np.matmul}, "model is the function matmul: write Functional(apply, parameters)"),
    ({"model": 3}, "model is 3: write a Flax NNX module, such as fc.nn.Linear(3, 1)"),
    ({"loader": DATASET}, "loader is a TensorDataset, which gives samples: write DataLoader(datas"),
    (
        {"loader": (X, Y)},
        "loader is a tuple of the data themselves: write DataLoader(TensorDataset",
    ),
    ({"loader": X}, "loader is a ndarray of the data themselves: write DataLoader(TensorDataset"),
    ({"loader": None}, "loader is a NoneType: write a DataLoader"),
    ({"validation": DATASET}, "validation is a TensorDataset, which gives samples"),
    ({"loss": "mse"}, "loss is 'mse': write a function of (outputs, targets)"),
    ({"loss": optax.sgd(0.1)}, "the optimizer comes after it"),
    ({"optimizer": optim.SGD}, "optimizer is the function SGD: write one with its rate"),
    (
        {"optimizer": 0.1},
        "optimizer is 0.1: write one with its rate, such as fc.optim.SGD(lr=0.01)",
    ),
    ({"metrics": [accuracy], "validation": LOADER}, "metrics is a list: write names and functions"),
    ({"metrics": {"top": "accuracy"}, "validation": LOADER}, "the metric 'top' is 'accuracy': wri"),
    ({"callbacks": KeepBest()}, "callbacks is a KeepBest: write a list of them"),
    ({"callbacks": [print]}, "a callback is the function print: write an instance of a class deri"),
    ({"callbacks": [Callback]}, "a callback is the class Callback: write an instance of a class"),
    (
        {"model": Functional(lambda w, x: x @ w, {"w": np.zeros((4, 3), int)})},
        "the parameter w is int32, and nothing can be differentiated by it",
    ),
    ({"loader": [list(X[:3, None])]}, "a batch of the loader is a list of 3, and no pair"),
    (
        {"loader": [{"x": X, "y": Y}]},
        "a batch of the loader is a dict, and no pair (inputs, target",
    ),
]


@pytest.mark.parametrize(("given", "message"), WRONG_KINDS)
def test_another_kind_is_refused(given, message):
    with pytest.raises(ArgumentTypeError, match=re.escape(message)):
        fit(**RIGHT | given)


@pytest.mark.parametrize("engine", ["step", "epoch"])
def test_a_dataset_without_targets_is_refused_by_both_engines(engine):
    loader = DataLoader(TensorDataset(X), 3)
    with pytest.raises(ArgumentTypeError, match="a list of 1, and no pair"):
        fit(**RIGHT | {"loader": loader, "compile": engine})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"epochs": 1.5}, "epochs=1.5: write a whole number of 0 or more"),
        ({"epochs": "3"}, "epochs='3': write a whole number of 0 or more"),
        ({"epochs": True}, "epochs=True: write a whole number of 0 or more"),
        ({"accumulate": 1.5}, "accumulate=1.5: write a whole number of 1 or more"),
        ({"metrics": {"accuracy": accuracy}}, "measured on the validation set: write validation="),
        ({"validation": []}, "the loader gave no batch: there is nothing to evaluate"),
        ({"callbacks": [KeepBest()]}, "epoch 1 has not a validation loss"),
    ],
)
def test_a_value_without_meaning_is_refused(given, message):
    with pytest.raises(InvalidValueError, match=re.escape(message)):
        fit(**RIGHT | given)


def test_a_loss_that_is_no_single_number_is_refused():
    def each(outputs, targets):
        return nn.cross_entropy(outputs, targets, reduction="none")

    message = (
        r'the loss of a batch has shape \(3,\), and must be one number: write reduction="mean"'
    )
    with pytest.raises(ShapeMismatchError, match=message):
        fit(**RIGHT | {"loss": each})


@pytest.mark.parametrize(
    "call",
    [
        lambda: evaluate(nn.SoftmaxRegression, LOADER, nn.cross_entropy),
        lambda: evaluate(RIGHT["model"], DATASET, nn.cross_entropy),
        lambda: evaluate(RIGHT["model"], LOADER, "mse"),
        lambda: evaluate(RIGHT["model"], LOADER, nn.cross_entropy, [accuracy]),
        lambda: evaluate(RIGHT["model"], [{"x": X}], nn.cross_entropy),
        lambda: predict(RIGHT["model"], [X]),
        lambda: predict(jnp.sin, LOADER),
        lambda: find_learning_rate(RIGHT["model"], DATASET, nn.cross_entropy, optax.sgd),
        lambda: find_learning_rate(RIGHT["model"], LOADER, 0.1, optax.sgd),
    ],
)
def test_what_stands_beside_fit_is_as_strict(call):
    with pytest.raises(ArgumentTypeError) as caught:
        call()
    assert isinstance(caught.value, CourseError)
    assert "write" in str(caught.value)
