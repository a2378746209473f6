"""Who gets which batch, and in which order batches come back: with workers that are played."""

import pytest

from functorch_course.data.errors import WorkerError
from functorch_course.data.fetch import Fetched, Task
from functorch_course.data.messages import Reply
from functorch_course.data.parallel import ParallelSource


class Played:
    """Workers whose replies come in an order of the test's own."""

    seed = 0

    def __init__(self, size, arrange=lambda waiting: waiting.pop(0), lengths=None):
        self.size, self.arrange, self.lengths = size, arrange, lengths
        self.ticket, self.given, self.waiting, self.alive, self.most = 0, [], [], True, 0

    def begin(self, epoch):
        self.ticket += 1
        return self.ticket

    def submit(self, worker, task):
        self.given.append((worker, task.number))
        self.waiting.append((worker, task))
        self.most = max(self.most, len(self.waiting))

    def receive(self, timeout):
        worker, task = self.arrange(self.waiting)
        if self.lengths is not None:
            if self.lengths[worker] == 0:
                return Reply(self.ticket, task.number, None)
            self.lengths[worker] -= 1
        return Reply(self.ticket, task.number, Fetched(f"{task.keys} by {worker}", 1, []))

    def close(self):
        self.alive = False


def source(pool, count, ahead=4, in_order=True, persistent=False):
    tasks = iter([Task(number, f"batch {number}") for number in range(count)])
    return ParallelSource(pool, tasks, 0, ahead, in_order, 0, persistent)


def drain(epoch):
    batches = []
    while True:
        try:
            batches.append(next(epoch)[1].batch)
        except StopIteration:
            return batches


@pytest.mark.parametrize(
    "arrange", [lambda w: w.pop(0), lambda w: w.pop(), lambda w: w.pop(1 % len(w))]
)
def test_batches_come_in_order_however_they_arrive(arrange):
    pool = Played(3, arrange)
    assert drain(source(pool, 8, ahead=6)) == [f"batch {n} by {n % 3}" for n in range(8)]
    assert pool.given == [(n % 3, n) for n in range(8)]
    assert pool.most <= 6
    assert not pool.alive


def test_out_of_order_they_come_as_they_arrive():
    pool = Played(2, lambda waiting: waiting.pop())
    batches = drain(source(pool, 6, in_order=False))
    assert batches[0] == "batch 3 by 1"
    assert sorted(batch.split()[1] for batch in batches) == list("012345")


def test_out_of_order_a_busy_worker_gets_no_more_than_its_share():
    slow_first = Played(2, lambda waiting: waiting.pop(-1))
    epoch = source(slow_first, 40, ahead=4, in_order=False)
    for _ in range(20):
        next(epoch)
        loads = [sum(worker == w for w, _ in slow_first.waiting) for worker in range(2)]
        assert max(loads) <= 2


def test_workers_whose_stream_has_ended_are_passed_over():
    pool = Played(3, lengths=[1, 4, 2])
    batches = drain(source(pool, 1000, ahead=6))
    assert [batch.split(" by ")[1] for batch in batches] == ["0", "1", "2", "1", "2", "1", "1"]


def test_nothing_is_asked_for_beyond_what_is_under_way():
    pool = Played(2)
    epoch = source(pool, 100, ahead=4)
    assert len(pool.given) == 4
    next(epoch)
    assert len(pool.given) == 5


def test_replies_of_an_epoch_that_was_given_up_are_dropped():
    pool = Played(1)
    epoch = source(pool, 2)
    stale = Reply(0, 0, Fetched("stale", 1, []))
    honest = pool.receive
    replies = iter([stale])
    pool.receive = lambda timeout: next(replies, None) or honest(timeout)
    assert drain(epoch) == ["batch 0 by 0", "batch 1 by 0"]


def test_after_the_workers_have_died_there_is_nothing_more():
    pool = Played(1)
    epoch = source(pool, 5)

    def die(timeout):
        pool.close()
        raise WorkerError("worker 0 died")

    pool.receive = die
    with pytest.raises(RuntimeError, match="worker 0 died"):
        next(epoch)
    assert drain(epoch) == []


def test_persistent_workers_live_on():
    pool = Played(1)
    epoch = source(pool, 1, persistent=True)
    drain(epoch)
    epoch.close()
    assert pool.alive
