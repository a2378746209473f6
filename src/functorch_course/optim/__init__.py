"""PyTorch's optimizers and schedules as Optax gradient transformations."""

from .sgd import SGD as SGD
