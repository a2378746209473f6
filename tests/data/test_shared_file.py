"""Memory without a name."""

import mmap
import os
from pathlib import Path

import pytest

from functorch_course.data.shared_file import aligned, anonymous_file, disk_file


@pytest.mark.parametrize("make", [anonymous_file, disk_file])
def test_a_file_has_its_size_and_no_name(make):
    descriptor = make(100_000)
    try:
        assert os.fstat(descriptor).st_size == 100_000
        assert os.fstat(descriptor).st_nlink == 0
        with mmap.mmap(descriptor, 100_000) as one, mmap.mmap(descriptor, 100_000) as other:
            one[5:8] = b"abc"
            assert other[5:8] == b"abc"
        assert "(deleted)" in str(Path(f"/proc/self/fd/{descriptor}").readlink())
    finally:
        os.close(descriptor)


def test_without_memory_files_it_is_a_file_that_is_already_removed(monkeypatch):
    monkeypatch.delattr(os, "memfd_create")
    descriptor = anonymous_file(10)
    assert os.fstat(descriptor).st_nlink == 0
    os.close(descriptor)


def test_too_much_memory_is_an_error_and_leaves_nothing_open():
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(
        OSError, match="4611686018427387904 bytes are more than the memory that is free"
    ):
        anonymous_file(1 << 62)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_sizes_are_rounded_up():
    assert [aligned(n) for n in (0, 1, 64, 65)] == [0, 64, 64, 128]
