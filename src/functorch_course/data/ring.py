"""Batches on their way from a worker process: through slots of shared memory, used in turn.

A worker writes a batch into a free slot and tells the loader, who copies it out and tells the
worker with its next task that the slot is free again. So there are never more than a few batches
in shared memory, and what the user gets is never written again.
"""

import mmap
import os
import pickle
from collections import deque
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from typing import Any, NamedTuple

import numpy as np

from .shared_file import PAGE, aligned, anonymous_file

_SMALL = 1 << 14  # bytes up to which the socket is as fast
_ROOM = 1.25  # how much larger a slot is than the batch that it was made for


class Letter(NamedTuple):
    """What goes through the socket for one message.

    Args:
        body: The pickled message, without its large buffers.
        buffers: These, if they come along here.
        places: These, as (start, size) in the shared memory, if they lie there.
        memory: The size of new shared memory, whose descriptor follows; 0 if it is as before.
        trouble: Why there is no shared memory, told once.
    """

    body: bytes
    buffers: list[bytes]
    places: list[tuple[int, int]]
    memory: int = 0
    trouble: str = ""


class Writer:
    """The worker's side.

    Args:
        connection: To the loader.
        slots: How many batches may lie in shared memory.
    """

    def __init__(self, connection: Connection, slots: int) -> None:
        self._connection = connection
        self._slots = slots
        self._free = deque(range(slots))
        self._used: deque[int | None] = deque()
        self._released = 0
        self._memory: mmap.mmap | None = None
        self._works = True

    def send(self, message: object, released: int) -> None:
        """Send a message; ``released`` is how many slots the loader has emptied so far."""
        large: list[pickle.PickleBuffer] = []
        body = pickle.dumps(message, protocol=5, buffer_callback=large.append)
        buffers = [buffer.raw() for buffer in large]
        size = sum(aligned(buffer.nbytes) for buffer in buffers)
        self._reclaim(released)
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
        places = self._fill(buffers)
        memory = len(self._memory or ()) if descriptor >= 0 else 0
        self._connection.send(Letter(body, [], places, memory))
        if descriptor >= 0:
            send_handle(self._connection, descriptor, None)
            os.close(descriptor)

    def _fill(self, buffers: list[memoryview]) -> list[tuple[int, int]]:
        """Copy the buffers into a free slot."""
        slot = self._free.popleft()
        self._used.append(slot)
        assert self._memory is not None
        places, start = [], slot * self._slot_size()
        for buffer in buffers:
            self._memory[start : start + buffer.nbytes] = buffer
            places.append((start, buffer.nbytes))
            start += aligned(buffer.nbytes)
        return places

    def _grow(self, size: int) -> int:
        """New shared memory with slots for batches of this size, as a descriptor."""
        total = self._slots * aligned(int(size * _ROOM), PAGE)
        descriptor = anonymous_file(total)
        self._memory = mmap.mmap(descriptor, total)
        self._free = deque(range(self._slots))
        self._used = deque(None for _ in self._used)  # they lie in the old memory
        return descriptor

    def _slot_size(self) -> int:
        """The bytes of one slot."""
        return len(self._memory) // self._slots if self._memory else 0

    def _reclaim(self, released: int) -> None:
        """Take back slots that the loader has emptied."""
        while self._released < released:
            self._released += 1
            slot = self._used.popleft()
            if slot is not None:
                self._free.append(slot)


class Reader:
    """The loader's side.

    Args:
        connection: To the worker.

    Attributes:
        released: How many slots have been emptied.
        trouble: Why the worker has no shared memory, or nothing.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._memory: mmap.mmap | None = None
        self.released = 0
        self.trouble = ""

    def receive(self) -> Any:  # noqa: ANN401
        """The next message, its arrays in memory of their own.

        Raises:
            EOFError: If the worker is gone.
        """
        letter: Letter = self._connection.recv()
        self.trouble = self.trouble or letter.trouble
        if letter.memory:
            descriptor = recv_handle(self._connection)
            self._memory = mmap.mmap(descriptor, letter.memory, prot=mmap.PROT_READ)
            os.close(descriptor)
        buffers: list[Any] = [bytearray(buffer) for buffer in letter.buffers]
        if letter.places:
            buffers = [self._copy(start, size) for start, size in letter.places]
            self.released += 1
        return pickle.loads(letter.body, buffers=buffers)  # noqa: S301 - from our own worker

    def _copy(self, start: int, size: int) -> Any:  # noqa: ANN401
        """The bytes at this place of the shared memory, in memory of their own."""
        assert self._memory is not None
        return np.frombuffer(self._memory, np.uint8, size, start).copy()
