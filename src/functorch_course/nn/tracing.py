"""Whether values can be looked at, and whether code is being compiled."""

import jax
import jax.numpy as jnp


def is_concrete(values: object) -> bool:
    """Return whether the values can be looked at, which they cannot inside compiled code."""
    return not isinstance(values, jax.core.Tracer)


def is_compiling() -> bool:
    """Return whether jax is tracing a function now, to run it later without Python."""
    return not is_concrete(jnp.zeros(()))
