"""Transforms of images as pure functions: every random number is an argument.

On arrays they use only what NumPy and ``jax.numpy`` have in common, so they also work under
``jax.jit`` and ``jax.vmap``.
"""

from .scale import normalize as normalize
