"""The loader in the main process: batches, lengths, states."""

import gc
import itertools
import json

import numpy as np
import pytest

from functorch_course.data import (
    BatchSampler,
    DataLoader,
    Padded,
    RandomSampler,
    Subset,
    TensorDataset,
    random_split,
)
from functorch_course.data.errors import DataTypeError
from functorch_course.errors import InvalidValueError
from functorch_course.random import Generator, get_rng_state, manual_seed, rand
from samples_for_workers import Noisy, Pairs, Stream, Troubled


def lists(loader):
    return [np.asarray(batch).tolist() for batch in loader]


def test_batches_of_a_list():
    loader = DataLoader([10, 11, 12], batch_size=2)
    assert lists(loader) == [[10, 11], [12]]
    assert next(iter(loader)).dtype == np.int64
    assert lists(DataLoader([10, 11], 1)) == [[10], [11]]


def test_the_order_is_pytorchs():
    loader = DataLoader(range(10), 4, shuffle=True, generator=Generator(0))
    assert lists(loader) == [[3, 7, 5, 2], [0, 8, 1, 6], [9, 4]]
    assert lists(loader) != [[3, 7, 5, 2], [0, 8, 1, 6], [9, 4]]


@pytest.mark.parametrize(
    "settings",
    [
        {"shuffle": True},
        {"shuffle": True, "generator": Generator(3)},
        {"shuffle": True, "drop_last": True},
        {"shuffle": True, "batch_size": None},
        {"shuffle": True, "shard": (1, 2)},
        {"sampler": [4, 2, 2, 9]},
        {"sampler": RandomSampler(range(10), True, 70)},
        {"sampler": []},
        {"sampler": iter([])},
        {"augmentation": "torch", "num_workers": 1, "worker_type": "thread", "shuffle": True},
        {},
    ],
    ids=[
        "",
        "generator",
        "drop last",
        "samples",
        "shard",
        "list",
        "repeats",
        "none",
        "used up",
        "replayed",
        "in order",
    ],
)
def test_the_order_of_an_epoch_is_drawn_as_the_batches_would_be(settings):
    settings = {"batch_size": 1} | settings
    orders, ends = [], []
    for draw in (True, False):
        manual_seed(1)
        if "generator" in settings:
            settings["generator"].manual_seed(3)
        loader = DataLoader(range(10), **settings)
        next(iter(loader), None)  # given up
        for _ in range(2):
            order = loader.draw_order() if draw else np.ravel(list(loader)).astype(np.int64)
            assert order.dtype == np.int64
        orders.append(order.tolist())
        ends.append((loader.state_dict(), get_rng_state().tolist()))
    assert orders[0] == orders[1]
    assert ends[0] == ends[1]


def _flat(loader):
    return (key for batch in loader for key in np.atleast_1d(batch))


@pytest.mark.parametrize("taken", [0, 1, 3])
@pytest.mark.parametrize(
    "settings",
    [
        {"batch_size": 3, "shuffle": True, "generator": Generator(3)},
        {"batch_size": 3, "shuffle": True, "drop_last": True},
        {"batch_size": None, "shuffle": True},
        {"batch_size": 3, "sampler": [5, 6, 7, 8, 2, 3, 1, 0, 9, 9]},
        {
            "batch_size": 3,
            "shuffle": True,
            "augmentation": "torch",
            "num_workers": 1,
            "worker_type": "thread",
        },
    ],
    ids=["generator", "drop last", "samples", "list", "replayed"],
)
def test_of_a_restored_epoch_the_rest_is_drawn(settings, taken):
    begun = DataLoader(range(10), **settings)
    batches = iter(begun)
    for _ in range(taken):
        next(batches)
    state, orders, ends = begun.state_dict(), [], []
    for draw in (True, False):
        loader = DataLoader(range(10), **settings)
        loader.load_state_dict(state)
        for _ in range(2):
            order = loader.draw_order() if draw else np.array([*_flat(loader)])
            orders.append(order.tolist())
        if settings.get("drop_last"):
            orders[-1] = orders[-1][:9]
        ends.append((loader.state_dict(), get_rng_state().tolist()))
    assert orders[:2] == orders[2:]
    assert ends[0] == ends[1]


def test_keys_keep_their_shape_in_the_order_of_a_restored_epoch():
    keys = [(0, 1), (2, 3), (1, 1), (0, 0)]
    for batch_size in (None, 1):
        begun = DataLoader(np.zeros((4, 4)), batch_size, sampler=keys)
        next(iter(begun))
        loader = DataLoader(np.zeros((4, 4)), batch_size, sampler=keys)
        loader.load_state_dict(begun.state_dict())
        assert loader.draw_order().tolist() == [list(key) for key in keys[1:]]
        assert loader.draw_order().tolist() == [list(key) for key in keys]


