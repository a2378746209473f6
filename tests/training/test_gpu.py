"""What holds on a GPU, wherever there is one; the CPU goes through the same checks."""

import jax
import numpy as np
import pytest

import functorch_course as fc
from functorch_course.training import fit, make_step, start
from functorch_course.training.whole_epoch import WholeEpoch

FOUND = {device.platform for device in jax.devices()}
PLATFORMS = pytest.mark.parametrize(
    "platform",
    ["cpu", pytest.param("gpu", marks=pytest.mark.skipif("gpu" not in FOUND, reason="no GPU"))],
)


def softmax(images):
    """A model in the engine that is tested, the loader, and the state before the first epoch."""
    model, optimizer = fc.nn.SoftmaxRegression(784, 10), fc.optim.Adam()
    loader = fc.data.DataLoader(images, 100, shuffle=True)
    step = make_step(model, fc.nn.cross_entropy, optimizer)
    return WholeEpoch(step, loader), loader, start(model, optimizer)


def losses(images, platform, engine):
    fc.manual_seed(3)
    loader = fc.data.DataLoader(images, 64, shuffle=True)
    optimizer = fc.optim.SGD(lr=0.002, momentum=0.9)
    with jax.default_device(jax.devices(platform)[0]):
        model = fc.nn.MLP(784, [32], 10)
        result = fit(model, loader, fc.nn.cross_entropy, optimizer, 3, compile=engine)
    places = {device.platform for leaf in result.model.parameters() for device in leaf.devices()}
    assert places == {platform}
    return np.float32(result.history.step_losses)


@PLATFORMS
@pytest.mark.parametrize("engine", ["step", "epoch"])
def test_the_losses_are_those_of_the_cpu(images, platform, engine):
    expected = losses(images, "cpu", "step")
    np.testing.assert_allclose(losses(images, platform, engine), expected, rtol=1e-4)


@PLATFORMS
def test_nothing_travels_within_an_epoch(images, platform):
    with jax.default_device(jax.devices(platform)[0]):
        engine, loader, state = softmax(images)
        order = jax.device_put(loader.draw_order().astype(np.int32).reshape(-1, 100))
        text = engine.run.lower(state, engine.data, order).compile().as_text()
        with jax.transfer_guard("disallow_explicit"):
            trained, values = jax.block_until_ready(engine.run(state, engine.data, order))
    assert values.shape == (len(images) // 100,)
    assert not any(word in text for word in ("infeed", "outfeed", "callback", " send(", " recv("))
    assert {d.platform for leaf in jax.tree.leaves(trained) for d in leaf.devices()} == {platform}


@PLATFORMS
def test_only_the_order_and_the_losses_travel_between_epochs(images, platform):
    """Both on purpose: what travels unasked is refused."""
    with jax.default_device(jax.devices(platform)[0]):
        engine, _, state = softmax(images)
        with jax.transfer_guard("disallow"):
            for epoch in (1, 2):
                collected = fc.training.EpochLosses(epoch, fc.training.History())
                state = engine(state, collected, lambda _: None)
                collected.fetch()
    assert len(collected.history.step_losses) == len(images) // 100
