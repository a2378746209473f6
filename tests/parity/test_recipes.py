"""What must hold: every recipe gives here what it gives in PyTorch, from the seed alone."""

import io
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

import functorch_course as fc
from functorch_course.cli import main
from functorch_course.cli.compare import RECIPES as NAMES
from functorch_course.compare import Trace
from functorch_course.compare.trace_recorder import TraceRecorder
from functorch_course.compare.writer import TraceWriter

SMALL = ("line", "plane", "logistic")
SEEDS = (0, 1, 2, 2**40 + 7, -5)
FULL = fc.datasets.FashionMNIST.system_folder


@pytest.fixture(autouse=True)
def one_thread():
    """Two pools of threads on few cores would wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def holds(recipe, seed, **options):
    """Assert that a recipe keeps every promise; the limits are those of the report."""
    comparison = fc.compare.training(recipe, seed, **options)
    assert comparison.equal, fc.compare.summary(comparison)
    apart, first = comparison.apart, comparison.ours.epoch_steps[0]
    assert apart.same_batch.all()
    for name, value in comparison.ours.start.items():
        assert value.tobytes() == comparison.theirs.start[name].tobytes()
    exact = options.get("dtype") == "float64"
    assert apart.loss[:first].max() <= (1e-10 if exact else 1e-5)
    assert apart.loss.max() <= (1e-10 if exact else 2e-4)
    gaps = np.abs(comparison.ours.accuracies - comparison.theirs.accuracies)
    assert not (gaps > 2 / 1000 + 1e-9).any()


def test_the_command_line_knows_every_recipe():
    assert set(NAMES) == set(fc.compare.RECIPES)


@pytest.mark.parametrize("seed", SEEDS[:2])
@pytest.mark.parametrize("recipe", SMALL)
def test_small_recipes(recipe, seed):
    holds(recipe, seed)


@pytest.mark.parametrize("recipe", ["softmax-fashion-mnist", "mlp-dropout", "adamw-cosine"])
def test_an_epoch_of_images(recipe):
    holds(recipe, 0, epochs=1)


@pytest.mark.parametrize("recipe", ["plane", "softmax-fashion-mnist"])
def test_float64(recipe):
    holds(recipe, 3, dtype="float64", epochs=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("recipe", sorted(fc.compare.RECIPES))
def test_every_recipe_in_full(recipe, seed):
    holds(recipe, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("recipe", sorted(fc.compare.RECIPES))
def test_every_recipe_in_float64(recipe, seed):
    holds(recipe, seed, dtype="float64")


@pytest.mark.slow
@pytest.mark.skipif(not FULL.is_dir(), reason=f"the full Fashion-MNIST is not in {FULL}")
def test_the_full_fashion_mnist():
    holds("softmax-fashion-mnist", 3, images=FULL, epochs=2)


def test_the_streams_of_the_caller_are_left_alone():
    fc.manual_seed(11)
    torch.manual_seed(11)
    holds("line", 5, epochs=1)
    assert fc.random.rand(1)[0] == fc.random.rand(1, generator=fc.Generator(11))[0]
    assert torch.rand(1) == torch.rand(1, generator=torch.Generator().manual_seed(11))


class Reversed:
    """A loader that gives its batches upside down."""

    def __init__(self, loader):
        self.loader = loader

    def __iter__(self):
        for inputs, targets in self.loader:
            yield inputs.flip(0), targets.flip(0)


class Shifted(Reversed):
    """A loader that changes one sample by a little."""

    def __iter__(self):
        for batch, (inputs, targets) in enumerate(self.loader):
            yield (inputs + (batch == 2) * 1e-6, targets)


def half_detached(outputs, targets):
    """The same value, another derivative."""
    return torch.nn.functional.mse_loss((outputs + outputs.detach()) / 2, targets)


def forgets_zero_grad(side):
    side.optimizer.zero_grad = lambda: None
    return side


def moves_a_weight(side):
    with torch.no_grad():
        side.model.linear.weight += 1e-7
    return side


def has_a_layer_more(side):
    side.model.add_module("tanh", torch.nn.Tanh())
    return side


def with_rate(rate):
    return lambda side: side._replace(optimizer=torch.optim.SGD(side.model.parameters(), lr=rate))


PLANTED = {
    "batch content": (2, lambda side: side._replace(train=Shifted(side.train))),
    "batch order": (0, lambda side: side._replace(train=Reversed(side.train))),
    "initial weight": (0, moves_a_weight),
    "forward": (0, has_a_layer_more),
    "loss": (0, lambda side: side._replace(criterion=torch.nn.L1Loss())),
    "gradient": (0, lambda side: side._replace(criterion=half_detached)),
    "gradient, later": (1, forgets_zero_grad),
    "update": (0, with_rate(0.0501)),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_difference_planted_in_pytorch_is_named(planted):
    step, plant = PLANTED[planted]
    line = fc.compare.RECIPES["line"]
    recipe = replace(line, there=lambda settings: plant(line.there(settings)))
    comparison = fc.compare.training(recipe, epochs=1)
    assert not comparison.equal
    quantity = planted.split(",")[0]
    assert (comparison.parting.quantity, comparison.parting.step) == (quantity, step)
    assert ("zero_grad" in comparison.parting.cause) is (quantity == "gradient")


SCRIPT = """
import sys
import torch
from trace_recorder import TraceRecorder

