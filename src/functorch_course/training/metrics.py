"""What to measure of a model's outputs: one number for each sample, or a table over all."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from functorch_course.errors import InvalidValueError
from functorch_course.nn.errors import ShapeMismatchError, same_shape

Metric = Callable[[jax.Array, jax.Array], jax.Array]


def accuracy(outputs: jax.Array, targets: jax.Array) -> jax.Array:
    r"""Say for each sample whether the largest output stands at the target's place.

    Formula: :math:`a_i = [\arg\max_k o_{ik} = t_i]`; the first of equal outputs counts.

    Shapes: outputs (N, K), targets (N,), result (N,).

    Args:
        outputs: Logits or probabilities.
        targets: Class indices.

    Returns:
        1.0 or 0.0 for each sample; their mean over all samples is the accuracy.

    Raises:
        ShapeMismatchError: If there is not one target for each row of outputs.

    Example:
        >>> import jax.numpy as jnp
        >>> accuracy(jnp.array([[0.1, 0.9], [0.8, 0.2]]), jnp.array([1, 1]))
        Array([1., 0.], dtype=float32)

    PyTorch: written by hand as ``(outputs.argmax(1) == targets).float()``.
    """
    _check_classes(outputs, targets)
    return (outputs.argmax(axis=1) == targets).astype(jnp.float32)


@cache
def top_k_accuracy(k: int) -> Metric:
    r"""Make a metric that says whether the target is among the k largest outputs.

    Formula: :math:`a_i = [\,|\{j : o_{ij} > o_{it_i}\}| + |\{j < t_i : o_{ij} = o_{it_i}\}| < k\,]`

    Shapes: outputs (N, K), targets (N,), result (N,).

    Args:
        k: How many guesses count.

    Returns:
        A function of (outputs, targets) that gives 1.0 or 0.0 for each sample.

    Raises:
        InvalidValueError: If ``k`` is below 1, or, when it is called, above the number of classes.

    Example:
        >>> import jax.numpy as jnp
        >>> top_k_accuracy(2)(jnp.array([[0.1, 0.7, 0.2], [0.8, 0.0, 0.2]]), jnp.array([2, 1]))
        Array([1., 0.], dtype=float32)

    PyTorch: written by hand as ``(outputs.topk(k).indices == targets[:, None]).any(1)``.
    """
    if k < 1:
        raise InvalidValueError(f"k={k}: write a number of guesses, at least 1")

    def hit(outputs: jax.Array, targets: jax.Array) -> jax.Array:
        _check_classes(outputs, targets)
        if k > outputs.shape[1]:
            raise InvalidValueError(f"k={k}, but there are only {outputs.shape[1]} classes")
        _, guesses = jax.lax.top_k(outputs, k)
        return (guesses == targets[:, None]).any(axis=1).astype(jnp.float32)

    return hit


def mean_absolute_error(outputs: jax.Array, targets: jax.Array) -> jax.Array:
    r"""Measure how far each sample's outputs are from its targets.

    Formula: :math:`e_i = \frac{1}{D} \sum_d |o_{id} - t_{id}|`

    Shapes: outputs and targets (N, …), result (N,).

    Args:
        outputs: Predicted numbers.
        targets: The true ones.

    Returns:
        One error for each sample, in the unit of the targets.

    Raises:
        ShapeMismatchError: If the shapes differ, even where they would broadcast.

    Example:
        >>> import jax.numpy as jnp
        >>> mean_absolute_error(jnp.array([[1.0], [5.0]]), jnp.array([[2.0], [2.0]]))
        Array([1., 3.], dtype=float32)

    PyTorch: ``torch.nn.functional.l1_loss`` gives the mean over all samples.
    """
    same_shape("outputs", outputs.shape, "targets", targets.shape)
    return abs(outputs - targets).reshape(len(targets), -1).mean(axis=1)


class Combined(NamedTuple):
    """A metric over all samples that is no mean of one number for each.

    Args:
        measure: From one batch's (outputs, targets) to an array of numbers, of one size.
        combine: From those of all batches, float64 (batches, numbers), and the samples in each
            batch, to the metric.

    Example:
        >>> largest = Combined(lambda o, t: abs(o - t).max(), lambda errors, samples: errors.max())
        >>> from functorch_course.training import Functional, evaluate
        >>> import jax.numpy as jnp
        >>> model = Functional(lambda p, x: x, ())
        >>> batches = [(jnp.array([1.0, 2.0]), jnp.zeros(2)), (jnp.array([9.0]), jnp.zeros(1))]
        >>> evaluate(model, batches, lambda o, t: 0.0, {"largest error": largest}).metrics
        {'largest error': 9.0}

    PyTorch: has no counterpart; ``torchmetrics.Metric`` is alike.
    """

    measure: Metric
    combine: Callable[[npt.NDArray[np.float64], npt.NDArray[np.float64]], float]


def _errors_and_spread(outputs: jax.Array, targets: jax.Array) -> jax.Array:
    """Return the squared error, and mean and squared deviation of the targets, of one batch."""
    same_shape("outputs", outputs.shape, "targets", targets.shape)
    rows = targets.reshape(len(targets), -1)
    mean = rows.mean(axis=0)
    error = ((rows - outputs.reshape(rows.shape)) ** 2).sum(axis=0)
    return jnp.stack([error, mean, ((rows - mean) ** 2).sum(axis=0)])


def _explained(batches: npt.NDArray[np.float64], samples: npt.NDArray[np.float64]) -> float:
    """Return the coefficient of determination from what each batch measured."""
    error, means, spreads = np.moveaxis(batches, 1, 0)
    weights = samples[:, np.newaxis]
    mean = (weights * means).sum(axis=0) / weights.sum()
    spread = (spreads + weights * (means - mean) ** 2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.mean(1 - error.sum(axis=0) / spread))


r2_score = Combined(_errors_and_spread, _explained)
r"""The coefficient of determination over all samples, the mean over several outputs.

