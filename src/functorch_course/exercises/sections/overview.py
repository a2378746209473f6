"""Section O, overview of tensors: rank and shape, a layer, a network, a step of descent."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from functorch_course.exercises.checks import values
from functorch_course.exercises.exercise import Exercise
from functorch_course.exercises.gradients import gradients
from functorch_course.exercises.inputs import numbers

Array = NDArray[Any]
IMPORTS = "import jax\nimport jax.numpy as jnp\n\nimport functorch_course as fc"


def _layer(x: Array, weight: Array, bias: Array) -> Array:
    return np.asarray(weight @ x + bias)


O01 = Exercise(
    id="O01",
    title="Rank, shape and number of elements",
    rows=("O004", "O005", "O006", "O007", "O008"),
    task="""\
Return how many axes x has, its shape, and how many elements, as (int, tuple, int).""",
    example="""\
>>> describe(jnp.zeros((2, 3, 4)))
(3, (2, 3, 4), 24)""",
    imports=IMPORTS,
    stub="""\
def describe(x: jax.Array) -> tuple[int, tuple[int, ...], int]:
    raise NotImplementedError""",
    uses=(".ndim", ".shape", ".size"),
    hints=(
        "A tensor knows its rank, its shape and its size; nothing has to be counted.",
        "All three are attributes, not methods. Beware of .size: here it is a number.",
        "return x.ndim, ..., ...   with the two attributes named after what they are",
    ),
    checks=(
        values(
            "describe",
            lambda x: (x.ndim, x.shape, x.size),
            lambda random: [
                (numbers(random, *shape),) for shape in [(2, 3), (4,), (), (3, 1, 2), (0, 3)]
            ],
        ),
    ),
)

O02 = Exercise(
    id="O02",
    title="A fully connected layer",
    rows=("O013", "O001"),
    task="""\
Return y = W x + b for one sample: x has shape (n,), weight W (m, n), bias b (m,).""",
    example="""\
>>> layer(jnp.ones(3), jnp.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), jnp.array([0.5, -0.5]))
Array([ 6.5, 14.5], dtype=float32)""",
    imports=IMPORTS,
    stub="""\
def layer(x: jax.Array, weight: jax.Array, bias: jax.Array) -> jax.Array:
    raise NotImplementedError""",
    uses=("@",),
    hints=(
        "Each output is the dot product of one row of the weights with the sample, plus its bias.",
        "The product of matrices has an operator of its own; * multiplies element by element.",
        "weight @ ... + ...   The matrix stands on the left, the vector on its right.",
    ),
    checks=(
        values(
            "layer",
            _layer,
            lambda random: [
                (numbers(random, n), numbers(random, m, n), numbers(random, m))
                for m, n in [(2, 3), (3, 3), (1, 4), (2, 1)]
            ],
        ),
        gradients(
            "layer",
            _layer,
            lambda random: [(numbers(random, 3), numbers(random, 2, 3), numbers(random, 2))],
            wrt=(0, 1, 2),
        ),
    ),
)


def _network(x: Array, first: Array, second: Array) -> Array:
    return np.asarray(second @ np.maximum(first @ x, 0))


O03 = Exercise(
    id="O03",
    title="Two layers and what stands between them",
    rows=("O002",),
    task="""\
Return V relu(W x), where relu(z) is z where z is positive, and 0 elsewhere.
x has shape (n,), first W (h, n), second V (m, h).
Without relu the two layers would be no more than one: V (W x) = (V W) x.""",
    example="""\
>>> network(jnp.array([1.0, -2.0]), jnp.eye(2), jnp.array([[3.0, 5.0]]))
Array([3.], dtype=float32)""",
    imports=IMPORTS,
    stub="""\
def network(x: jax.Array, first: jax.Array, second: jax.Array) -> jax.Array:
    raise NotImplementedError""",
    uses=("@", "fc.tensor.relu"),
    hints=(
        "A network is a composition: the output of one function is the input of the next.",
        "fc.tensor.relu works element by element; it belongs between the two products.",
        "second @ fc.tensor.relu(...): what comes out of the first layer goes in",
    ),
    checks=(
        values(
            "network",
            _network,
            lambda random: [
                (numbers(random, n), numbers(random, h, n), numbers(random, m, h))
                for n, h, m in [(3, 4, 2), (2, 2, 2), (1, 4, 3)]
            ],
        ),
        gradients(
            "network",
            _network,
            lambda random: [(numbers(random, 3), numbers(random, 4, 3), numbers(random, 2, 4))],
            wrt=(0, 1, 2),
        ),
    ),
)

O04 = Exercise(
    id="O04",
    title="Channels last",
    rows=("O010", "O011"),
    task="""\
PyTorch lays a batch of images out as (N, C, H, W), Flax as (N, H, W, C).
Return the batch with its channels last; each pixel stays the pixel it was.""",
    example="""\