def test_an_order_that_cannot_be_drawn_is_refused():
    with pytest.raises(DataTypeError, match=r"no array holds keys such as \(1, 2\)"):
        DataLoader(range(4), sampler=[(1, 2), (3,)]).draw_order()
    for loader in (DataLoader(range(4), batch_sampler=[[0, 1], [2]]), DataLoader(Stream(3))):
        with pytest.raises(InvalidValueError, match="has a stream or a batch_sampler of its own"):
            loader.draw_order()


def test_single_samples_without_a_batch():
    samples = list(DataLoader([(np.float32(1), "a")], batch_size=None))
    assert samples[0][0].dtype == np.float32
    assert samples[0][1] == "a"
    whole = DataLoader(TensorDataset(np.arange(6)), None, sampler=BatchSampler(range(6), 4, False))
    assert [batch[0].tolist() for batch in whole] == [[0, 1, 2, 3], [4, 5]]


@pytest.mark.parametrize(
    ("settings", "length"),
    [
        ({"batch_size": 4}, 3),
        ({"batch_size": 4, "drop_last": True}, 2),
        ({"batch_size": None}, 10),
        ({"batch_sampler": [[0, 1], [2]]}, 2),
        ({"sampler": [1, 2, 3], "batch_size": 2}, 2),
        ({"batch_size": 4, "shard": (0, 3)}, 1),
    ],
)
def test_the_length_is_the_number_of_batches(settings, length):
    loader = DataLoader(range(10), **settings)
    assert len(loader) == len(list(loader)) == length


def test_the_length_of_a_stream_is_known_if_the_dataset_knows_it():
    class Known(Stream):
        def __len__(self):
            return self.length

    assert [len(DataLoader(Known(10), size)) for size in (4, None)] == [3, 10]
    assert len(DataLoader(Known(10), 4, drop_last=True)) == 2
    with pytest.raises(TypeError, match="has no len"):
        len(DataLoader(Stream()))


def test_iterators_are_independent():
    loader = DataLoader(range(4), 2)
    first, second = iter(loader), iter(loader)
    assert next(first).tolist() == next(second).tolist() == [0, 1]
    assert len(list(first)) == len(list(second)) == 1


def test_an_error_does_not_end_the_epoch():
    batches = iter(DataLoader(Troubled("error", at=1, length=3)))
    next(batches)
    with pytest.raises(ValueError, match="sample is broken"):
        next(batches)
    assert next(batches).tolist() == [2]


def test_nothing_refers_to_an_iterator_that_was_dropped():
    import weakref

    dataset = Troubled("error", at=1)
    loader = DataLoader(dataset)
    batches = iter(loader)
    watch = weakref.ref(batches)
    gc.disable()
    try:
        next(batches)
        with pytest.raises(ValueError, match="sample is broken"):
            next(batches)
        del batches
        assert watch() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("wrap", [lambda d: d, lambda d: Subset(d, np.arange(len(d)))])
def test_whole_batches_equal_samples_put_together(wrap):
    data = np.random.default_rng(0).integers(0, 255, (23, 4), np.uint8)

    class BySample(TensorDataset):
        can_get_batch = False

    def load(kind):
        dataset = wrap(kind(data, np.arange(23)))
        return list(DataLoader(dataset, 5, shuffle=True, generator=Generator(3)))

    for whole, single in zip(load(TensorDataset), load(BySample), strict=True):
        for a, b in zip(whole, single, strict=True):
            assert a.dtype == b.dtype
            np.testing.assert_array_equal(a, b)


def test_padded_batches_have_one_shape_and_lose_nothing():
    batches = list(DataLoader(Pairs(7), 3, pad_last=True))
    assert all(isinstance(batch, Padded) for batch in batches)
    assert {batch.batch[0].shape for batch in batches} == {(3, 3)}
    kept = [i for (_, index), mask in batches for i in index[mask].tolist()]
    assert kept == list(range(7))


def test_skipped_samples_are_counted_and_pointed_out_once():
    loader = DataLoader(Troubled("error"), 1, on_error="skip")
    with pytest.warns(UserWarning, match="sample 5 was left out.*see loader.skipped") as caught:
        assert len(list(loader)) == 19
    assert len(caught) == 1
    assert loader.skipped == [(5, "ValueError: sample is broken")]
    list(loader)
    assert len(loader.skipped) == 2


def test_augmentation_by_sample_or_from_one_stream():
    by_sample = {i: v.tolist() for i, v in DataLoader(Noisy(), None, generator=Generator(1))}
    shuffled = DataLoader(Noisy(), None, shuffle=True, generator=Generator(1))
    assert {int(i): v.tolist() for i, v in shuffled} == {int(i): v for i, v in by_sample.items()}
    manual_seed(3)
    loader = DataLoader([0, 1], None, augmentation="torch", collate_fn=lambda x: float(rand()))
    manual_seed(4)
    drawn = list(loader)
    manual_seed(4)
    rand(2)  # the loader's seed: two words
    assert drawn == [float(rand()), float(rand())]


def test_augmentation_changes_from_epoch_to_epoch():
    loader = DataLoader(Noisy(), 10, generator=Generator(1))
    (first,), (second,) = loader, loader
    assert (first[1] != second[1]).all()


