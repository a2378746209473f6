"""Section D, differentiation: gradients taken, added, stopped, replaced, and walked down."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functorch_course.exercises.answer import Answer
from functorch_course.exercises.checks import check, values
from functorch_course.exercises.difference import GRADIENT
from functorch_course.exercises.exercise import Exercise
from functorch_course.exercises.gradients import gradients
from functorch_course.exercises.inputs import numbers, on_device
from functorch_course.exercises.shown import called, shown

Array = NDArray[Any]
IMPORTS = "import jax\nimport jax.numpy as jnp\n\nimport functorch_course as fc"
WITH_CALLABLE = f"from collections.abc import Callable\n\n{IMPORTS}"


@check("derivatives of every function")
def _partials(answer: Answer, random: np.random.Generator) -> None:
    """Hand over functions of two numbers, and compare with their derivatives by hand."""
    functions: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
        "u * v + u**2": (lambda u, v: u * v + u**2, lambda u, v: (v + 2 * u, u)),
        "u**3 - 5 * v": (lambda u, v: u**3 - 5 * v, lambda u, _: (3 * u**2, -5.0)),
        "u * v**2": (lambda u, v: u * v**2, lambda u, v: (v**2, 2 * u * v)),
    }
    learned = answer["partials"]
    for text, (function, derivatives) in functions.items():
        u, v = (float(value) for value in numbers(random, 2))
        answer.expect(
            called("partials(f, u, v)", ["f", "u", "v"], [_Text(f"lambda u, v: {text}"), u, v]),
            partial(learned, function, u, v),
            tuple(np.float32(derivative) for derivative in derivatives(u, v)),
            tolerance=(1e-5, 1e-5),
        )


class _Text(str):
    """Shown as it is, without quotation marks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


D01 = Exercise(
    id="D01",
    title="Partial derivatives",
    rows=("D164", "D165", "D166"),
    task="""\
f takes two numbers u and v. Return both its partial derivatives at (u, v), that with respect
to u first.""",
    example="""\
>>> du, dv = partials(lambda u, v: u * v + u**2, 1.0, 2.0)
>>> float(du), float(dv)
(4.0, 1.0)""",
    imports=WITH_CALLABLE,
    stub="""\
def partials(
    f: Callable[[jax.Array, jax.Array], jax.Array], u: float, v: float
) -> tuple[jax.Array, jax.Array]:
    raise NotImplementedError""",
    uses=("jax.grad", "jax.Array"),
    hints=(
        "A function of two numbers has two slopes, one for each argument.",
        "jax.grad looks at the first argument only, unless argnums names more.",
        "jax.grad(f, argnums=(..., ...))(u, v)",
    ),
    checks=(_partials,),
)


@check("the sum of the gradients")
def _accumulated(answer: Answer, random: np.random.Generator) -> None:
    """Hand over a loss and batches of several numbers, down to one."""

    def loss(w: Any, batch: Any) -> Any:  # noqa: ANN401
        return ((batch @ w) ** 2).mean()

    learned = answer["accumulated"]
    for count in (3, 1, 2):
        w, batches = numbers(random, 2), [numbers(random, 4, 2) for _ in range(count)]
        expected = sum(2 * batch.T @ (batch @ w) / len(batch) for batch in batches)
        given, kept = on_device(batches), len(batches)
        answer.expect(
            called("accumulated(loss, w, batches)", ["loss", "w", "batches"], [LOSS, w, batches]),
            partial(learned, loss, on_device(w), given),
            np.asarray(expected, np.float32),
            tolerance=GRADIENT,
        )
        answer.expect(("len(batches) after the call",), partial(len, given), kept)


LOSS = _Text("lambda w, batch: ((batch @ w) ** 2).mean()")

D02 = Exercise(
    id="D02",
    title="Accumulate gradients",
    rows=("D160", "D161", "D162"),
    task="""\
PyTorch adds up the gradients of several calls of backward(). Do it on purpose: return the sum
of the gradients of loss(w, batch) with respect to w, over all batches, all at the same w.
There is at least one batch.""",
    example="""\
>>> loss = lambda w, batch: batch * w**2
>>> float(accumulated(loss, jnp.array(2.0), [jnp.array(1.0), jnp.array(2.0)]))
12.0""",
    imports=WITH_CALLABLE,
    stub="""\
def accumulated(
    loss: Callable[[jax.Array, jax.Array], jax.Array], w: jax.Array, batches: list[jax.Array]
) -> jax.Array:
    raise NotImplementedError""",
    uses=("fc.autograd.grad", "fc.autograd.accumulate", "jax.Array"),
    hints=(
        "Here gradients are return values: what is to be kept has to be kept by you.",
        "Start with None, and let fc.autograd.accumulate add each batch's gradient to the total.",
        "total = fc.autograd.accumulate(total, fc.autograd.grad(loss)(..., ...))",
    ),
    checks=(_accumulated,),
)

