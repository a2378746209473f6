"""Every lesson, by its text."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course import autograd as ag
from functorch_course import tensor as ft
from functorch_course.autograd import GlobalStateError, explain, explanation
from functorch_course.errors import TeachingError
from functorch_course.nn import Linear
from functorch_course.optim import SGD
from functorch_course.tensor import from_numpy, to_numpy

X = jnp.ones(3)
LEAKED = []


def assign_item():
    X[0] = 5


def write(array):
    array[0] = 5


def leak():
    jax.jit(lambda x: LEAKED.append(x))(1.0)
    return LEAKED.pop() + 1


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (assign_item, r"assigned to, but arrays never change(.|\n)*x.at\[i\].set(.|\n)*T060"),
        (lambda: jax.jit(lambda x: x if x > 0 else -x)(1.0), "if or while asked for a value"),
        (lambda: jax.jit(lambda x: x[x > 0])(X), r"boolean mask(.|\n)*jnp.where\(mask, x, 0.0\)"),
        (lambda: jax.jit(lambda x: np.sin(x))(X), "handed to NumPy"),
        (lambda: jax.jit(lambda n: list(range(n)))(3), "used as a Python integer"),
        (lambda: jax.jit(lambda x: x.item())(1.0), "a Python number was taken out"),
        (
            lambda: jax.grad(lambda x: float(x) * x)(1.0),
            r"\.item\(\) and float\(\) cut the gradient",
        ),
        (leak, "was kept and used after it had ended"),
        (lambda: jax.grad(lambda x: x)(X), r"returns an array of shape \(3,\), and a gradient"),
        (lambda: jax.grad(lambda x: x)(2), "a gradient with respect to int32 values"),
        (lambda: jnp.ones((3, 4)) @ jnp.ones((5, 2)), r"unequal lengths \(4,\) and \(5,\)"),
        (lambda: X + jnp.ones(2), r"the shapes \(3,\), \(2,\) do not fit together"),
        (lambda: X[[0, 2]], r"a list stands between the brackets(.|\n)*tensor.index"),
        (lambda: X.sum(dim=0), "dim= is not what jax.numpy calls it"),
        (lambda: X.sum(keepdim=True), "keepdim= is not what jax.numpy calls it"),
        (lambda: jnp.array([2**40]), "1099511627776 does not fit into int32"),
        (lambda: jnp.array([300], jnp.uint8), "300 does not fit into uint8"),
        (lambda: jnp.zeros(3, jnp.float64), "float64 was asked for, but 64-bit numbers are off"),
        (lambda: write(to_numpy(X)), "memory belongs to an immutable array"),
        (lambda: X.size(), "x.size is a number here"),
        (lambda: X.view(3, 1), r"reads the same bits as another dtype(.|\n)*x.reshape\(5, 1\)"),
        (lambda: X.view(-1), r"where jax.numpy takes a dtype(.|\n)*tensor.view\(x, -1\)"),
        (lambda: jnp.zeros(2, 3), r"where jax.numpy takes a dtype(.|\n)*tensor.zeros\(2, 3\)"),
        (lambda: X.reshape(2, 2), r"of shape \(3,\) do not fill the shape \(2, 2\)"),
        (lambda: jax.devices("tricorder"), r"no device called tricorder(.|\n)*jax.devices\(\)"),
        (lambda: ft.sum(X, axis=0), r"axis= is not what functorch_course(.|\n)*dim= and keepdim="),
        (lambda: jnp.ones(3, requires_grad=True), r"arrays carry no such flag(.|\n)*grad\(f\)"),
        (lambda: SGD([X], lr=0.1), r"given parameters, but here it holds none(.|\n)*O021"),
        (lambda: SGD(lr=0.1).zero_grad(), r"\.zero_grad: (.|\n)*gradients are return values"),
        (lambda: SGD(lr=0.1).step(), r"\.step: (.|\n)*training.make_step"),
        (lambda: Linear(2, 1).zero_grad(), r"\.zero_grad: a Linear here has no such attribute"),
        (lambda: Linear(2, 1).cuda(), r"\.cuda: a Linear (.|\n)*JAX computes on its device"),
        (lambda: X.add_(1), r"\.add_: (.|\n)*It writes into the tensor, in place"),
        (lambda: X.exp(), r"\.exp: (.|\n)*Here:    tensor.exp\(x, \.\.\.\)"),
        (lambda: X.t(), r"\.t: (.|\n)*Here:    x\.T"),
        (lambda: X.backward(), r"\.backward: an array here has no such attribute(.|\n)*grad\(f\)"),
        (lambda: jax.grad(lambda x: x.detach())(2.0), r"\.detach: (.|\n)*Here:    detach\(x\)"),
    ],
)
def test_errors_of_plain_jax_are_explained(call, text):
    with pytest.raises(TeachingError, match=text) as error, explain():
        call()
    assert error.value.__cause__ is not None
    assert "PyTorch:" in str(error.value)


def test_a_shared_buffer_that_is_written_is_explained():
    a = np.ones(3, np.float32)
    from_numpy(a, share=True)
    with pytest.raises(TeachingError, match=r"write into a copy: np.array\(a\)"), explain():
        a[0] = 2


@pytest.mark.parametrize(
    "name",
    ["grad", "grad_fn", "is_leaf", "retain_grad", "numpy", "numel", "dim", "float", "mm", "to"],
)
def test_methods_of_tensors_are_explained(name):
    with pytest.raises(TeachingError, match=rf"^\.{name}: an array here has no such attribute"):
        explain()(getattr)(X, name)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("something else"),
        AttributeError("no such thing"),
        TypeError("'int' object is not callable"),
        KeyError("w"),
    ],
)
def test_other_errors_pass(error):
    def fail():
        raise error

    assert explanation(error) is None
    with pytest.raises(type(error)) as raised:
        explain()(fail)()
    assert raised.value is error


@pytest.mark.parametrize("owner", [X, Linear(2, 1), SGD(lr=0.1)])
def test_an_attribute_that_nobody_has_passes(owner):
    with pytest.raises(AttributeError, match="colour"), explain():
        owner.colour  # noqa: B018


def test_an_attribute_of_something_else_passes():
    with (
        pytest.raises(AttributeError, match="'list' object has no attribute 'backward'"),
        explain(),
    ):
        [].backward()


def test_a_lesson_is_not_explained_twice():
    lesson = TeachingError("a", "b", "c")
    with pytest.raises(TeachingError) as raised, explain():
        raise lesson
    assert raised.value is lesson


def test_inside_grad_everything_is_explained():
    with pytest.raises(TeachingError, match=r"\.backward: an array here has no such attribute"):
        ag.grad(lambda x: x.backward())(2.0)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("zero_grad", "there is no stored gradient to forget"),
        ("no_grad", "nothing is recorded unless a gradient is asked for"),
        ("set_grad_enabled", "there is no switch"),
        ("requires_grad_", "an array carries no mark"),
        ("retain_grad", "gradients are returned, not kept"),
    ],
)
def test_names_that_exist_to_teach(name, text):
    with pytest.raises(GlobalStateError, match=rf"{name}\(\): {text}"):
        getattr(ag, name)(X, any_option=True)
