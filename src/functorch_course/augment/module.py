"""Random transforms as the first layer of a model: at work in training, absent in evaluation."""

from collections.abc import Callable

import jax
from flax import nnx
from jax.typing import ArrayLike

from functorch_course.nn import Module

from .images import Key


class Augment(Module):
    """Apply a function of a jax key and a batch in training, and nothing in evaluation.

    As the first layer of a model it brings chance into :func:`functorch_course.training.fit`:
    each update draws anew, on the device, inside the compiled step.

    Args:
        function: Takes a key and a batch, as the functions of this package do.
        rngs: ``flax.nnx.Rngs(seed)``; a stream of its own is taken, named ``augment`` if there is
            one of this name.

    Example:
        >>> import jax.numpy as jnp
        >>> from functorch_course.augment import random_horizontal_flip
        >>> layer = Augment(random_horizontal_flip, rngs=nnx.Rngs(0))
        >>> layer(jnp.zeros((8, 1, 28, 28))).shape
        (8, 1, 28, 28)
        >>> layer.eval()
        >>> layer(jnp.array([[[[1.0, 2.0]]]]))
        Array([[[[1., 2.]]]], dtype=float32)

    PyTorch: has no counterpart; transforms stand before the loader there.
    """

    def __init__(self, function: Callable[[Key, jax.Array], jax.Array], *, rngs: nnx.Rngs) -> None:
        self.function = function
        self.deterministic = False
        self.rngs = nnx.data(rngs.augment.fork())

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Return the transformed batch, or the batch when evaluating."""
        inputs = jax.numpy.asarray(x)
        return inputs if self.deterministic else self.function(self.rngs(), inputs)
