"""A model's outputs, loss and metrics over a whole loader, the last partial batch included."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from functorch_course.device.width import check_width
from functorch_course.errors import InvalidValueError

from .arguments import check_loader, check_loss, check_metrics, check_model, inputs_of, pair
from .labels import examination, shapes_of
from .metrics import Combined, Metric
from .program import Model, as_program
from .step import Loss

Batches = Iterable[Any]
Apply = Callable[..., tuple[jax.Array, Any]]
Arrays = list[Any]


class Evaluation(NamedTuple):
    """Means over every sample of a loader.

    Args:
        loss: Mean loss over all samples.
        metrics: Mean of each metric over all samples.
        samples: How many there were.

    PyTorch: has no counterpart.
    """

    loss: float
    metrics: dict[str, float]
    samples: int


def evaluate(
    model: Model,
    loader: Batches,
    loss: Loss,
    metrics: Mapping[str, Metric | Combined] | None = None,
) -> Evaluation:
    r"""Measure a model on every sample that the loader gives.

    Formula: :math:`\bar L = \frac{1}{N}\sum_b n_b L_b`, with :math:`n_b` samples in batch b

    Args:
        model: A Flax NNX module or a ``Functional``; it is not changed.
        loader: Gives batches (inputs, targets).
        loss: A function of (outputs, targets) that gives the batch's mean as a scalar.
        metrics: Name to a function of (outputs, targets) that gives one number for each sample, or
            a ``Combined`` metric such as ``r2_score``.

    Returns:
        The means over all samples; a smaller last batch weighs less, as it should.

    Raises:
        ArgumentTypeError: If an argument is of another kind.
        InvalidValueError: If the loader gives no batch.
        NarrowingError: If a batch holds float64 that JAX would narrow.
        IndexRangeError: If a label is out of range, by its batch.

    Example:
        >>> import jax.numpy as jnp
        >>> from functorch_course.training import Functional
        >>> model = Functional(lambda slope, x: slope * x, jnp.array(2.0))
        >>> squared = lambda outputs, targets: ((outputs - targets) ** 2).mean()
        >>> first = (jnp.array([1.0, 2.0]), jnp.array([1.0, 1.0]))
        >>> last = (jnp.array([3.0]), jnp.array([6.0]))
        >>> evaluate(model, [first, last], squared)
        Evaluation(loss=3.3333333333333335, metrics={}, samples=3)

    PyTorch: written by hand as a loop under ``model.eval()`` and ``torch.no_grad()``; here
    nothing is recorded unless it is differentiated.
    """
    check_model(model)
    check_loader(loader)
    check_loss(loss)
    check_metrics(metrics)
    apply, *arrays = as_program(model, training=False)
    chosen = dict(metrics or {})
    waiting, samples = [], []
    labels: list[tuple[Any, Any] | None] = []
    for batch in loader:
        inputs, targets = pair(batch)
        waiting.append(_measure(apply, loss, tuple(chosen.values()), arrays, inputs, targets))
        samples.append(len(targets))
        labels.append((shapes_of(inputs), targets) if _may_be_labels(targets) else None)
    if not samples:
        raise InvalidValueError("the loader gave no batch: there is nothing to evaluate")
    weights = np.array(samples, np.float64)
    columns = zip(*jax.device_get(waiting), strict=True)
    losses, *measured = (np.array(column, np.float64) for column in columns)
    for number in np.flatnonzero(~np.isfinite(losses)):
        if (seen := labels[number]) is not None:
            examination(model, loss)(*seen, f"in evaluating batch {number} (counted from 0)")
    values = {
        name: _combine(metric, batches, weights)
        for (name, metric), batches in zip(chosen.items(), measured, strict=True)
    }
    return Evaluation(float(np.average(losses, weights=weights)), values, sum(samples))


@partial(jax.jit, static_argnums=(0, 1, 2))
def _measure(
    apply: Apply,
    loss: Loss,
    metrics: tuple[Metric | Combined, ...],
    arrays: Arrays,
    inputs: jax.Array,
    targets: jax.Array,
) -> list[jax.Array]:
    """Return the mean loss over one batch, and what each metric measures of it."""
    outputs, _ = apply(*arrays, inputs)
    measured = [
        metric.measure(outputs, targets)
        if isinstance(metric, Combined)
        else metric(outputs, targets).mean()
        for metric in metrics
    ]
    return [loss(outputs, targets), *measured]


def _combine(
    metric: Metric | Combined, batches: npt.NDArray[np.float64], samples: npt.NDArray[np.float64]
) -> float:
    """Return a metric over all batches."""
    if isinstance(metric, Combined):
        return float(metric.combine(batches, samples))
    return float(np.average(batches, weights=samples))


def _may_be_labels(targets: Any) -> bool:  # noqa: ANN401
    """Whether targets can be classes, which are small enough to be remembered."""
    return isinstance(targets, jax.Array | np.ndarray) and bool(
        jnp.issubdtype(targets.dtype, jnp.integer)
    )


def predict(model: Model, loader: Batches) -> npt.NDArray[Any]:
    """Return the model's outputs for every sample that the loader gives, in its order.

    Shapes: (N, …) for N samples.

    Args:
        model: A Flax NNX module or a ``Functional``.
        loader: Gives batches (inputs, targets); the targets are not looked at.

    Returns:
        The outputs of all batches, one after the other, on the host.

    Raises:
        InvalidValueError: If the loader gives no batch.
        NarrowingError: If the inputs hold float64 that JAX would narrow.

    Example:
        >>> import jax.numpy as jnp
        >>> from functorch_course.training import Functional
        >>> model = Functional(lambda slope, x: slope * x, jnp.array(2.0))
        >>> predict(model, [(jnp.array([1.0, 2.0]), None), (jnp.array([3.0]), None)])
        array([2., 4., 6.], dtype=float32)

    PyTorch: written by hand as a loop under ``model.eval()`` and ``torch.no_grad()``.
    """
    check_model(model)
    check_loader(loader)
    apply, *arrays = as_program(model, training=False)
    outputs = []
    for batch in loader:
        inputs = inputs_of(batch)
        check_width("inputs", inputs)
        outputs.append(np.asarray(_forward(apply, arrays, inputs)))
    if not outputs:
        raise InvalidValueError("the loader gave no batch: there is nothing to predict")
    return np.concatenate(outputs)


@partial(jax.jit, static_argnums=0)
def _forward(apply: Apply, arrays: Arrays, inputs: jax.Array) -> jax.Array:
    """Return the outputs for one batch."""
    outputs, _ = apply(*arrays, inputs)
    return outputs
