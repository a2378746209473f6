"""However a loader ends, nothing is left: no process, no shared memory, no hang."""

import gc
import os
import signal

import pytest

from functorch_course.data import DataLoader
from reliability.processes import children, gone, kill, pids_from, shared_memory, start
from samples_for_workers import (
    Pairs,
    Stream,
    Troubled,
    Unpicklable,
    Wide,
    fail_in_collate,
    fail_to_start,
    identity,
)


@pytest.fixture(autouse=True)
def nothing_is_left():
    """No child and no shared memory beyond those of before."""
    processes, memory = set(children(os.getpid())), shared_memory()
    yield
    gc.collect()
    assert gone(set(children(os.getpid())) - processes)
    assert shared_memory() == memory


def datasets(mode):
    return {"map": Troubled(mode), "stream": Stream(20, mode)}


@pytest.mark.parametrize("kind", ["map", "stream"])
@pytest.mark.parametrize(
    ("mode", "how"),
    [
        ("exit 3", "ended with exit code 3"),
        ("exit 0", "ended with exit code 0"),
        ("killed", "was killed by signal SIGKILL; the system kills so when memory runs out"),
        ("crash", "was killed by signal SIGSEGV"),
    ],
)
def test_a_worker_that_dies_is_named_with_its_end(kind, mode, how):
    batches = iter(DataLoader(datasets(mode)[kind], 2, num_workers=2))
    with pytest.raises(RuntimeError, match=rf"DataLoader worker \d \(pid \d+\) exited.*{how}"):
        list(batches)
    assert list(batches) == []


@pytest.mark.parametrize("persistent", [True, False])
@pytest.mark.parametrize("kind", ["map", "stream"])
def test_an_error_in_a_worker_keeps_its_class_and_names_the_sample(kind, persistent):
    loader = DataLoader(datasets("error")[kind], 2, num_workers=2, persistent_workers=persistent)
    with pytest.raises(ValueError, match=r"(?s)sample is broken.*at sample \d of.*in worker \d"):
        list(loader)
    loader.close()


@pytest.mark.parametrize(
    ("loader", "kind", "text"),
    [
        (lambda: DataLoader(Troubled("local error"), num_workers=2), RuntimeError, "LocalError"),
        (lambda: DataLoader(Troubled("two arguments"), num_workers=2), RuntimeError, "one and two"),
        (lambda: DataLoader(Troubled("stop"), num_workers=2), RuntimeError, "StopIteration"),
        (
            lambda: DataLoader(Unpicklable(), num_workers=2, collate_fn=identity),
            AttributeError,
            "(?s)pickle.*in worker 0",
        ),
        (
            lambda: DataLoader(Pairs(), num_workers=2, collate_fn=fail_in_collate),
            OSError,
            "(?s)collate is broken.*in worker 0",
        ),
        (
            lambda: DataLoader(Pairs(), num_workers=2, worker_init_fn=fail_to_start),
            KeyError,
            "worker 0 cannot start",
        ),
        (
            lambda: DataLoader(Pairs(), num_workers=2, collate_fn=lambda samples: samples),
            Exception,
            "(?s)lambda.*at the top level of a module",
        ),
        (
            lambda: DataLoader(Troubled("hang", at=0), num_workers=2, timeout=0.5),
            RuntimeError,
            r"DataLoader timed out after 0\.5 seconds",
        ),
    ],
)
def test_what_cannot_travel_is_told(loader, kind, text):
    with pytest.raises(kind, match=text):
        list(loader())


@pytest.mark.parametrize("held", [True, False])
def test_breaking_off_ends_the_workers(held):
    before = set(children(os.getpid()))
    loader = DataLoader(Wide(100), 2, num_workers=2)
    batches = iter(loader)
    next(batches)
    workers = set(children(os.getpid())) - before
    assert len(workers) == 2
    if held:
        loader.close()
    else:
        del batches
    assert gone(workers)
    assert len(next(iter(loader))) == 2


def test_a_worker_killed_from_outside_is_noticed():
    before = set(children(os.getpid()))
    batches = iter(DataLoader(Troubled("hang", at=19), 1, num_workers=2))
    next(batches)
    kill((set(children(os.getpid())) - before).pop())
    with pytest.raises(RuntimeError, match=r"exited unexpectedly: it was killed by signal SIGKILL"):
        list(batches)


HOLD = """
import os, sys, time
from functorch_course.data import DataLoader
from samples_for_workers import Troubled, Wide
loader = DataLoader({dataset}, 2, num_workers=2, persistent_workers={persistent})
batches = iter(loader)
next(batches)
from pathlib import Path
own = [e.name for e in Path("/proc").iterdir() if e.name.isdigit()
       and (e / "stat").read_text().rsplit(") ", 1)[1].split()[1] == str(os.getpid())]
print(*own, flush=True)
{end}
"""


@pytest.mark.parametrize("dataset", ["Wide(100)", "Troubled('hang')"])
def test_workers_end_when_the_loader_is_killed(dataset):
    process = start(HOLD.format(dataset=dataset, persistent=False, end="time.sleep(1000)"))
    workers = pids_from(process)
    assert len(workers) == 2
    kill(process.pid)
    process.communicate()
    assert gone(workers)


@pytest.mark.parametrize(
    ("persistent", "end", "code"),
    [
        (True, "", 0),
        (False, "", 0),
        (False, "raise ValueError('loop')", 1),
        (False, "os._exit(9)", 9),
    ],
)
def test_an_iterator_that_is_held_does_not_stop_the_exit(persistent, end, code):
    process = start(HOLD.format(dataset="Wide(100)", persistent=persistent, end=end))
    workers = pids_from(process)
    errors = process.communicate(timeout=20)[1]
    assert process.returncode == code
    assert gone(workers)
    assert "resource_tracker" not in errors
    assert ("ValueError: loop" in errors) == (code == 1)
    assert errors.count("Traceback") == (code == 1)


@pytest.mark.parametrize("dataset", ["Wide(100)", "Troubled('hang')"])
def test_ctrl_c_ends_at_once_without_words_of_the_workers(dataset):
    end = "for batch in batches: time.sleep(0.01)"
    code = HOLD.format(dataset=dataset, persistent=False, end=end)
    process = start(code, start_new_session=True)
    workers = pids_from(process)
    os.killpg(process.pid, signal.SIGINT)
    errors = process.communicate(timeout=20)[1]
    assert process.returncode == -signal.SIGINT
    assert gone(workers)
    assert errors.count("Traceback") == 1
    assert errors.rstrip().endswith("KeyboardInterrupt")
