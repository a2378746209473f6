"""The law of the engines: a whole epoch in one call gives what batch by batch gives."""

import flax.nnx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import functorch_course as fc
from functorch_course.errors import InvalidValueError
from functorch_course.training import (
    EpochLosses,
    Functional,
    History,
    fit,
    make_engine,
    make_step,
    start,
    whole_epoch,
)
from functorch_course.training.whole_epoch import WholeEpoch, _unroll
from tolerance import assert_close


def train(dataset, engine, epochs=3, **loader):
    fc.manual_seed(3)
    model = fc.nn.SoftmaxRegression(784, 10)
    loader = fc.data.DataLoader(dataset, **{"batch_size": 64, "shuffle": True} | loader)
    result = fit(
        model,
        loader,
        fc.nn.cross_entropy,
        fc.optim.SGD(lr=0.002, momentum=0.9),
        epochs,
        compile=engine,
    )
    return result, loader.state_dict()


@pytest.mark.parametrize(
    "loader",
    [
        {},
        {"batch_size": 250},
        {"drop_last": True},
        {"batch_size": 2000},
        {"shuffle": False},
        {"generator": fc.Generator(0)},
        {"shuffle": None, "sampler": range(5, 800, 3)},
    ],
    ids=["", "no rest", "drop last", "one batch", "in order", "own generator", "sampler"],
)
def test_both_engines_give_the_same(images, loader):
    if "generator" in loader:
        loader = {"generator": loader["generator"].clone()}
    step, state_after_step = train(images, "step", **loader)
    if "generator" in loader:
        loader = {"generator": fc.Generator(0)}
    epoch, state_after_epoch = train(images, "epoch", **loader)
    assert_close(np.float32(epoch.history.step_losses), np.float32(step.history.step_losses))
    for name, value in step.model.state_dict().items():
        assert_close(epoch.model.state_dict()[name], value)
    for ours, theirs in zip(epoch.history.epochs, step.history.epochs, strict=True):
        assert (ours.steps, ours.epoch) == (theirs.steps, theirs.epoch)
        assert_close(np.float32(ours.train_loss), np.float32(theirs.train_loss))
    assert state_after_step == state_after_epoch


def test_an_epoch_that_another_run_began_is_ended_by_either_engine(images):
    states, losses = [], []
    for engine in ("step", "epoch"):
        fc.manual_seed(3)
        begun = fc.data.DataLoader(images, 300, shuffle=True)
        next(iter(begun))
        loader = fc.data.DataLoader(images, 300, shuffle=True)
        loader.load_state_dict(begun.state_dict())
        model = Functional(lambda w, x: x @ w, jnp.zeros((784, 10)))
        result = fit(model, loader, fc.nn.cross_entropy, optax.sgd(0.1), 2, compile=engine)
        states.append(loader.state_dict())
        losses.append(np.float32(result.history.step_losses))
    assert [len(some) for some in losses] == [3 + 4] * 2
    assert states[0] == states[1]
    assert_close(*losses)


@pytest.mark.parametrize("begun_by", [None, "living on", "anew"])
@pytest.mark.parametrize("taken", [0, 1])
def test_the_seed_of_workers_that_live_on_is_drawn_once_in_either_engine(begun_by, taken):
    x = np.arange(16, dtype=np.float32).reshape(8, 2)
    dataset = fc.data.TensorDataset(x, x[:, :1] + 1)

    def loader(lives_on):
        return fc.data.DataLoader(
            dataset,
            3,
            shuffle=True,
            num_workers=1,
            worker_type="thread",
            persistent_workers=lives_on,
            generator=fc.Generator(2),
        )

    runs = []
    for engine in ("step", "epoch"):
        with loader(begun_by == "living on") as begun, loader(lives_on=True) as own:
            if begun_by:
                batches = iter(begun)
                for _ in range(taken):
                    next(batches)
                own.load_state_dict(begun.state_dict())
            model = Functional(lambda w, x: x @ w, jnp.zeros((2, 1)))
            result = fit(model, own, fc.nn.mse_loss, optax.sgd(1e-3), 3, compile=engine)
            runs.append((np.float32(result.history.step_losses), own.state_dict()))
    assert_close(runs[0][0], runs[1][0])
    assert runs[0][1] == runs[1][1]


