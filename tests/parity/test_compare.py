"""The comparison finds what is equal equal, and what is different at its smallest."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import functorch_course as fc

FLOATS = arrays.arrays(
    np.float32, arrays.array_shapes(max_dims=2, max_side=3), elements=st.integers(-4, 4)
)


@pytest.mark.parametrize("dtype", [np.float16, jnp.bfloat16, np.float32, np.float64])
def test_an_equal_function_is_equal_in_every_dtype(dtype):
    x = np.linspace(-2, 2, 12).reshape(3, 4).astype(dtype)
    report = fc.compare.function(
        lambda x: fc.nn.log_softmax(x, 1), lambda x: torch.log_softmax(x, 1), x
    )
    assert report.equal, report
    assert [part.name for part in report.parts] == ["output", "gradient of input 0"]
    assert report.parts[0].dtypes == (np.dtype(dtype).name,) * 2


def test_several_outputs_and_inputs_each_have_a_part():
    x, n = np.float32([[1, 2], [3, 5]]), np.int64([0, 1])

    def ours(x, n):
        return {"largest": x.max(axis=1), "at": x.argmax(axis=1) + n}

    def theirs(x, n):
        return {"largest": x.max(dim=1).values, "at": x.argmax(dim=1) + n}

    report = fc.compare.function(ours, theirs, x, n)
    assert report.equal, report
    assert [p.name for p in report.parts] == ["output 0", "output 1", "gradient of input 0"]


def test_no_gradient_in_pytorch_counts_as_zero():
    x = np.float32([1, 2])
    report = fc.compare.function(
        lambda x, y: x + jax.lax.stop_gradient(y), lambda x, y: x + y.detach(), x, x
    )
    assert report.equal, report
    detached = fc.compare.function(jax.lax.stop_gradient, lambda x: x.detach(), x)
    assert detached.equal, detached


def test_a_wrong_gradient_is_found_though_the_values_agree():
    report = fc.compare.function(jnp.abs, lambda x: x.abs().detach() + 0 * x, np.float32([3, -2]))
    output, gradient = report.parts
    assert output.within
    assert not gradient.within
    assert "gradient of input 0: " in str(report)
    assert "1.0 here, 0.0 in PyTorch at [0]" in str(gradient)


def test_shapes_and_dtypes_are_compared():
    x = np.float32([1, 2])
    (part,) = fc.compare.function(jnp.sum, lambda x: x.sum(0, keepdim=True), x).parts
    assert str(part) == "output: shape () here, (1,) in PyTorch"
    part, *_ = fc.compare.function(lambda x: x, lambda x: x.double(), x).parts
    assert not part.within
    assert "dtype float32 here, float64 in PyTorch" in str(part)


def test_another_number_of_outputs_is_an_error():
    with pytest.raises(fc.compare.UnequalStructureError, match="2 arrays came out of <lambda>"):
        fc.compare.function(lambda x: (x, x), torch.sin, np.float32([1]))


def test_the_smallest_failing_input_is_found():
    def theirs(x):
        return x.clamp(-1, 1) + (x > 2).float()

    report = fc.compare.function(jnp.sign, theirs, strategy=FLOATS, gradients=False)
    assert not report.equal
    (smallest,) = report.inputs
    assert smallest.tolist() == [3.0]
    assert "1.0 here, 2.0 in PyTorch at [0]" in str(report)


def test_a_strategy_of_several_inputs_that_all_agree():
    pairs = st.tuples(FLOATS, st.integers(-3, 3).map(np.float32))
    report = fc.compare.function(jnp.multiply, torch.mul, strategy=pairs, examples=30)
    assert report.equal
    assert report.examples >= 20
    assert f"({report.examples} inputs tried)" in str(report)


def test_the_same_seed_tries_the_same_inputs():
    def run():
        return fc.compare.function(jnp.exp, torch.exp, strategy=FLOATS, examples=20, seed=4)

    assert str(run()) == str(run())


def test_inputs_and_strategy_exclude_each_other():
    with pytest.raises(fc.errors.InvalidValueError, match="write either inputs or a strategy"):
        fc.compare.function(jnp.exp, torch.exp)


class Net(fc.nn.Module):
    """Two layers, named as one would in PyTorch."""

    def __init__(self):
        self.first = fc.nn.Linear(3, 5)
        self.dropout = fc.nn.Dropout(0.5)
        self.last = fc.nn.Linear(5, 2)

    def __call__(self, x):
        return self.last(self.dropout(fc.nn.tanh(self.first(x))))


class TorchNet(torch.nn.Module):
    """The same in PyTorch."""

    def __init__(self, last=None):
        super().__init__()
        self.first = torch.nn.Linear(3, 5)
        self.dropout = torch.nn.Dropout(0.5)
        self.last = last or torch.nn.Linear(5, 2)

    def forward(self, x):
        return self.last(self.dropout(torch.tanh(self.first(x))))


X = np.linspace(-1, 1, 12, dtype=np.float32).reshape(4, 3)


def test_a_module_is_compared_with_pytorch_s_parameters_in_it():
    ours, theirs = Net(), TorchNet()
    before = ours.state_dict()
    report = fc.compare.module(ours, theirs, X)
    assert report.equal, report
    names = ["first.bias", "first.weight", "last.bias", "last.weight"]
    assert [part.name for part in report.parts] == [
        *(f"parameter {name}" for name in names),
        "output",
        *(f"gradient of {name}" for name in names),
        "gradient of input 0",
    ]
    assert theirs.training
    assert all(np.array_equal(before[name], value) for name, value in ours.state_dict().items())


def test_a_module_that_computes_something_else_is_found():
    theirs = TorchNet()
    theirs.forward = lambda x: theirs.last(torch.relu(theirs.first(x)))
    report = fc.compare.module(Net(), theirs, X)
    different = {part.name for part in report.parts if not part.within}
    assert "output" in different
    assert "gradient of last.weight" in different
    assert "gradient of last.bias" not in different


def test_a_parameter_of_another_shape_is_found_before_anything_runs():
    report = fc.compare.module(Net(), TorchNet(last=torch.nn.Linear(5, 7)), X)
    assert not report.equal
    assert "parameter last.weight: shape (2, 5) here, (7, 5) in PyTorch" in str(report)


def test_other_names_are_an_error_or_a_mapping():
    ours, theirs = fc.nn.Linear(3, 2), torch.nn.Sequential(torch.nn.Linear(3, 2))
    with pytest.raises(fc.compare.UnequalStructureError, match=r"only here \['bias', 'weight'\]"):
        fc.compare.module(ours, theirs, X)
    names = {"weight": "0.weight", "bias": "0.bias"}
    assert fc.compare.module(ours, theirs, X, names=names).equal


def loaders(seed, ours=None, theirs=None, **options):
    """Two shuffled loaders over the same numbers, or over others."""
    values = np.arange(40, dtype=np.float32).reshape(20, 2)
    labels = np.arange(20)
    ours = fc.data.TensorDataset(values if ours is None else ours, labels)
    theirs = torch.utils.data.TensorDataset(
        torch.tensor(values if theirs is None else theirs), torch.tensor(labels)
    )
    options = {"batch_size": 6, "shuffle": True} | options
    torch_options = options | {"generator": torch.Generator().manual_seed(seed)}
    return (
        fc.data.DataLoader(ours, **options, generator=fc.Generator(seed)),
        torch.utils.data.DataLoader(theirs, **torch_options),
    )


def test_equal_loaders_are_identical_over_epochs():
    report = fc.compare.loader(*loaders(3), epochs=3)
    assert str(report) == "12 batches of 60 samples: identical"


def test_another_order_is_told_from_other_content():
    ours, _ = loaders(3)
    _, theirs = loaders(4)
    report = fc.compare.loader(ours, theirs)
    assert (report.kind, report.batch) == ("order", 0)
    other = np.arange(40, dtype=np.float32).reshape(20, 2)
    other[7, 1] += 1
    report = fc.compare.loader(*loaders(3, theirs=other, shuffle=False))
    assert (report.kind, report.batch, report.samples) == ("content", 1, 6)
    assert report.detail == (
        "array 0 at [1, 1] has 15.0 here, 16.0 in PyTorch; the largest difference is 1"
    )


def test_every_other_way_in_which_loaders_part():
    wide = np.arange(40, dtype=np.float64).reshape(20, 2)
    assert fc.compare.loader(*loaders(0, ours=wide)).kind == "dtype"
    assert fc.compare.loader(*loaders(0, ours=np.ones((20, 3), np.float32))).kind == "shape"
    ours, theirs = loaders(0)
    assert fc.compare.loader(ours, [batch[:1] for batch in theirs]).kind == "structure"
    report = fc.compare.loader(loaders(0, drop_last=True)[0], loaders(0)[1])
    assert (report.kind, report.detail) == ("number of batches", "3 here, 4 in PyTorch")
    minus = np.float32([[-0.0]])
    report = fc.compare.loader([minus], [torch.tensor([[0.0]])])
    assert "the numbers are equal, their bits are not" in str(report)
