"""Devices: found, chosen, or refused with a remedy; batches on their way to one or several."""

import os
import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import functorch_course as fc
from functorch_course import device
from functorch_course.data import DataLoader, default_collate
from functorch_course.errors import InvalidValueError, TeachingError
from tolerance import assert_close


@pytest.fixture(autouse=True)
def _as_it_was():
    yield
    jax.config.update("jax_default_device", None)


def test_the_cpu_can_always_be_used():
    chosen = device.use("cpu")
    assert jnp.ones(1).devices() == {chosen}
    assert chosen.platform == "cpu"


def test_an_absent_device_is_refused_with_the_remedy():
    with pytest.raises(InvalidValueError, match=r"device 'tpu' is not there \(found: .*cpu"):
        device.use("tpu")


def test_every_device_is_listed_once():
    code = "from functorch_course import device; print(device.devices())"
    flags = {"XLA_FLAGS": "--xla_force_host_platform_device_count=3", "JAX_PLATFORMS": "cpu"}
    run = subprocess.run([sys.executable, "-c", code], env=flags, capture_output=True, text=True)
    assert [line.split()[0] for line in run.stdout.splitlines()] == ["cpu:0", "cpu:1", "cpu:2"]


@pytest.mark.skipif("gpu" not in {d.platform for d in jax.devices()}, reason="no GPU here")
def test_the_gpu_can_be_used_where_there_is_one():
    assert device.use("gpu").platform == "gpu"


class Rewriting:
    """A loader that gives one buffer again and again, as a careful user's own may do."""

    def __init__(self, batches):
        self.batches, self.taken = batches, 0

    def __len__(self):
        return self.batches

    def __iter__(self):
        buffer = np.empty(4096, np.float32)
        for number in range(self.batches):
            self.taken += 1
            buffer[:] = number
            yield {"x": buffer}


def test_prefetched_batches_outlive_the_buffer_they_came_in():
    batches = device.device_prefetch(Rewriting(20), size=3)
    found = list(batches)
    assert len(batches) == 20
    assert [batch["x"].tolist() for batch in found] == [[float(n)] * 4096 for n in range(20)]
    assert len(list(batches)) == 20


def test_as_many_batches_are_ahead_as_were_asked_for():
    loader = Rewriting(9)
    ahead = []
    for used, _ in enumerate(device.device_prefetch(loader, size=3), 1):
        ahead.append(loader.taken - used)
    assert ahead == [3, 3, 3, 3, 3, 3, 2, 1, 0]


def test_the_state_is_the_loaders():
    loader = DataLoader(range(6), batch_size=2, shuffle=True, generator=fc.Generator(1))
    batches = device.device_prefetch(loader)
    state = batches.state_dict()
    first = [batch.tolist() for batch in batches]
    batches.load_state_dict(state)
    assert [batch.tolist() for batch in batches] == first
    assert not hasattr(device.device_prefetch([]), "state_dict")


def test_what_cannot_be_prefetched_is_named():
    with pytest.raises(InvalidValueError, match="size=0: write a number of batches"):
        device.device_prefetch([], size=0)
    with pytest.raises(TypeError, match="generator has no length"):
        len(device.device_prefetch(number for number in range(3)))


SHARES = """
import jax, numpy as np
from functorch_course.device import data_parallel, device_prefetch
even, odd = device_prefetch([np.arange(n, dtype="f4") for n in (16, 3)], sharding=data_parallel())
print(len(even.sharding.device_set), even.addressable_shards[5].data.tolist())
print(len(odd.sharding.device_set), odd.addressable_shards[5].data.tolist())
"""


def test_a_batch_is_shared_out_over_all_devices():
    flags = {"XLA_FLAGS": "--xla_force_host_platform_device_count=8", "JAX_PLATFORMS": "cpu"}
    run = subprocess.run(
        [sys.executable, "-c", SHARES], env=os.environ | flags, capture_output=True, text=True
    )
    assert run.stdout.splitlines() == ["8 [10.0, 11.0]", "8 [0.0, 1.0, 2.0]"], run.stderr


SCRIPT = Path(__file__).parent.parent / "scripts" / "experiments" / "data_parallel.py"


