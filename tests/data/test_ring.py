"""Batches through slots of shared memory."""

import multiprocessing

import numpy as np
import pytest

from functorch_course.data.ring import Reader, Writer

BIG = 100_000


@pytest.fixture
def ends():
    near, far = multiprocessing.Pipe()
    yield Writer(far, slots=2), Reader(near), near
    near.close()
    far.close()


def test_arrays_arrive_in_memory_of_their_own(ends):
    writer, reader, _ = ends
    kept = []
    for number in range(7):
        writer.send([np.full(BIG, number), "text", np.arange(3)], reader.released)
        kept.append(reader.receive())
    for number, (big, text, small) in enumerate(kept):
        assert (big == number).all()
        assert (text, small.tolist()) == ("text", [0, 1, 2])
        assert big.flags.writeable
    assert reader.released == 7


def test_a_batch_without_a_free_slot_goes_through_the_socket(ends):
    writer, reader, _ = ends
    for number in range(4):
        writer.send(np.full(4000, number), 0)  # 32 KB: the socket holds them all
    for number in range(4):
        assert (reader.receive() == number).all()
    assert reader.released == 2


def test_slots_grow_with_the_batches(ends):
    writer, reader, _ = ends
    for size in (BIG, 2 * BIG, 10, 5 * BIG, BIG):
        writer.send(np.full(size, size), reader.released)
        assert (reader.receive() == size).all()


def test_growing_leaves_batches_alone_that_nobody_has_taken(ends):
    writer, reader, _ = ends
    writer.send(np.full(BIG // 8, 1), 0)
    writer.send(np.full(BIG, 2), 0)
    writer.send(np.full(BIG, 3), 0)
    for expected in (1, 2, 3):
        assert (reader.receive() == expected).all()


def test_small_batches_need_no_shared_memory(ends):
    writer, reader, near = ends
    writer.send(np.arange(5), 0)
    letter = near.recv()
    assert (letter.places, letter.memory) == ([], 0)
    writer.send(np.arange(5), 0)
    received = reader.receive()
    received[0] = 7
    assert received.tolist() == [7, 1, 2, 3, 4]


def test_without_shared_memory_batches_still_arrive(ends, monkeypatch):
    def full(size):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("functorch_course.data.ring.anonymous_file", full)
    writer, reader, _ = ends
    for number in range(3):
        writer.send(np.full(10_000, number), reader.released)
        assert (reader.receive() == number).all()
    assert "No space left" in reader.trouble
    assert reader.released == 0
