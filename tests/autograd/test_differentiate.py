"""Derivatives: values worked out by hand, arguments by name, and what is refused."""

import functools
import inspect

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course import autograd as ag
from functorch_course.autograd import GradientError
from functorch_course.errors import InvalidValueError, TeachingError

X = jnp.array([1.0, 2.0, 3.0])


def f(u, v):
    return u * v + u**2


@pytest.mark.parametrize(
    ("wrt", "expected"),
    [(0, 4), ("u", 4), (1, 1), ("v", 1), (("u", "v"), (4, 1)), ((1, 0), (1, 4)), (["v"], (1,))],
    ids=str,
)
def test_by_position_or_name(wrt, expected):
    value, gradient = ag.value_and_grad(f, wrt)(1.0, 2.0)
    assert value == 3
    assert gradient == expected
    assert ag.grad(f, wrt)(1.0, 2.0) == expected


def test_arguments_may_come_by_name():
    assert ag.grad(f, "v")(1.0, v=2.0) == 1
    assert ag.grad(f, "u")(v=2.0, u=1.0) == 4
    assert ag.grad(lambda x, scale=3.0: x * scale)(2.0) == 3
    assert ag.grad(lambda x, scale=3.0: x * scale, "scale")(2.0) == 2


def test_a_gradient_has_the_form_of_its_argument():
    params = {"w": X, "b": jnp.array(0.5)}
    gradient = ag.grad(lambda p: (p["w"] ** 2).sum() + p["b"])(params)
    assert gradient["w"].tolist() == [2, 4, 6]
    assert gradient["b"] == 1


def test_the_name_and_documentation_stay():
    assert ag.grad(f).__name__ == "f"
    assert list(inspect.signature(ag.value_and_grad(f)).parameters) == ["u", "v"]


def test_aux_comes_out_beside():
    def with_aux(x):
        return x**2, "kept"

    assert ag.value_and_grad(with_aux, has_aux=True)(2.0) == ((4, "kept"), 4)
    assert ag.grad(with_aux, has_aux=True)(2.0) == (4, "kept")


def test_one_element_is_enough():
    a, b = jnp.array([2.0]), jnp.array([3.0])
    gradient = ag.grad(lambda a, b: jnp.exp(a * b), (0, 1))(a, b)
    np.testing.assert_allclose(gradient, [[1210.2864], [806.8576]], rtol=1e-6)


def test_a_python_if_may_look_at_the_value():
    branching = ag.grad(lambda x: x**2 if x > 0 else -x)
    assert branching(2.0) == 4
    assert branching(-2.0) == -1


def test_under_jit_nothing_is_added():
    def g(x):
        return jnp.sum(x**2)

    ours, plain = jax.make_jaxpr(ag.value_and_grad(g))(X), jax.make_jaxpr(jax.value_and_grad(g))(X)
    assert str(ours) == str(plain)


def test_second_derivatives_by_nesting():
    assert ag.grad(ag.grad(lambda x: x**3))(2.0) == 12


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: ag.grad(lambda x: x**2)(X), r"returns shape \(3,\), and without a gradient"),
        (lambda: ag.grad(lambda x: (x, x))(2.0), r"returns shape \(\(\), \(\)\)"),
        (lambda: ag.grad(lambda x: x**2)(2), r"\[0\] holds int32(.|\n)*2.0 instead of 2"),
        (lambda: ag.grad(lambda p: p["n"] * 1.0)({"n": 3}), r"input \[0\]\['n'\] holds int32"),
        (lambda: ag.grad(lambda x: jnp.argmax(x))(X), "returns int32, and only floats"),
        (lambda: ag.backward(lambda x: x**2, X), "only a single number can be pulled back"),
        (lambda: ag.backward(lambda x: x, X, gradient=jnp.ones(2)), r"expected shape \(3,\), but"),
        (lambda: ag.vjp(lambda x: x, X)[1](np.ones(3, np.float16)), "expected float32, but got f"),
        (lambda: ag.vjp(lambda x: (x, x), X)[1](X), "a gradient must look like the value"),
        (lambda: ag.jvp(lambda x: x, [X], [jnp.ones(2)]), r"but got shape \(2,\)"),
        (lambda: ag.jacobian(lambda x: x)(jnp.arange(3)), "holds int32"),
    ],
)
def test_what_has_no_gradient(call, text):
    with pytest.raises(GradientError, match=text) as error:
        call()
    assert isinstance(error.value, RuntimeError)


def test_unknown_arguments():
    with pytest.raises(InvalidValueError, match=r"wrt='w' is no argument .* one of 'u', 'v'"):
        ag.grad(f, "w")
    with pytest.raises(
        InvalidValueError, match="at position 2 is to be differentiated, but only 2"
    ):
        ag.grad(f, 2)(1.0, 2.0)


@pytest.mark.parametrize(
    "differentiate",
    [
        ag.grad,
        ag.value_and_grad,
        ag.jacobian,
        ag.hessian,
        ag.backward,
        lambda loss: ag.vjp(loss, X),
        lambda loss: ag.jvp(loss, [X], [X]),
    ],
)
def test_a_value_cannot_be_differentiated(differentiate):
    text = r"where a function is differentiated(.|\n)*loss.backward\(\) goes(.|\n)*grad\(f\)\(x\)"
    with pytest.raises(TeachingError, match=text):
        differentiate((X**2).sum())


def test_the_flag_of_pytorch_is_refused():
    x = jnp.array(2.0)
    x.requires_grad = True
    with pytest.raises(TeachingError, match=r"x.requires_grad = \.\.\. was written on an array"):
        ag.grad(lambda x: x**2)(x)


def test_a_helper_may_be_defined_later():
    gradient = ag.grad(lambda x: later(x))

    def later(x):
        return x**2

    assert gradient(2.0) == 4


def test_anything_that_can_be_called_has_a_gradient():
    assert ag.grad(jnp.sin)(0.0) == 1
    assert ag.grad(functools.partial(f, 1.0))(2.0) == 1
    assert ag.grad(Square())(3.0) == 6


class Square:
    def __call__(self, x):
        return x**2


def test_backward_returns_what_grad_would_hold():
    assert ag.backward(lambda x: x**2, 2.0) == 4
    assert ag.backward(lambda a, b, c: a * b + c, 2.0, 3.0, 4.0) == (3, 2, 1)
    assert ag.backward(lambda x: x**2, X, gradient=jnp.array([1.0, 10, 100])).tolist() == [
        2,
        40,
        600,
    ]


def test_the_way_back_may_be_gone_twice():
    value, pull = ag.vjp(lambda x: x**2, 2.0)
    assert value == 4
    assert pull(1.0) == pull(1.0) == (4,)


def test_forwards_and_backwards_agree():
    value, tangent = ag.jvp(lambda x: x**2, [2.0], [1.0])
    assert (value, tangent) == (4, 4)


def test_matrices_of_derivatives():
    np.testing.assert_array_equal(ag.jacobian(lambda x: x**2)(X), np.diag([2, 4, 6]))
    np.testing.assert_array_equal(ag.hessian(lambda x: (x**3).sum())(X), np.diag([6, 12, 18]))
    assert ag.hessian(f, ("u", "v"))(1.0, v=2.0) == ((2, 1), (1, 0))
    with pytest.raises(TeachingError, match="an element of an array was assigned to"):
        ag.jacobian(assigns)(X)


def assigns(x):
    x[0] = 1.0
    return x
