"""Parameters by name: out of a model, into it, and through a file."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from safetensors.numpy import save_file

from functorch_course import nn
from functorch_course.errors import DamagedFileError


class Shared(nn.Module):
    """Two layers that are one, a buffer, and a list of layers."""

    def __init__(self):
        self.first = nn.Linear(2, 2)
        self.second = self.first
        self.scale = nnx.BatchStat(jnp.ones(2))
        self.more = nnx.List([nn.Linear(2, 1), nn.Linear(1, 1, bias=False)])
        self.dropout = nnx.Dropout(0.5, rngs=nnx.Rngs(0))


NAMES = ["first.weight", "first.bias", "second.weight", "second.bias", "scale"]
LISTED = ["more.0.weight", "more.0.bias", "more.1.weight"]


def in_dtype(model, dtype):
    return jax.tree.map(lambda values: values.astype(dtype), model)


def test_a_state_dict_names_shared_parameters_and_buffers_but_no_random_keys():
    assert list(nn.state_dict(Shared())) == NAMES + LISTED


def test_parameters_come_once_and_without_buffers():
    model = Shared()
    names = [name for name, _ in nn.named_parameters(model)]
    assert names == NAMES[:2] + LISTED
    assert all(isinstance(p, nn.Parameter) for p in nn.parameters(model))
    assert [p.shape for p in nn.parameters(model)] == [(2, 2), (2,), (1, 2), (1,), (1, 1)]


def test_annotated_attributes_keep_their_order_when_a_model_is_rebuilt():
    model = nn.SoftmaxRegression(4, 3)
    rebuilt = nnx.merge(*nnx.split(model))
    assert list(nn.state_dict(rebuilt)) == ["linear.weight", "linear.bias"]


def test_modules_come_once_from_the_outside_in():
    names = [name for name, _ in nn.named_modules(Shared())]
    assert names == ["", "first", "more", "more.0", "more.1", "dropout"]


def test_any_flax_module_has_names():
    layer = nnx.Linear(2, 3, rngs=nnx.Rngs(0))
    assert sorted(nn.state_dict(layer)) == ["bias", "kernel"]


def test_a_state_dict_is_a_copy_both_ways():
    model = nn.Linear(2, 1)
    state = nn.state_dict(model)
    before = state["weight"].copy()
    state["weight"][:] = 7
    np.testing.assert_array_equal(model.weight[...], before)
    nn.load_state_dict(model, state)
    state["weight"][:] = 8
    np.testing.assert_array_equal(model.weight[...], np.full((1, 2), 7.0))


def test_the_state_survives_being_a_pytree():
    model = Shared()
    copy = jax.tree.map(lambda x: x, model)
    state = nn.state_dict(copy)
    assert state.keys() == nn.state_dict(model).keys()
    for name, values in nn.state_dict(model).items():
        np.testing.assert_array_equal(state[name], values)


def test_loading_casts_to_the_dtype_of_the_parameter():
    model = in_dtype(nn.Linear(2, 1), jnp.bfloat16)
    nn.load_state_dict(model, {"weight": np.ones((1, 2)), "bias": np.zeros(1, np.int64)})
    assert model.weight.dtype == jnp.bfloat16


def test_a_state_that_does_not_fit_is_described_whole_and_changes_nothing():
    model = nn.Linear(2, 1)
    before = nn.state_dict(model)
    wrong = {"weight": np.zeros((1, 3)), "beta": np.zeros(1)}
    with pytest.raises(nn.StateMismatchError) as caught:
        model.load_state_dict(wrong)
    assert str(caught.value) == (
        "the state dict does not fit Linear: 'bias' is missing; 'beta' is unknown; "
        "'weight' has shape (1, 3), not (1, 2)"
    )
    for name, values in nn.state_dict(model).items():
        np.testing.assert_array_equal(values, before[name])


def test_not_strict_takes_what_fits_but_never_another_shape():
    model = nn.Linear(2, 1)
    model.load_state_dict({"bias": np.ones(1), "beta": np.ones(1)}, strict=False)
    np.testing.assert_array_equal(model.bias[...], [1.0])
    with pytest.raises(nn.StateMismatchError, match=r"'bias' has shape \(2,\), not \(1,\)"):
        model.load_state_dict({"bias": np.ones(2)}, strict=False)


@pytest.mark.parametrize("dtype", [np.float32, np.float16, jnp.bfloat16])
def test_safetensors_keeps_every_bit_and_the_dtype(tmp_path, dtype):
    model = in_dtype(nn.Linear(5, 3), dtype)
    nn.save_safetensors(model, tmp_path / "model.safetensors")
    state = nn.load_safetensors(tmp_path / "model.safetensors")
    assert sorted(state) == ["bias", "weight"]
    for name, values in nn.state_dict(model).items():
        assert state[name].dtype == values.dtype
        np.testing.assert_array_equal(state[name], values)


def test_safetensors_writes_the_format_of_the_package(tmp_path):
    arrays = {"weight": np.ones((1, 2), np.float32), "bias": np.zeros(1, np.float32)}
    save_file(arrays, tmp_path / "theirs")
    model = nn.Linear(2, 1)
    nn.load_state_dict(model, nn.load_safetensors(tmp_path / "theirs"))
    nn.save_safetensors(model, tmp_path / "ours")
    ours, theirs = (tmp_path / "ours").read_bytes(), (tmp_path / "theirs").read_bytes()
    assert ours == theirs


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not this", b"\xff" * 64])
def test_a_damaged_safetensors_file_is_named(tmp_path, content):
    path = tmp_path / "broken.safetensors"
    path.write_bytes(content)
    with pytest.raises(DamagedFileError, match=r"broken\.safetensors is not a safetensors file"):
        nn.load_safetensors(path)


def test_a_safetensors_file_cut_short_is_named(tmp_path):
    path = tmp_path / "cut.safetensors"
    nn.save_safetensors(nn.Linear(5, 3), path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DamagedFileError, match=r"cut\.safetensors is not a safetensors file"):
        nn.load_safetensors(path)