def save_and_load(loader, make):
    """What a new loader gives after the state has been through JSON."""
    other = make()
    other.load_state_dict(json.loads(json.dumps(loader.state_dict())))
    return other


MAKERS = {
    "shuffled": lambda: DataLoader(Noisy(), 3, True),
    "own generator": lambda: DataLoader(Noisy(), 3, True, generator=Generator(2)),
    "singles": lambda: DataLoader(Noisy(), None, True, generator=Generator(2)),
    "replacement": lambda: DataLoader(Noisy(), 3, sampler=RandomSampler(range(10), True, 10)),
    "one stream": lambda: DataLoader(Noisy(), 3, True, augmentation="torch"),
    "sharded": lambda: DataLoader(Noisy(), 2, True, shard=(1, 2), generator=Generator(2)),
    "subset": lambda: DataLoader(random_split(Noisy(), [7, 3], Generator(1))[0], 2, True),
    "iterable": lambda: DataLoader(Stream(10), 3),
}


def flat(batch):
    return (
        [np.asarray(part).tolist() for part in batch] if isinstance(batch, list) else batch.tolist()
    )


@pytest.mark.parametrize("name", MAKERS)
def test_a_state_restores_every_step_and_the_epochs_after(name):
    make = MAKERS[name]
    manual_seed(1)
    loader = make()
    epochs = [[flat(batch) for batch in loader] for _ in range(3)]
    end = get_rng_state()
    for step in range(len(epochs[1]) + 1):
        manual_seed(1)
        loader = make()
        list(loader)
        batches = iter(loader)
        list(itertools.islice(batches, step))
        state = json.loads(json.dumps(loader.state_dict()))
        manual_seed(99)
        other = make()
        rand(3)
        other.load_state_dict(state)
        assert [flat(batch) for batch in other] == epochs[1][step:]
        assert [flat(batch) for batch in other] == epochs[2]
        np.testing.assert_array_equal(get_rng_state(), end)


def test_a_state_between_epochs_and_before_the_first():
    make = MAKERS["own generator"]
    loader = make()
    first = save_and_load(loader, make)
    assert str(list(first)) == str(list(loader))
    second = save_and_load(loader, make)
    assert str(list(second)) == str(list(loader))
    assert second.state_dict() == loader.state_dict()


def test_a_loaded_state_is_the_state_until_the_loader_is_iterated():
    loader = MAKERS["own generator"]()
    next(iter(loader))
    other = save_and_load(loader, MAKERS["own generator"])
    assert other.state_dict() == json.loads(json.dumps(loader.state_dict()))


def test_two_loaders_of_one_run_are_restored_together():
    def run(steps):
        train, test = DataLoader(range(9), 2, True), DataLoader(range(5), 2, True)
        return train, test, [[lists(train), lists(test)] for _ in steps]

    manual_seed(5)
    expected = run(range(3))[2]
    manual_seed(5)
    train, test, _ = run(range(1))
    states = train.state_dict(), test.state_dict()
    manual_seed(77)
    train, test = DataLoader(range(9), 2, True), DataLoader(range(5), 2, True)
    train.load_state_dict(states[0])
    test.load_state_dict(states[1])
    assert [[lists(train), lists(test)] for _ in range(2)] == expected[1:]


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: DataLoader(range(11), 2), "length=10, but this one has length=11"),
        (
            lambda: DataLoader(list(range(10)), 2),
            "dataset='range', but this one has dataset='list'",
        ),
        (lambda: DataLoader(range(10), 3), "batch_size=2, but this one has batch_size=3"),
        (lambda: DataLoader(range(10), 2, True), "sampler='SequentialSampler', but this one"),
        (lambda: DataLoader(range(10), 2, shard=(0, 2)), "the state is of a loader with s"),
        (lambda: DataLoader(range(10), 2, drop_last=True), "drop_last=False, but"),
    ],
)
def test_a_state_of_another_loader_is_refused(make, text):
    loader = DataLoader(range(10), 2)
    next(iter(loader))
    with pytest.raises(ValueError, match=text):
        make().load_state_dict(loader.state_dict())


@pytest.mark.parametrize("state", [{}, None, {"version": 2}, "state"])
def test_what_is_no_state_is_refused(state):
    with pytest.raises(ValueError, match=r"this is no state of version 1.*loader\.state_dict\(\)"):
        DataLoader(range(3)).load_state_dict(state)


def test_a_sampler_that_gives_others_now_is_found_out():
    loader = DataLoader(range(10), 2, sampler=[3, 1, 4, 1, 5])
    batches = iter(loader)
    next(batches), next(batches)
    other = DataLoader(range(10), 2, sampler=[3, 1, 4, 2, 5])
    other.load_state_dict(loader.state_dict())
    with pytest.raises(ValueError, match=r"batch 1 had other samples when.*now the sampler gives"):
        iter(other)


def test_a_loader_is_a_context_manager():
    with DataLoader(range(4), 2) as loader:
        assert len(list(loader)) == 2
    assert len(list(loader)) == 2
