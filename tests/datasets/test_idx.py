"""The IDX reader: what it reads, and what it refuses, in bounded memory."""

import gzip
import hashlib
import struct
import tracemalloc

import numpy as np
import pytest

from functorch_course.datasets import idx, read_idx
from functorch_course.errors import DamagedFileError


def encode(array, code=0x08):
    header = struct.pack(f">HBB{array.ndim}I", 0, code, array.ndim, *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


@pytest.mark.parametrize(
    ("dtype", "code"),
    [("u1", 0x08), ("i1", 0x09), ("i2", 0x0B), ("i4", 0x0C), ("f4", 0x0D), ("f8", 0x0E)],
)
@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_every_dtype_comes_back_in_native_order(tmp_path, dtype, code, compress):
    array = np.arange(-12, 12).reshape(2, 3, 4).astype(dtype)
    path = tmp_path / "items"
    path.write_bytes(compress(encode(array, code)))
    result = read_idx(path)
    assert result.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(result, array)
    with pytest.raises(ValueError, match="read-only"):
        result[0] = 0


def test_the_hash_is_that_of_the_unpacked_content(tmp_path):
    content = encode(np.arange(5, dtype="u1"))
    path = tmp_path / "items.gz"
    path.write_bytes(gzip.compress(content))
    assert len(read_idx(path, sha256=hashlib.sha256(content).hexdigest())) == 5
    with pytest.raises(
        DamagedFileError, match=r"items\.gz does not hold what it should.*expected 0"
    ):
        read_idx(path, sha256="0" * 64)


GOOD = encode(np.arange(12, dtype="u1").reshape(3, 4))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "is not an IDX file: it begins with b''"),
        (b"\x89PNG\r\n\x1a\n", "is not an IDX file"),
        (b"\0\0\x07\x01\0\0\0\0", "is not an IDX file"),
        (b"\0\0\x08\x00", "declares 0 dimensions"),
        (b"\0\0\x08\xff" + b"\0" * 1020, "declares 255 dimensions"),
        (GOOD[:9], "ends within its header of 2 dimensions"),
        (GOOD[:-1], "ends early: 12 bytes declared, 11 came|at most"),
        (GOOD + b"\0", "goes on after the 12 bytes"),
        (b"\0\0\x08\x02" + b"\xff" * 8 + b"\0", "bytes: at most"),
    ],
)
@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_a_file_that_does_not_match_its_header_is_refused(tmp_path, content, fault, compress):
    path = tmp_path / "items"
    path.write_bytes(compress(content))
    with pytest.raises(DamagedFileError, match=f"items .*({fault})"):
        read_idx(path)


def test_damaged_compression_is_refused(tmp_path):
    path = tmp_path / "items.gz"
    packed = bytearray(gzip.compress(GOOD))
    for damaged in (
        packed[:-9],
        packed[:12],
        packed + b"junk",
        packed[:-6] + b"\0\0" + packed[-4:],
    ):
        path.write_bytes(damaged)
        with pytest.raises(DamagedFileError, match=r"items\.gz is a damaged gzip file"):
            read_idx(path)


def test_a_gzip_bomb_costs_no_memory(tmp_path):
    path = tmp_path / "items.gz"
    path.write_bytes(gzip.compress(GOOD + bytes(200_000_000)))
    tracemalloc.start()
    with pytest.raises(DamagedFileError, match="goes on after the 12 bytes"):
        read_idx(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_header_that_declares_more_than_the_file_can_hold_allocates_nothing(tmp_path):
    path = tmp_path / "items"
    path.write_bytes(b"\0\0\x08\x01\x7f\xff\xff\xff" + bytes(100))
    tracemalloc.start()
    with pytest.raises(DamagedFileError, match="2,147,483,647 bytes: at most 108 fit"):
        read_idx(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("dtype", ["u1", ">i4"])
def test_a_large_uncompressed_file_stays_on_disk(tmp_path, monkeypatch, dtype):
    monkeypatch.setattr(idx, "MAPPED", 100)
    array = np.arange(240).reshape(4, 60).astype(dtype)
    content = encode(array, {"u1": 0x08, ">i4": 0x0C}[dtype])
    path = tmp_path / "items"
    path.write_bytes(content)
    items = read_idx(path, sha256=hashlib.sha256(content).hexdigest())
    np.testing.assert_array_equal(items, array)
    assert isinstance(items.base, np.memmap)
    assert not items.flags.writeable
    with pytest.raises(DamagedFileError, match="does not hold what it should"):
        read_idx(path, sha256="0" * 64)
    path.write_bytes(content + b"x")
    with pytest.raises(DamagedFileError, match="goes on after"):
        read_idx(path)


def test_a_missing_file_is_not_called_damaged(tmp_path):
    with pytest.raises(FileNotFoundError, match="absent"):
        read_idx(tmp_path / "absent")
