"""The loader: a dataset, an order, and how batches are made and by whom."""

import itertools
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from multiprocessing.context import BaseContext
from typing import Any, ClassVar, Literal, Self

from numpy.typing import NDArray

from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator

from .at_once import AtOnce, as_array
from .collate import default_collate, default_convert
from .dataset import IterableDataset
from .epoch import Plan, begin, resume, snapshot
from .errors import LoaderStateError
from .fetch import OnError, Recipe, Task, make_fetcher
from .iterator import LoaderIterator, SerialSource, Source
from .options import check_dataset, check_extras, check_padding, check_sources, check_worker_options
from .parallel import ParallelSource, Pool
from .pools import Staff, hire
from .sampler import (
    BatchSampler,
    RandomSampler,
    SequentialSampler,
    check_bool,
    check_generator,
)
from .shard import ShardedSampler
from .state import Progress, check_fits, restore
from .types import AnyDataset, Batch, Key


class DataLoader:
    """Batches of a dataset, in PyTorch's order for PyTorch's arguments, as NumPy arrays.

    Where the dataset makes whole batches itself (``get_batch``) they are taken as they are;
    otherwise samples are loaded one by one, here or by workers, and put together. Both give the
    same batches. On the CPU, JAX reads them where they are, without a copy: write to a batch only
    when what was computed from it is there, and what ``jax.device_put`` made of it is used no more.

    Args:
        dataset: Anything with ``__getitem__`` and ``__len__``, or an :class:`IterableDataset`.
        batch_size: Samples in a batch; None for single samples without a batch axis.
        shuffle: Whether each epoch has a new random order.
        sampler: Gives the indices in an order of its own.
        batch_sampler: Gives lists of indices.
        num_workers: How many workers load samples; 0 to load them here, when they are asked for.
        collate_fn: From a list of samples to a batch; None for :func:`default_collate`, or
            :func:`default_convert` where there is no batch.
        pin_memory: Accepted and without effect: JAX takes batches from ordinary memory.
        drop_last: Whether to leave out a last batch that is not full.
        timeout: Seconds to wait for a batch of a worker; 0 to wait without end.
        worker_init_fn: Called in each worker, with its number, before it loads anything.
        multiprocessing_context: How to start worker processes: ``"spawn"``, ``"forkserver"``, or
            ``"fork"`` (which can hang beside JAX, and shares memory with this process: copy batches
            of other loaders before); None for a fresh interpreter that imports only
            what the dataset needs.
        generator: Whence the order is drawn; None for the current generator. It belongs to the
            loader: drawing from it elsewhere changes what a restored epoch goes on with.
        prefetch_factor: Batches that each worker prepares ahead; None for 2.
        persistent_workers: Whether workers live on after the end of an epoch.
        pin_memory_device: Accepted and without effect.
        in_order: Whether batches of workers come in order, or as soon as they are ready.
        worker_type: ``"process"``, or ``"thread"`` for work that releases the interpreter lock.
        pad_last: Whether to fill the last batch up, so that all have one shape; every batch is
            then a :class:`Padded` batch with its mask.
        on_error: What to do about a sample that fails: ``"raise"``; ``"skip"`` to leave it out and
            count it in ``skipped``; or a function of its index and the error, whose result takes
            its place.
        augmentation: Where transforms draw from. ``"per_sample"``: each sample has its own stream,
            made of the seed, the epoch and its index, so that batches depend neither on the number
            of workers nor on where a run was resumed. ``"torch"``: from one stream after another,
            as in PyTorch, for equal images.
        shard: ``(index, count)``: this host's part of each epoch; all parts have one length.

    Raises:
        InvalidValueError: If arguments contradict each other, or a value is out of range.
        DataTypeError: If one is of the wrong type.

    Example:
        >>> from functorch_course import Generator
        >>> loader = DataLoader(range(10), batch_size=4, shuffle=True, generator=Generator(0))
        >>> for batch in loader:
        ...     print(batch)
        [3 7 5 2]
        [0 8 1 6]
        [9 4]

    PyTorch: ``torch.utils.data.DataLoader``, in the same order of arguments; ``worker_type`` and
    what follows it are not there, nor are ``state_dict`` and ``close``. Batches are NumPy arrays.
    Augmentation differs unless ``augmentation="torch"``: there it changes with the number of
    workers.

    Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader
    """

    _FIXED: ClassVar = frozenset(
        {"batch_size", "batch_sampler", "sampler", "drop_last", "dataset", "persistent_workers"}
    )
    _ready = False

    def __init__(
        self,
        dataset: AnyDataset,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Iterable[Key] | None = None,
        batch_sampler: Iterable[list[Key]] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Batch] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], object] | None = None,
        multiprocessing_context: str | BaseContext | None = None,
        generator: Generator | None = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
        worker_type: Literal["process", "thread"] = "process",
        pad_last: bool = False,
        on_error: OnError = "raise",
        augmentation: Literal["per_sample", "torch"] = "per_sample",
        shard: tuple[int, int] | None = None,
    ) -> None:
        stream = isinstance(dataset, IterableDataset)
        check_worker_options(
            num_workers,
            worker_type,
            prefetch_factor,
            timeout,
            persistent_workers,
            multiprocessing_context,
        )
        orders = {"shuffle": shuffle, "sampler": sampler, "shard": shard}
        check_sources(stream, batch_size, drop_last, batch_sampler, orders)
        if not stream:
            check_dataset(dataset, sampler is not None or batch_sampler is not None)
        check_extras(augmentation, on_error, shard)
        check_bool("drop_last", drop_last, InvalidValueError)
        if pad_last:
            check_padding(batch_size, batch_sampler, drop_last)
        self.dataset = dataset
        self.num_workers = num_workers
        self.pin_memory = pin_memory
        self.pin_memory_device = pin_memory_device
        self.drop_last = drop_last
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.generator = check_generator(generator)
        self.prefetch_factor = (prefetch_factor or 2) if num_workers else None
        self.persistent_workers = persistent_workers
        self.in_order = in_order
        self.worker_type = worker_type
        self.pad_last = pad_last
        self.on_error = on_error
        self.augmentation = augmentation
        self.shard = shard
        self.skipped: list[tuple[Key, str]] = []
        self.sampler = self._make_sampler(sampler, bool(shuffle), stream)
        if batch_sampler is None and batch_size is not None:
            batch_sampler = BatchSampler(self.sampler, batch_size, drop_last)
        else:
            batch_size = None
        self.batch_size = batch_size
        self.batch_sampler = batch_sampler
        usual = default_convert if batch_sampler is None else default_collate
        self.collate_fn = collate_fn or usual
        self._epoch = 0
        self._progress: Progress | None = None
        self._resume: dict[str, Any] | None = None
        self._staff = Staff(
            num_workers, worker_type, prefetch_factor or 2, worker_init_fn, multiprocessing_context
        )
        self._pool: Pool | None = None
        self._restored_seed: int | None = None
        self._iterator: weakref.ref[LoaderIterator] | None = None
        self._ready = True

    def _make_sampler(
        self, sampler: Iterable[Key] | None, shuffle: bool, stream: bool
    ) -> Iterable[Key]:
        """The order of single samples."""
        if stream:
            return itertools.repeat(None)
        if sampler is None:
            sampler = (
                RandomSampler(self.dataset, generator=self.generator)
                if shuffle
                else SequentialSampler(self.dataset)
            )
        return (
            sampler if self.shard is None else ShardedSampler(sampler, *self.shard, self.drop_last)
        )

    def __iter__(self) -> LoaderIterator:
        """Begin an epoch, or go on with one that was restored."""
        tasks, progress, passed = self._begin(self._keys())
        iterator = LoaderIterator(self._source(tasks, progress), progress, self.skipped)
        self._iterator = weakref.ref(iterator)
        iterator.replay(passed)
        return iterator

    def __len__(self) -> int:
        if isinstance(self.dataset, IterableDataset):
            length, size = len(self.dataset), self.batch_size or 1  # type: ignore[arg-type]
            return length // size if self.drop_last else -(-length // size)
        return len(self._keys())  # type: ignore[arg-type]

    def state_dict(self) -> dict[str, Any]:
        """Return where the latest epoch stands, so that another run can go on from there.

        Returns:
            A dict that JSON can hold: a few numbers, and where the generators stand, the current
            one included.

        Raises:
            LoaderStateError: If batches come as soon as they are ready (``in_order=False``), or
                workers live on with streams of random numbers that cannot be restored.

        Example:
            >>> loader = DataLoader(range(6), batch_size=2)
            >>> batches = iter(loader)
            >>> next(batches), next(batches)
            (array([0, 1]), array([2, 3]))
            >>> other = DataLoader(range(6), batch_size=2, num_workers=0)
            >>> other.load_state_dict(loader.state_dict())
            >>> list(other)
            [array([4, 5])]
        """
        if self._resume is not None:
            return self._resume
        plan, progress = self._plan(), self._progress
        if progress is None or progress.finished:
            progress = Progress(self._epoch, finished=True)
        elif not self.in_order and self.num_workers:
            raise LoaderStateError(
                "in_order=False gives batches in an order that nobody can repeat: write "
                "in_order=True, or save the state between epochs"
            )
        elif plan.replays and not progress.drew_seed:
            raise LoaderStateError(
                "the random streams of workers that live on cannot be restored within an epoch: "
                "write augmentation='per_sample' or persistent_workers=False, or save the state "
                "between epochs"
            )
        return snapshot(progress, plan, self._identity()) | {"kept_seed": self._kept_seed()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Let the next epoch be the one that was saved, from its next batch on.

        The current generator goes to where it stood, too, so that later epochs are the same.

        Args:
            state: What :meth:`state_dict` returned, before any number of workers.

        Raises:
            LoaderStateError: If the state is of another dataset, sampler, or size of batches; what
                can be seen only from the samples' order is raised when the loader is iterated.
        """
        check_fits(state, self._identity())
        restore(self._plan().generators(), state["generators"])
        self._epoch = state["epoch"]
        self._resume = state if state["in_epoch"] else None
        self.close()
        seed = state["seed"] if state["in_epoch"] else state["kept_seed"]
        self._restored_seed = seed if self.persistent_workers else None

    def draw_order(self) -> NDArray[Any]:
        """Go through an epoch without loading anything, and return the order of its samples.

        Of an epoch that was restored, what is left is drawn. The loader then stands where it would
        stand had it given the batches.

        Returns:
            The keys that the sampler gives, in one array. A last batch that is not full is among
            them even where it would be left out, unless the epoch was restored.

        Raises:
            InvalidValueError: If the loader has a ``batch_sampler`` of its own, or a stream.
            DataTypeError: If no array holds the keys; the epoch is then over, too.

        Example:
            >>> loader = DataLoader(range(6), shuffle=True, generator=Generator(0))
            >>> loader.draw_order()
            array([5, 1, 0, 3, 2, 4])

        PyTorch: has no counterpart.
        """
        own = self.batch_sampler is not None and self.batch_size is None
        if own or isinstance(self.dataset, IterableDataset):
            raise InvalidValueError(
                "only a sampler gives an order of single samples, but the loader has a stream or "
                "a batch_sampler of its own: iterate over it"
            )
        restored = self._resume is not None
        tasks, progress, passed = self._begin(AtOnce(self.sampler))
        keys = [task.keys for task in itertools.islice(tasks, passed - progress.batches, None)]
        self._restored_seed = progress.seed if self.persistent_workers else None
        progress.finished = True
        if restored:
            return as_array(keys if self.batch_size is None else list(itertools.chain(*keys)))
        order: NDArray[Any] = keys[0]  # all of them
        return order

    def close(self) -> None:
        """End the workers, if there are any; the loader may be iterated again."""
        iterator = self._iterator() if self._iterator is not None else None
        if iterator is not None:
            iterator.close()
        if self._pool is not None:
            self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __setattr__(self, name: str, value: object) -> None:
        if self._ready and name in self._FIXED:
            raise InvalidValueError(
                f"{name} attribute should not be set after {type(self).__name__} is initialized: "
                f"make a new one with {name}={value!r}"
            )
        super().__setattr__(name, value)

    def _begin(self, keys: Iterable[Any]) -> tuple[Iterator[Task], Progress, int]:
        """Begin an epoch of these keys, or go on with one that was restored.

        Returns:
            Its tasks, where to write down how far it has come, and how many batches it gave before.
        """
        state, self._resume = self._resume, None
        plan, progress = self._plan(), Progress(self._epoch)
        if state is None:
            tasks = begin(replace(plan, sampler=keys), progress, self._kept_seed())
        else:
            self.close()
            tasks = resume(plan, progress, state)
        self._progress = progress
        self._epoch += 1
        return tasks, progress, 0 if state is None else state["batches"]

    def _kept_seed(self) -> int | None:
        """The seed of workers that live on, now or in the run that was restored."""
        if self._pool is not None and self._pool.alive:
            return self._pool.seed
        return self._restored_seed

    def _keys(self) -> Iterable[Key]:
        """What gives the keys of one batch after the other."""
        return self.sampler if self.batch_sampler is None else self.batch_sampler

    def _plan(self) -> Plan:
        """Where the keys come from."""
        stream = isinstance(self.dataset, IterableDataset)
        streams = stream or (self.augmentation == "torch" and self.num_workers > 0)
        return Plan(self._keys(), self.generator, streams)

    def _source(self, tasks: Iterator[Task], progress: Progress) -> Source:
        """Where the batches come from."""
        keys = self._keys()
        recipe = Recipe(
            dataset=self.dataset,
            collate_fn=self.collate_fn,
            batched=self.batch_sampler is not None,
            stream=isinstance(self.dataset, IterableDataset),
            drop_last=self.drop_last,
            pad_to=self.batch_size if self.pad_last else None,
            on_error=self.on_error,
            repeats=getattr(keys, "repeats", True),
            per_sample=self.augmentation == "per_sample",
        )
        if self.num_workers == 0:
            return SerialSource(tasks, make_fetcher(recipe, progress.seed, progress.epoch))
        pool = self._pool
        if pool is None or not pool.alive:
            pool = hire(self._staff, recipe, progress.seed)
        if self.persistent_workers:
            self._pool, self._restored_seed = pool, None
        return ParallelSource(
            pool,
            tasks,
            epoch=progress.epoch,
            ahead=self._staff.prefetch * self._staff.size,
            in_order=self.in_order,
            timeout=self.timeout,
            persistent=self.persistent_workers,
        )

    def _identity(self) -> dict[str, Any]:
        """What another loader must have in common to take over the state."""
        stream = isinstance(self.dataset, IterableDataset)
        return {
            "dataset": type(self.dataset).__qualname__,
            "length": None if stream else len(self.dataset),
            "sampler": type(self.sampler if self.batch_size else self._keys()).__qualname__,
            "batch_size": self.batch_size,
            "drop_last": self.drop_last,
            "shard": None if self.shard is None else list(self.shard),
            "augmentation": self.augmentation,
            "generators": len(self._plan().generators()),
            "num_workers": self.num_workers if self._plan().replays else None,
        }
