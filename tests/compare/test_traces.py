"""Two runs that differ in one thing part at the right step, in the right quantity."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import functorch_course as fc
from functorch_course.compare import Trace, load_trace, record, traces
from functorch_course.compare.writer import digests, sketch

X = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
Y = (X @ np.float32([[1], [-2], [0.5]]) + 1).astype(np.float32)


class Net(fc.nn.Module):
    """A small net whose nonlinearity can be chosen."""

    def __init__(self, activation, seed):
        generator = fc.Generator(seed)
        self.first = fc.nn.Linear(3, 4, generator=generator)
        self.last = fc.nn.Linear(4, 1, generator=generator)
        self.activation = activation

    def __call__(self, x):
        return self.last(self.activation(self.first(x)))


def run(
    *,
    seed=0,
    order=0,
    x=X,
    batch_size=8,
    activation=fc.nn.tanh,
    loss=fc.nn.mse_loss,
    optimizer=None,
    epochs=2,
) -> Trace:
    """Train the net; each argument is one thing in which two runs can differ."""
    data = fc.data.TensorDataset(x, Y)
    loader = fc.data.DataLoader(data, batch_size, shuffle=True, generator=fc.Generator(order))
    optimizer = optimizer or fc.optim.SGD(lr=0.05, momentum=0.9)
    test = [(X, Y)]
    model = Net(activation, seed)
    return record(model, loader, loss, optimizer, epochs, validation=test, decision="value")


def changed(place, amount):
    x = X.copy()
    x[place] += amount
    return x


def half_detached(outputs, targets):
    """The same value, another derivative."""
    return fc.nn.mse_loss((outputs + jax.lax.stop_gradient(outputs)) / 2, targets)


@pytest.fixture(scope="module")
def plain():
    return run()


def test_the_same_run_twice_is_equal_to_the_last_bit(plain):
    comparison = traces(plain, run())
    assert comparison.equal
    assert comparison.parting is None
    for name in ("loss", "forward", "gradient", "update"):
        assert not getattr(comparison.apart, name).any()
    assert comparison.apart.same_batch.all()


DIFFERENCES = {
    "batch order": (0, {"order": 1}),
    "batch content": (0, {"x": changed((slice(None), 0), 1e-6)}),
    "batch size": (0, {"batch_size": 10}),
    "initial weight": (0, {"seed": 1}),
    "forward": (0, {"activation": fc.nn.sigmoid}),
    "loss": (0, {"loss": fc.nn.l1_loss}),
    "gradient": (0, {"loss": half_detached}),
    "update": (1, {"optimizer": fc.optim.SGD(lr=0.05, momentum=0.8)}),
    "number of steps": (10, {"epochs": 3}),
}


@pytest.mark.parametrize("quantity", DIFFERENCES)
def test_one_difference_is_named(plain, quantity):
    step, difference = DIFFERENCES[quantity]
    comparison = traces(plain, run(**difference))
    assert not comparison.equal
    assert (comparison.parting.quantity, comparison.parting.step) == (quantity, step)
    assert f"They part at step {step} " in str(comparison.parting)
    assert comparison.parting.cause in str(comparison.parting)


def test_one_changed_sample_is_found_in_its_batch(plain):
    (target,) = digests(X[17:18], Y[17:18])
    (step,) = (step for step in range(5) if target in plain.samples_of(step))
    parting = traces(plain, run(x=changed((17, 1), 1.0))).parting
    assert (parting.quantity, parting.step) == ("batch content", step)
    assert parting.detail == "1 samples of the epoch are in one run only"


def test_another_seed_of_everything_names_order_and_weights(plain):
    parting = traces(plain, run(seed=1, order=1)).parting
    assert (parting.quantity, parting.also) == ("batch order", ("initial weight",))
    assert "and also in the initial weight" in str(parting)


def test_the_parameter_at_fault_is_named(plain):
    updates = plain.updates.copy()
    updates[3, plain.names.index("last.weight")] *= 1.5
    parting = traces(replace(plain, updates=updates), plain).parting
    assert (parting.quantity, parting.step, parting.parameter) == ("update", 3, "last.weight")


def test_a_small_difference_that_grows_is_traced_back(plain):
    weak = fc.optim.SGD(lr=0.05, momentum=0.9, weight_decay=1e-4)
    parting = traces(plain, run(optimizer=weak)).parting
    assert parting.quantity in ("forward", "loss")
    assert parting.step > 0
    assert (parting.grown_from.quantity, parting.grown_from.step) == ("update", 0)
    assert "A smaller difference came before: at step 0 (epoch 1) in the update" in str(parting)
    assert parting.cause == "look at the optimizer: rate, momentum, weight decay, schedule"


def test_outputs_that_differ_only_later_are_no_reason_to_blame_the_layers(plain):
    outputs = plain.outputs.copy()
    outputs[6] *= 1.5
    parting = traces(replace(plain, outputs=outputs), plain).parting
    assert (parting.quantity, parting.step, parting.grown_from) == ("forward", 6, None)
    assert "training mode after an evaluation" in parting.cause


def test_nan_on_one_side_is_a_difference_and_on_both_is_none(plain):
    losses = plain.losses.copy()
    losses[4] = np.nan
    broken = replace(plain, losses=losses)
    assert traces(broken, plain).parting.step == 4
    assert traces(plain, broken).parting.step == 4
    assert traces(broken, broken).equal


def test_the_limits_are_the_promised_ones(plain):
    def with_loss(step, share):
        losses = plain.losses.copy()
        losses[step] *= 1 + share
        return traces(replace(plain, losses=losses), plain).equal

    assert with_loss(2, 0.9e-5)
    assert not with_loss(2, 1.1e-5)
    assert with_loss(7, 1.9e-4)
    assert not with_loss(7, 2.1e-4)


def test_a_difference_in_accuracy_is_found(plain):
    ours, theirs = (replace(plain, accuracies=np.array([0.8, a])) for a in (0.802, 0.8049))
    parting = traces(ours, theirs).parting
    assert (parting.quantity, parting.epoch) == ("test accuracy", 2)
    assert traces(ours, replace(plain, accuracies=np.array([0.8, 0.804]))).equal


def test_other_predictions_are_found(plain):
    def of(*predictions):
        return replace(plain, predictions=np.array(predictions))

    yes, one, many = np.zeros(1000, int), np.arange(1000) < 2, np.arange(1000) < 3
    assert traces(of(yes, yes), of(yes, one.astype(int))).equal
    comparison = traces(of(yes, yes), of(yes, many.astype(int)))
    assert (comparison.parting.quantity, comparison.parting.epoch) == ("test predictions", 2)
    assert not comparison.equal
    assert traces(of([1.0, 2.0]), of([1.0, 2.001])).equal
    assert not traces(of([1.0, 2.0]), of([1.0, 2.01])).equal
    other = traces(of(yes, yes), of(yes[1:], yes[1:])).parting
    assert "another number of samples" in str(other)
    assert traces(of((), ()), of(yes, yes)).equal


def test_parameters_are_compared_after_each_epoch(plain):
    moved = {name: values.copy() for name, values in plain.epochs.items()}
    moved["last.weight"][1] *= 1.01
    comparison = traces(replace(plain, epochs=moved), plain)
    assert comparison.apart.parameters[0] == 0
    assert comparison.apart.parameters[1] > 2e-3
    missed = [check.name for check in comparison.checks if not check.passed]
    assert missed == ["parameters, later epochs"]
    assert not comparison.equal


def test_other_parameters_cannot_be_compared(plain):
    model = fc.nn.LinearRegression(3)
    other = record(model, [(X, Y)], fc.nn.mse_loss, fc.optim.SGD(), epochs=1)
    with pytest.raises(fc.compare.UnequalStructureError, match="compare runs of the same model"):
        traces(plain, other)


def test_a_trace_survives_the_file(plain, tmp_path):
    plain.save(tmp_path / "run.npz")
    loaded = load_trace(tmp_path / "run.npz")
    assert traces(plain, loaded).equal
    assert loaded.framework == f"JAX {jax.__version__}"
    assert loaded.names == sorted(loaded.names) == list(plain.end)
    assert loaded.predictions.shape == (2, 40)


def test_a_file_that_is_no_trace_says_so(plain, tmp_path):
    path = tmp_path / "run.npz"
    np.savez(path, losses=np.ones(3))
    with pytest.raises(fc.errors.DamagedFileError, match="is no trace: no parameters are in it"):
        load_trace(path)
    np.savez(path, np.array(["a b"]), np.ones(1), np.ones((1, 3, 2)), **{"start.w": np.ones(2)})
    with pytest.raises(fc.errors.DamagedFileError, match=r"arr_3' is missing: call step\(\) after"):
        load_trace(path)
    plain.save(path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(fc.errors.DamagedFileError, match="is not a whole trace"):
        load_trace(path)
    path.write_text("words")
    with pytest.raises(fc.errors.DamagedFileError, match="is not a whole trace"):
        load_trace(path)


def test_recording_does_not_change_what_is_computed(plain):
    data = fc.data.TensorDataset(X, Y)
    loader = fc.data.DataLoader(data, 8, shuffle=True, generator=fc.Generator(0))
    optimizer = fc.optim.SGD(lr=0.05, momentum=0.9)
    result = fc.training.fit(Net(fc.nn.tanh, 0), loader, fc.nn.mse_loss, optimizer, 2)
    np.testing.assert_allclose(plain.losses, result.history.step_losses, rtol=1e-6)
    for name, value in result.model.state_dict().items():
        np.testing.assert_allclose(plain.end[name], value, rtol=1e-5, atol=1e-7)


def test_updates_add_up_to_the_way_from_start_to_end(plain):
    for place, name in enumerate(plain.names):
        way = sketch(plain.end[name] - plain.start[name])[0]
        assert abs(plain.updates[:, place, 0].sum() - way) < 1e-5


def test_a_functional_model_is_recorded_by_its_paths():
    model = fc.training.Functional(lambda p, x: x * p["slope"], {"slope": jnp.ones(3)})
    trace = record(model, [(X, X)], fc.nn.mse_loss, fc.optim.SGD(lr=0.1), epochs=1)
    assert trace.names == ["slope"]
    assert trace.losses.tolist() == [0.0]
