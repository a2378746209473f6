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


def pass_on(writer, reader, message):
    """What comes out at the other end, after the writer has heard which slots are free."""
    writer.reclaim(reader.freed())
    writer.send(message)
    return reader.receive()


def test_batches_that_are_kept_keep_their_numbers(ends):
    writer, reader, _ = ends
    messages = ([np.full(BIG, number), "text", np.arange(3)] for number in range(9))
    kept = [pass_on(writer, reader, message) for message in messages]
    for number, (big, text, small) in enumerate(kept):
        assert (big == number).all()
        assert (text, small.tolist()) == ("text", [0, 1, 2])
        big += 1
    assert all((big == number + 1).all() for number, (big, _, _) in enumerate(kept))


def test_a_slot_is_used_again_when_the_last_array_of_it_is_gone(ends):
    writer, reader, _ = ends
    one, other = pass_on(writer, reader, [np.full(BIG, 1), np.full(BIG, 2)])
    corner = one[:3].reshape(3, 1)
    assert reader.freed() == []
    del one, other
    assert reader.freed() == []
    assert corner.tolist() == [[1], [1], [1]]
    del corner
    assert len(reader.freed()) == 1
    assert reader.freed() == []


def test_a_small_array_that_is_kept_holds_no_slot(ends):
    writer, reader, _ = ends
    kept = []
    for number in range(9):
        big, small = pass_on(writer, reader, [np.full(BIG, number), np.arange(number)])
        kept.append(small)
        assert big[0] == number
        del big
    assert len(reader.freed()) == 1
    assert [len(small) for small in kept] == list(range(9))


def test_a_batch_at_a_time_is_never_copied(ends):
    writer, reader, _ = ends
    addresses = set()
    for number in range(20):
        batch = pass_on(writer, reader, np.full(BIG, number))
        addresses.add(batch.__array_interface__["data"][0])
        assert batch[-1] == number
    assert len(addresses) <= 4


def test_who_keeps_many_batches_gets_copies_and_the_slots_stay_free(ends):
    writer, reader, _ = ends
    kept = [pass_on(writer, reader, np.full(BIG, number)) for number in range(3)]
    assert len(reader.freed()) == 1
    assert [batch[0] for batch in kept] == [0, 1, 2]


def test_a_batch_without_a_free_slot_goes_through_the_socket(ends):
    writer, reader, _ = ends
    for number in range(6):
        writer.send(np.full(4000, number))  # 32 KB: the socket holds them all
    kept = [reader.receive() for _ in range(6)]
    assert [batch[0] for batch in kept] == list(range(6))
    assert len(reader.freed()) == 2  # of four slots, two are lent


def test_slots_grow_with_the_batches(ends):
    writer, reader, _ = ends
    for size in (BIG, 2 * BIG, 10, 5 * BIG, BIG):
        assert (pass_on(writer, reader, np.full(size, size)) == size).all()


def test_growing_leaves_batches_alone_that_nobody_has_taken(ends):
    writer, reader, _ = ends
    writer.send(np.full(BIG // 8, 1))
    writer.send(np.full(BIG, 2))
    writer.send(np.full(BIG, 3))
    for expected in (1, 2, 3):
        assert (reader.receive() == expected).all()


def test_small_batches_need_no_shared_memory(ends):
    writer, reader, near = ends
    writer.send(np.arange(5))
    letter = near.recv()
    assert (letter.places, letter.memory) == ([], 0)
    writer.send(np.arange(5))
    received = reader.receive()
    received[0] = 7
    assert received.tolist() == [7, 1, 2, 3, 4]


def test_without_shared_memory_batches_still_arrive(ends, monkeypatch):
    def full(size):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("functorch_course.data.ring.anonymous_file", full)
    writer, reader, _ = ends
    for number in range(3):
        assert (pass_on(writer, reader, np.full(10_000, number)) == number).all()
    assert "No space left" in reader.trouble
    assert reader.freed() == []
