"""What to measure of a model's outputs: one number for each sample, or a table over all."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from functorch_course.errors import InvalidValueError

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

    Example:
        >>> import jax.numpy as jnp
        >>> accuracy(jnp.array([[0.1, 0.9], [0.8, 0.2]]), jnp.array([1, 1]))
        Array([1., 0.], dtype=float32)

    PyTorch: written by hand as ``(outputs.argmax(1) == targets).float()``.
    """
    return (outputs.argmax(axis=1) == targets).astype(jnp.float32)


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
