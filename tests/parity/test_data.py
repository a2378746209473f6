"""The same program on torch.utils.data and on functorch_course.data: equal batches and streams."""

import itertools
import json
import subprocess
import sys
from collections import namedtuple

import numpy as np
import pytest
import torch
import torch.utils.data as theirs
from hypothesis import given, settings
from hypothesis import strategies as st

import functorch_course.data as ours
from functorch_course import random
from functorch_course.random import Generator
from samples_for_workers import Noise

Point = namedtuple("Point", "x y")


def plain(value):
    """The values without the library: arrays as (dtype, lists), containers by their type's name."""
    if isinstance(value, torch.Tensor):
        value = value.numpy()
    if isinstance(value, np.ndarray):
        return value.dtype.name, value.tolist()
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value).__name__, [plain(part) for part in value]
    return value


def seed(number):
    torch.manual_seed(number)
    random.manual_seed(number)


def assert_same_stream():
    np.testing.assert_array_equal(torch.get_rng_state().numpy(), random.get_rng_state())


def generators(number):
    """A generator of each library, or none of either."""
    if number is None:
        return None, None
    return torch.Generator().manual_seed(number), Generator(number)


LOADERS = st.fixed_dictionaries(
    {
        "batch_size": st.sampled_from([1, 2, 3, 7, 50, None]),
        "shuffle": st.booleans(),
        "drop_last": st.booleans(),
    }
)


@settings(max_examples=100)
@given(
    st.integers(1, 40),
    LOADERS,
    st.none() | st.integers(0, 99),
    st.lists(st.integers(0, 9), max_size=3),
)
def test_epochs_broken_off_or_not(length, options, number, breaks):
    if options["batch_size"] is None:
        options["drop_last"] = False
    seed(1)
    left, right = generators(number)
    loaders = [
        theirs.DataLoader(range(length), generator=left, **options),
        ours.DataLoader(range(length), generator=right, **options),
    ]
    assert len(loaders[0]) == len(loaders[1])
    for taken in [*breaks, None, None]:
        left_batches, right_batches = (
            [np.asarray(batch).tolist() for batch in itertools.islice(loader, taken)]
            for loader in loaders
        )
        assert left_batches == right_batches
        assert_same_stream()
    if number is not None:
        np.testing.assert_array_equal(left.get_state().numpy(), right.get_state())


def make_samplers(module, generator):
    data = range(23)
    return [
        module.RandomSampler(data, generator=generator),
        module.RandomSampler(data, num_samples=60, generator=generator),
        module.RandomSampler(data, replacement=True, num_samples=70, generator=generator),
        module.SubsetRandomSampler(list(range(5, 15)), generator=generator),
        module.WeightedRandomSampler([1.0, 0.5, 0.0, 7.0] * 5, 40, generator=generator),
        module.WeightedRandomSampler([1.0, 0.5, 3.0] * 5, 6, False, generator=generator),
        module.SequentialSampler(data),
    ]


@pytest.mark.parametrize("kind", range(7))
@pytest.mark.parametrize("number", [None, 3])
@pytest.mark.parametrize("batch_size", [None, 4])
def test_samplers(kind, number, batch_size):
    seed(9)
    left, right = (
        make_samplers(m, g)[kind] for m, g in zip((theirs, ours), generators(number), strict=True)
    )
    loaders = [
        m.DataLoader(range(30), batch_size or 1, sampler=s)
        for m, s in ((theirs, left), (ours, right))
    ]
    for _ in range(3):
        if batch_size is None:
            assert list(left) == list(right)
        else:
            assert [b.tolist() for b in loaders[0]] == [b.tolist() for b in loaders[1]]
        assert_same_stream()
    assert len(left) == len(right)


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("drop_last", [True, False])
def test_distributed_sampler(shuffle, drop_last):
    for count, replicas in itertools.product([1, 2, 3, 10, 11], [1, 2, 4, 7]):
        for rank in range(replicas):
            pair = [
                module.DistributedSampler(range(count), replicas, rank, shuffle, 5, drop_last)
                for module in (theirs, ours)
            ]
            for sampler in pair:
                sampler.set_epoch(3)
            assert list(pair[0]) == list(pair[1])
            assert len(pair[0]) == len(pair[1])


@pytest.mark.filterwarnings("ignore:Length of split", "ignore:part . of")
@given(
    st.integers(0, 50),
    st.lists(st.sampled_from([0.1, 0.2, 0.25, 0.3, 0.5]), min_size=1, max_size=4),
    st.none() | st.integers(0, 9),
)
def test_random_split(length, fractions, number):
    fractions = [*fractions, 1 - sum(fractions)]
    seed(4)
    left, right = generators(number)
    if fractions[-1] < 0:
        return
    options = {} if left is None else {"generator": left}
    a = theirs.random_split(range(length), fractions, **options)
    b = ours.random_split(range(length), fractions, right)
    assert [list(part.indices) for part in a] == [part.indices.tolist() for part in b]
    assert_same_stream()


