"""Losses of predicted classes."""

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from functorch_course.errors import InvalidValueError, one_of

from .errors import ShapeMismatchError
from .labels import check_labels
from .reduction import Reduction, reduce
from .tracing import is_concrete


def cross_entropy(
    logits: ArrayLike,
    labels: ArrayLike,
    weight: ArrayLike | None = None,
    ignore_index: int = -100,
    reduction: Reduction = "mean",
    label_smoothing: float = 0.0,
) -> jax.Array:
    r"""Return the negative log-probability of the right classes.

    .. math:: \ell_n = -w_{y_n} \log \frac{e^{z_{n, y_n}}}{\sum_k e^{z_{n, k}}},
        \quad \text{mean} = \sum_n \ell_n / \sum_n w_{y_n}

    Shapes: logits (C,), (N, C) or (N, C, d1, ...); labels the same without C, as integers, or
    exactly the same, as floating probabilities.

    Args:
        logits: A score for each class, any real number.
        labels: The right classes, or the probabilities of the classes.
        weight: A weight for each class, of shape (C,); ``None`` means 1.
        ignore_index: Samples of this label count neither in the loss nor in the mean.
        reduction: ``"none"``, ``"mean"`` (weighted, as above; over samples for probabilities) or
            ``"sum"``.
        label_smoothing: The share of the label, in [0, 1], spread evenly over all classes.

    Returns:
        The loss. In compiled code a label out of range makes it NaN; elsewhere it raises.

    Raises:
        ShapeMismatchError: If the shapes do not belong together.
        IndexRangeError: If a label is out of range, where its value can be seen.
        InvalidValueError: If an argument is out of its range.

    Example:
        >>> cross_entropy(jnp.array([[0.0, 0.0], [5.0, 0.0]]), jnp.array([0, 0]))
        Array(0.349..., dtype=float32)

    PyTorch: ``torch.nn.functional.cross_entropy``, of which ``torch.nn.CrossEntropyLoss`` is the
    module. In place of the module write the function, or ``functools.partial(cross_entropy, ...)``.
    """
    if not 0.0 <= label_smoothing <= 1.0:
        raise InvalidValueError(f"label_smoothing={label_smoothing} must lie in [0, 1]")
    log_probabilities = jax.nn.log_softmax(jnp.asarray(logits), _class_axis(jnp.shape(logits)))
    if jnp.issubdtype(jnp.result_type(labels), jnp.floating):
        if ignore_index >= 0:
            raise InvalidValueError(f"ignore_index={ignore_index} needs labels, not probabilities")
        losses = _soft_losses(log_probabilities, labels, weight, label_smoothing)
        return reduce(losses, reduction)
    return _hard_loss(log_probabilities, labels, weight, ignore_index, reduction, label_smoothing)


def nll_loss(
    log_probabilities: ArrayLike,
    labels: ArrayLike,
    weight: ArrayLike | None = None,
    ignore_index: int = -100,
    reduction: Reduction = "mean",
) -> jax.Array:
    r"""Return the negative of the right classes' log-probabilities.

    .. math:: \ell_n = -w_{y_n} \log p_{n, y_n}

    Shapes: log-probabilities (C,), (N, C) or (N, C, d1, ...); labels the same without C.

    Args:
        log_probabilities: What :func:`log_softmax` returns.
        labels: The right classes, as integers.
        weight: A weight for each class, of shape (C,); ``None`` means 1.
        ignore_index: Samples of this label count neither in the loss nor in the mean.
        reduction: ``"none"``, ``"mean"`` (weighted by the classes' weights) or ``"sum"``.

    Returns:
        The loss. In compiled code a label out of range makes it NaN; elsewhere it raises.

    Raises:
        ShapeMismatchError: If the shapes do not belong together.
        IndexRangeError: If a label is out of range, where its value can be seen.
        InvalidValueError: If the labels are not integers, or ``reduction`` is another word.

    Example:
        >>> nll_loss(jnp.array([[-0.5, -1.0]]), jnp.array([1]))
        Array(1., dtype=float32)

    PyTorch: ``torch.nn.functional.nll_loss``.
    """
    return _hard_loss(jnp.asarray(log_probabilities), labels, weight, ignore_index, reduction, 0.0)


