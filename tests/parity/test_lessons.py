"""The PyTorch and torch.func columns of the lessons' tables: what they claim of PyTorch is true."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

from functorch_course.lessons import contents
from lesson_tables import Row, check, globals_of, rows

LESSONS = contents()


def as_torch(value):
    """A tensor of its own memory for each array, also inside lists and dicts; the rest as it is."""
    if isinstance(value, (jax.Array, np.ndarray)):
        return torch.tensor(np.array(value))
    if type(value) in (list, tuple):
        return type(value)(map(as_torch, value))
    if type(value) is dict:
        return {key: as_torch(each) for key, each in value.items()}
    return value


def namespace(values):
    """What the cells of PyTorch see: fresh tensors for each, since they may write into them."""
    mine = {name: value for name, value in values.items() if not name.startswith("__")}
    return {**as_torch(mine), "torch": torch, "np": np}


def library_of(expression):
    """torchvision, if a cell is about it; where it is not installed, the cell is skipped."""
    if "torchvision" not in expression:
        return {}
    from parity.torchvision_stub import torchvision

    return {"torchvision": torchvision}


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.path.stem)
def test_the_tables(lesson, subtests, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    values = globals_of(lesson)
    for row in rows(lesson.path.read_text(encoding="utf-8")):
        for column in row.expressions.keys() - {"here"}:
            expression = row.expressions[column]
            with subtests.test(expression):
                check(row, column, namespace(values) | library_of(expression))


VALUES = {"x": jnp.array([7, 4]), "tree": {"w": [np.float32([1.5])]}, "f": lambda x: (x**2).sum()}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("x", "[7, 4]"),
        ("x.zero_()", "[0, 0]"),
        ("x[1]", "4"),
        ("tree['w'][0].requires_grad_()", "[1.5]"),
        ("f(x.float().requires_grad_())", "65.0"),
        ("torch.func.grad(f)(x.float())", "[14, 8]"),
        ("tree", "{'w': [[1.5]]}"),
        ("x.shape", "(2,)"),
        ("x[2]", "IndexError"),
    ],
)
def test_a_true_row_passes(expression, value):
    check(Row(1, {"PyTorch": expression}, value), "PyTorch", namespace(VALUES))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("x", "[7, 5]"),
        ("x", "[[7, 4]]"),
        ("x.shape", "(3,)"),
        ("x[1]", "IndexError"),
        ("x[2]", "RuntimeError"),
        ("x[2]", "4"),
        ("f(x.float())", "65.01"),
        ("fc.tensor.tensor(x)", "[7, 4]"),
    ],
)
def test_a_false_row_fails(expression, value):
    with pytest.raises(AssertionError, match="line 1, PyTorch: "):
        check(Row(1, {"PyTorch": expression}, value), "PyTorch", namespace(VALUES))
