"""Batches put on the device before they are asked for."""

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import Any

import jax
import numpy as np
from jax.sharding import NamedSharding, PartitionSpec

from functorch_course.errors import InvalidValueError

from .width import check_width


class device_prefetch:  # noqa: N801 (used like a function)
    """Go through a loader, with the next batches already on their way to the device.

    A batch is copied first: on the CPU, JAX may read a NumPy array in place, and a loader may
    write to its own again.

    Args:
        loader: Gives batches: pytrees of arrays.
        size: How many batches to put on the device ahead of the one that is used.
        sharding: Where; None for the default device. With ``data_parallel()`` each batch is shared
            out over all devices; where there are several processes, each gives its own part of
            each batch, and all parts must have one size. A batch of one process that does not
            share out evenly is put on each of the devices as a whole.

    Raises:
        InvalidValueError: If ``size`` is below 1.
        NarrowingError: If a batch has float64 that JAX would narrow; noticed when it is put on its
            way, ``size`` batches ahead.

    Example:
        >>> batches = device_prefetch([np.float32([1, 1]), np.float32([0, 0])])
        >>> [float(batch.sum()) for batch in batches], len(batches)
        ([2.0, 0.0], 2)

    PyTorch: ``pin_memory=True`` with ``batch.to(device, non_blocking=True)``.
    """

    def __init__(
        self, loader: Iterable[Any], size: int = 2, sharding: NamedSharding | None = None
    ) -> None:
        if size < 1:
            raise InvalidValueError(f"size={size}: write a number of batches, at least 1")
        self.loader, self.size, self.sharding = loader, size, sharding

    def __iter__(self) -> Iterator[Any]:
        batches = (jax.tree.map(self._put, batch) for batch in self.loader)
        ahead = deque(itertools.islice(batches, self.size))
        while ahead:
            ahead.extend(itertools.islice(batches, 1))
            yield ahead.popleft()

    def __len__(self) -> int:
        if not isinstance(self.loader, Sized):
            raise TypeError(f"{type(self.loader).__name__} has no length")
        return len(self.loader)

    @property
    def state_dict(self) -> Callable[[], dict[str, Any]]:
        """The loader's own; within an epoch it is ahead of the batches that were handed out."""
        method: Callable[[], dict[str, Any]] = self.loader.state_dict  # type: ignore[attr-defined]
        return method

    @property
    def load_state_dict(self) -> Callable[[dict[str, Any]], None]:
        """The loader's own."""
        method: Callable[[dict[str, Any]], None]
        method = self.loader.load_state_dict  # type: ignore[attr-defined]
        return method

    def _put(self, array: Any) -> jax.Array:  # noqa: ANN401
        """Put one array of a batch where it belongs."""
        values = array if isinstance(array, jax.Array) else np.array(array)
        if hasattr(array, "dtype"):  # Python's own numbers have no digits to lose
            check_width("arrays", values)
        placed: jax.Array
        if self.sharding is not None and jax.process_count() > 1:
            placed = jax.make_array_from_process_local_data(self.sharding, np.asarray(values))
        else:
            placed = jax.device_put(values, self.sharding and _fitting(self.sharding, values.shape))
        return placed


def _fitting(sharding: NamedSharding, shape: tuple[int, ...]) -> NamedSharding:
    """Return the sharding, or copies on all of its devices for what does not share out evenly."""
    even = bool(shape) and shape[0] % sharding.mesh.size == 0
    return sharding if even else NamedSharding(sharding.mesh, PartitionSpec())
