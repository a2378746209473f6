"""Misuse of the loader: PyTorch's error classes, with what to write instead."""

import multiprocessing

import pytest

from functorch_course.data import DataLoader
from samples_for_workers import Stream

DATA = list(range(10))


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"sampler": [1], "shuffle": True}, "sampler option is mutually exclusive with shuffle"),
        ({"batch_sampler": [[1]], "batch_size": 2}, "but batch_size=2 came: leave it away"),
        ({"batch_sampler": [[1]], "shuffle": True}, "but shuffle=True came"),
        ({"batch_sampler": [[1]], "sampler": [1]}, r"but sampler=\[1\] came"),
        ({"batch_sampler": [[1]], "drop_last": True}, "but drop_last=True came"),
        ({"batch_sampler": [[1]], "shard": (0, 2)}, r"but shard=\(0, 2\) came"),
        ({"batch_size": None, "drop_last": True}, "batch_size=None option disables auto-batching"),
        ({"batch_size": 0}, "batch_size should be a positive integer value, but got batch_size=0"),
        ({"batch_size": 2.0}, r"but got batch_size=2\.0"),
        ({"drop_last": "yes"}, "drop_last should be a boolean value, but got drop_last='yes'"),
        ({"num_workers": -1}, "num_workers option should be non-negative, but got -1"),
        ({"timeout": -1}, "timeout option should be non-negative, but got -1"),
        ({"timeout": 3}, r"timeout option needs num_workers > 0"),
        ({"prefetch_factor": 2}, "prefetch_factor option needs num_workers > 0"),
        ({"persistent_workers": True}, "persistent_workers option needs num_workers > 0"),
        ({"multiprocessing_context": "spawn"}, "multiprocessing_context option needs num_workers"),
        ({"num_workers": 1, "prefetch_factor": 0}, "prefetch_factor option should be non-negative"),
        ({"num_workers": 1, "prefetch_factor": -1}, "but got -1: each worker needs at least 1"),
        ({"num_workers": 1, "multiprocessing_context": "thread"}, "should specify a valid start"),
        (
            {"num_workers": 1, "multiprocessing_context": "spawn", "worker_type": "thread"},
            "starts processes, but worker_type='thread'",
        ),
        ({"worker_type": "fiber"}, "worker_type='fiber' is unknown: write one of 'process'"),
        ({"augmentation": "none"}, "augmentation='none' is unknown"),
        ({"on_error": "ignore"}, r"on_error \(if it is no function\)='ignore' is unknown"),
        ({"shard": (2, 2)}, r"shard=\(2, 2\) is no part of a whole"),
        ({"shard": 3}, "shard=3 is no part of a whole"),
        ({"pad_last": True, "batch_size": None}, "needs to know the size of a full batch"),
        ({"pad_last": True, "batch_sampler": [[1]]}, "needs to know the size of a full batch"),
        ({"pad_last": True, "drop_last": True}, "fills the last batch up and drop_last=True"),
    ],
)
def test_values_that_contradict_each_other_are_refused(settings, text):
    with pytest.raises(ValueError, match=text):
        DataLoader(DATA, **settings)


@pytest.mark.parametrize("name", ["shuffle", "sampler", "batch_sampler", "shard"])
def test_a_stream_has_an_order_of_its_own(name):
    values = {"shuffle": True, "sampler": [1], "batch_sampler": [[1]], "shard": (0, 2)}
    with pytest.raises(ValueError, match=f"IterableDataset: expected unspecified {name} option"):
        DataLoader(Stream(), **{name: values[name]})
    DataLoader(Stream(), shuffle=False)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"num_workers": 1.0}, r"num_workers=1\.0 is no whole number"),
        ({"num_workers": True}, "num_workers=True is no whole number"),
        ({"num_workers": 1, "multiprocessing_context": 3}, "should be a valid context object"),
        ({"shuffle": True, "generator": 5}, r"write generator=functorch_course\.Generator\(seed\)"),
    ],
)
def test_wrong_types_are_refused(settings, text):
    with pytest.raises(TypeError, match=text):
        DataLoader(DATA, **settings)


class Endless:
    """Samples without a length."""

    def __getitem__(self, index):
        return index


@pytest.mark.parametrize(
    ("dataset", "text"),
    [
        (Endless, r"dataset=Endless is a class: write an object, Endless\(\.\.\.\)"),
        (
            (i for i in DATA),
            "dataset of type generator gives no samples by index: .* IterableDataset",
        ),
        (
            Endless(),
            r"dataset of type Endless has no len\(\): write `def __len__\(self\)` in it, or pass",
        ),
    ],
)
def test_what_gives_no_samples_by_index_is_refused_at_once(dataset, text):
    with pytest.raises(TypeError, match=text):
        DataLoader(dataset, 2)


def test_with_a_sampler_no_length_is_needed():
    assert [batch.tolist() for batch in DataLoader(Endless(), 2, sampler=[3, 1, 4])] == [
        [3, 1],
        [4],
    ]


def test_what_pytorch_accepts_is_accepted():
    context = multiprocessing.get_context("spawn")
    DataLoader(DATA, num_workers=1, multiprocessing_context=context, timeout=5, prefetch_factor=3)
    DataLoader(DATA, 2, False, None, None, 0, None, True, False, 0, None, None, None)
    DataLoader(DATA, pin_memory=True, pin_memory_device="cuda")


@pytest.mark.parametrize(
    "name",
    ["batch_size", "sampler", "batch_sampler", "drop_last", "dataset", "persistent_workers"],
)
def test_what_the_order_depends_on_is_fixed(name):
    loader = DataLoader(DATA)
    with pytest.raises(ValueError, match=f"{name} attribute should not be set after DataLoader"):
        setattr(loader, name, None)
    loader.timeout = 0


def test_an_empty_dataset_cannot_be_shuffled():
    with pytest.raises(ValueError, match="num_samples should be a positive integer value"):
        DataLoader([], shuffle=True)
    assert list(DataLoader([])) == []