D03 = Exercise(
    id="D03",
    title="Round, and let the gradient through",
    rows=("D175",),
    task="""\
Return x rounded to whole numbers, but with the gradient of x itself: 1 for each element.
(The gradient of rounding is 0 wherever it exists, so nothing before it would ever learn.)
jnp.round rounds.""",
    example="""\
>>> straight_through(jnp.array([0.2, 1.7])).tolist(), jax.grad(straight_through)(0.7).item()
([0.0, 2.0], 1.0)""",
    imports=IMPORTS,
    stub="""\
def straight_through(x: jax.Array) -> jax.Array:
    raise NotImplementedError""",
    uses=("jnp.round", "fc.autograd.detach"),
    hints=(
        "A detached value counts as a constant of the differentiation.",
        "Write the result as x plus a correction, and detach the correction.",
        "x + fc.autograd.detach(... - x)",
    ),
    checks=(
        values(
            "straight_through",
            np.round,
            lambda random: [(numbers(random, 5),), (numbers(random, 2, 2),), (numbers(random),)],
        ),
        gradients(
            "straight_through",
            lambda x: x,
            lambda random: [(numbers(random, 5),), (numbers(random),)],
        ),
    ),
)

D04 = Exercise(
    id="D04",
    title="A derivative of your own",
    rows=("D139", "D177"),
    task="""\
Return softplus(x) = log(1 + exp(x)) for each element, right also where exp(x) overflows
(softplus(1000) is 1000), and with the derivative 1 / (1 + exp(-x)), also there.
fc.autograd.custom_function makes a function from its value and its derivative;
jnp.logaddexp(a, b) is log(exp(a) + exp(b)), and does not overflow.""",
    example="""\
>>> float(softplus(jnp.array(1000.0))), float(jax.grad(softplus)(0.0))
(1000.0, 0.5)""",
    imports=IMPORTS,
    stub="""\
def softplus(x: jax.Array) -> jax.Array:
    raise NotImplementedError""",
    uses=("fc.autograd.custom_function", "jnp.logaddexp", "jnp.exp"),
    hints=(
        "A function may bring its own derivative, where the one that follows from it is bad.",
        "forward returns the value and what to keep; backward takes what was kept and the "
        "gradient from above, by which it multiplies.",
        "backward=lambda x, gradient: gradient / (1 + ...)",
    ),
    checks=(
        values(
            "softplus",
            lambda x: np.logaddexp(x, np.zeros_like(x)),
            lambda random: [
                (numbers(random, 4),),
                (np.array([1000.0, -1000.0, 0.0, 90.0], np.float32),),
                (numbers(random),),
            ],
        ),
        gradients(
            "softplus",
            lambda x: np.logaddexp(x, np.zeros_like(x)),
            lambda random: [
                (numbers(random, 4),),
                (np.array([1000.0, -1000.0, 0.0, 90.0], np.float32),),
            ],
        ),
    ),
)


@check("the step, with either parameter frozen")
def _frozen_step(answer: Answer, random: np.random.Generator) -> None:
    """Freeze one parameter after the other."""

    def loss(parameters: Any) -> Any:  # noqa: ANN401
        return (parameters["weight"] * parameters["bias"]).sum() + (parameters["bias"] ** 2).sum()

    learned = answer["frozen_step"]
    for frozen in ("weight", "bias"):
        parameters = {"weight": numbers(random, 3), "bias": numbers(random, 3)}
        weight, bias = parameters["weight"], parameters["bias"]
        gradient = {"weight": bias, "bias": weight + 2 * bias}
        moved = {
            name: value if name == frozen else value - np.float32(0.5) * gradient[name]
            for name, value in parameters.items()
        }
        given = on_device(parameters)
        call = called(
            "frozen_step(loss, parameters, frozen, 0.5)", ["loss", "parameters", "frozen"],
            [_Text("lambda p: (p['weight'] * p['bias']).sum() + (p['bias'] ** 2).sum()"),
             parameters, frozen],
        )  # fmt: skip
        answer.expect(
            call,
            partial(learned, loss, given, frozen, 0.5),
            moved,
        )
        answer.expect((*call, "then `parameters`"), partial(dict, given), parameters)