SAMPLES = [
    [1, 2],
    [True, False],
    [True, 3],
    [1.5, 2],
    [2, 1.5],
    [np.float32(1), np.float32(2)],
    [np.float16(1), np.float64(2)],
    [np.int32(1), np.float32(2)],
    [np.arange(3), np.arange(3)],
    [np.arange(3), np.ones(3, np.float32)],
    [np.ones(3, np.float16), np.ones(3, np.uint8)],
    [np.array(2.5), np.array(3.5)],
    [np.bool_(1), np.bool_(0)],
    ["a", "b"],
    [b"a", b"b"],
    [(1, "a"), (2, "b")],
    [[1, [2.5]], [3, [4.5]]],
    [Point(1, (2,)), Point(3, (4,))],
    [{"x": np.ones(2), "y": {"z": 1}}, {"x": np.zeros(2), "y": {"z": 2}}],
    [range(2), range(2, 4)],
    [{"x": ()}, {"x": ()}],
]


@pytest.mark.parametrize("samples", SAMPLES)
def test_default_collate(samples):
    assert plain(ours.default_collate(samples)) == plain(theirs.default_collate(samples))


@pytest.mark.parametrize("sample", [part for samples in SAMPLES for part in samples])
def test_default_convert(sample):
    assert plain(ours.default_convert(sample)) == plain(theirs.default_convert(sample))


BAD_SAMPLES = [
    [None],
    [object()],
    [1, "a"],
    [np.array("a")],
    [(1,), (1, 2)],
    [{"x": 1}, {}],
    [np.ones(2), np.ones(3)],
    [2**63],
    [1j],
    [np.datetime64("2020-01-01")],
]


@pytest.mark.parametrize("samples", BAD_SAMPLES)
def test_default_collate_refuses_the_same(samples):
    with pytest.raises(Exception, match=r"\w") as expected:
        theirs.default_collate(samples)
    with pytest.raises(expected.type, match="sample"):
        ours.default_collate(samples)


def stream(module):
    return type("Stream", (module.IterableDataset,), {"__iter__": lambda self: iter([1])})()


MISUSES = [
    lambda m: m.DataLoader([1], num_workers=-1),
    lambda m: m.DataLoader([1], timeout=-1),
    lambda m: m.DataLoader([1], prefetch_factor=2),
    lambda m: m.DataLoader([1], num_workers=1, prefetch_factor=-2),
    lambda m: m.DataLoader([1], persistent_workers=True),
    lambda m: m.DataLoader([1], multiprocessing_context="spawn"),
    lambda m: m.DataLoader([1], num_workers=1, multiprocessing_context="nothing"),
    lambda m: m.DataLoader([1], num_workers=1, multiprocessing_context=5),
    lambda m: m.DataLoader([1], sampler=[0], shuffle=True),
    lambda m: m.DataLoader([1], batch_sampler=[[0]], batch_size=3),
    lambda m: m.DataLoader([1], batch_sampler=[[0]], shuffle=True),
    lambda m: m.DataLoader([1], batch_sampler=[[0]], sampler=[0]),
    lambda m: m.DataLoader([1], batch_sampler=[[0]], drop_last=True),
    lambda m: m.DataLoader([1], batch_size=None, drop_last=True),
    lambda m: m.DataLoader([1], batch_size=0),
    lambda m: m.DataLoader([1], batch_size=1.5),
    lambda m: m.DataLoader([], shuffle=True),
    lambda m: m.DataLoader(stream(m), shuffle=True),
    lambda m: m.DataLoader(stream(m), sampler=[0]),
    lambda m: m.DataLoader(stream(m), batch_sampler=[[0]]),
    lambda m: len(m.DataLoader(stream(m))),
    lambda m: setattr(m.DataLoader([1]), "batch_size", 3),
    lambda m: setattr(m.DataLoader([1]), "dataset", [2]),
    lambda m: m.RandomSampler([1], replacement=1),
    lambda m: m.RandomSampler([]),
    lambda m: m.RandomSampler([1], num_samples=-1),
    lambda m: m.WeightedRandomSampler([1.0], 0),
    lambda m: m.WeightedRandomSampler([[1.0]], 1),
    lambda m: m.WeightedRandomSampler([1.0], 1, replacement=2),
    lambda m: m.BatchSampler([1], 0, False),
    lambda m: m.BatchSampler([1], 1, 0),
    lambda m: m.DistributedSampler([1], 2, 2),
    lambda m: m.Dataset()[0],
    lambda m: len(m.Dataset()),
    lambda m: m.ConcatDataset([]),
    lambda m: m.ConcatDataset([stream(m)]),
    lambda m: m.ConcatDataset([[1]])[-2],
    lambda m: m.ConcatDataset([[1]])[1],
    lambda m: len(m.ChainDataset([[1]])),
    lambda m: m.StackDataset(),
    lambda m: m.StackDataset([1], a=[1]),
    lambda m: m.StackDataset([1], [1, 2]),
    lambda m: m.random_split([1, 2], [3]),
    lambda m: m.random_split([1, 2], [-0.5, 1.5]),
    lambda m: list(m.Sampler()),
    lambda m: list(m.DataLoader([1, "a"], 2)),
    lambda m: list(m.DataLoader([1], sampler=[3])),
]


