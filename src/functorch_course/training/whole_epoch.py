"""The engine that makes all updates of an epoch in one XLA call, on data that lives there."""

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import numpy as np

from functorch_course.data import DataLoader, Dataset

from .losses import EpochLosses, naming_the_parameter
from .pixels import Pixels, as_pixels
from .step import State, Step

UNROLL = 8  # updates in one turn of the compiled loop: measured 20 % faster than one at a time


class WholeEpoch:
    """The data lives on the device; only the order travels, and all updates are one XLA call.

    The order is that of the loader, drawn from its sampler and generator as the loader would, and
    the loader ends up where it would stand had it given the batches itself.
    """

    def __init__(self, step: Step, loader: DataLoader) -> None:
        self.loader, self.data = loader, jax.device_put(resident(loader.dataset))
        self.order = DataLoader(
            _Places(len(loader.dataset)),
            batch_sampler=loader.batch_sampler,
            generator=loader.generator,
        )
        self.run = jax.jit(partial(_scan, step))

    def __call__(
        self, state: State, losses: EpochLosses, tell: Callable[[list[int]], None]
    ) -> State:
        """Go through one epoch."""
        _hand_over(self.loader, self.order)
        for size, batches in itertools.groupby(self.order, key=len):
            order = np.array(list(batches), np.int32)
            state, values = self.run(state, self.data, order)
            with naming_the_parameter(lambda newest=state: newest):  # type: ignore[misc]
                losses.add(values, [size] * len(order))
            tell([size] * len(order))
        _hand_over(self.order, self.loader)
        return state


class _Places(Dataset[int]):
    """The places of samples in place of the samples."""

    def __init__(self, length: int) -> None:
        self.length = length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> int:
        return index

    def get_batch(self, indices: list[int]) -> list[int]:
        """Return the places as they are."""
        return indices


def resident(dataset: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Return all inputs and targets, the inputs as bytes where the device can scale them."""
    pixels = as_pixels(dataset)
    if pixels is not None:
        return pixels, dataset.targets.copy()
    inputs, targets = dataset.get_batch(range(len(dataset)))
    return inputs, targets


def _hand_over(giver: DataLoader, taker: DataLoader) -> None:
    """Let the epochs of one loader go on in another over the same samples."""
    own = taker.state_dict()["loader"]
    taker.load_state_dict(giver.state_dict() | {"loader": own})


def _scan(step: Step, state: State, data: Any, order: jax.Array) -> tuple[State, jax.Array]:  # noqa: ANN401
    """Make one update for each row of indices."""

    def body(state: State, indices: jax.Array) -> tuple[State, jax.Array]:
        inputs, targets = (_take(part, indices) for part in data)
        return step(state, inputs, targets)

    return jax.lax.scan(body, state, order, unroll=UNROLL)


def _take(part: Any, indices: jax.Array) -> Any:  # noqa: ANN401
    """Return some of the samples; a sampler gives no index out of bounds."""
    if isinstance(part, Pixels):
        return part.take(indices)
    return jax.tree.map(lambda array: array.at[indices].get(mode="promise_in_bounds"), part)
