"""Where an epoch stands, as a small dict that JSON can hold."""

import base64
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functorch_course.random import Generator

from .errors import LoaderStateError
from .types import Key

VERSION = 1


@dataclass
class Progress:
    """How far the latest epoch of a loader has come; its iterator writes it, the loader reads it.

    Attributes:
        epoch: The number of the epoch, from 0.
        seed: The number drawn when the epoch began, whence augmentation and workers are seeded.
        drew_seed: Whether it was drawn; workers that live on keep the seed of their first epoch.
        begin: States of the loader's generators before anything of the epoch was drawn.
        batches: How many batches have been handed out.
        started: Whether the sampler has been asked for its first index.
        finished: Whether the epoch has come to its end.
        keys: The keys of the last batch that was handed out.
    """

    epoch: int
    seed: int = 0
    drew_seed: bool = True
    begin: list[str] = field(default_factory=list)
    batches: int = 0
    started: bool = False
    finished: bool = False
    keys: Key = None


def own_generators(holder: object) -> list[Generator]:
    """The generators that something and the samplers in it hold themselves, each once."""
    found: list[Generator] = []
    while holder is not None:
        generator = getattr(holder, "generator", None)
        if isinstance(generator, Generator) and all(generator is not other for other in found):
            found.append(generator)
        holder = getattr(holder, "sampler", None)
    return found


def save(generators: Iterable[Generator]) -> list[str]:
    """Where the generators stand, as text."""
    return [base64.b64encode(generator.get_state().tobytes()).decode() for generator in generators]


def restore(generators: Iterable[Generator], states: Iterable[str]) -> None:
    """Send the generators to where they stood."""
    for generator, state in zip(generators, states, strict=True):
        generator.set_state(_decode(state))


def _decode(state: str) -> NDArray[np.uint8]:
    """The bytes that :func:`save` wrote as text."""
    return np.frombuffer(base64.b64decode(state), np.uint8)


def fingerprint(keys: Key) -> int:
    """A number that changes with the keys of a batch."""
    return zlib.crc32(repr(keys).encode())


def check_fits(state: dict[str, Any], expected: dict[str, Any]) -> None:
    """Refuse a state of another version, or of a loader that is not like this one."""
    version = state.get("version") if isinstance(state, dict) else state
    if version != VERSION:
        raise LoaderStateError(
            f"this is no state of version {VERSION}, but {version!r}: pass what "
            "loader.state_dict() returned"
        )
    saved = state["loader"]
    for name, value in expected.items():
        if saved.get(name) != value:
            raise LoaderStateError(
                f"the state is of a loader with {name}={saved.get(name)!r}, but this one has "
                f"{name}={value!r}: make the loader as it was, or start a new epoch without a state"
            )


def skip_to(indices: Iterator[Key], state: dict[str, Any]) -> None:
    """Take the last batch of before from the sampler, and see that it is the same."""
    keys = next(indices, None)
    if fingerprint(keys) != state["last_keys"]:
        raise LoaderStateError(
            f"batch {state['batches'] - 1} had other samples when the state was saved; now the "
            f"sampler gives {keys}: restore the same dataset, sampler and generators"
        )
