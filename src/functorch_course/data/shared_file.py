"""Memory that several processes see: a file without a name, which nobody has to remove."""

import errno
import mmap
import os
import re
import tempfile
from pathlib import Path

PAGE = mmap.ALLOCATIONGRANULARITY


def anonymous_file(size: int) -> int:
    """A new file in memory, as a descriptor.

    It has no name in any folder, so that it is gone with its last descriptor and mapping, however
    the processes end.

    Raises:
        OSError: If there is not so much memory.
    """
    if size > _available_memory():
        raise OSError(errno.ENOMEM, f"{size} bytes are more than the memory that is free")
    descriptor = _create()
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _create() -> int:
    """An empty file: in memory where the system can, else on disk and already unlinked."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("functorch_course")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _available_memory() -> float:
    """The bytes that can be had without pushing anything out; the system itself sees no limit."""
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return float("inf")
    found = re.search(r"MemAvailable:\s+(\d+) kB", text)
    return int(found[1]) * 1024 if found else float("inf")


def disk_file(size: int) -> int:
    """The same on disk, for what is too large for memory."""
    with tempfile.TemporaryFile() as file:
        os.posix_fallocate(file.fileno(), 0, size)
        return os.dup(file.fileno())


def aligned(size: int, step: int = 64) -> int:
    """The next multiple of ``step``."""
    return -(-size // step) * step
