"""The libraries that may run beside this one: which are installed, and which have run."""

import re
from collections.abc import Iterable
from importlib.util import find_spec

MODULES = {
    "torch": "torch",
    "torchvision": "torchvision",
    "Grain": "grain",
    "jax-dataloader": "jax_dataloader",
    "tf.data": "tensorflow",
}
"""The module of each peer; a contender that needs a peer has it in its name."""


def installed(peer: str) -> bool:
    """Return whether a peer can be imported, without importing it."""
    return find_spec(MODULES[peer]) is not None


def missing() -> list[str]:
    """Return the peers that are not installed, and therefore do not run."""
    return [peer for peer in MODULES if not installed(peer)]


def peers_of(contenders: Iterable[str]) -> list[str]:
    """Return the peers that contenders need: ``["torch"]`` of ``["ours", "torch, by sample"]``."""
    words = {word for name in contenders for word in re.split(r"[ ,]+", name)}
    return [peer for peer in MODULES if peer in words]
