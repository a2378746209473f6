"""Checks of a loader's arguments: what PyTorch refuses is refused, with what to write instead."""

import multiprocessing
from collections.abc import Mapping
from multiprocessing.context import BaseContext

from functorch_course.errors import InvalidValueError, one_of

from .errors import DataTypeError


def check_dataset(dataset: object, ordered: bool) -> None:
    """Refuse what gives no samples by index, where PyTorch fails at the first batch.

    Args:
        dataset: As the loader got it, unless it is an IterableDataset.
        ordered: Whether a sampler gives the indices, so that the length is not needed.
    """
    kind = type(dataset).__name__
    if isinstance(dataset, type):
        raise DataTypeError(
            f"dataset={dataset.__name__} is a class: write an object, {dataset.__name__}(...)"
        )
    if not hasattr(dataset, "__getitem__"):
        raise DataTypeError(
            f"dataset of type {kind} gives no samples by index: write an object with "
            "__getitem__ and __len__, such as list(...), or an IterableDataset for a stream"
        )
    if not (ordered or hasattr(dataset, "__len__")):
        raise DataTypeError(
            f"dataset of type {kind} has no len(): write `def __len__(self)` in it, or pass a "
            "sampler"
        )


def check_sources(
    stream: bool,
    batch_size: int | None,
    drop_last: bool,
    batch_sampler: object,
    orders: Mapping[str, object],
) -> None:
    """Refuse ways of choosing samples that contradict each other.

    Args:
        stream: Whether the dataset is an IterableDataset.
        batch_size: As the loader got it.
        drop_last: As the loader got it.
        batch_sampler: As the loader got it.
        orders: The loader's ``shuffle``, ``sampler`` and ``shard``.
    """
    if stream:
        _check_stream({**orders, "batch_sampler": batch_sampler})
    if orders["sampler"] is not None and orders["shuffle"]:
        raise InvalidValueError(
            "sampler option is mutually exclusive with shuffle: both give the order, so leave "
            "shuffle=True away, or the sampler"
        )
    if batch_sampler is not None:
        _check_batch_sampler({"batch_size": batch_size, "drop_last": drop_last, **orders})
    elif batch_size is None and drop_last:
        raise InvalidValueError(
            "batch_size=None option disables auto-batching and is mutually exclusive with "
            "drop_last: leave drop_last=True away"
        )


def _check_stream(orders: Mapping[str, object]) -> None:
    """A stream has an order of its own."""
    for name, value in orders.items():
        if value is not None and value is not False:
            raise InvalidValueError(
                f"DataLoader with IterableDataset: expected unspecified {name} option, but got "
                f"{name}={value!r}: the dataset gives its samples in its own order, so "
                "do this in its __iter__"
            )


def _check_batch_sampler(options: Mapping[str, object]) -> None:
    """A batch sampler decides about everything that these would."""
    for name, value in options.items():
        if value is not None and value is not False and not (name == "batch_size" and value == 1):
            raise InvalidValueError(
                "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, "
                f"drop_last and shard, but {name}={value!r} came: leave it away, and let "
                "the batch_sampler do it"
            )


def check_worker_options(
    num_workers: int,
    worker_type: str,
    prefetch_factor: int | None,
    timeout: float,
    persistent_workers: bool,
    multiprocessing_context: str | BaseContext | None,
) -> None:
    """Refuse numbers of workers that cannot be, and settings for workers where there are none."""
    if not isinstance(num_workers, int) or isinstance(num_workers, bool):
        raise DataTypeError(f"num_workers={num_workers!r} is no whole number: write an int, like 2")
    _check_not_negative("num_workers", num_workers, "use num_workers=0 for no worker")
    _check_not_negative("timeout", timeout, "write seconds, or 0 to wait without end")
    one_of("worker_type", worker_type, ["process", "thread"])
    if num_workers == 0:
        _check_unset("prefetch_factor", prefetch_factor)
        _check_unset("timeout", timeout)
        _check_unset("persistent_workers", persistent_workers)
        _check_unset("multiprocessing_context", multiprocessing_context)
    if prefetch_factor is not None and prefetch_factor < 1:
        raise InvalidValueError(
            f"prefetch_factor option should be non-negative, and not 0 either, but got "
            f"{prefetch_factor}: each worker needs at least 1 batch to work on"
        )
    if multiprocessing_context is not None:
        if worker_type == "thread":
            raise InvalidValueError(
                "multiprocessing_context starts processes, but worker_type='thread': leave one away"
            )
        check_context(multiprocessing_context)


def _check_unset(name: str, value: object) -> None:
    """Raise if there is a setting for workers, though there are none."""
    if value:
        raise InvalidValueError(
            f"{name} option needs num_workers > 0 (multi-process loading), but got "
            f"{name}={value!r} with num_workers=0: write num_workers=1 or more, or leave {name} "
            "away"
        )


def check_context(context: str | BaseContext) -> BaseContext:
    """The context by this name, or the context itself."""
    if isinstance(context, str):
        methods = multiprocessing.get_all_start_methods()
        if context not in methods:
            raise InvalidValueError(
                "multiprocessing_context option should specify a valid start method in "
                f"{methods!r}, but got multiprocessing_context={context!r}"
            )
        return multiprocessing.get_context(context)
    if not isinstance(context, BaseContext):
        raise DataTypeError(
            "multiprocessing_context option should be a valid context object or a string "
            f"specifying the start method, but got multiprocessing_context={context!r}"
        )
    return context


def check_extras(augmentation: str, on_error: object, shard: tuple[int, int] | None) -> None:
    """Refuse what cannot be of the options that PyTorch has not."""
    one_of("augmentation", augmentation, ["per_sample", "torch"])
    if not callable(on_error):
        one_of("on_error (if it is no function)", on_error, ["raise", "skip"])
    if shard is not None:
        _check_shard(shard)


def check_padding(batch_size: int | None, batch_sampler: object, drop_last: bool) -> None:
    """Filling up needs a size to fill up to, and a batch to fill up."""
    if batch_size is None or batch_sampler is not None:
        raise InvalidValueError(
            "pad_last=True needs to know the size of a full batch: write batch_size=..., without "
            "a batch_sampler"
        )
    if drop_last:
        raise InvalidValueError(
            "pad_last=True fills the last batch up and drop_last=True leaves it out: write one"
        )


def _check_shard(shard: tuple[int, int]) -> None:
    """A shard is one of some."""
    try:
        index, count = shard
        valid = 0 <= index < count
    except (TypeError, ValueError):
        valid = False
    if not valid:
        raise InvalidValueError(
            f"shard={shard!r} is no part of a whole: write shard=(index, count) with "
            "0 <= index < count, such as (jax.process_index(), jax.process_count())"
        )


def _check_not_negative(name: str, value: float, write: str) -> None:
    """Raise if the value is below 0."""
    if value < 0:
        raise InvalidValueError(f"{name} option should be non-negative, but got {value}: {write}")
