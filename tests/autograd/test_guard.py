"""A number is never taken out of a value that is being differentiated, wherever that is written."""

import functools
import operator
import types
from concurrent.futures import ThreadPoolExecutor

import jax
import jax.numpy as jnp
import pytest

from functorch_course import autograd as ag
from functorch_course import tensor as ft
from functorch_course.autograd.guard import differentiating
from functorch_course.errors import TeachingError
from functorch_course.tensor.errors import TracedValueError


class Scale:
    """A callable object, that leaves the work to one of its attributes, and that to a method."""

    def __init__(self):
        self.inner = types.SimpleNamespace(scaled=self.scaled)

    def __call__(self, x):
        return self.inner.scaled(x)

    def scaled(self, x):
        return x.item() * x

    @classmethod
    def of_class(cls, x):
        return cls().scaled(x)

    @staticmethod
    def static(x):
        return Scale().scaled(x)


def nested(x):
    def first(y):
        def second(z):
            return z.item() * z

        return second(y)

    return first(x)


def decorated(function):
    @functools.wraps(function)
    def wrapper(x):
        return function(x) + x.item()

    return wrapper


SCALE = Scale()
CUTS = {
    "in the function": lambda x: x.item() ** 2,
    "with a place": lambda x: x.item(0) * x,
    "of an element": lambda x: x[None][0].item() * x,
    "of a result": lambda x: (x**2).item() * x,
    "of a choice": lambda x: jnp.where(x > 1, x, 0.0).item() * x,
    "in a method": SCALE.scaled,
    "behind an attribute": lambda x: SCALE.inner.scaled(x),
    "in a callable object": SCALE,
    "in a class method": Scale.of_class,
    "in a static method": Scale.static,
    "in a nested function": nested,
    "in a closure": (lambda scale: lambda x: scale(x))(SCALE.scaled),
    "in a partial": functools.partial(lambda rate, x: rate * x.item() * x, 0.1),
    "in a decorator": decorated(lambda x: x),
    "by a library": lambda x: operator.methodcaller("item")(x) * x,
    "by name": lambda x: getattr(x, "it" + "em")() * x,
    "in a list": lambda x: sum(v.item() for v in [x, x]) * x,
    "in map": lambda x: sum(map(Scale.static, [x, x])),
    "under jit": jax.jit(Scale.static),
    "under vmap": lambda x: jax.vmap(Scale.static)(x[None])[0],
    "under checkpoint": jax.checkpoint(Scale.static),
    "by item of this library": lambda x: ft.item(x) * x,
    "by float": lambda x: float(x) * x,
    "by float in a method": lambda x: types.SimpleNamespace(f=lambda y: float(y)).f(x) * x,
}
X = jnp.array(2.0)


@pytest.mark.parametrize("place", CUTS)
def test_wherever_it_is_written(place):
    function = CUTS[place]
    for differentiate in (
        lambda: ag.grad(function)(X),
        lambda: ag.value_and_grad(function)(X),
        lambda: ag.jacobian(function)(X),
        lambda: ag.hessian(function)(X),
        lambda: ag.backward(function, X),
        lambda: ag.vjp(function, X),
        lambda: ag.jvp(function, [X], [X]),
        lambda: ag.grad(ag.grad(function))(X),
    ):
        with pytest.raises(TeachingError, match=r"gradient through it is lost|cut the gradient"):
            differentiate()


def test_the_message():
    with pytest.raises(TracedValueError) as error:
        ag.grad(SCALE)(X)
    assert str(error.value) == (
        ".item() was called inside a function that is being differentiated\n"
        "  PyTorch: It gives the number, and the gradient through it is lost in silence.\n"
        "  Here:    compute with the array itself, and take item() of what the function returns; "
        "to print or to branch, detach(x).item()\n"
        "  Lesson:  T057"
    )
    assert isinstance(error.value, RuntimeError)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: x * jnp.array(3.0).item(), 3),
        (lambda x: x * ag.detach(x).item(), 2),
        (lambda x: x * x[None].argmax().item(), 0),
        (lambda x: x * (x > 1).item(), 1),
    ],
    ids=["a constant", "detached", "an index", "a condition"],
)
def test_a_number_without_a_gradient_may_be_taken(function, expected):
    assert ag.grad(function)(X) == expected
    assert ag.grad(function)(2.0) == expected


def test_outside_nothing_changes():
    """What plain JAX does, so that this library's class method is known to step aside."""
    assert X.item() == 2
    with pytest.raises(TracedValueError):
        ag.grad(SCALE)(X)
    assert jax.grad(SCALE)(X) == 2  # wrong, and silent
    with pytest.raises(jax.errors.ConcretizationTypeError):
        jax.jit(SCALE)(X)


def test_other_threads_are_left_alone():
    with differentiating(), ThreadPoolExecutor(1) as pool:
        assert pool.submit(jax.grad(SCALE), X).result() == 2