@pytest.mark.parametrize("own", [False, True], ids=["current generator", "own generator"])
def test_looking_at_a_batch_before_training_costs_no_batch(own):
    x = np.arange(16, dtype=np.float32).reshape(8, 2)
    runs = []
    for engine in ("step", "epoch"):
        fc.manual_seed(1)
        generator = fc.Generator(2) if own else None
        dataset = fc.data.TensorDataset(x, x[:, :1] + 1)
        loader = fc.data.DataLoader(dataset, 3, shuffle=True, generator=generator)
        seen = [next(iter(loader)) for _ in range(2)]
        model = fc.nn.Linear(2, 1)
        result = fit(model, loader, fc.nn.mse_loss, optax.sgd(0.001), 2, compile=engine)
        assert [record.steps for record in result.history.epochs] == [3, 3]
        runs.append((seen, result.history.step_losses, [y for _, y in loader]))
    assert_close(np.float32(runs[0][1]), np.float32(runs[1][1]))
    assert all(np.array_equal(a, b) for a, b in zip(runs[0][2], runs[1][2], strict=True))


def test_auto_takes_a_whole_epoch_where_it_can(images):
    traced = []

    def apply(w, x):
        traced.append(x.shape)
        return x @ w

    model = Functional(apply, jnp.zeros((784, 10)))
    loader = fc.data.DataLoader(images, 300, shuffle=True)
    for engine in ("auto", "epoch", "step"):
        fit(model, loader, fc.nn.cross_entropy, optax.sgd(0.1), 2, compile=engine)
    # A loop is traced once for its body however many batches there are: 300 thrice, then 100.
    assert traced == [(300, 784), (100, 784)] * 3


@pytest.mark.parametrize("engine", ["step", "epoch"])
def test_a_state_stays_readable_when_later_epochs_go_on_from_it(images, engine):
    model, optimizer = fc.nn.SoftmaxRegression(784, 10), fc.optim.SGD(lr=0.01, momentum=0.9)
    loader = fc.data.DataLoader(images, 300)
    run = make_engine(make_step(model, fc.nn.cross_entropy, optimizer), loader, engine)
    states = [start(model, optimizer)]
    for _ in range(2):
        losses = EpochLosses(1, History())
        states.append(run(states[-1], losses, lambda _: None))
        losses.fetch()
    weights = [np.asarray(jax.tree.leaves(state.parameters)[1]) for state in states]
    assert not np.array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[1], weights[2])
    np.testing.assert_array_equal(weights[0], np.asarray(model.linear.weight[...]))


def test_at_most_two_compilations_a_fit(images):
    compiled = []

    def listen(name, *_, **__):
        if name == "/jax/core/compile/backend_compile_duration":
            compiled.append(name)

    jax.monitoring.register_event_duration_secs_listener(listen)
    try:
        train(images, "epoch", epochs=1)
        first = len(compiled)
        train(images, "epoch", epochs=6)
        again = len(compiled) - first
    finally:
        jax.monitoring.unregister_event_duration_listener(listen)
    assert again == 2


class Loader:
    """Batches from elsewhere."""

    def __iter__(self):
        yield np.ones((2, 784), np.float32), np.array([0, 1])


class Random(fc.transforms.Transform):
    """Noise, for whole batches too."""

    batchable = takes_images = True

    def __call__(self, sample):
        return fc.random.rand(784)

    def batch(self, samples):
        return fc.random.rand(len(samples), 784)