@pytest.mark.parametrize("number", range(len(MISUSES)))
def test_misuse_raises_the_same_class(number):
    expected = error_of(MISUSES[number], theirs)
    with pytest.raises(type(expected), match=r"\w"):
        MISUSES[number](ours)


def error_of(program, module):
    """What a program raises; some of PyTorch's errors have no text to match."""
    try:
        program(module)
    except Exception as error:  # noqa: BLE001 - whatever it is, ours has to be the same
        return error
    raise AssertionError("PyTorch has no objection")


def test_combinations_of_datasets():
    def program(module, array):
        x, y = array(np.arange(12.0).reshape(6, 2)), array(np.arange(6))
        pairs = module.TensorDataset(x, y)
        chosen = module.Subset(pairs, [5, 0, 3])
        both = chosen + pairs
        stacked = module.StackDataset(a=both, b=list(range(9)))
        named = [both[-1], stacked[2], module.ConcatDataset([[1], [2, 3]])[2], len(both)]
        return named, list(module.DataLoader(stacked, 4)), list(module.DataLoader(both, None))

    left, right = program(theirs, torch.as_tensor), program(ours, np.asarray)
    assert plain(left[1]) == plain(right[1])
    assert str(plain(left[2])) == str(plain(right[2]))
    assert left[0][3] == right[0][3]


@pytest.mark.parametrize("batch_size", [None, 2, 5])
@pytest.mark.parametrize("drop_last", [True, False])
def test_streams(batch_size, drop_last):
    def program(module):
        class Stream(module.IterableDataset):
            def __iter__(self):
                return iter(range(11))

        options = {"drop_last": drop_last} if batch_size else {}
        loader = module.DataLoader(Stream() + Stream(), batch_size, **options)
        return [np.asarray(batch).tolist() for batch in loader]

    seed(2)
    assert program(theirs) == program(ours)
    assert_same_stream()


class TheirNoise(theirs.Dataset):
    def __len__(self):
        return 11

    def __getitem__(self, index):
        return index, torch.rand(2).numpy()


class OurNoise(ours.Dataset):
    def __len__(self):
        return 11

    def __getitem__(self, index):
        return index, random.rand(2)


def test_augmentation_from_one_stream_without_workers():
    seed(8)
    left = theirs.DataLoader(TheirNoise(), 3, shuffle=True)
    right = ours.DataLoader(OurNoise(), 3, shuffle=True, augmentation="torch")
    for _ in range(3):
        assert plain(list(left)) == plain(list(right))
        assert_same_stream()


WITH_WORKERS = """
import json, torch
from torch.utils.data import DataLoader, Dataset
class Noise(Dataset):
    def __len__(self):
        return 11
    def __getitem__(self, index):
        return index, torch.rand(2)
torch.manual_seed(8)
loader = DataLoader(Noise(), 3, shuffle=True, num_workers=2, multiprocessing_context="fork")
print(json.dumps([[[i.tolist(), x.tolist()] for i, x in loader] for _ in range(2)]))
"""


@pytest.fixture(scope="module")
def epochs_with_workers():
    """Two epochs of PyTorch's; in a process of its own, for it forks."""
    done = subprocess.run(
        [sys.executable, "-c", WITH_WORKERS], capture_output=True, text=True, timeout=120
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("kind", ["process", "thread"])
def test_augmentation_and_order_with_workers(kind, epochs_with_workers):
    seed(8)
    loader = ours.DataLoader(
        Noise(11), 3, shuffle=True, num_workers=2, augmentation="torch", worker_type=kind
    )
    found = [[[i.tolist(), x.tolist()] for i, x in loader] for _ in range(2)]
    assert found == epochs_with_workers


def test_a_torch_dataset_and_torch_tensors_are_welcome():
    dataset = theirs.TensorDataset(torch.arange(6.0), torch.arange(6))
    left = theirs.DataLoader(dataset, 4)
    right = ours.DataLoader(dataset, 4)
    assert plain(list(left)) == plain(list(right))
