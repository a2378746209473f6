"""Section M, two-dimensional tensors: products, broadcasting, axes, batches, targets."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functorch_course.exercises.answer import Answer
from functorch_course.exercises.checks import check, raises, values
from functorch_course.exercises.exercise import Exercise
from functorch_course.exercises.gradients import gradients
from functorch_course.exercises.inputs import numbers, on_device
from functorch_course.exercises.shown import called

Array = NDArray[Any]
IMPORTS = "import jax\nimport jax.numpy as jnp\n\nimport functorch_course as fc"


def _scale_and_project(x: Array, scale: Array, weight: Array) -> Array:
    return np.asarray((x * scale) @ weight)


M01 = Exercise(
    id="M01",
    title="Hadamard product and matrix product",
    rows=("M097", "M098", "M099", "M101"),
    task="""\
Scale each feature (column) of x by its number in scale, then project with the matrix weight.
x has shape (N, D), scale (D,), weight (D, K); the result has shape (N, K).""",
    example="""\
>>> x = jnp.array([[1.0, 2.0], [3.0, 4.0]])
>>> scale_and_project(x, jnp.array([10.0, 1.0]), jnp.array([[1.0], [1.0]])).tolist()
[[12.0], [34.0]]""",
    imports=IMPORTS,
    stub="""\
def scale_and_project(x: jax.Array, scale: jax.Array, weight: jax.Array) -> jax.Array:
    raise NotImplementedError""",
    uses=("@",),
    hints=(
        "Scaling works element by element, projecting mixes the features: two products.",
        "* is the Hadamard product and broadcasts over the rows; @ is the product of matrices.",
        "(x * ...) @ ...",
    ),
    checks=(
        values(
            "scale_and_project",
            _scale_and_project,
            lambda random: [
                (numbers(random, n, d), numbers(random, d), numbers(random, d, k))
                for n, d, k in [(4, 3, 2), (3, 3, 3), (1, 2, 1)]
            ],
        ),
        gradients(
            "scale_and_project",
            _scale_and_project,
            lambda random: [(numbers(random, 3, 3), numbers(random, 3), numbers(random, 3, 2))],
            wrt=(0, 1, 2),
        ),
    ),
)


def _linear(x: Array, weight: Array, bias: Array) -> Array:
    return np.asarray(x @ weight.T + bias)


M02 = Exercise(
    id="M02",
    title="A layer for a batch",
    rows=("M093", "M103", "M104", "M125"),
    task="""\
Return what PyTorch's nn.Linear returns for a batch: weight has shape (out, in), bias (out,),
x (N, in), the result (N, out).""",
    example="""\
>>> linear(jnp.ones((2, 3)), jnp.array([[1.0, 2.0, 3.0]]), jnp.array([0.5])).tolist()
[[6.5], [6.5]]""",
    imports=IMPORTS,
    stub="""\
def linear(x: jax.Array, weight: jax.Array, bias: jax.Array) -> jax.Array:
    raise NotImplementedError""",
    uses=("@", ".T"),
    hints=(
        "In a product of matrices the inner sizes meet: (N, in) and (in, out).",
        "PyTorch keeps weight as (out, in): it has to be transposed. The bias broadcasts.",
        "x @ ... + bias",
    ),
    checks=(
        values(
            "linear",
            _linear,
            lambda random: [
                (numbers(random, n, i), numbers(random, o, i), numbers(random, o))
                for n, i, o in [(4, 3, 2), (3, 3, 3), (1, 2, 1), (0, 2, 3)]
            ],
        ),
        gradients(
            "linear",
            _linear,
            lambda random: [(numbers(random, 4, 3), numbers(random, 2, 3), numbers(random, 2))],
            wrt=(1, 2),
        ),
    ),
)


def _mean_squared_error(predictions: Array, targets: Array) -> Array:
    return np.asarray(np.mean((predictions - targets) ** 2))


M03 = Exercise(
    id="M03",
    title="A loss that refuses to broadcast",
    rows=("M102", "M116"),
    task="""\
Return the mean of the squared differences, of predictions and targets of one shape.
Predictions (4, 1) minus targets (4,) would broadcast to (4, 4), a loss of nothing anybody meant:
raise ValueError wherever the two shapes differ.""",
    example="""\
>>> mean_squared_error(jnp.array([[1.0], [2.0]]), jnp.array([[1.0], [4.0]]))
Array(2., dtype=float32)""",
    imports=IMPORTS,
    stub="""\
def mean_squared_error(predictions: jax.Array, targets: jax.Array) -> jax.Array:
    raise NotImplementedError""",
    uses=(".shape", ".mean"),
    hints=(
        "Shapes that broadcast are the most silent of mistakes: only a check finds them.",
        "Compare the two shapes before anything is computed; raise an error that names both.",
        "if predictions.shape != ...: raise ValueError(f'...')",
    ),
    checks=(
        values(
            "mean_squared_error",
            _mean_squared_error,
            lambda random: [
                (numbers(random, *shape), numbers(random, *shape))
                for shape in [(4, 1), (4,), (2, 3), ()]
            ],
        ),
        gradients(
            "mean_squared_error",
            _mean_squared_error,
            lambda random: [(numbers(random, 3, 2), numbers(random, 3, 2))],
            wrt=(0, 1),
        ),
        raises(
            "mean_squared_error",
            ValueError,
            "the shapes differ",
            lambda random: [
                (numbers(random, *one), numbers(random, *other))
                for one, other in [((4, 1), (4,)), ((1, 4), (4, 1)), ((3,), (1,)), ((3,), ())]
            ],
        ),
    ),
)


def _center_columns(x: Array) -> Array:
    return np.asarray(x - x.mean(0))


M04 = Exercise(
    id="M04",
    title="Centre the columns",
    rows=("M115", "M118", "M122"),
    task="""\