OBSTACLES = {
    "Loader is no DataLoader": lambda images: Loader(),
    "batch_sampler, collate_fn or pad_last of its own": lambda images: fc.data.DataLoader(
        images, 10, collate_fn=lambda samples: fc.data.default_collate(samples)
    ),
    "FashionMNISTSample gives samples one by one": lambda images: fc.data.DataLoader(
        fc.datasets.FashionMNISTSample(False, lambda image: np.zeros(784, np.float32)), 10
    ),
    "its samples are random": lambda images: fc.data.DataLoader(
        fc.datasets.FashionMNISTSample(False, Random()), 500
    ),
}


@pytest.mark.parametrize("message", OBSTACLES)
def test_what_stands_in_the_way_is_named_and_auto_goes_round_it(images, message):
    loader, model = OBSTACLES[message](images), fc.nn.SoftmaxRegression(784, 10)
    arguments = (model, loader, fc.nn.cross_entropy, optax.sgd(0.0), 1)
    with pytest.raises(InvalidValueError, match=message):
        fit(*arguments, compile="epoch")
    assert fit(*arguments, compile="auto").history.epochs


@pytest.mark.parametrize(("workers", "whole"), [(0, True), (1, False)])
def test_auto_lets_workers_work_that_were_asked_for(images, workers, whole):
    loader = fc.data.DataLoader(images, 64, num_workers=workers, worker_type="thread")
    step = make_step(fc.nn.SoftmaxRegression(784, 10), fc.nn.cross_entropy, optax.sgd(0.1))
    assert isinstance(make_engine(step, loader, "auto"), WholeEpoch) is whole


def test_an_unknown_engine_is_named(images):
    with pytest.raises(InvalidValueError, match="compile='warp' is unknown: write one of 'auto'"):
        train(images, "warp")


class Net(flax.nnx.Module):
    """A Flax module that is none of ours, with running means and dropout."""

    def __init__(self):
        rngs = flax.nnx.Rngs(0)
        self.first = flax.nnx.Linear(4, 8, rngs=rngs)
        self.norm = flax.nnx.BatchNorm(8, rngs=rngs)
        self.dropout = flax.nnx.Dropout(0.25, rngs=rngs)
        self.last = flax.nnx.Linear(8, 3, rngs=rngs)

    def __call__(self, x):
        return self.last(self.dropout(jnp.tanh(self.norm(self.first(x)))))


@pytest.mark.slow
def test_any_flax_module_is_trained_alike_by_both_engines():
    x = np.random.default_rng(0).normal(size=(48, 4)).astype(np.float32)
    dataset = fc.data.TensorDataset(x, (x[:, :3]).argmax(axis=1))
    runs = []
    for engine in ("step", "epoch"):
        loader = fc.data.DataLoader(dataset, 16, shuffle=True, generator=fc.Generator(1))
        runs.append(fit(Net(), loader, fc.nn.cross_entropy, optax.sgd(0.3), 12, compile=engine))
    losses = [np.float32(run.history.step_losses) for run in runs]
    assert_close(*losses)
    assert losses[0][-3:].mean() < losses[0][:3].mean() / 1.5
    states = [fc.nn.state_dict(run.model) for run in runs]
    assert not np.array_equal(states[0]["norm.mean"], np.zeros(8))
    for name, value in states[0].items():
        assert_close(states[1][name], value)


def test_a_large_batch_is_not_unrolled_and_a_small_one_is():
    data = (jnp.zeros((9, 784)), jnp.zeros(9, jnp.int32))
    turns = [_unroll(data, jnp.zeros(size, jnp.int32)) for size in (1, 64, 512, 10**5)]
    assert turns == [8, 8, 1, 1]


def test_an_xla_without_the_option_compiles_without_it(monkeypatch):
    monkeypatch.setattr(whole_epoch, "WIDE", {"xla_that_has_dropped_it": 512})
    whole_epoch._options.cache_clear()
    assert whole_epoch._options("cpu") is whole_epoch._options("gpu") is None
    whole_epoch._options.cache_clear()
