"""The 5056 bytes in which PyTorch keeps its CPU generator, as one NumPy record."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import RandomError, RandomTypeError

WORDS = 624
"""The number of 32-bit words in a Mersenne Twister's state."""

LAYOUT = np.dtype(
    [
        ("seed", "<u8"),
        ("left", "<i4"),  # words still to be handed out, plus one
        ("seeded", "<i4"),  # always 1
        ("next", "<u8"),  # index of the next word
        ("key", "<u8", WORDS),  # 32-bit words, each stored in 64 bits
        ("unused_x", "<f8"),
        ("spare_normal", "<f8"),
        ("unused_rho", "<f8"),
        ("has_spare_normal", "<i4"),
        ("padding_1", "V4"),
        ("spare_float_normal", "<f4"),  # PyTorch never fills it
        ("has_spare_float_normal", "u1"),
        ("padding_2", "V3"),
    ]
)


class EngineState(NamedTuple):
    """What the bytes mean.

    ``position`` counts the words of ``key`` already handed out; a generator that was seeded and
    never used (``fresh``) stands at the end of its key, as one that has used all 624 words does.
    """

    seed: int
    key: NDArray[np.uint32]
    position: int
    fresh: bool
    spare_normal: float | None


def pack(state: EngineState) -> NDArray[np.uint8]:
    """Write the state as PyTorch does."""
    record = np.zeros(1, LAYOUT)
    record["seed"] = state.seed
    record["left"] = WORDS + 1 - state.position
    record["seeded"] = 1
    record["next"] = 0 if state.fresh else state.position
    record["key"] = state.key
    if state.spare_normal is not None:
        record["spare_normal"] = state.spare_normal
        record["has_spare_normal"] = 1
    return record.view(np.uint8)


def unpack(state: ArrayLike) -> EngineState:
    """Read what :func:`pack` or PyTorch wrote, refusing anything else."""
    record = _as_bytes(state).view(LAYOUT)[0]
    left, position = int(record["left"]), int(record["next"])
    fresh = left == 1 and position == 0
    if record["seeded"] != 1 or not (
        fresh or (1 <= left <= WORDS and left + position == WORDS + 1)
    ):
        raise RandomError(
            f"these bytes are no state of a Mersenne Twister (seeded={int(record['seeded'])}, "
            f"left={left}, next={position}): pass what get_state() returned"
        )
    return EngineState(
        seed=int(record["seed"]),
        key=record["key"].astype(np.uint32),
        position=WORDS if fresh else position,
        fresh=fresh,
        spare_normal=float(record["spare_normal"]) if record["has_spare_normal"] else None,
    )


def _as_bytes(state: ArrayLike) -> NDArray[np.uint8]:
    """The state as a flat array of exactly the right number of bytes."""
    array = np.asarray(state)
    if array.dtype != np.uint8:
        raise RandomTypeError(
            f"a state is an array of {LAYOUT.itemsize} uint8, but a {type(state).__name__} of "
            f"dtype {array.dtype} came: pass what get_state() returned"
        )
    if array.size != LAYOUT.itemsize:
        raise RandomError(
            f"a state has {LAYOUT.itemsize} bytes, but {array.size} came: "
            "pass what get_state() returned"
        )
    return np.ascontiguousarray(array).reshape(-1)
