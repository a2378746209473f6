"""Trainable parameters, and the starting values that PyTorch gives Linear and Conv2d."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from numpy.typing import ArrayLike, DTypeLike

from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator

from . import init

Parameter = nnx.Param


def parameter(values: ArrayLike) -> Parameter[jax.Array]:
    """Make a trainable parameter of starting values, refusing a dtype that jax would narrow."""
    dtype = np.asarray(values).dtype
    if jax.dtypes.canonicalize_dtype(dtype) != dtype:
        raise InvalidValueError(
            f"dtype={dtype} would silently become {jax.dtypes.canonicalize_dtype(dtype)}: "
            'call jax.config.update("jax_enable_x64", True) first, or write dtype=np.float32'
        )
    return nnx.Param(jnp.array(values))


def default_parameters(
    shape: tuple[int, ...], bias: bool, generator: Generator | None, dtype: DTypeLike
) -> tuple[Parameter[jax.Array], Parameter[jax.Array] | None]:
    """Draw weight and then bias from U(-b, b) with b = 1 / √fan_in, as Linear and Conv2d do."""
    weight = parameter(init.kaiming_uniform(shape, math.sqrt(5), generator=generator, dtype=dtype))
    if not bias:
        return weight, None
    bound = 1 / math.sqrt(init.fan_in_and_fan_out(shape)[0])
    return weight, parameter(
        init.uniform(shape[:1], -bound, bound, generator=generator, dtype=dtype)
    )