D05 = Exercise(
    id="D05",
    title="Freeze a parameter",
    rows=("D176", "D171"),
    task="""\
Do one step of gradient descent on the dict parameters; the one called frozen stays as it is.
loss takes the whole dict. Return the whole dict, new: the one that came in does not change.""",
    example="""\
>>> loss = lambda parameters: parameters["w"] * parameters["b"]
>>> new = frozen_step(loss, {"w": jnp.array(1.0), "b": jnp.array(2.0)}, "w", 0.5)
>>> float(new["w"]), float(new["b"])
(1.0, 1.5)""",
    imports=WITH_CALLABLE,
    stub="""\
def frozen_step(
    loss: Callable[[dict[str, jax.Array]], jax.Array],
    parameters: dict[str, jax.Array],
    frozen: str,
    learning_rate: float,
) -> dict[str, jax.Array]:
    raise NotImplementedError""",
    uses=("fc.autograd.grad", "fc.autograd.freeze", "jax.tree.map", "jax.Array"),
    hints=(
        "A parameter whose gradient is zero stays where it is.",
        "fc.autograd.freeze inside of the loss makes the gradient of a named parameter zero.",
        "gradients = fc.autograd.grad(lambda p: loss(fc.autograd.freeze(p, ...)))(parameters)",
    ),
    checks=(_frozen_step,),
)


@check("values")
def _pulled_back(answer: Answer, random: np.random.Generator) -> None:
    """Pull cotangents back through a square and through an oblong matrix."""
    learned = answer["pull_back"]
    for m, n in [(2, 3), (3, 3)]:
        matrix, x, v = numbers(random, m, n), numbers(random, n), numbers(random, m)
        on_the_device = on_device(matrix)

        def f(x: Any, matrix: Any = on_the_device) -> Any:  # noqa: ANN401
            return matrix @ x**3

        call = called("pull_back(f, x, v)", ["f", "x", "v"], [_Text("lambda x: A @ x**3"), x, v])
        answer.expect(
            (*call, f"A = {shown(matrix)}"),
            partial(learned, f, on_device(x), on_device(v)),
            v @ (matrix * 3 * x**2),
            tolerance=GRADIENT,
        )


D06 = Exercise(
    id="D06",
    title="Back from a vector",
    rows=("D169", "D170"),
    task="""\
f takes a vector x and returns a vector y. Return v^T J, where J is the Jacobian of f at x and v
has the shape of y: what y.backward(v) leaves in x.grad.""",
    example="""\
>>> pull_back(lambda x: x**2, jnp.array([1.0, 2.0, 3.0]), jnp.array([1.0, 10.0, 100.0]))
Array([  2.,  40., 600.], dtype=float32)""",
    imports=WITH_CALLABLE,
    stub="""\
def pull_back(
    f: Callable[[jax.Array], jax.Array], x: jax.Array, v: jax.Array
) -> jax.Array:
    raise NotImplementedError""",
    uses=("fc.autograd.vjp", "jax.Array"),
    hints=(
        "The way back from a vector needs a weight for each of its elements.",
        "fc.autograd.vjp runs f, and returns the value and the way back.",
        "value, pull = fc.autograd.vjp(f, x)   and pull(v) is a tuple, of one gradient here",
    ),
    checks=(_pulled_back,),
)


def _fit_line(x: Array, y: Array, steps: int, rate: float) -> tuple[Array, Array]:
    w = b = np.float64(0)
    for _ in range(steps):
        error = w * x.astype(float) + b - y
        w, b = w - rate * np.mean(2 * error * x), b - rate * np.mean(2 * error)
    return np.asarray(w, np.float32), np.asarray(b, np.float32)


D07 = Exercise(
    id="D07",
    title="Fit a line",
    rows=("D130", "D163", "D171"),
    task="""\
Fit y = w x + b by gradient descent from w = b = 0. The loss is the mean of (w x + b - y) ** 2;
each of the steps moves w and b together. Return both, as arrays of shape ().""",
    example="""\
>>> w, b = fit_line(jnp.array([-1.0, 0.0, 1.0]), jnp.array([4.0, 1.0, -2.0]), 100, 0.1)
>>> round(float(w), 3), round(float(b), 3)
(-3.0, 1.0)""",
    imports=IMPORTS,
    stub="""\
def fit_line(
    x: jax.Array, y: jax.Array, steps: int, learning_rate: float
) -> tuple[jax.Array, jax.Array]:
    raise NotImplementedError""",
    uses=("fc.autograd.grad", "jnp.zeros", ".mean"),
    hints=(
        "Training is a loop: gradient, update, and again from the new place.",
        "Write loss(w, b); its gradient with respect to both is a pair. No zero_grad is needed.",
        "dw, db = fc.autograd.grad(loss, wrt=(0, 1))(w, b)   then w, b = w - ..., b - ...",
    ),
    checks=(
        values(
            "fit_line",
            _fit_line,
            lambda random: [
                (numbers(random, 6), numbers(random, 6), steps, rate)
                for steps, rate in [(1, 0.1), (3, 0.1), (0, 0.1), (5, 0.05)]
            ],
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (D01, D02, D03, D04, D05, D06, D07)