Subtract from each feature its mean over the samples. x has shape (N, D): rows are samples,
columns are features. Afterwards each column sums to 0.""",
    example="""\
>>> center_columns(jnp.array([[1.0, 10.0], [3.0, 30.0]])).tolist()
[[-1.0, -10.0], [1.0, 10.0]]""",
    imports=IMPORTS,
    stub="""\
def center_columns(x: jax.Array) -> jax.Array:
    raise NotImplementedError""",
    uses=(".mean",),
    hints=(
        "A reduction over an axis makes this axis go away.",
        "axis=0 runs down the rows, and leaves one number a column.",
        "x - x.mean(axis=...): name the axis of the samples",
    ),
    checks=(
        values(
            "center_columns",
            _center_columns,
            lambda random: [(numbers(random, n, d),) for n, d in [(4, 3), (3, 3), (1, 2), (5, 1)]],
        ),
        gradients("center_columns", _center_columns, lambda random: [(numbers(random, 3, 2),)]),
    ),
)

M05 = Exercise(
    id="M05",
    title="One hot",
    rows=("M100", "M117"),
    task="""\
Return labels (N,) as float32 rows of shape (N, classes): 1 at the label, 0 elsewhere.
Raise ValueError where a label is not one of 0 ... classes - 1; in silence it would be a row of
zeros, or count from the end.""",
    example="""\
>>> one_hot(jnp.array([2, 0]), 3).tolist()
[[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]""",
    imports=IMPORTS,
    stub="""\
def one_hot(labels: jax.Array, classes: int) -> jax.Array:
    raise NotImplementedError""",
    uses=("jnp.eye", "jnp.any"),
    hints=(
        "Row i of the identity matrix is the label i, one hot.",
        "An array of labels as an index takes one row for each; the bounds are yours to check.",
        "if jnp.any((labels < 0) | ...): raise ValueError(...)   then jnp.eye(...)[...]",
    ),
    checks=(
        values(
            "one_hot",
            lambda labels, classes: np.eye(classes, dtype=np.float32)[labels],
            lambda random: [
                (random.integers(0, 4, 6).astype(np.int32), 4),
                (np.array([0], np.int32), 1),
                (np.array([1, 0], np.int32), 5),
                (np.array([2, 0, 1], np.int32), 3),
                (np.array([], np.int32), 3),
            ],
        ),
        raises(
            "one_hot",
            ValueError,
            "there is no such class",
            lambda _: [(np.array(labels, np.int32), 3) for labels in [[0, 3], [-1, 1], [0, 9, 1]]],
        ),
    ),
)


@check("values of every function")
def _over_the_batch(answer: Answer, random: np.random.Generator) -> None:
    """Hand over functions of one sample, and compare with a loop."""
    learned = answer["over_batch"]
    functions: dict[str, Callable[[Any], Any]] = {
        "x.sum()": lambda x: x.sum(),
        "x * x[0]": lambda x: x * x[0],
        "x - x.mean()": lambda x: x - x.mean(),
    }
    for text, function in functions.items():
        for n, d in [(4, 3), (3, 3), (1, 2)]:
            batch = numbers(random, n, d)
            call = called(f"over_batch(lambda x: {text})(batch)", ["batch"], [batch])
            answer.expect(
                call,
                partial(_apply, learned, function, on_device(batch)),
                np.stack([function(x) for x in batch]),
            )


def _apply(over_batch: Callable[..., Any], function: Callable[[Any], Any], batch: object) -> object:
    return over_batch(function)(batch)


M06 = Exercise(
    id="M06",
    title="From one sample to a batch",
    rows=("M096", "M094"),
    task="""\
function takes one sample of shape (D,). Return a function that takes a batch (N, D) and gives
the results for all samples, stacked along a new first axis.""",
    example="""\
>>> over_batch(lambda x: x.sum())(jnp.array([[1.0, 2.0], [3.0, 4.0]]))
Array([3., 7.], dtype=float32)""",
    imports=f"from collections.abc import Callable\n\n{IMPORTS}",
    stub="""\
def over_batch(
    function: Callable[[jax.Array], jax.Array],
) -> Callable[[jax.Array], jax.Array]:
    raise NotImplementedError""",
    uses=("jax.vmap", "jax.Array"),
    hints=(
        "Write mathematics for one sample; a transformation makes it work on many.",
        "jax.vmap takes a function and returns a function.",
        "return jax.vmap(...): hand over the function itself, without calling it",
    ),
    checks=(_over_the_batch,),
)

EXERCISES: tuple[Exercise, ...] = (M01, M02, M03, M04, M05, M06)
