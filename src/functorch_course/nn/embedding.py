"""A table of vectors, looked up by number."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike
from numpy.typing import DTypeLike

from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator

from . import init
from .errors import IndexRangeError, InputTypeError
from .module import Module
from .parameter import Parameter, parameter
from .tracing import is_concrete


class Embedding(Module):
    r"""Look up a vector for each index.

    .. math:: y_i = W_{x_i}

    Shapes: x (...) of integers, W (num_embeddings, embedding_dim), y (..., embedding_dim).

    Args:
        num_embeddings: How many vectors there are.
        embedding_dim: How long a vector is.
        padding_idx: The index of a vector that starts at zero and gets no gradient; negative ones
            count from the end.
        generator: The source of the starting values; ``None`` means the current one.
        dtype: float32 or float64.

    Raises:
        InvalidValueError: If a size is not positive, or ``padding_idx`` is out of range.
        InputTypeError: If the indices are not integers.
        IndexRangeError: If an index is out of range and can be seen. In compiled code it cannot;
            there its vector is NaN.

    Example:
        >>> layer = Embedding(10, 4)
        >>> layer(jnp.array([[1, 2, 9]])).shape
        (1, 3, 4)
        >>> layer(jnp.array([10]))
        Traceback (most recent call last):
        functorch_course.nn.errors.IndexRangeError: index 10 is not one of 0 ... 9, the rows of
        Embedding(10, 4)

    PyTorch: ``torch.nn.Embedding``, with equal starting values. jax indexing itself would quietly
    take the last row for an index too large.
    """

    weight: Parameter[jax.Array]

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        *,
        generator: Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        name = f"Embedding({num_embeddings}, {embedding_dim})"
        if num_embeddings < 1 or embedding_dim < 1:
            raise InvalidValueError(f"{name}: both sizes must be at least 1")
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise InvalidValueError(f"{name}: padding_idx={padding_idx} is not one of its rows")
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        values = init.normal((num_embeddings, embedding_dim), generator=generator, dtype=dtype)
        if self.padding_idx is not None:
            values[self.padding_idx] = 0
        self.weight = parameter(values)

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Return the vectors."""
        self._check(x)
        rows = self.weight.shape[0]
        # The mode "fill" wraps negative indices, so they are moved out of range first.
        indices = jnp.where(jnp.asarray(x) < 0, rows, x)
        vectors = jnp.take(self.weight[...], indices, axis=0, mode="fill", fill_value=jnp.nan)
        if self.padding_idx is None:
            return vectors
        is_padding = (indices == self.padding_idx)[..., None]
        return jnp.where(is_padding, jax.lax.stop_gradient(vectors), vectors)

    def _check(self, x: ArrayLike) -> None:
        """Raise unless the indices are integers and, where they can be seen, in range."""
        name = "Embedding({}, {})".format(*self.weight.shape)
        if not jnp.issubdtype(jnp.result_type(x), jnp.integer):
            raise InputTypeError(
                f"{name} needs integers, got {jnp.result_type(x)}: write x.astype(np.int32)"
            )
        if is_concrete(x):
            values = np.asarray(x)
            wrong = values[(values < 0) | (values >= self.weight.shape[0])]
            if wrong.size:
                raise IndexRangeError(
                    f"index {wrong[0]} is not one of 0 ... {self.weight.shape[0] - 1}, "
                    f"the rows of {name}"
                )
