"""The linear models: regression, logistic regression, softmax regression."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike
from numpy.typing import DTypeLike

from functorch_course.random import Generator

from .flatten import flatten
from .linear import Linear
from .module import Module


class LinearRegression(Module):
    r"""Predict numbers by an affine map; train it with :func:`mse_loss`.

    .. math:: \hat y = x W^T + b

    Shapes: x (N, in_features), ŷ (N, out_features): targets need shape (N, 1) for one output.

    Args:
        in_features: How many numbers describe a sample.
        out_features: How many numbers are predicted.
        generator: The source of the starting values; ``None`` means the current one.
        dtype: float32 or float64.

    Example:
        >>> model = LinearRegression(2)
        >>> model(np.zeros((5, 2), np.float32)).shape
        (5, 1)

    PyTorch: a module that holds ``torch.nn.Linear`` as ``linear``.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int = 1,
        *,
        generator: Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.linear = Linear(in_features, out_features, generator=generator, dtype=dtype)

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Return the predictions."""
        return self.linear(x)


class LogisticRegression(Module):
    r"""Predict the log-odds of yes against no; train it with :func:`bce_with_logits`.

    .. math:: z = x w^T + b, \quad P(\text{yes} \mid x) = 1 / (1 + e^{-z})

    Shapes: x (N, in_features), z (N, 1).

    Args:
        in_features: How many numbers describe a sample.
        generator: The source of the starting values; ``None`` means the current one.
        dtype: float32 or float64.

    Example:
        >>> model = LogisticRegression(2)
        >>> model(np.zeros((5, 2), np.float32)).shape
        (5, 1)

    PyTorch: a module that holds ``torch.nn.Linear(in_features, 1)`` as ``linear``.
    """

    def __init__(
        self,
        in_features: int,
        *,
        generator: Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.linear = Linear(in_features, 1, generator=generator, dtype=dtype)

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Return the log-odds (logits)."""
        return self.linear(x)


class SoftmaxRegression(Module):
    r"""Predict scores (logits) of classes; train it with :func:`cross_entropy`.

    .. math:: z = x W^T + b, \quad P(k \mid x) = e^{z_k} / \sum_j e^{z_j}

    Shapes: x (N, ...), every sample flattened to in_features numbers; z (N, out_features).
    An x of one axis is a single sample, and z is (out_features,).

    Args:
        in_features: How many numbers describe a sample; 784 for images of 28 by 28.
        out_features: The number of classes.
        generator: The source of the starting values; ``None`` means the current one.
        dtype: float32 or float64.

    Example:
        >>> model = SoftmaxRegression(784, 10)
        >>> model(np.zeros((5, 1, 28, 28), np.float32)).shape
        (5, 10)

    PyTorch: a module that holds ``torch.nn.Linear`` as ``linear`` and calls
    ``self.linear(x.flatten(1))``.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        generator: Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.linear = Linear(in_features, out_features, generator=generator, dtype=dtype)

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Return the logits."""
        return self.linear(x if jnp.ndim(x) == 1 else flatten(x))
