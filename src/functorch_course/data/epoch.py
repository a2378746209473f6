"""The beginning of an epoch, in PyTorch's order of draws, and of the rest of a restored one."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from functorch_course.random import Generator, current_generator, random_int64

from .fetch import Task
from .sampler import iter_from
from .state import VERSION, Progress, fingerprint, own_generators, restore, save, skip_to
from .types import Key


@dataclass(frozen=True)
class Plan:
    """Where the keys of the batches come from.

    Args:
        sampler: Gives the keys of one batch after the other.
        generator: The loader's own, or None for the current one.
        replays: Whether a restored epoch loads its beginning again and throws it away, because
            the keys alone do not say where its streams stood.
    """

    sampler: Iterable[Key]
    generator: Generator | None
    replays: bool

    def generators(self) -> list[Generator]:
        """All generators that an epoch draws from, the current one last."""
        own = own_generators(self)
        current = current_generator()
        return [*(generator for generator in own if generator is not current), current]

    def epoch_sampler(self) -> Any:  # noqa: ANN401
        """The sampler that has to be told the number of the epoch, if there is one."""
        sampler: Any = self.sampler
        while sampler is not None and not hasattr(sampler, "set_epoch"):
            sampler = getattr(sampler, "sampler", None)
        return sampler


def begin(plan: Plan, progress: Progress, seed: int | None) -> Iterator[Task]:
    """Begin a new epoch.

    Args:
        plan: Where its keys come from.
        progress: Where to write down how it began.
        seed: The seed of workers that live on; None to draw one.

    Returns:
        Its tasks. The sampler draws when the first of them is asked for.
    """
    progress.begin = save(plan.generators())
    progress.drew_seed = seed is None
    keys = iter_from(plan.sampler, 0)
    progress.seed = int(random_int64(generator=plan.generator)) if seed is None else seed
    return _number(keys, 0, progress)


def resume(plan: Plan, progress: Progress, state: dict[str, Any]) -> Iterator[Task]:
    """Go on with an epoch that was saved.

    The generators go back to where they stood at its beginning, and everything is drawn again. The
    current generator is not the loader's own, and others may have drawn from it since: it ends up
    where it stood before.

    Args:
        plan: Where its keys come from.
        progress: Where to write down how it began.
        state: What was saved.

    Returns:
        The tasks that are left, or all of them where the plan replays.
    """
    done = 0 if plan.replays else state["batches"]
    progress.begin, progress.drew_seed = state["begin"], state["drew_seed"]
    progress.seed = state["seed"]
    generators = plan.generators()
    (now,) = save(generators[-1:])
    restore(generators, state["begin"])
    if state["sampler_epoch"] is not None:
        plan.epoch_sampler().set_epoch(state["sampler_epoch"])
    keys = iter_from(plan.sampler, max(done - 1, 0))
    if progress.drew_seed:
        random_int64(generator=plan.generator)
    if done:
        skip_to(keys, state)
    elif state["started"]:
        keys = _drawn(keys)
    restore(generators[-1:], [now])
    progress.batches = done
    return _number(keys, done, progress)


def snapshot(progress: Progress, plan: Plan, identity: dict[str, Any]) -> dict[str, Any]:
    """All of this as a dict that JSON can hold."""
    return {
        "version": VERSION,
        "loader": identity,
        "epoch": progress.epoch,
        "in_epoch": not progress.finished,
        "batches": progress.batches,
        "started": progress.started,
        "seed": progress.seed,
        "drew_seed": progress.drew_seed,
        "last_keys": fingerprint(progress.keys) if progress.batches else None,
        "begin": progress.begin,
        "generators": save(plan.generators()),
        "sampler_epoch": getattr(plan.epoch_sampler(), "epoch", None),
    }


def _drawn(keys: Iterator[Key]) -> Iterator[Key]:
    """The same keys, after the first of them has been asked for."""
    first = list(itertools.islice(keys, 1))
    return itertools.chain(first, keys)


def _number(keys: Iterator[Key], first: int, progress: Progress) -> Iterator[Task]:
    """One task for the keys of each batch."""
    progress.started = True
    for number, batch in enumerate(keys, first):
        yield Task(number, batch)