for rate in sys.argv[1:]:
    torch.manual_seed(4)
    model = torch.nn.Sequential()
    model.add_module("linear", torch.nn.Linear(1, 1))
    x = torch.arange(60)[:, None] * 0.1 - 3
    y = -3 * x + 1 + 0.1 * torch.randn(60, 1)
    data = torch.utils.data.TensorDataset(x, y)
    loader = torch.utils.data.DataLoader(data, batch_size=10, shuffle=True)
    test = torch.utils.data.DataLoader(data, batch_size=60)
    optimizer = torch.optim.SGD(model.parameters(), lr=float(rate))
    recorder = TraceRecorder(model)
    for epoch in range(2):
        for inputs, targets in loader:
            outputs = model(inputs)
            loss = torch.nn.functional.mse_loss(outputs, targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            recorder.step(inputs, targets, outputs, loss)
        for inputs, _ in test:
            recorder.end_epoch(model(inputs).detach().flatten())
    recorder.save(f"{rate}.npz")
assert "functorch_course" not in sys.modules and "jax" not in sys.modules
"""


def test_a_script_of_one_s_own_is_compared_by_its_trace(tmp_path, capsys):
    assert main(["compare", "--helper"]) == 0
    (tmp_path / "trace_recorder.py").write_text(capsys.readouterr().out)
    (tmp_path / "script.py").write_text(SCRIPT)
    script = [sys.executable, "script.py", "0.05", "0.06"]
    subprocess.run(script, cwd=tmp_path, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    words = ["compare", "--recipe", "line", "--seed", "4", "--epochs", "2"]
    assert main([*words, "--save", str(tmp_path)]) == 0
    ours = str(tmp_path / "ours.npz")
    assert main(["compare", ours, str(tmp_path / "0.05.npz")]) == 0
    assert "equal within the tolerance" in capsys.readouterr().out
    with pytest.raises(SystemExit) as exit_:
        main(["compare", ours, str(tmp_path / "0.06.npz")])
    assert exit_.value.code == 1
    assert "They part at step 0 (epoch 1) in the update" in capsys.readouterr().out


def test_both_recorders_write_down_the_same():
    x, y = torch.randn(5, 3), torch.arange(5)
    model = torch.nn.Linear(3, 2)
    frozen = torch.nn.Parameter(torch.ones(2))
    model.register_parameter("a_frozen", frozen)
    theirs, ours = TraceRecorder(model), TraceWriter(numpy_of(model, lambda p: p))
    outputs = model(x)
    loss = torch.nn.functional.cross_entropy(outputs, y % 2)
    loss.backward()
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    gradients = numpy_of(model, lambda p: torch.zeros_like(p) if p.grad is None else p.grad)
    batch = (x.numpy(), y.numpy())
    ours.step(batch, outputs.detach().numpy(), loss.item(), gradients, numpy_of(model, lambda p: p))
    theirs.step(x, y, outputs, loss)
    for recorder in (ours, theirs):
        recorder.end_epoch(np.array([1, 0]), 0.5)
    file = io.BytesIO()
    theirs.save(file)
    file.seek(0)
    written = Trace.from_arrays(dict(np.load(file)))
    expected = Trace.from_arrays(ours.arrays())
    assert written.names == expected.names == ["a_frozen", "bias", "weight"]
    assert fc.compare.traces(expected, written).equal
    for name in ("batches", "losses", "epoch_steps", "accuracies", "predictions"):
        assert getattr(written, name).tolist() == getattr(expected, name).tolist()
    for name in ("outputs", "gradients", "updates"):
        np.testing.assert_allclose(getattr(written, name), getattr(expected, name), rtol=1e-12)
    for name, values in expected.epochs.items():
        assert written.epochs[name].tobytes() == values.tobytes()
        assert written.start[name].tobytes() == expected.start[name].tobytes()


def numpy_of(model, of):
    """Something of each parameter, as an array of its own."""
    return {name: of(p).detach().numpy().copy() for name, p in model.named_parameters()}


def test_the_command_writes_page_and_numbers(tmp_path, capsys):
    files = ["--html", str(tmp_path / "c.html"), "--json", str(tmp_path / "c.json")]
    assert main(["compare", "--recipe", "line", "--epochs", "1", "--timing", *files]) == 0
    out = capsys.readouterr().out
    assert "An epoch took" in out
    assert {path.name for path in tmp_path.iterdir()} == {"c.html", "c.json"}
    assert "An epoch took" in (tmp_path / "c.html").read_text()


MISUSES = [
    ([], "write two traces"),
    (["a.npz"], "write two traces"),
    (["a.npz", "b.npz"], "a.npz does not exist"),
    (["a.npz", "b.npz", "--recipe", "line"], "write two traces"),
]


@pytest.mark.parametrize(("words", "message"), MISUSES)
def test_misuse_is_one_line_and_2(words, message, capsys):
    assert main(["compare", *words]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


def test_what_training_cannot_do_says_so():
    with pytest.raises(fc.errors.InvalidValueError, match="recipe='cake' is unknown: write one of"):
        fc.compare.training("cake")
    with pytest.raises(fc.errors.InvalidValueError, match="dtype='float16' is unknown"):
        fc.compare.training("line", dtype="float16")


def test_a_folder_without_images_is_misuse(tmp_path, capsys):
    words = ["compare", "--recipe", "softmax-fashion-mnist", "--images", str(tmp_path)]
    assert main(words) == 2
    assert "has no train-images-idx3-ubyte.gz: write the folder" in capsys.readouterr().err
