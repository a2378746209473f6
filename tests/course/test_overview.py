"""Section O of the course: what tensors, parameters, gradients and datasets are."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from PIL import Image

from functorch_course import nn, optim
from functorch_course import tensor as ft
from functorch_course.autograd import (
    GlobalStateError,
    grad,
    no_grad,
    set_grad_enabled,
    tap,
    value_and_grad,
)
from functorch_course.data import DataLoader, Dataset, TensorDataset
from functorch_course.errors import TeachingError
from functorch_course.graph import graph
from tolerance import assert_close

course = pytest.mark.course
W = ft.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
B = ft.tensor([0.5, -0.5])


@course("O001")
def test_a_network_is_a_function_of_parameters_and_input():
    def f(params, x):
        return ft.linear(x, params["weight"], params["bias"])

    assert f({"weight": W, "bias": B}, ft.ones(3)).shape == (2,)


@course("O002")
def test_without_a_nonlinearity_two_layers_are_one():
    second, c, x = ft.tensor([[1.0, -1.0]]), ft.tensor([2.0]), ft.tensor([1.0, -2.0, 3.0])
    two = ft.linear(ft.linear(x, W, B), second, c)
    one = ft.linear(x, ft.mm(second, W), ft.matmul(second, B) + c)
    assert_close(two, one)
    bent = ft.linear(ft.relu(ft.linear(-x, W, B)), second, c)
    assert not np.allclose(bent, ft.linear(-x, ft.mm(second, W), ft.matmul(second, B) + c))


@course("O003")
def test_an_array_is_a_value_without_hidden_state():
    x = ft.ones(1)
    assert isinstance(x, jax.Array)
    assert not any(hasattr(x, name) for name in ("backward", "grad_fn", "requires_grad"))


@course("O004", "O005", "O006", "O007", "O008")
@pytest.mark.parametrize(
    ("x", "rank", "shape"),
    [
        (ft.tensor(555), 0, ()),
        (ft.tensor([1, 2, 3]), 1, (3,)),
        (ft.zeros(2, 3), 2, (2, 3)),
        (ft.zeros(2, 3, 4), 3, (2, 3, 4)),
        (ft.zeros(7, 3, 28, 30), 4, (7, 3, 28, 30)),
        (ft.zeros(2, 7, 3, 28, 30), 5, (2, 7, 3, 28, 30)),
    ],
)
def test_rank_is_the_number_of_axes(x, rank, shape):
    assert (ft.ndimension(x), ft.size(x)) == (rank, shape)


@course("O009", "O010")
@pytest.mark.parametrize(("mode", "shape"), [("L", (28, 30)), ("RGB", (28, 30, 3))])
def test_an_image_is_height_by_width(mode, shape):
    image = Image.new(mode, (30, 28))
    assert image.size == (30, 28)
    assert ft.from_numpy(np.asarray(image)).shape == shape


@course("O011")
def test_layouts_are_named_by_their_axes():
    assert ft.permute(ft.zeros(4, 3, 28, 30), 0, 2, 3, 1).shape == (4, 28, 30, 3)


@course("O012")
def test_gradients_have_the_form_of_the_parameters():
    params = {"weight": W, "bias": B}
    gradient = grad(lambda p: ft.linear(ft.ones(3), p["weight"], p["bias"]).sum())(params)
    assert jax.tree.map(lambda g: (g.shape, g.dtype), gradient) == jax.tree.map(
        lambda p: (p.shape, p.dtype), params
    )


@course("O013")
def test_a_fully_connected_layer():
    assert_close(ft.linear(ft.ones(3), W, B), np.float32([6.5, 14.5]))
    assert_close(ft.matmul(W, ft.ones(3)) + B, np.float32([6.5, 14.5]))


@course("O014")
def test_the_menu_of_operations():
    x = ft.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert ft.mul(x, 2).tolist() == [[2, 4], [6, 8]]
    assert ft.matmul(x, ft.tensor([1.0, 1.0])).tolist() == [3, 7]
    assert ft.add(x, ft.tensor([10.0, 20.0])).tolist() == [[11, 22], [13, 24]]
    assert (ft.sum(x), ft.mean(x)) == (10, 2.5)
    assert ft.reshape(x, 4).tolist() == [1, 2, 3, 4]
    assert ft.index(x, slice(0, 1)).tolist() == [[1, 2]]
    assert ft.cat([x, x]).shape == (4, 2)


@course("O015")
def test_any_function_has_a_graph():
    assert [node.name for node in graph(lambda x: x**2)(2.0).nodes] == [
        "AccumulateGrad",
        "PowBackward0",
    ]
    with pytest.raises(GlobalStateError, match="there is no switch"):
        set_grad_enabled(True)


@course("O016")
def test_backwards_and_forwards_agree():
    from functorch_course.autograd import jvp

    assert grad(lambda x: x**2)(2.0) == jvp(lambda x: x**2, [2.0], [1.0])[1] == 4


@course("O017")
def test_the_mark_on_a_tensor_is_refused():
    with pytest.raises(TeachingError, match="requires_grad=True"):
        ft.tensor([2.0], requires_grad=True)
    x = ft.tensor(2.0)
    x.requires_grad = True
    with pytest.raises(TeachingError, match="was written on an array"):
        grad(lambda x: x**2)(x)


@course("O018")
def test_the_gradient_of_a_loss_by_its_parameters():
    params = {"w": ft.tensor(3.0), "b": ft.tensor(1.0)}
    gradient = grad(lambda p: (p["w"] * 2 + p["b"] - 5) ** 2)(params)
    assert gradient == {"w": 8, "b": 4}


class OneParameter(nn.Module):
    def __init__(self):
        self.w = nn.Parameter(ft.tensor([1.0, 2.0]))
        self.plain = ft.tensor([3.0])


@course("O019", "O020")
def test_a_parameter_is_registered_and_a_plain_array_is_not():
    assert [name for name, _ in nn.named_parameters(OneParameter())] == ["w"]


@course("O021")
def test_only_what_is_handed_to_the_optimizer_moves():
    trained, other = {"w": ft.tensor(1.0)}, {"v": ft.tensor(1.0)}
    optimizer = optim.SGD(lr=0.1)
    gradient = grad(lambda t: t["w"] * other["v"])(trained)
    updates, _ = optimizer.update(gradient, optimizer.init(trained), trained)
    assert_close(optax.apply_updates(trained, updates)["w"], np.float32(0.9))
    assert other["v"] == 1


@course("O022")
def test_weight_and_bias_have_pytorchs_shapes():
    layer = nn.Linear(3, 2)
    assert {name: p.shape for name, p in nn.named_parameters(layer)} == {
        "weight": (2, 3),
        "bias": (2,),
    }


@course("O023", "O025")
def test_a_step_against_the_gradient_descends():
    def loss(w):
        return w**2

    stepped = 1.0 - 0.1 * grad(loss)(1.0)
    assert_close(stepped, np.float32(0.8))
    assert_close(loss(stepped), np.float32(0.64))
    with pytest.raises(GlobalStateError, match="nothing is recorded"):
        no_grad()


@course("O024")
def test_forward_loss_and_backward_are_one_call():
    assert value_and_grad(lambda w: (3 * w - 1) ** 2)(2.0) == (25, 30)


@course("O026")
def test_the_learning_rate_is_an_ordinary_argument():
    traces = []

    @jax.jit
    def step(w, rate):
        traces.append(rate)
        return w - rate * grad(lambda w: w**2)(w)

    assert [float(step(1.0, rate)) for rate in (0.5, 0.25, 0.125)] == [0, 0.5, 0.75]
    assert len(traces) == 1


@course("O028")
def test_numpy_sees_the_same_memory_but_cannot_write_it():
    x = ft.tensor([1.0, 2.0])
    view = ft.to_numpy(x)
    assert view.tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 5


@course("O029")
def test_arrays_are_put_on_devices_by_name():
    x = jax.device_put(ft.ones(2), jax.devices("cpu")[0])
    assert {device.platform for device in x.devices()} == {"cpu"}
    with pytest.raises(RuntimeError, match="Unknown backend"):
        jax.devices("no such device")


@course("O030")
def test_a_result_is_waited_for_before_it_is_timed():
    x = ft.ones(300, 300)
    y = jax.jit(ft.mm)(x, x).block_until_ready()
    assert y.is_ready()
    assert y[0, 0] == 300


@course("O031")
def test_a_dataset_needs_two_methods():
    with pytest.raises(NotImplementedError, match="__getitem__"):
        Dataset()[0]
    with pytest.raises(TypeError, match=r"len|__len__"):
        len(Dataset())


@course("O033")
def test_the_pipeline_from_dataset_to_batches():
    dataset = TensorDataset(np.ones((100, 2), np.float32), np.ones((100, 1), np.float32))
    shapes = [(x.shape, y.shape) for x, y in DataLoader(dataset, batch_size=32)]
    assert shapes == [((32, 2), (32, 1))] * 3 + [((4, 2), (4, 1))]


def test_tap_is_silent_without_a_question():
    assert tap(jnp.ones(1), "x") == 1
