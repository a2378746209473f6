"""What happens to a gradient on its way, beside PyTorch's own."""

import jax.numpy as jnp
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from functorch_course.training import clip_gradient_norm
from tolerance import assert_close


@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3))
def test_clipping_equals_pytorch(seed, max_norm):
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=size).astype(np.float32) for size in ((3, 4), (5,), ())]
    parameters = [torch.nn.Parameter(torch.zeros(a.shape)) for a in arrays]
    for parameter, array in zip(parameters, arrays, strict=True):
        parameter.grad = torch.tensor(array)
    torch.nn.utils.clip_grad_norm_(parameters, max_norm)
    clip = clip_gradient_norm(max_norm)
    clipped, _ = clip.update([jnp.asarray(a) for a in arrays], clip.init(None))
    for ours, theirs in zip(clipped, parameters, strict=True):
        assert_close(ours, theirs.grad.numpy())


def test_a_small_gradient_is_let_through_unchanged():
    clip = clip_gradient_norm(10.0)
    gradient = jnp.array([3.0, 4.0])
    assert np.array_equal(clip.update(gradient, clip.init(None))[0], gradient)
    with pytest.raises(ValueError, match="clip=-1: write a norm above 0"):
        clip_gradient_norm(-1)
