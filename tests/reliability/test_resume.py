"""Batches and states do not depend on who loads: every step, every number of workers."""

import itertools
import json

import numpy as np
import pytest

from functorch_course.data import DataLoader, Padded
from functorch_course.random import manual_seed
from samples_for_workers import Noisy, Troubled, replace

STEPS = range(5)


def load(batches):
    return [str([np.asarray(part).tolist() for part in batch]) for batch in batches]


def make(workers, **settings):
    kind = "thread" if workers > 3 else "process"
    return DataLoader(
        Noisy(), 3, shuffle=True, num_workers=workers % 4, worker_type=kind, **settings
    )


@pytest.fixture(scope="module")
def epochs():
    manual_seed(11)
    loader = make(0)
    return [load(loader) for _ in range(2)]


@pytest.mark.parametrize("workers", [1, 3, 6])
def test_any_number_of_workers_gives_the_same_epochs(epochs, workers):
    manual_seed(11)
    loader = make(workers)
    assert [load(loader) for _ in range(2)] == epochs


@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_a_state_of_any_step_goes_on_with_another_number_of_workers(epochs, before):
    after = itertools.cycle([2, 0, 3, 1])
    manual_seed(11)
    with make(before) as loader:
        batches = iter(loader)
        states = []
        for step in STEPS:
            states.append(json.dumps(loader.state_dict()))
            if step < len(epochs[0]):
                next(batches)
    for step, state in zip(STEPS, states, strict=True):
        manual_seed(12)
        with make(next(after)) as loader:
            loader.load_state_dict(json.loads(state))
            assert load(loader) == epochs[0][step:]
            if step in (0, 3):
                assert load(loader) == epochs[1]


@pytest.mark.parametrize("workers", [1, 2])
def test_padding_skipping_and_replacing_work_the_same_with_workers(workers):
    def run(number, policy):
        loader = DataLoader(
            Troubled("error"), 6, num_workers=number, pad_last=True, on_error=policy
        )
        batches = [(b.batch.tolist(), b.mask.tolist()) for b in loader if isinstance(b, Padded)]
        return batches, loader.skipped

    assert run(workers, replace) == run(0, replace)
    with pytest.warns(UserWarning, match="sample 5 was left out"):
        skipped = run(workers, "skip")
    with pytest.warns(UserWarning, match="sample 5 was left out"):
        assert run(0, "skip") == skipped
    assert len(skipped[1]) == 1