>>> channels_last(jnp.zeros((4, 3, 28, 30))).shape
(4, 28, 30, 3)""",
    imports=IMPORTS,
    stub="""\
def channels_last(images: jax.Array) -> jax.Array:
    raise NotImplementedError""",
    uses=("fc.tensor.permute",),
    hints=(
        "Reordering axes and cutting the same numbers into another shape are two things.",
        "permute takes the old numbers of the axes in their new order; reshape moves pixels.",
        "fc.tensor.permute(images, 0, ..., ..., 1): the old places of N, H, W and C",
    ),
    checks=(
        values(
            "channels_last",
            lambda images: images.transpose(0, 2, 3, 1),
            lambda random: [
                (numbers(random, 2, 3, 4, 5),),
                (numbers(random, 1, 3, 3, 3),),
                (random.integers(0, 256, (2, 1, 3, 4)).astype(np.uint8),),
            ],
        ),
    ),
)

O05 = Exercise(
    id="O05",
    title="Descend",
    rows=("O012", "O023", "O025"),
    task="""\
Return new parameters: theta - learning_rate * gradient, for each array of the tree.
parameters may be a dict, a dict of dicts, or a list; gradients has the same form.""",
    example="""\
>>> descend({"w": jnp.array([1.0, 2.0])}, {"w": jnp.array([2.0, -4.0])}, 0.5)
{'w': Array([0., 4.], dtype=float32)}""",
    imports=f"from typing import Any\n\n{IMPORTS}",
    stub="""\
def descend(parameters: Any, gradients: Any, learning_rate: float) -> Any:
    raise NotImplementedError""",
    uses=("jax.tree.map",),
    hints=(
        "The gradient points uphill, and has the form of the parameters.",
        "jax.tree.map applies a function of two arrays to two trees of one form.",
        "jax.tree.map(lambda p, g: ..., parameters, gradients)",
    ),
    checks=(
        values(
            "descend",
            lambda parameters, gradients, rate: {
                key: {
                    name: leaf - np.float32(rate) * gradients[key][name]
                    for name, leaf in inner.items()
                }
                for key, inner in parameters.items()
            },
            lambda random: [
                (_tree(random, 2, 3), _tree(random, 2, 3), 0.5),
                (_tree(random, 1, 1), _tree(random, 1, 1), 0.01),
            ],
            name="values of a dict of dicts",
        ),
        values(
            "descend",
            lambda parameters, gradients, rate: [
                leaf - np.float32(rate) * gradient
                for leaf, gradient in zip(parameters, gradients, strict=True)
            ],
            lambda random: [
                ([numbers(random, 3), numbers(random)], [numbers(random, 3), numbers(random)], 0.1)
            ],
            name="values of a list",
        ),
    ),
)


def _tree(random: np.random.Generator, m: int, n: int) -> dict[str, dict[str, Array]]:
    """Parameters of two layers."""
    return {
        "first": {"weight": numbers(random, m, n), "bias": numbers(random, m)},
        "second": {"weight": numbers(random, 1, m)},
    }


def _step(w: Array, x: Array, y: Array, rate: float) -> tuple[Array, Array]:
    error = w * x - y
    return w - np.float32(rate) * np.mean(2 * error * x), np.asarray(np.mean(error**2))


O06 = Exercise(
    id="O06",
    title="Forward, loss, backward, update",
    rows=("O022", "O024", "O026"),
    task="""\
Do one step of training of the model w * x. The loss is the mean of (w * x - y) ** 2.
Return the new w, and the loss at the w that came in. w is a number, x and y have shape (n,).""",
    example="""\
>>> w, loss = train_step(jnp.array(1.0), jnp.array([1.0, 2.0]), jnp.array([0.0, 0.0]), 0.1)
>>> float(w), float(loss)
(0.5, 2.5)""",
    imports=IMPORTS,
    stub="""\
def train_step(
    w: jax.Array, x: jax.Array, y: jax.Array, learning_rate: float
) -> tuple[jax.Array, jax.Array]:
    raise NotImplementedError""",
    uses=("fc.autograd.value_and_grad", ".mean"),
    hints=(
        "Four steps: forward, loss, backward, update. The first three are one function call here.",
        "Write the loss as a function of w alone; value_and_grad gives its value and slope.",
        "loss, gradient = fc.autograd.value_and_grad(lambda w: ((w * x - y) ** 2).mean())(...)",
    ),
    checks=(
        values(
            "train_step",
            _step,
            lambda random: [
                (numbers(random), numbers(random, n), numbers(random, n), rate)
                for n, rate in [(3, 0.1), (1, 0.5), (5, 0.01)]
            ],
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (O01, O02, O03, O04, O05, O06)
