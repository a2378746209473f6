"""The dictionary against PyTorch.

Every name exists there, every argument is accounted for, and what the examples become gives
PyTorch's values.
"""

import functools
import importlib
import inspect
import re
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import PIL.Image
import pytest
import torch

import functorch_course as fc
from functorch_course.translate import (
    as_program,
    dictionary,
    translate_line,
    translate_script,
)
from functorch_course.translate.names import USUAL, index
from parity.torchvision_stub import torchvision
from tolerance import assert_close

EXAMPLES = [entry.example for entry in dictionary() if entry.example]
ARRAYS = {
    "x": np.array([[1.5, -2.0, 3.25], [4.0, 0.5, -6.0]], np.float32),
    "y": np.array([[2.0, 1.0, -3.0], [0.5, 0.25, 7.0]], np.float32),
    "u": np.array([1.0, -2.0, 3.0], np.float32),
    "v": np.array([0.5, 4.0, 2.0], np.float32),
    "w": np.array([[1.0, 2.0], [3.0, -4.0], [0.5, 6.0]], np.float32),
    "b": np.array([1.0, -1.0], np.float32),
    "p": np.array([[0.2, 0.3, 0.9], [0.6, 0.1, 0.7]], np.float32),
    "q": np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]], np.float32),
    "n": np.array([7, 4, 3, 2, 6], np.int32),
    "labels": np.array([0, 2], np.int32),
    "image": (np.arange(3 * 6 * 8) * 37 % 256).astype(np.uint8).reshape(3, 6, 8),
    "gray": np.linspace(0, 1, 48, dtype=np.float32).reshape(1, 6, 8),
}
OWN = {
    "array": ARRAYS["x"],
    "picture": PIL.Image.fromarray(np.moveaxis(ARRAYS["image"], 0, -1).copy()),
}


def in_torch(code):
    """What an expression gives in PyTorch, from its usual names and the arrays above."""
    tensors = {name: torch.tensor(value) for name, value in ARRAYS.items()}
    tensors["labels"] = tensors["labels"].long()
    names = {name: object_named(full) for name, full in USUAL.items()}
    torch.manual_seed(3)
    return eval(code, names | tensors | OWN)


def here(code):
    """What the translation of an expression gives here."""
    arrays = {name: jnp.asarray(value) for name, value in ARRAYS.items()}
    images = {name: ARRAYS[name] for name in ("image", "gray")}
    modules = {"fc": fc, "jnp": jnp, "np": np, "jax": jax, "functools": functools}
    fc.manual_seed(3)
    return eval(translate_line(code).here, modules | arrays | images | OWN)


def object_named(name):
    """The object of PyTorch that a full name stands for."""
    parts = name.removesuffix(".__getitem__").split(".__setitem__")[0].split(".")
    for length in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        break
    for part in parts[length:]:
        value = getattr(value, part)
    return value


def leaves(value):
    """The arrays, numbers and texts of a result, as NumPy arrays."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (tuple, list)) and not all(isinstance(v, (int, float)) for v in value):
        return [leaf for part in value for leaf in leaves(part)]
    return [np.asarray(value.detach() if isinstance(value, torch.Tensor) else value)]


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")  # PyTorch's own
@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_gives_pytorch_s_values(example):
    theirs, ours = leaves(in_torch(example)), leaves(here(example))
    assert len(theirs) == len(ours)
    for there, mine in zip(theirs, ours, strict=True):
        assert_close(mine, there)


OUT_OF_SIGHT = {  # attributes of instances, and what needs another package
    "torch.utils.tensorboard.SummaryWriter",
    "torch.nn.Module.training",
    "torch.nn.Module.weight",
    "torch.nn.Module.bias",
    "torch.optim.Optimizer.param_groups",
    "torch.autograd.function.FunctionCtx.saved_tensors",
    "torch.Tensor.grad.zero_",
}


def test_every_name_of_the_dictionary_is_pytorch_s():
    assert torchvision is not None
    for name in index().keys() - OUT_OF_SIGHT:
        object_named(name)


def test_a_name_that_pytorch_lacks_is_seen():
    with pytest.raises(AttributeError, match="no_such_name"):
        object_named("torch.nn.no_such_name")


def parameters_of(thing):
    """The names of a function's or constructor's parameters, by keyword or in order."""
    found = inspect.signature(thing.__init__ if inspect.isclass(thing) else thing)
    return [p for p in found.parameters.values() if p.name != "self"]


def readable(thing):
    """Whether Python can tell all parameters of something that is called."""
    try:
        return not any(p.kind is p.VAR_KEYWORD for p in parameters_of(thing))
    except (TypeError, ValueError):  # no function, or one in C
        return False


def unaccounted(theirs, ours, set_apart):
    """The parameters there that are neither taken here, in the same order, nor set apart."""
    known = [p.name for p in ours]
    kept = [p for p in theirs if p.name not in set_apart and p.kind is not p.VAR_POSITIONAL]
    keyword = {p.name for p in kept if p.kind is p.KEYWORD_ONLY and p.name not in known}
    ordered = [p.name for p in kept if p.kind is not p.KEYWORD_ONLY]
    return keyword | set(ordered) - set(known)


RENAMED = [
    (pattern.name, entry)
    for patterns in index().values()
    for pattern, entry in patterns
    if re.fullmatch(r"fc[\w.]+", entry.template) and pattern.signature is None
]


def test_every_argument_of_a_renamed_function_is_taken_left_out_or_refused():
    seen = 0
    for name, entry in RENAMED:
        theirs, ours = object_named(name), eval(entry.template, {"fc": fc})
        if readable(theirs) and readable(ours):
            seen += 1
            rest = unaccounted(
                parameters_of(theirs), parameters_of(ours), entry.left_out + entry.refused
            )
            assert not rest, f"{name}: {rest}"
    assert seen > 60


def test_an_argument_that_is_forgotten_is_seen():
    theirs, ours = parameters_of(torch.nn.Conv2d), parameters_of(fc.nn.Conv2d)
    assert unaccounted(theirs, ours, ("device",)) == {"padding_mode"}


def losses(program, options, path, monkeypatch):
    """What a script writes for ``--trace``, run in this process."""
    monkeypatch.setattr(sys, "argv", ["script", *options, "--trace", str(path)])
    exec(compile(program, "script", "exec"), {"__name__": "__main__", "__doc__": ""})
    with np.load(path) as file:
        return dict(file)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("learning_rates", ["--rates", "0.01", "0.1", "--epochs", "2"]),
        ("batch_sizes", ["--sizes", "20", "--epochs", "2"]),
    ],
)
def test_a_translated_script_trains_with_pytorch_s_losses(name, options, tmp_path, monkeypatch):
    twin = Path(__file__).parent.parent.parent / "scripts" / "pytorch" / f"{name}.py"
    source = twin.read_text(encoding="utf-8")
    theirs = losses(source, options, tmp_path / "theirs.npz", monkeypatch)
    ours = as_program(translate_script(source))
    found = losses(ours, options, tmp_path / "ours.npz", monkeypatch)
    assert found.keys() == theirs.keys()
    for key, values in theirs.items():
        np.testing.assert_allclose(found[key], values, rtol=1e-5)