@pytest.mark.parametrize(
    ("processes", "devices"),
    [
        (1, 8),
        pytest.param(2, 1, marks=pytest.mark.slow),
        pytest.param(2, 2, marks=pytest.mark.slow),
        pytest.param(4, 1, marks=pytest.mark.slow),
    ],
)
def test_training_on_several_devices_equals_one(processes, devices):
    words = [sys.executable, SCRIPT, f"--processes={processes}", f"--devices={devices}"]
    run = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    lines = [line for line in run.stdout.splitlines() if "largest difference" in line]
    assert [line.split(":")[0] for line in lines] == ["losses", "weights"]
    assert all(float(line.rsplit(" ", 1)[1]) <= 1e-6 for line in lines), lines


class Course:
    """A pure dataset as the course writes it, over jax arrays, with a transform of its own."""

    def __init__(self, transform=None):
        self.x = jnp.arange(24.0).reshape(12, 2)
        self.transform = transform

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        sample = self.x[index], jnp.where(index % 2 == 0, 1, 0)
        return self.transform(sample) if self.transform else sample


def test_a_compiled_dataset_gives_what_collating_its_samples_does():
    dataset = Course(lambda sample: {"x": jnp.sin(sample[0]), "y": sample[1], "scale": 2.0})
    quick = device.compiled(dataset)
    chosen = [3, 0, 11, 3, -1]
    found = quick.get_batch(chosen)
    with pytest.warns(UserWarning, match="the dataset gives jax arrays"):
        expected = default_collate([dataset[i] for i in chosen])
    assert found.keys() == expected.keys()
    for name in found:
        assert found[name].dtype == expected[name].dtype
        assert_close(found[name], expected[name])


def test_a_compiled_dataset_is_traced_once_and_joins_the_whole_epoch_engine():
    traces = []

    def spy(sample):
        traces.append(isinstance(sample[0], jax.core.Tracer))
        return sample

    quick = device.compiled(Course(spy))
    before = len(traces)
    model = fc.nn.SoftmaxRegression(2, 2)
    losses = []
    for engine in ("epoch", "step"):
        loader = DataLoader(quick, 4, shuffle=True, generator=fc.Generator(0))
        result = fc.training.fit(
            model, loader, fc.nn.cross_entropy, fc.optim.SGD(lr=0.01), 2, compile=engine
        )
        losses.append(np.float32(result.history.step_losses))
    assert_close(*losses)
    # Once for each size of batch: one sample, all of them, four.
    assert sum(traces[before:]) <= 3
    assert all(traces[before:])


class Coin(Course):
    def __getitem__(self, index):
        return self.x[index] + fc.random.rand(2)


class Branching(Course):
    def __getitem__(self, index):
        return self.x[index] if index < 3 else -self.x[index]


class Counting(Course):
    calls = 0

    def __getitem__(self, index):
        self.calls += 1
        return self.x[index] * self.calls


class NumPyTable(Course):
    def __init__(self):
        self.x = np.ones((3, 2))


class OnlyWhenTraced(Course):
    def __getitem__(self, index):
        return self.x[index] if isinstance(index, jax.core.Tracer) else self.x[index] + 1


@pytest.mark.parametrize(
    ("dataset", "reason"),
    [
        (Coin, "it draws random numbers on the host"),
        (Branching, "it needs to know the index"),
        (NumPyTable, "it needs to know the index"),
        (Counting, "two traces of it differ"),
        (OnlyWhenTraced, r"dataset\[\d+\] gives .* now, and gave"),
    ],
)
def test_an_impure_dataset_is_refused_and_taught(dataset, reason):
    with pytest.raises(TeachingError, match=rf"no pure function of the index: {reason}(.|\n)*Here"):
        device.compiled(dataset())


def test_a_compiled_dataset_refuses_what_jax_would_clamp():
    quick = device.compiled(Course())
    with pytest.raises(IndexError, match="there is no sample 12: the dataset has 12"):
        quick.get_batch([0, 12])
    empty = Course()
    empty.x = empty.x[:0]
    with pytest.raises(InvalidValueError, match="the dataset is empty"):
        device.compiled(empty)
