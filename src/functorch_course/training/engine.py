"""Two ways to go through an epoch, with the same result: batch by batch, or in one XLA call."""

from collections.abc import Callable
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np

from functorch_course.data import DataLoader, default_collate
from functorch_course.device import device_prefetch
from functorch_course.errors import InvalidValueError, one_of
from functorch_course.random import Generator, use_generator

from .arguments import pair
from .evaluate import Batches
from .labels import shapes_of
from .losses import EpochLosses, naming_the_parameter
from .pixels import as_pixels
from .step import State, Step
from .whole_epoch import WholeEpoch

Engine = Callable[[State, EpochLosses, Callable[[list[int]], None]], State]
Compile = Literal["auto", "step", "epoch"]
LARGEST = 2**30  # bytes of data that "auto" puts on the device


def make_engine(step: Step, loader: Batches, choice: Compile) -> Engine:
    """Choose how to go through the loader: one compiled call an update, or one an epoch.

    Args:
        step: What ``make_step`` returned.
        loader: Gives batches (inputs, targets).
        choice: See ``fit(…, compile=…)``.

    Returns:
        A function of (state, losses, tell) that makes one epoch and returns the new state; it calls
        ``tell`` with the numbers of samples of the batches that were handed to the device.

    Raises:
        InvalidValueError: If ``choice`` is ``"epoch"``, and something stands in the way.

    PyTorch: has no counterpart; there every operation is a call of its own.
    """
    one_of("compile", choice, ["auto", "step", "epoch"])
    obstacle = _obstacle(loader)
    if choice == "epoch" and obstacle is not None:
        raise InvalidValueError(f'compile="epoch" cannot be had: {obstacle}; write compile="auto"')
    if choice == "step" or obstacle is not None:
        return _Streaming(step, loader)
    assert isinstance(loader, DataLoader)
    if choice == "auto" and (loader.num_workers or _bytes(loader) > LARGEST):
        return _Streaming(step, loader)
    return WholeEpoch(step, loader)


class _Streaming:
    """Batches travel from the loader to the device; the device works while the next one is made."""

    def __init__(self, step: Step, loader: Batches) -> None:
        self.step, self.loader = step, _ahead(loader)
        self.run = jax.jit(self._run, static_argnums=0, donate_argnums=1)

    def __call__(
        self, state: State, losses: EpochLosses, tell: Callable[[list[int]], None]
    ) -> State:
        # A state is taken apart once, not in each call: in Python that takes as long as an update.
        # Copies, as each update writes over the one before, and others may hold the first.
        leaves, tree = jax.tree.flatten(jax.tree.map(jnp.copy, state))
        with naming_the_parameter(lambda: jax.tree.unflatten(tree, leaves)):
            for one in self.loader:
                inputs, targets = pair(one)
                leaves, loss = self.run(tree, leaves, inputs, targets)
                batch = (shapes_of(inputs), targets)
                losses.add(loss, [len(targets)], lambda _, batch=batch: batch)  # type: ignore[misc]
                tell([len(targets)])
        rebuilt: State = jax.tree.unflatten(tree, leaves)
        return rebuilt

    def _run(
        self,
        tree: jax.tree_util.PyTreeDef,
        leaves: list[jax.Array],
        inputs: jax.Array,
        targets: jax.Array,
    ) -> tuple[list[jax.Array], jax.Array]:
        """Make one update of a state's leaves."""
        state, loss = self.step(jax.tree.unflatten(tree, leaves), inputs, targets)
        return jax.tree.leaves(state), loss


def _ahead(loader: Batches) -> Batches:
    """Let batches be copied to the device ahead, unless they are new arrays on the CPU already."""
    fresh = isinstance(loader, DataLoader) and loader.collate_fn is default_collate
    if isinstance(loader, device_prefetch) or (fresh and jax.default_backend() == "cpu"):
        return loader
    return device_prefetch(loader)


def _obstacle(loader: Batches) -> str | None:
    """Return why an epoch of the loader cannot be one call, or None if it can."""
    if not isinstance(loader, DataLoader):
        return f"{type(loader).__name__} is no DataLoader, and gives batches but not their order"
    own = loader.batch_size is None or loader.pad_last or loader.collate_fn is not default_collate
    if own:
        return "the loader has a batch_sampler, collate_fn or pad_last of its own"
    if not getattr(loader.dataset, "can_get_batch", False):
        return (
            f"{type(loader.dataset).__name__} gives samples one by one: use a TensorDataset, or "
            "a dataset of arrays whose transform takes whole batches"
        )
    return "its samples are random, and must be drawn anew each epoch" if _draws(loader) else None


def _draws(loader: DataLoader) -> bool:
    """Whether making a batch draws random numbers."""
    with use_generator(Generator(0)) as probe:
        loader.dataset.get_batch([0])
    return not np.array_equal(probe.get_state(), Generator(0).get_state())


def _bytes(loader: DataLoader) -> int:
    """Return how much the whole dataset takes on the device."""
    dataset = loader.dataset
    pixels = as_pixels(dataset)
    if pixels is not None:
        return int(pixels.levels.nbytes)
    leaves = jax.tree.leaves(dataset.get_batch([0]))
    return sum(np.asarray(leaf).nbytes for leaf in leaves) * len(dataset)
