"""Batches of workers lie in shared memory that is used again: never while somebody may read it."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course.data import DataLoader
from samples_for_workers import Wide

COUNT, BATCH = 320, 8


@jax.jit
def first_and_last(x, delay):
    """The ends of each row, read only when the delay has been computed."""
    waited = (delay @ delay)[0, 0] * 0
    return x[:, 0] + waited, x[:, -1] + waited


@pytest.mark.parametrize("hand_over", [jax.device_put, jnp.asarray, jnp.array, lambda x: x])
def test_jax_reads_its_batch_though_nobody_keeps_it(hand_over):
    delay = jnp.ones((400, 400))
    loader = DataLoader(Wide(COUNT), BATCH, num_workers=2, prefetch_factor=1)
    results = [first_and_last(hand_over(batch), delay) for batch in loader]
    for number, (first, last) in enumerate(results):
        expected = np.arange(number * BATCH, (number + 1) * BATCH)
        np.testing.assert_array_equal(first, expected)
        np.testing.assert_array_equal(last, expected)
