"""The engine that makes all updates of an epoch in one XLA call, on data that lives there."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from functorch_course.data import DataLoader
from functorch_course.data.aligned import aligned_empty
from functorch_course.data.errors import DataTypeError, SampleIndexError

from .arguments import pair
from .labels import shapes_of
from .losses import EpochLosses, naming_the_parameter
from .pixels import Pixels, as_pixels
from .step import State, Step

Order = npt.NDArray[np.int32]
UNROLL = 8  # updates in one turn of the loop, at most: small ones are 20 % faster than one by one
CACHE = 2**21  # bytes that their batches may take together: large ones would drive each other out
# Where a CPU has vectors of 512 bits, XLA takes half of them unless told. No result changes.
WIDE = {"xla_cpu_prefer_vector_width": 512}


class WholeEpoch:
    """The data lives on the device; only the order travels, and all updates are one XLA call.

    The order is that of the loader, drawn from its sampler and generator as the loader would, and
    the loader ends up where it would stand had it given the batches itself.
    """

    def __init__(self, step: Step, loader: DataLoader) -> None:
        assert loader.batch_size is not None
        self.loader, self.data = loader, jax.device_put(resident(loader.dataset))
        self.batch_size = loader.batch_size
        self.run = jax.jit(partial(_scan, step), compiler_options=_options(jax.default_backend()))

    def __call__(
        self, state: State, losses: EpochLosses, tell: Callable[[list[int]], None]
    ) -> State:
        """Go through one epoch."""
        for order in self._orders():
            count, size = order.shape
            state, values = self.run(state, self.data, jax.device_put(order))
            with naming_the_parameter(lambda newest=state: newest):  # type: ignore[misc]
                losses.add(values, [size] * count, partial(self._look, order))
            tell([size] * count)
        return state

    def _look(self, order: Order, number: int) -> tuple[Any, Any]:
        """Return the shapes of a batch's inputs, and its targets."""
        inputs, targets = self.data
        shapes = shapes_of(jax.eval_shape(_take, inputs, order[number]))
        return shapes, _take(targets, order[number])

    def _orders(self) -> Iterator[Order]:
        """The epoch's indices, one row a batch: those of full batches, then that of the rest."""
        order, length = self.loader.draw_order(), len(self.loader.dataset)
        for part in _cut(order, self.batch_size, self.loader.drop_last):
            yield _checked(part, length)


@cache
def _options(backend: str) -> dict[str, int] | None:
    """Return how XLA shall compile; an XLA that has dropped the option goes on without it."""
    if backend != "cpu":
        return None
    try:
        jax.jit(lambda x: x, compiler_options=WIDE).lower(0.0).compile()
    except jax.errors.JaxRuntimeError:
        return None
    return WIDE


def _cut(order: npt.NDArray[Any], size: int, drop_last: bool) -> Iterator[npt.NDArray[Any]]:
    """Cut an epoch's order into full batches and the rest."""
    full = len(order) - len(order) % size
    if full:
        yield order[:full].reshape(-1, size, *order.shape[1:])
    if full < len(order) and not drop_last:
        yield order[np.newaxis, full:]


def _checked(order: npt.NDArray[Any], length: int) -> Order:
    """Return the order if there are such samples: XLA would take the nearest."""
    if order.dtype.kind not in "biufO" or order.ndim != 2:
        raise DataTypeError(
            "a whole epoch in one call needs a whole number for each sample, but the sampler gave "
            f'{order[0, 0]!r}: write compile="step"'
        )
    order = _as_numbers(order) if order.dtype.kind == "O" else order
    wrong = ~((order >= -length) & (order < length))  # of NaN, too
    if order.dtype.kind == "f":
        wrong |= order != np.round(order)
    if wrong.any():
        raise SampleIndexError(
            f"the sampler gave {order[wrong][0]}, but the dataset has {length} samples: write "
            f"whole numbers from 0 to {length - 1}"
        )
    return order.astype(np.int32)


def _as_numbers(order: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return what stands for whole numbers as such."""
    try:
        return order.astype(np.int64)
    except (TypeError, ValueError, OverflowError) as error:
        raise DataTypeError(
            f"the sampler gave what is no index of a dataset: {error}; write whole numbers"
        ) from error


def resident(dataset: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Return all inputs and targets, the inputs as bytes where the device can scale them."""
    pixels = as_pixels(dataset)
    if pixels is not None:
        # Copies, as the device may read the user's arrays in place, who may write to them.
        levels = aligned_empty(pixels.levels.shape, np.uint8)
        levels[...] = pixels.levels
        return pixels._replace(levels=levels), dataset.targets.copy()
    inputs, targets = pair(dataset.get_batch(range(len(dataset))))
    return inputs, targets


def _scan(step: Step, state: State, data: Any, order: jax.Array) -> tuple[State, jax.Array]:  # noqa: ANN401
    """Make one update for each row of indices."""

    def body(state: State, indices: jax.Array) -> tuple[State, jax.Array]:
        inputs, targets = (_take(part, indices) for part in data)
        return step(state, inputs, targets)

    return jax.lax.scan(body, state, order, unroll=_unroll(data, order[0]))


def _unroll(data: Any, indices: jax.Array) -> int:  # noqa: ANN401
    """Return how many updates to put in one turn of the loop."""
    batch = jax.tree.leaves(jax.eval_shape(lambda: [_take(part, indices) for part in data]))
    size: int = sum(leaf.size * leaf.dtype.itemsize for leaf in batch)
    return min(max(CACHE // max(size, 1), 1), UNROLL)


def _take(part: Any, indices: jax.Array) -> Any:  # noqa: ANN401
    """Return some of the samples, whose indices have been checked."""
    if isinstance(part, Pixels):
        return part.take(indices)
    return jax.tree.map(lambda array: array.at[indices].get(mode="promise_in_bounds"), part)
