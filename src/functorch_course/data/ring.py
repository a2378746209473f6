"""Batches on their way from a worker process: through slots of shared memory, used in turn.

A worker writes a batch into a free slot and tells the loader, who hands it out as it lies there.
When nobody holds arrays of it any more, the loader tells the worker with the next task that the
slot is free again. Who holds many batches gets copies. So there are never more than a few batches
in shared memory, and what the user gets is never written again.
"""

import mmap
import os
import pickle
import weakref
from collections import deque
from collections.abc import Iterable
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .shared_file import PAGE, aligned, anonymous_file

_SMALL = 1 << 14  # bytes up to which the socket is as fast
_ROOM = 1.25  # how much larger a slot is than the batch that it was made for
_LENT = 2  # batches of a worker that may be in the user's hands: one at work, one just taken


class Letter(NamedTuple):
    """What goes through the socket for one message.

    Args:
        body: The pickled message, without its large buffers.
        buffers: These, if they come along here.
        places: These, as (start, size) in the shared memory, if they lie there.
        slot: Which part of it they take up.
        memory: The size of new shared memory, whose descriptor follows; 0 if it is as before.
        trouble: Why there is no shared memory, told once.
    """

    body: bytes
    buffers: list[bytes]
    places: list[tuple[int, int]]
    slot: int = -1
    memory: int = 0
    trouble: str = ""


class Writer:
    """The worker's side.

    Args:
        connection: To the loader.
        slots: How many batches may be on their way.
    """

    def __init__(self, connection: Connection, slots: int) -> None:
        self._connection = connection
        self._slots = slots + _LENT
        self._first = 0  # the number of the first slot of the present memory
        self._free = deque(range(self._slots))
        self._memory: mmap.mmap | None = None
        self._works = True

    def reclaim(self, freed: Iterable[int]) -> None:
        """Use slots again that nobody needs any more."""
        self._free.extend(slot for slot in freed if slot >= self._first)

    def send(self, message: object) -> None:
        """Send a message."""
        large: list[pickle.PickleBuffer] = []
        body = pickle.dumps(message, protocol=5, buffer_callback=large.append)
        buffers = [buffer.raw() for buffer in large]
        size = sum(aligned(buffer.nbytes) for buffer in buffers)
        if size > _SMALL and self._works and (len(self._free) or self._slot_size() < size):
            self._send_shared(body, buffers, size)
        else:
            self._connection.send(Letter(body, [bytes(buffer) for buffer in buffers], []))

    def _send_shared(self, body: bytes, buffers: list[memoryview], size: int) -> None:
        """Put the buffers into a slot; make larger slots first if they do not fit."""
        descriptor = -1
        if self._slot_size() < size:
            try:
                descriptor = self._grow(size)
            except OSError as error:
                self._works = False
                copies = [bytes(buffer) for buffer in buffers]
                self._connection.send(Letter(body, copies, [], trouble=str(error)))
                return
        slot = self._free.popleft()
        memory = len(self._memory or ()) if descriptor >= 0 else 0
        self._connection.send(Letter(body, [], self._fill(slot, buffers), slot, memory))
        if descriptor >= 0:
            send_handle(self._connection, descriptor, None)
            os.close(descriptor)

    def _fill(self, slot: int, buffers: list[memoryview]) -> list[tuple[int, int]]:
        """Copy the buffers into a slot."""
        assert self._memory is not None
        places, start = [], (slot - self._first) * self._slot_size()
        for buffer in buffers:
            self._memory[start : start + buffer.nbytes] = buffer
            places.append((start, buffer.nbytes))
            start += aligned(buffer.nbytes)
        return places

    def _grow(self, size: int) -> int:
        """New shared memory with slots for batches of this size, as a descriptor."""
        total = self._slots * aligned(int(size * _ROOM), PAGE)
        descriptor = anonymous_file(total)
        try:
            self._memory = mmap.mmap(descriptor, total)
        except OSError:
            os.close(descriptor)
            raise
        self._first += self._slots  # those of the old memory are not used again
        self._free = deque(range(self._first, self._first + self._slots))
        return descriptor

    def _slot_size(self) -> int:
        """The bytes of one slot."""
        return len(self._memory) // self._slots if self._memory else 0


class Reader:
    """The loader's side.

    Args:
        connection: To the worker.

    Attributes:
        trouble: Why the worker has no shared memory, or nothing.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._memory: mmap.mmap | None = None
        self._lent: set[int] = set()
        self._freed: deque[int] = deque()
        self.trouble = ""

    def freed(self) -> list[int]:
        """The slots that nobody needs any more, each told once."""
        return [self._freed.popleft() for _ in range(len(self._freed))]

    def receive(self) -> Any:  # noqa: ANN401
        """The next message, its arrays in memory that nobody else writes to.

        Raises:
            EOFError: If the worker is gone.
        """
        letter: Letter = self._connection.recv()
        self.trouble = self.trouble or letter.trouble
        if letter.memory:
            descriptor = recv_handle(self._connection)
            self._memory = mmap.mmap(descriptor, letter.memory)
            os.close(descriptor)
        buffers: list[Any] = [bytearray(buffer) for buffer in letter.buffers]
        if letter.places:
            lend = len(self._lent) < _LENT and any(size > _SMALL for _, size in letter.places)
            buffers = self._lend(letter) if lend else self._copy(letter)
        return pickle.loads(letter.body, buffers=buffers)  # noqa: S301 - from our own worker

    def _copy(self, letter: Letter) -> list[NDArray[np.uint8]]:
        """The buffers in memory of their own; their slot is free."""
        self._freed.append(letter.slot)
        return [self._bytes(start, size).copy() for start, size in letter.places]

    def _lend(self, letter: Letter) -> list[NDArray[np.uint8]]:
        """The large buffers where they lie; their slot is free when the last of them is gone.

        Small ones, such as labels that somebody collects, must not keep a slot for themselves.
        """
        (first, _), (last, size) = letter.places[0], letter.places[-1]
        slot = self._bytes(first, last + size - first)
        self._lent.add(letter.slot)
        weakref.finalize(slot, _give_back, letter.slot, self._lent, self._freed).atexit = False
        parts = [slot[start - first : start - first + size] for start, size in letter.places]
        return [part if part.nbytes > _SMALL else part.copy() for part in parts]

    def _bytes(self, start: int, size: int) -> NDArray[np.uint8]:
        """A part of the shared memory."""
        assert self._memory is not None
        return np.frombuffer(self._memory, np.uint8, size, start)


def _give_back(slot: int, lent: set[int], freed: deque[int]) -> None:
    """Note that nobody holds a slot any more."""
    lent.discard(slot)
    freed.append(slot)
