"""Dropout: random zeros in training."""

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax.experimental import io_callback
from jax.typing import ArrayLike

from functorch_course.errors import InvalidValueError, TeachingError
from functorch_course.random import Generator, dropout_mask

from .inputs import floating_input
from .module import Module
from .tracing import is_compiling


class Dropout(Module):
    r"""Set a random share of the values to zero and enlarge the others, in training only.

    .. math:: y_i = x_i m_i / (1 - p), \quad m_i \sim \text{Bernoulli}(1 - p)

    The masks come from one of three sources:

    - ``rngs=``: jax keys, one after the other. The fast one; write this in code to be compiled.
    - ``generator=``: PyTorch's masks from a generator that nobody else uses meanwhile. Compiled
      code calls back to the host for each mask.
    - neither: PyTorch's masks from the current generator, as in PyTorch. Refused in compiled code,
      which would draw one mask and keep it.

    Args:
        p: The share of zeros, in [0, 1].
        rngs: ``flax.nnx.Rngs(seed)``; one may serve several layers, each takes a stream of its own.
        generator: The source of PyTorch's masks.

    Raises:
        InvalidValueError: If p is not in [0, 1], or both sources are given.
        TeachingError: If the layer has no source and is being compiled.
        InputTypeError: If an input is not a floating array.

    Example:
        >>> layer = Dropout(0.5, generator=Generator(0))
        >>> layer(jnp.ones(6))
        Array([0., 0., 2., 0., 0., 0.], dtype=float32)
        >>> layer.eval()
        >>> layer(jnp.ones(6))
        Array([1., 1., 1., 1., 1., 1.], dtype=float32)

    PyTorch: ``torch.nn.Dropout``, bit for bit with a generator. ``train()`` and ``eval()`` switch
    it as there. There is no ``inplace``.

    Source: Srivastava et al., Dropout, 2014.
    """

    def __init__(
        self, p: float = 0.5, *, rngs: nnx.Rngs | None = None, generator: Generator | None = None
    ) -> None:
        if not 0.0 <= p <= 1.0:
            raise InvalidValueError(f"Dropout(p={p}): p must lie in [0, 1]")
        if rngs is not None and generator is not None:
            raise InvalidValueError("Dropout takes rngs (jax) or generator (PyTorch), not both")
        self.p = p
        self.deterministic = False
        self.generator = generator
        self.rngs = nnx.data(None if rngs is None else rngs.dropout.fork())

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Drop values, or return the input when evaluating."""
        inputs = floating_input(x, f"Dropout({self.p})")
        if self.deterministic or self.p == 0:
            return inputs
        if self.p == 1:
            return jnp.zeros_like(inputs)
        return inputs * (self._mask(inputs.shape).astype(inputs.dtype) / (1 - self.p))

    def _mask(self, shape: tuple[int, ...]) -> jax.Array:
        """Draw what to keep."""
        if self.rngs is not None:
            return jax.random.bernoulli(self.rngs(), 1 - self.p, shape)
        if self.generator is None and is_compiling():
            raise TeachingError(
                f"Dropout({self.p}) without a source of randomness in compiled code: "
                "one mask would be drawn and used for ever",
                "It draws each mask from a hidden global generator.",
                f"nn.Dropout({self.p}, rngs=flax.nnx.Rngs(0))",
            )
        if not is_compiling():
            return jnp.asarray(self._draw(shape))
        kind = jax.ShapeDtypeStruct(shape, np.bool_)
        mask: jax.Array = io_callback(lambda: self._draw(shape), kind, ordered=True)
        return mask

    def _draw(self, shape: tuple[int, ...]) -> np.ndarray:
        """Draw PyTorch's mask on the host."""
        return dropout_mask(shape, self.p, generator=self.generator)