def _hard_loss(
    log_probabilities: jax.Array,
    labels: ArrayLike,
    weight: ArrayLike | None,
    ignore_index: int,
    reduction: Reduction,
    label_smoothing: float,
) -> jax.Array:
    """Return the reduced loss of integer labels."""
    one_of("reduction", reduction, ["none", "mean", "sum"])
    _check_label_shape(log_probabilities.shape, jnp.shape(labels))
    if is_concrete(labels):
        check_labels(
            labels, log_probabilities.shape[_class_axis(log_probabilities.shape)], ignore_index
        )
    losses, weights = _hard_losses(
        _classes_last(log_probabilities), jnp.asarray(labels), weight, ignore_index, label_smoothing
    )
    return losses.sum() / weights.sum() if reduction == "mean" else reduce(losses, reduction)


def _hard_losses(
    log_probabilities: jax.Array,
    labels: jax.Array,
    weight: ArrayLike | None,
    ignore_index: int,
    label_smoothing: float,
) -> tuple[jax.Array, jax.Array]:
    """Return the loss and the weight of each sample; classes are the last axis."""
    classes = log_probabilities.shape[-1]
    class_weight = _class_weight(weight, log_probabilities)
    weighted = log_probabilities * class_weight
    # Comparing with every class fuses into the matrix product; a gather would not.
    chosen = labels[..., None] == jnp.arange(classes)
    losses = -jnp.where(chosen, weighted, 0).sum(-1)
    if label_smoothing:
        even = -weighted.sum(-1) / classes
        losses = (1 - label_smoothing) * losses + label_smoothing * even
    in_range = (labels >= 0) & (labels < classes)
    kept = labels != ignore_index
    losses = jnp.where(kept, jnp.where(in_range, losses, jnp.nan), 0)
    if weight is None:
        return losses, kept.astype(losses.dtype)
    return losses, jnp.where(chosen & kept[..., None], class_weight, 0).sum(-1)


def _soft_losses(
    log_probabilities: jax.Array,
    probabilities: ArrayLike,
    weight: ArrayLike | None,
    label_smoothing: float,
) -> jax.Array:
    """Return the loss of each sample for probabilities of the classes."""
    if jnp.shape(probabilities) != log_probabilities.shape:
        raise ShapeMismatchError(
            f"probabilities have shape {jnp.shape(probabilities)}, but logits have shape "
            f"{log_probabilities.shape}: they must be equal; for class labels use integers"
        )
    log_probabilities = _classes_last(log_probabilities)
    even = label_smoothing / log_probabilities.shape[-1]
    targets = (1 - label_smoothing) * _classes_last(jnp.asarray(probabilities)) + even
    return -(log_probabilities * _class_weight(weight, log_probabilities) * targets).sum(-1)


def _class_axis(shape: tuple[int, ...]) -> int:
    """Return PyTorch's axis of the classes: the second, or the only one."""
    if not shape:
        raise ShapeMismatchError(
            "logits have shape (): they need an axis of classes, (C,) or (N, C)"
        )
    return 0 if len(shape) == 1 else 1


def _classes_last(array: jax.Array) -> jax.Array:
    """Move the axis of the classes to the end."""
    return jnp.moveaxis(array, _class_axis(array.shape), -1)


def _class_weight(weight: ArrayLike | None, log_probabilities: jax.Array) -> jax.Array:
    """Return the weights of the classes, ones if there are none."""
    if weight is None:
        return jnp.ones((), log_probabilities.dtype)
    classes = log_probabilities.shape[-1]
    if jnp.shape(weight) != (classes,):
        raise ShapeMismatchError(
            f"weight has shape {jnp.shape(weight)}: give one number a class, shape ({classes},)"
        )
    return jnp.asarray(weight, log_probabilities.dtype)


def _check_label_shape(logits: tuple[int, ...], labels: tuple[int, ...]) -> None:
    """Raise unless there is one label for each sample."""
    axis = _class_axis(logits)
    expected = logits[:axis] + logits[axis + 1 :]
    if labels != expected:
        remedy = "write labels.reshape(-1)" if labels == (*expected, 1) else "one label a sample"
        raise ShapeMismatchError(
            f"logits of shape {logits} need labels of shape {expected}, got {labels}: {remedy}"
        )
