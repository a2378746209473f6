"""A dataset of pure functions of the index, compiled: whole batches at the speed of arrays."""

import operator
import random
from collections.abc import Sequence
from typing import Any, Protocol

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from functorch_course.errors import InvalidValueError, TeachingError
from functorch_course.random import current_generator

UNTRACEABLE = (
    jax.errors.ConcretizationTypeError,
    jax.errors.NonConcreteBooleanIndexError,
    jax.errors.TracerArrayConversionError,
    jax.errors.TracerIntegerConversionError,
    jax.errors.UnexpectedTracerError,
)


class IndexedDataset(Protocol):
    """Samples by number."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: Any, /) -> Any: ...  # noqa: ANN401


class compiled:  # noqa: N801 (used like a function)
    """Let XLA make whole batches of a dataset whose samples are pure functions of the index.

    ``dataset[i]`` is traced once with an unknown index, and mapped over the indices of a batch.
    The result is a dataset: it gives whole batches to a ``DataLoader``, and takes part in the
    whole-epoch engine of ``fit``.

    Args:
        dataset: Has ``__len__``, and a ``__getitem__`` that computes arrays, or tuples, lists or
            dicts of them, by ``jax.numpy`` from the index and from arrays that do not change.

    Raises:
        TeachingError: If ``__getitem__`` needs to know the index, draws random numbers, or gives
            something else each time.
        InvalidValueError: If the dataset is empty.

    Example:
        >>> class Squares:
        ...     x = jnp.arange(5.0)
        ...     def __len__(self):
        ...         return len(self.x)
        ...     def __getitem__(self, index):
        ...         return self.x[index], self.x[index] ** 2
        >>> compiled(Squares()).get_batch([4, 1])
        [array([4., 1.], dtype=float32), array([16.,  1.], dtype=float32)]

    PyTorch: has no counterpart; ``torch.func.vmap`` would map such a ``__getitem__`` alike.
    """

    can_get_batch = True

    def __init__(self, dataset: IndexedDataset) -> None:
        if len(dataset) == 0:
            raise InvalidValueError("the dataset is empty: there is nothing to compile")
        self.dataset = dataset
        _refuse_impure(dataset)
        self._sample = dataset[0]
        self._batch = jax.jit(jax.vmap(dataset.__getitem__))
        for index in {0, len(dataset) - 1}:
            self._check(index)

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int) -> Any:  # noqa: ANN401
        return self.dataset[operator.index(index)]

    def get_batch(self, indices: Sequence[int] | npt.NDArray[np.integer[Any]]) -> Any:  # noqa: ANN401
        """Return a whole batch as NumPy arrays.

        Args:
            indices: Which samples, in which order; negative ones count from the end.

        Raises:
            IndexError: If there is no such sample, where JAX would take the nearest.
        """
        chosen = np.asarray(list(indices), np.int64)
        wrong = chosen[(chosen < -len(self)) | (chosen >= len(self))]
        if wrong.size:
            raise IndexError(f"there is no sample {wrong[0]}: the dataset has {len(self)}")
        batch = jax.device_get(self._batch(chosen % len(self)))
        typed = jax.tree.map(_as_collated, batch, self._sample)
        return list(typed) if type(typed) is tuple else typed

    def _check(self, index: int) -> None:
        """Raise unless the compiled sample is the one that the dataset gives now."""
        found, expected = jax.device_get((self._batch(np.array([index])), self.dataset[index]))
        same = jax.tree.map(lambda f, e: np.allclose(f[0], e, 1e-5, 1e-6, True), found, expected)
        if not jax.tree.all(same):
            raise _impure(f"dataset[{index}] gives {expected} now, and gave {found} when compiled")


def _refuse_impure(dataset: IndexedDataset) -> None:
    """Raise unless two traces need no index, draw no random number and are the same program."""
    before = _random_states()
    try:
        programs = [jax.make_jaxpr(dataset.__getitem__)(jnp.int32(0)) for _ in range(2)]
    except UNTRACEABLE as error:
        raise _impure(f"it needs to know the index ({type(error).__name__})") from error
    if before != _random_states():
        raise _impure("it draws random numbers on the host")
    consts = [jax.tree.map(np.asarray, program.consts) for program in programs]
    if str(programs[0]) != str(programs[1]) or not jax.tree.all(
        jax.tree.map(np.array_equal, *consts)
    ):
        raise _impure("two traces of it differ")


def _random_states() -> list[bytes]:
    """Return where the host's random streams stand."""
    numpy_state = repr(np.random.get_state(legacy=False))  # noqa: NPY002 (users may draw from it)
    course = current_generator().get_state().tobytes()
    return [course, numpy_state.encode(), repr(random.getstate()).encode()]


def _as_collated(values: npt.NDArray[Any], sample: object) -> npt.NDArray[Any]:
    """Return the values in the dtype that collating Python's numbers would give."""
    wide = {int: np.int64, float: np.float64}.get(type(sample))
    return values if wide is None else values.astype(wide)


def _impure(reason: str) -> TeachingError:
    """Return the error about a ``__getitem__`` that is no pure function of the index."""
    return TeachingError(
        f"compiled(dataset): __getitem__ is no pure function of the index: {reason}",
        "It calls __getitem__ anew for each sample, so that anything may happen there.",
        "compute the sample from jax arrays, as self.x[index]; or leave compiled(…) away, and "
        "give the dataset to the DataLoader as it is",
    )