Formula: :math:`R^2 = 1 - \sum_i (t_i - o_i)^2 / \sum_i (t_i - \bar t)^2`

Constant targets give -inf, or NaN if they are met exactly.

Example:
    >>> float(r2_score.combine(np.array([[[1.0], [2.0], [4.0]]]), np.array([3.0])))
    0.75

PyTorch: has no counterpart; ``sklearn.metrics.r2_score`` is equal to rounding.
"""


def confusion_matrix(
    targets: npt.ArrayLike, predictions: npt.ArrayLike, classes: int
) -> npt.NDArray[np.int64]:
    r"""Count how often each class was taken for each other.

    Formula: :math:`C_{jk} = |\{i : t_i = j, p_i = k\}|`

    Shapes: targets (N,), predictions (N,), result (classes, classes).

    Args:
        targets: The true class of each sample: the row.
        predictions: The class that was predicted: the column.
        classes: How many classes there are.

    Returns:
        The counts; their sum is N, and the accuracy is the trace divided by N.

    Raises:
        InvalidValueError: If a class lies outside [0, classes).

    Example:
        >>> confusion_matrix([0, 0, 1], [0, 1, 1], classes=2)
        array([[1, 1],
               [0, 1]])

    PyTorch: has no counterpart; ``sklearn.metrics.confusion_matrix`` counts alike.
    """
    pairs = np.stack([np.asarray(targets), np.asarray(predictions)]).astype(np.int64)
    if pairs.size and not 0 <= pairs.min() <= pairs.max() < classes:
        raise InvalidValueError(
            f"classes={classes}, but a class {pairs.max() if pairs.min() >= 0 else pairs.min()} "
            f"came: write a larger number of classes, or look for the wrong label"
        )
    counts = np.bincount(pairs[0] * classes + pairs[1], minlength=classes**2)
    return counts.reshape(classes, classes)


def _check_classes(outputs: jax.Array, targets: jax.Array) -> None:
    """Raise unless there is one target for each row of outputs."""
    if outputs.ndim != 2 or targets.shape != outputs.shape[:1]:
        raise ShapeMismatchError(
            f"outputs have shape {outputs.shape}, and targets {targets.shape}: outputs must be "
            "(N, classes) and targets (N,); write targets.reshape(-1)"
        )
