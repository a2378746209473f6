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
