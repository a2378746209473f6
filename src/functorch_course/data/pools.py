"""The workers that a loader asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.context import BaseContext

from .fetch import Recipe
from .options import check_context
from .parallel import Pool
from .process_pool import ProcessPool
from .thread_pool import ThreadPool


@dataclass(frozen=True)
class Staff:
    """Which workers, and how many.

    Args:
        size: How many.
        kind: ``"process"`` or ``"thread"``.
        prefetch: How many batches each prepares ahead.
        init: The user's ``worker_init_fn``.
        context: How multiprocessing shall start processes.
    """

    size: int
    kind: str
    prefetch: int
    init: Callable[[int], object] | None
    context: str | BaseContext | None


def hire(staff: Staff, recipe: Recipe, seed: int) -> Pool:
    """Start the workers."""
    if staff.kind == "thread":
        return ThreadPool(recipe, staff.size, seed, staff.init)
    context = None if staff.context is None else check_context(staff.context)
    return ProcessPool(recipe, staff.size, seed, staff.prefetch, staff.init, context)
