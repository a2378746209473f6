"""Samples drawn by weight."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator, exponential, multinomial, rand

from .sampler import ArraySampler, check_bool, check_generator, check_positive

_MOST = 2**24  # PyTorch's multinomial takes no more weights


class WeightedRandomSampler(ArraySampler):
    """Indices drawn with probabilities proportional to their weights.

    Args:
        weights: One for each sample, not negative; they need not sum to 1.
        num_samples: How many indices an epoch has.
        replacement: Whether a sample may come again.
        generator: Where to draw from; None for the current generator.

    Raises:
        InvalidValueError: If ``num_samples`` is not positive, ``replacement`` not a bool, or the
            weights not a sequence of numbers, at least ``num_samples`` of them positive if they
            are drawn without replacement.
        DataTypeError: If ``generator`` is not a Generator.

    Example:
        >>> list(WeightedRandomSampler([0.1, 0.9, 0.4], 4, generator=Generator(0)))
        [2, 1, 1, 2]

    PyTorch: ``torch.utils.data.WeightedRandomSampler``: the same indices from the same seed. There
    ``2**24`` weights are the most; here more are drawn by the same formulas.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.WeightedRandomSampler
    """

    def __init__(
        self,
        weights: ArrayLike,
        num_samples: int,
        replacement: bool = True,
        generator: Generator | None = None,
    ) -> None:
        check_positive("num_samples", num_samples)
        check_bool("replacement", replacement, InvalidValueError)
        self.weights = _checked_weights(weights, 1 if replacement else num_samples)
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = check_generator(generator)

    @property
    def repeats(self) -> bool:  # type: ignore[override]
        """Whether an index may come more than once in an epoch."""
        return self.replacement

    def pieces(self, start: int) -> Iterator[NDArray[np.int64]]:
        """The order from position ``start`` on, in one array."""
        draw = multinomial if len(self.weights) <= _MOST else _multinomial_of_many
        order = draw(self.weights, self.num_samples, self.replacement, generator=self.generator)
        yield order[start:]

    def __len__(self) -> int:
        return self.num_samples


def _multinomial_of_many(
    weights: NDArray[np.float64], count: int, replacement: bool, generator: Generator | None
) -> NDArray[np.int64]:
    """:func:`multinomial` for any number of weights."""
    if not replacement:
        arrivals = weights / exponential(len(weights), dtype=np.float64, generator=generator)
        first = np.argpartition(-arrivals, count - 1)[:count]
        return first[np.argsort(-arrivals[first])]
    cumulative = np.cumsum(weights)
    cumulative /= cumulative[-1]
    cumulative[-1] = 1
    return np.searchsorted(cumulative, rand(count, dtype=np.float64, generator=generator))


def _checked_weights(weights: ArrayLike, needed: int) -> NDArray[np.float64]:
    """The weights as an array, if so many of them can be drawn."""
    array = np.asarray(weights, np.float64)
    if array.ndim != 1:
        raise InvalidValueError(
            f"weights should be a 1d sequence but given weights have shape {array.shape}: "
            "write one number for each sample"
        )
    if not np.isfinite(array).all() or (array < 0).any():
        worst = array[~np.isfinite(array) | (array < 0)][0]
        raise InvalidValueError(f"a weight is {worst}: write finite weights of 0 or more")
    if np.count_nonzero(array) < needed:
        raise InvalidValueError(
            f"{needed} samples are to be drawn, but only {np.count_nonzero(array)} weights are "
            "positive: draw fewer, or write replacement=True"
        )
    return array
