"""functorch_course.nn beside torch.nn: the same numbers from the same seeds."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from safetensors.torch import load_file, save_file

from functorch_course import nn
from functorch_course.errors import DamagedFileError
from functorch_course.random import Generator, manual_seed, rand
from tolerance import assert_close

MODULES = {
    "Linear": lambda n: n.Linear(7, 5),
    "Linear without bias": lambda n: n.Linear(64, 33, bias=False),
    "Conv2d": lambda n: n.Conv2d(3, 4, 3),
    "Conv2d of groups": lambda n: n.Conv2d(8, 8, (3, 5), groups=4, bias=False),
    "Embedding": lambda n: n.Embedding(10, 6, padding_idx=3),
    "small Embedding": lambda n: n.Embedding(3, 4),
    "perceptron": lambda n: n.Sequential(
        n.Flatten(), n.Linear(12, 8), n.ReLU(), n.Dropout(0.5), n.Linear(8, 3)
    ),
    "nested": lambda n: n.Sequential(
        n.Sequential(n.Linear(2, 20), n.Tanh()), *[n.Linear(20, 20) for _ in range(11)]
    ),
}


@pytest.mark.parametrize("seed", [0, 1234, 2**40 + 3])
@pytest.mark.parametrize("name", MODULES)
def test_modules_start_alike_under_the_same_names_and_leave_the_stream_alike(name, seed):
    torch.manual_seed(seed)
    theirs = MODULES[name](torch.nn)
    manual_seed(seed)
    ours = MODULES[name](nn).state_dict()
    assert list(ours) == list(theirs.state_dict())
    for key, tensor in theirs.state_dict().items():
        np.testing.assert_array_equal(ours[key], tensor.numpy(), strict=True)
    assert rand() == torch.rand(()).item()


def test_float64_modules_start_alike():
    torch.manual_seed(5)
    theirs = torch.nn.Linear(9, 4, dtype=torch.float64)
    with jax.enable_x64(True):
        ours = nn.Linear(9, 4, generator=Generator(5), dtype=np.float64)
        x = np.random.default_rng(0).normal(size=(3, 9))
        assert_close(ours(x), theirs(torch.tensor(x)).detach().numpy())
    np.testing.assert_array_equal(ours.weight[...], theirs.weight.detach().numpy(), strict=True)


def test_the_mlp_is_pytorchs_sequential():
    torch.manual_seed(3)
    layers = [torch.nn.Linear(6, 5), torch.nn.ReLU(), torch.nn.Linear(5, 4), torch.nn.ReLU()]
    theirs = torch.nn.Sequential(*layers, torch.nn.Linear(4, 2))
    ours = nn.MLP(6, [5, 4], 2, generator=Generator(3))
    x = np.random.default_rng(0).normal(size=(3, 2, 3)).astype(np.float32)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert_close(ours(x), theirs(torch.tensor(x).flatten(1)).detach().numpy())


INITS = {
    "uniform": ((9, 4), (-2.0, 0.5)),
    "normal": ((5, 7), (1.0, 0.02)),
    "trunc_normal": ((9, 11), ()),
    "trunc_normal of one deviation": ((9, 11), (0.0, 1.0, -1.0, 1.0)),
    "trunc_normal of a tail": ((5, 7), (0.0, 1.0, 2.0, 3.0)),
    "xavier_uniform": ((5, 7), (2.0,)),
    "xavier_normal": ((5, 7), ()),
    "xavier_normal of few": ((2, 3), ()),
    "kaiming_uniform": ((4, 3, 3, 3), (0.1, "fan_out")),
    "kaiming_normal": ((4, 3, 3, 3), (0.0, "fan_out", "relu")),
    "constant": ((3, 2), (0.3,)),
    "eye": ((3, 5), ()),
}


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("name", INITS)
def test_initial_values_are_equal(name, seed):
    shape, arguments = INITS[name]
    function = name.split()[0]
    theirs = getattr(torch.nn.init, f"{function}_")
    torch.manual_seed(seed)
    manual_seed(seed)
    desired = theirs(torch.empty(shape), *arguments).numpy()
    actual = getattr(nn.init, function)(shape, *arguments)
    np.testing.assert_array_equal(actual, desired, strict=True)
    assert rand() == torch.rand(()).item()


@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (3, 2, 2)])
def test_orthogonal_starts_are_equal_to_rounding(shape):
    generator = torch.Generator().manual_seed(1)
    desired = torch.nn.init.orthogonal_(torch.empty(shape), 2.0, generator=generator).numpy()
    assert_close(nn.init.orthogonal(shape, 2.0, generator=Generator(1)), desired)


@pytest.mark.parametrize("own", [False, True])
def test_sparse_starts_are_equal(own):
    torch.manual_seed(2)
    manual_seed(2)
    theirs = torch.Generator().manual_seed(1) if own else None
    ours = Generator(1) if own else None
    desired = torch.nn.init.sparse_(torch.empty(7, 5), 0.35, generator=theirs).numpy()
    actual = nn.init.sparse((7, 5), 0.35, generator=ours)
    np.testing.assert_array_equal(actual, desired, strict=True)


@pytest.mark.parametrize("name", ["linear", "conv2d", "sigmoid", "tanh", "relu", "selu"])
def test_gains_are_equal(name):
    assert nn.init.calculate_gain(name) == torch.nn.init.calculate_gain(name)
    slope = (nn.init.calculate_gain("leaky_relu", 0.3), nn.init.calculate_gain("leaky_relu"))
    gain = torch.nn.init.calculate_gain
    assert slope == (gain("leaky_relu", 0.3), gain("leaky_relu"))


ACTIVATIONS = {
    "ReLU": {},
    "LeakyReLU": {"negative_slope": 0.2},
    "ELU": {"alpha": 0.7},
    "GELU": {},
    "GELU by tanh": {"approximate": "tanh"},
    "SiLU": {},
    "Sigmoid": {},
    "Tanh": {},
    "Softplus": {"beta": 2.0, "threshold": 5.0},
    "Softmax": {"dim": 0},
    "LogSoftmax": {"dim": -1},
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nonlinearities_and_their_derivatives_are_equal_at_zero_too(name):
    x = np.float32([[-30, -2.0, -0.5, 0.0], [1e-3, 0.7, 3.0, 30.0]])
    kind = name.split()[0]
    ours = getattr(nn, kind)(**ACTIVATIONS[name])
    tensor = torch.tensor(x, requires_grad=True)
    theirs = getattr(torch.nn, kind)(**ACTIVATIONS[name])(tensor)
    theirs.sum().backward()
    assert_close(ours(x), theirs.detach().numpy())
    assert_close(jax.grad(lambda x: ours(x).sum())(x), tensor.grad.numpy())


RNG = np.random.default_rng(0)
PREDICTIONS = RNG.normal(size=(6, 4)).astype(np.float32) * 2
NUMBERS = RNG.normal(size=(6, 4)).astype(np.float32)
NUMBERS[0] = PREDICTIONS[0]
ANSWERS = RNG.integers(0, 2, (6, 4)).astype(np.float32)
PROBABILITIES = np.clip(RNG.uniform(-0.1, 1.1, (6, 4)), 0, 1).astype(np.float32)
LABELS = RNG.integers(0, 4, 6)
SOFT = RNG.dirichlet(np.ones(4), 6).astype(np.float32)
WEIGHT = RNG.uniform(0.5, 2, 4).astype(np.float32)
LOSSES = {
    "mse_loss": (PREDICTIONS, NUMBERS, {}),
    "l1_loss": (PREDICTIONS, NUMBERS, {}),
    "huber_loss": (PREDICTIONS, NUMBERS, {"delta": 0.5}),
    "smooth_l1_loss": (PREDICTIONS, NUMBERS, {"beta": 0.5}),
    "smooth_l1_loss that is sharp": (PREDICTIONS, NUMBERS, {"beta": 0.0}),
    "binary_cross_entropy": (PROBABILITIES, ANSWERS, {}),
    "binary_cross_entropy of weights": (PROBABILITIES, ANSWERS, {"weight": WEIGHT}),
    "binary_cross_entropy_with_logits": (PREDICTIONS * 20, ANSWERS, {}),
    "binary_cross_entropy_with_logits of weights": (
        PREDICTIONS,
        ANSWERS,
        {"weight": WEIGHT, "pos_weight": WEIGHT[::-1].copy()},
    ),
    "nll_loss": (PREDICTIONS, LABELS, {"weight": WEIGHT, "ignore_index": 2}),
    "cross_entropy": (PREDICTIONS, LABELS, {}),
    "cross_entropy of weights": (PREDICTIONS, LABELS, {"weight": WEIGHT}),
    "cross_entropy ignoring": (PREDICTIONS, LABELS, {"ignore_index": 1, "label_smoothing": 0.2}),
    "cross_entropy smoothed": (PREDICTIONS, LABELS, {"weight": WEIGHT, "label_smoothing": 0.2}),
    "cross_entropy of probabilities": (
        PREDICTIONS,
        SOFT,
        {"weight": WEIGHT, "label_smoothing": 0.1},
    ),
    "cross_entropy of images": (
        RNG.normal(size=(2, 3, 4, 5)).astype(np.float32),
        RNG.integers(0, 3, (2, 4, 5)),
        {"ignore_index": 0},
    ),
}


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("name", LOSSES)
def test_losses_and_their_derivatives_are_equal(name, reduction):
    predictions, targets, options = LOSSES[name]
    function = name.split()[0]
    ours = functools.partial(getattr(nn, function), reduction=reduction, **options)
    options = {k: torch.tensor(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}
    theirs = functools.partial(getattr(F, function), reduction=reduction, **options)
    tensor = torch.tensor(predictions, requires_grad=True)
    loss = theirs(tensor, torch.tensor(targets))
    loss.sum().backward()
    assert_close(ours(predictions, targets), loss.detach().numpy())
    compiled = jax.jit(jax.grad(lambda p, t: ours(p, t).sum()))
    assert_close(compiled(predictions, targets), tensor.grad.numpy())


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 1.0])
def test_dropout_masks_are_equal_eager_and_compiled(p):
    x = np.random.default_rng(0).normal(size=(7, 5)).astype(np.float32)
    torch.manual_seed(11)
    theirs = torch.nn.Dropout(p)
    desired = [theirs(torch.tensor(x)).numpy() for _ in range(3)]
    manual_seed(11)
    implicit = nn.Dropout(p)
    np.testing.assert_array_equal(np.stack([implicit(x) for _ in range(3)]), desired)
    layer = nn.Dropout(p, generator=Generator(11))
    compiled = jax.jit(lambda x: layer(x))
    actual = [compiled(x), layer(x), compiled(x)]
    np.testing.assert_allclose(np.stack(actual), desired, rtol=1e-6)


CONVOLUTIONS = [
    {},
    {"stride": 2, "padding": 1},
    {"stride": (2, 1), "padding": (0, 2), "dilation": (1, 2)},
    {"padding": "same", "dilation": 3},
    {"padding": "valid", "groups": 2},
]


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@pytest.mark.parametrize("kernel", [3, (2, 4)])
@pytest.mark.parametrize("options", CONVOLUTIONS)
def test_convolutions_and_their_gradients_are_equal(options, kernel):
    theirs = torch.nn.Conv2d(4, 6, kernel, **options)
    ours = nn.Conv2d(4, 6, kernel, **options)
    ours.load_state_dict({k: v.detach().numpy() for k, v in theirs.state_dict().items()})
    x = np.random.default_rng(0).normal(size=(2, 4, 9, 10)).astype(np.float32)
    outputs = theirs(torch.tensor(x))
    (outputs**2).mean().backward()
    assert_close(ours(x), outputs.detach().numpy())
    assert_close(ours(x[0]), outputs[0].detach().numpy())
    gradient = jax.grad(lambda model: (model(x) ** 2).mean())(ours)
    assert_close(gradient.weight[...], theirs.weight.grad.numpy())
    assert_close(gradient.bias[...], theirs.bias.grad.numpy())


def test_the_gradient_of_an_embedding_leaves_padding_out():
    torch.manual_seed(0)
    theirs = torch.nn.Embedding(5, 3, padding_idx=-1)
    ours = nn.Embedding(5, 3, padding_idx=-1, generator=Generator(0))
    x = np.array([[0, 4, 2], [2, 4, 1]])
    outputs = theirs(torch.tensor(x))
    (outputs * 2).sum().backward()
    np.testing.assert_array_equal(ours(x), outputs.detach().numpy())
    gradient = jax.grad(lambda model: (model(x) * 2).sum())(ours)
    np.testing.assert_array_equal(gradient.weight[...], theirs.weight.grad.numpy())


def test_safetensors_go_both_ways(tmp_path):
    theirs = torch.nn.Linear(5, 3)
    save_file(theirs.state_dict(), tmp_path / "theirs")
    ours = nn.Linear(5, 3)
    ours.load_state_dict(nn.load_safetensors(tmp_path / "theirs"))
    np.testing.assert_array_equal(ours.weight[...], theirs.weight.detach().numpy())
    nn.save_safetensors(nn.Linear(5, 3, generator=Generator(9)), tmp_path / "ours")
    theirs.load_state_dict(load_file(tmp_path / "ours"))
    torch.manual_seed(9)
    assert torch.equal(theirs.weight, torch.nn.Linear(5, 3).weight)


DTYPES = [
    *[torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.complex64],
    *[torch.complex128, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool],
]


@pytest.mark.parametrize("dtype", DTYPES)
def test_pt_files_of_pytorch_are_read(tmp_path, dtype):
    tensor = torch.arange(24).reshape(2, 3, 4).to(dtype)
    parts = {"whole": tensor, "turned": tensor.permute(2, 0, 1), "cut": tensor[1:, ::2, 1]}
    torch.save({"parts": parts, "epoch": 3, "scalar": tensor[0, 0, 1]}, tmp_path / "a.pt")
    read = nn.load_pt(tmp_path / "a.pt")
    assert read["epoch"] == 3
    for name, part in [*parts.items(), ("scalar", tensor[0, 0, 1])]:
        values = read["parts"].get(name, read.get("scalar"))
        assert str(values.dtype) == str(dtype).removeprefix("torch.")
        assert values.shape == tuple(part.shape)
        assert values.tolist() == part.tolist()


def test_pt_state_dicts_go_both_ways(tmp_path):
    torch.manual_seed(4)
    theirs = torch.nn.Sequential(torch.nn.Linear(5, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    torch.save(theirs.state_dict(), tmp_path / "theirs.pt")
    ours = nn.Sequential(nn.Linear(5, 3), nn.ReLU(), nn.Linear(3, 1))
    ours.load_state_dict(nn.load_pt(tmp_path / "theirs.pt"))
    nn.save_pt(ours, tmp_path / "ours.pt")
    for mmap in (False, True):
        read = torch.load(tmp_path / "ours.pt", weights_only=True, mmap=mmap)
        assert list(read) == list(theirs.state_dict())
        assert all(torch.equal(read[name], t) for name, t in theirs.state_dict().items())
        theirs.load_state_dict(read)


def test_a_saved_parameter_is_read_and_a_saved_module_is_not(tmp_path):
    model = torch.nn.Linear(2, 1)
    torch.save({"w": model.weight}, tmp_path / "parameter.pt")
    read = nn.load_pt(tmp_path / "parameter.pt")["w"]
    np.testing.assert_array_equal(read, model.weight.detach().numpy())
    torch.save(model, tmp_path / "module.pt")
    with pytest.raises(DamagedFileError, match=r"names torch\.nn\.modules\.linear\.Linear"):
        nn.load_pt(tmp_path / "module.pt")


def test_compiled_softmax_regression_and_its_gradient_are_close_to_pytorchs():
    torch.manual_seed(0)
    theirs = torch.nn.Linear(784, 10)
    ours = nn.SoftmaxRegression(784, 10, generator=Generator(0))
    x = np.random.default_rng(0).uniform(size=(64, 1, 28, 28)).astype(np.float32)
    y = np.random.default_rng(1).integers(0, 10, 64)
    loss = F.cross_entropy(theirs(torch.tensor(x).flatten(1)), torch.tensor(y))
    loss.backward()
    step = jax.jit(jax.value_and_grad(lambda model: nn.cross_entropy(model(x), jnp.asarray(y))))
    value, gradient = step(ours)
    assert_close(value, loss.detach().numpy())
    assert_close(gradient.linear.weight[...], theirs.weight.grad.numpy())
    assert_close(gradient.linear.bias[...], theirs.bias.grad.numpy())


def test_training_with_dropout_follows_pytorch_from_the_seeds_alone():
    torch.manual_seed(0)
    layers = [torch.nn.Linear(6, 20), torch.nn.ReLU(), torch.nn.Dropout(0.4)]
    theirs = torch.nn.Sequential(*layers, torch.nn.Linear(20, 3))
    generator = Generator(0)
    layers = [
        nn.Linear(6, 20, generator=generator),
        nn.ReLU(),
        nn.Dropout(0.4, generator=generator),
    ]
    ours = nn.Sequential(*layers, nn.Linear(20, 3, generator=generator))
    x = np.random.default_rng(0).normal(size=(32, 6)).astype(np.float32)
    y = np.random.default_rng(1).integers(0, 3, 32)

    @jax.jit
    def step(model, _):
        loss, gradient = jax.value_and_grad(lambda m: nn.cross_entropy(m(x), jnp.asarray(y)))(model)
        return jax.tree.map(lambda p, g: p - 0.5 * g, model, gradient), loss

    losses = []
    for _ in range(20):
        loss = F.cross_entropy(theirs(torch.tensor(x)), torch.tensor(y))
        theirs.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in theirs.parameters():
                parameter -= 0.5 * parameter.grad
        losses.append(loss.item())
    trained, actual = jax.lax.scan(step, ours, length=20)
    assert_close(actual, np.float32(losses))
    for name, tensor in theirs.state_dict().items():
        np.testing.assert_allclose(trained.state_dict()[name], tensor.numpy(), atol=1e-5)
    assert rand(generator=generator) == torch.rand(()).item()
