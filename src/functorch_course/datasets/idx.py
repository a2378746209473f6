"""The IDX format of the MNIST family: a short header, then the items, often gzip-compressed."""

import gzip
import hashlib
import math
import struct
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from functorch_course.errors import DamagedFileError

DTYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
LARGEST = 2**31
"""More bytes than any dataset of the family declares: a header that asks for more is damaged."""
MOST_DIMENSIONS = 8
MAPPED = 2**27
"""Uncompressed files of more bytes stay on disk, and are read where they are used."""
DEFLATE_RATIO = 1032
"""The most that one compressed byte can unpack to."""


def read_idx(
    path: str | Path, *, sha256: str | None = None, largest: int = LARGEST
) -> NDArray[Any]:
    r"""Read an IDX file, compressed with gzip or not, and check every byte of its structure.

    Header: two zero bytes, one byte for the dtype, one for the number of dimensions, then each
    dimension as a big-endian uint32. Then the items in C order, big-endian, and nothing more.
    No more is read or allocated than the header declares, and nothing before the header has been
    compared with the size of the file: a hostile file costs no memory.

    Args:
        path: The file. Whether it is compressed is seen from its content, not from its name.
        sha256: The expected hash of the unpacked content, header included. ``None``: not checked.
        largest: The most bytes of items that the header may declare.

    Returns:
        The items, read-only, in native byte order (a large uncompressed file is mapped as it is).

    Raises:
        DamagedFileError: If the file is not IDX, too short, too long, or has another hash.
        FileNotFoundError: If there is no such file.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "labels"
        >>> path.write_bytes(b"\0\0\x08\x01" + b"\0\0\0\x03" + bytes([7, 8, 9]))
        11
        >>> read_idx(path)
        array([7, 8, 9], dtype=uint8)

    PyTorch: the private reader of ``torchvision.datasets.MNIST``, which trusts the header.

    Source: http://yann.lecun.com/exdb/mnist/
    """
    path = Path(path)
    try:
        with path.open("rb") as raw:
            compressed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            limit = path.stat().st_size * (DEFLATE_RATIO if compressed else 1)
            stream = gzip.GzipFile(fileobj=raw) if compressed else raw
            return _read(path, stream, sha256, min(limit, largest))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DamagedFileError(f"{path} is a damaged gzip file: {error}") from error


def _read(
    path: Path, stream: IO[bytes] | gzip.GzipFile, sha256: str | None, largest: int
) -> NDArray[Any]:
    """Read header and items from ``stream``, and make sure that nothing follows."""
    header, dtype, shape = _header(path, stream)
    size = math.prod(shape) * dtype.itemsize
    if size > largest:
        raise DamagedFileError(f"{path} declares {shape}, {size:,} bytes: at most {largest:,} fit")
    if size > MAPPED and path.stat().st_size == len(header) + size:
        if sha256 is not None:
            check_sha256(path, sha256)
        return np.memmap(path, dtype, "r", len(header), shape).view(np.ndarray)
    payload = stream.read(size)
    if len(payload) < size:
        raise DamagedFileError(f"{path} ends early: {size:,} bytes declared, {len(payload):,} came")
    if stream.read(1):
        raise DamagedFileError(f"{path} goes on after the {size:,} bytes that its header declares")
    if sha256 is not None:
        _check_hash(path, hashlib.sha256(header + payload).hexdigest(), sha256)
    items = np.frombuffer(payload, dtype).reshape(shape)
    items = items.astype(dtype.newbyteorder("="), copy=False)
    items.flags.writeable = False
    return items


def _header(
    path: Path, stream: IO[bytes] | gzip.GzipFile
) -> tuple[bytes, np.dtype[np.generic], tuple[int, ...]]:
    """Return the header's bytes and what they say: dtype and shape."""
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in DTYPES:
        raise DamagedFileError(f"{path} is not an IDX file: it begins with {magic!r}")
    if not 1 <= magic[3] <= MOST_DIMENSIONS:
        raise DamagedFileError(f"{path} declares {magic[3]} dimensions: 1 to {MOST_DIMENSIONS} fit")
    sizes = stream.read(4 * magic[3])
    if len(sizes) < 4 * magic[3]:
        raise DamagedFileError(f"{path} ends within its header of {magic[3]} dimensions")
    return magic + sizes, np.dtype(DTYPES[magic[2]]), struct.unpack(f">{magic[3]}I", sizes)


def check_sha256(path: Path, expected: str) -> None:
    """Raise unless a file, as it lies there, has the expected sha256.

    Raises:
        DamagedFileError: If it has another.
    """
    with path.open("rb") as file:
        _check_hash(path, hashlib.file_digest(file, "sha256").hexdigest(), expected)


def _check_hash(path: Path, found: str, expected: str) -> None:
    """Raise unless both hashes are the same."""
    if found != expected:
        raise DamagedFileError(
            f"{path} does not hold what it should: the sha256 of its content is {found}, "
            f"expected {expected}"
        )
