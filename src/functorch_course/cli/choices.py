"""The models and optimizers that ``train`` knows by name, with defaults that work on images."""

import argparse
from typing import TYPE_CHECKING

import functorch_course as fc

if TYPE_CHECKING:
    from optax import GradientTransformation

    from functorch_course.nn import Module

MODELS = ("softmax", "mlp")
RATES = {"sgd": 0.002, "adam": 0.001, "adamw": 0.001}
MOMENTUM = 0.9


def complete(options: argparse.Namespace) -> None:
    """Fill in what depends on the optimizer, and refuse what it has no use for."""
    if options.learning_rate is None:
        options.learning_rate = RATES[options.optimizer]
    if options.optimizer == "sgd":
        options.momentum = MOMENTUM if options.momentum is None else options.momentum
    elif options.momentum is not None:
        raise fc.errors.InvalidValueError(
            f"--momentum {options.momentum:g} came, but {options.optimizer} has its own: "
            "leave it away, or write --optimizer sgd"
        )


def make_model(options: argparse.Namespace, in_features: int, classes: int) -> "Module":
    """Return the model, its weights drawn from the seed."""
    if options.model == "mlp":
        return fc.nn.MLP(in_features, options.hidden, classes)
    return fc.nn.SoftmaxRegression(in_features, classes)


def make_optimizer(options: argparse.Namespace) -> "GradientTransformation":
    """Return the optimizer."""
    common = {"lr": options.learning_rate, "weight_decay": options.weight_decay}
    if options.optimizer == "sgd":
        return fc.optim.SGD(momentum=options.momentum, **common)
    return {"adam": fc.optim.Adam, "adamw": fc.optim.AdamW}[options.optimizer](**common)
