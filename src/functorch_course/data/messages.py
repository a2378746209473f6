"""What a loader and its workers say to each other."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from .failure import Failure
from .fetch import Fetched, Recipe, Task
from .package import Section


class Job(NamedTuple):
    """What a worker is there for.

    Args:
        recipe: How to make batches.
        init: The user's ``worker_init_fn``.
        collate_functions: What the user has taught ``default_collate``.
    """

    recipe: Recipe
    init: Callable[[int], object] | None
    collate_functions: dict[Any, Any]


class Setup(NamedTuple):
    """The first message to a worker process.

    Args:
        worker: Its number.
        workers: How many there are.
        seed: The loader's seed.
        slots: How many batches it may have on their way.
        sections: Where its job lies in the shared file whose descriptor follows.
        arguments: The command line.
        main: How to find the user's main module.
    """

    worker: int
    workers: int
    seed: int
    slots: int
    sections: list[Section]
    arguments: list[str]
    main: dict[str, str]


class Begin(NamedTuple):
    """An epoch begins; whatever was asked for with another ticket is forgotten."""

    ticket: int
    seed: int
    epoch: int


class Request(NamedTuple):
    """Make a batch; ``freed`` are slots of shared memory that nobody needs any more."""

    ticket: int
    task: Task
    freed: Sequence[int] = ()


class Reply(NamedTuple):
    """A batch, an error, or None where a stream has no more."""

    ticket: int
    number: int
    result: Fetched | Failure | None
