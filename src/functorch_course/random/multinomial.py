"""Draws by weight: ``multinomial``."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arguments import as_count, as_dtype
from .current import resolve
from .errors import RandomError
from .exponential import exponential
from .generator import Generator
from .uniform import unit53

_MOST = 2**24


def multinomial(
    weights: ArrayLike,
    num_samples: int,
    replacement: bool = False,
    generator: Generator | None = None,
) -> NDArray[np.int64]:
    r"""Draw indices with probabilities proportional to their weights.

    With replacement, each of several samples is found in the cumulative distribution:

    .. math:: i = \min \{ j : \textstyle\sum_{k \le j} w_k / \sum_k w_k \ge u_{53} \}

    Without (and for a single sample) the weights race, and the first to arrive are taken in order:

    .. math:: q_i = w_i / e_i, \quad e_i \text{ exponential}

    Args:
        weights: Shape (n,), or (rows, n) for as many independent draws; float32 or float64, not
            negative; at most ``2**24`` of them in a row.
        num_samples: How many to draw from each row.
        replacement: Whether an index may come more than once.
        generator: Where to draw from; None for the current generator.

    Returns:
        Indices of shape (num_samples,) or (rows, num_samples). They cost two words of the stream
        for each sample in the first case, and for each weight in the second.

    Raises:
        RandomError: If a weight is negative or not finite, all of a row are zero, num_samples is
            not positive, or greater than the number of positive weights without replacement.
        RandomTypeError: If num_samples is not a whole number, or the generator not a Generator.
        UnsupportedDtypeError: If the weights are neither float32 nor float64.

    Example:
        >>> multinomial([0.1, 0.0, 0.9], 5, replacement=True, generator=Generator(0))
        array([2, 2, 2, 2, 2])
        >>> multinomial([0.1, 0.0, 0.9], 2, generator=Generator(0))
        array([2, 0])

    PyTorch: ``torch.multinomial``, equal, except that among ten thousand and more float32 weights
    two may arrive at the same time, and then come in another order. Without replacement it goes on
    to draw zero weights when it runs out of others.

    Source: Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006;
    https://docs.pytorch.org/docs/stable/generated/torch.multinomial.html
    """
    table = _checked_weights(weights)
    count = as_count("num_samples", num_samples)
    _check_count(count, table, replacement)
    source = resolve(generator)
    if replacement and count > 1:
        indices = np.stack([_search(row, unit53(source, count)) for row in table])
    else:
        indices = _race(table, source)[:, :count]
    return indices.reshape(*np.shape(weights)[:-1], count)


def _search(weights: NDArray[Any], units: NDArray[np.float64]) -> NDArray[np.int64]:
    """The first index whose cumulative probability, in the dtype of the weights, reaches u."""
    cumulative = np.cumsum(weights, dtype=weights.dtype)
    cumulative /= cumulative[-1]
    return np.searchsorted(cumulative.astype(np.float64), units)


def _race(table: NDArray[Any], generator: Generator) -> NDArray[np.int64]:
    """The indices of each row, the fastest first."""
    times = exponential(table.shape, dtype=table.dtype, generator=generator)
    with np.errstate(divide="ignore", over="ignore"):  # an infinite speed wins
        speeds = table / times
    return np.argsort(-speeds, axis=1, kind="stable")


def _checked_weights(weights: ArrayLike) -> NDArray[Any]:
    """The weights as a table of rows, if they are weights."""
    table = np.asarray(weights)
    if table.ndim not in (1, 2):
        raise RandomError(
            f"weights of shape {table.shape} have {table.ndim} axes: write (n,) or (rows, n)"
        )
    as_dtype(table.dtype, ("float32", "float64"), "multinomial")
    if table.shape[-1] > _MOST:
        raise RandomError(f"{table.shape[-1]} weights are too many: write at most {_MOST}")
    if not (np.isfinite(table) & (table >= 0)).all():
        raise RandomError("some weights are negative or not finite: write numbers from 0 on")
    return np.atleast_2d(table)


def _check_count(count: int, table: NDArray[Any], replacement: bool) -> None:
    """Refuse to draw nothing, or more than there is."""
    if count <= 0:
        raise RandomError(f"num_samples={count} draws nothing: write 1 or more")
    positive = int((table > 0).sum(axis=1).min(initial=table.shape[1]))
    if positive == 0:
        raise RandomError("the weights of a row are all zero: write one that is positive")
    if count > positive and not replacement:
        raise RandomError(
            f"num_samples={count} are more than the {positive} positive weights: write fewer, or "
            "replacement=True"
        )
