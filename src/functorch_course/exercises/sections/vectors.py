"""Section T, 1-D tensors: reading, changing, reshaping, casting, reducing, converting."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from functorch_course.exercises.checks import raises, values
from functorch_course.exercises.exercise import Exercise
from functorch_course.exercises.gradients import gradients
from functorch_course.exercises.inputs import numbers, on_host

Array = NDArray[Any]
IMPORTS = "import jax\nimport jax.numpy as jnp\n\nimport functorch_course as fc"

T01 = Exercise(
    id="T01",
    title="Read one element, or fail",
    rows=("T054", "T055", "T056"),
    task="""\
Return element i of the vector x, as an array of shape (). A negative i counts from the end.
JAX takes the nearest element where i is out of bounds; raise IndexError instead, as PyTorch.""",
    example="""\
>>> x = jnp.array([7, 4, 3, 2, 6])
>>> read(x, 4), read(x, -5)
(Array(6, dtype=int32), Array(7, dtype=int32))""",
    imports=IMPORTS,
    stub="""\
def read(x: jax.Array, i: int) -> jax.Array:
    raise NotImplementedError""",
    uses=(".shape",),
    hints=(
        "A read out of bounds is silent in JAX, so the bounds have to be checked before it.",
        "A vector of n elements has the indices -n to n - 1, both included.",
        "if not -n <= i < n: raise IndexError(...)   with n = x.shape[0]",
    ),
    checks=(
        values(
            "read",
            lambda x, i: np.asarray(x[i]),
            lambda random: [
                (numbers(random, 5), 0),
                (numbers(random, 5), 4),
                (random.integers(0, 9, 5).astype(np.int32), -1),
                (numbers(random, 5), -5),
                (numbers(random, 1), 0),
            ],
        ),
        raises(
            "read",
            IndexError,
            "there is no such element",
            lambda random: (
                [(numbers(random, 5), i) for i in (5, 9, -6)] + [(numbers(random, 0), 0)]
            ),
        ),
    ),
)


def _change_ends(x: Array, first: float, last: float) -> Array:
    changed = x.copy()
    changed[0], changed[-1] = first, last
    return changed


T02 = Exercise(
    id="T02",
    title="Change two elements",
    rows=("T060", "T034"),
    task="""\
Return the vector x with its first element replaced by first, and its last by last.
x itself stays as it was. x has at least two elements.""",
    example="""\
>>> change_ends(jnp.array([7, 4, 3, 2, 6]), 100, 0)
Array([100,   4,   3,   2,   0], dtype=int32)""",
    imports=IMPORTS,
    stub="""\
def change_ends(x: jax.Array, first: float, last: float) -> jax.Array:
    raise NotImplementedError""",
    uses=(".at", ".set"),
    hints=(
        "Arrays do not change. What looks like a change is a new array.",
        "x.at[i].set(value) returns the new array; whoever drops it has changed nothing.",
        "x.at[0].set(first) is an array: go on from it with .at[...].set(...)",
    ),
    checks=(
        values(
            "change_ends",
            _change_ends,
            lambda random: [
                (random.integers(0, 9, 5).astype(np.int32), 100, 0),
                (numbers(random, 3), -1.5, 0.25),
                (numbers(random, 2), 1.0, 2.0),
            ],
        ),
    ),
)

T03 = Exercise(
    id="T03",
    title="A column",
    rows=("T062", "T063"),
    task="""\
Return the vector x of n elements as a column, of shape (n, 1): PyTorch's x.view(-1, 1).""",
    example="""\
>>> column(jnp.array([7, 4, 3])).tolist()
[[7], [4], [3]]""",
    imports=IMPORTS,
    stub="""\
def column(x: jax.Array) -> jax.Array:
    raise NotImplementedError""",
    uses=("fc.tensor.view",),
    hints=(
        "The same numbers in the same order, under another shape.",
        "The method x.view of JAX reads the bits as another dtype; fc.tensor.view is PyTorch's.",
        "fc.tensor.view(x, ..., 1): one of the sizes may be left to be inferred",
    ),
    checks=(
        values(
            "column",
            lambda x: x.reshape(-1, 1),
            lambda random: [
                (random.integers(0, 9, 5).astype(np.int32),),
                (numbers(random, 3),),
                (numbers(random, 1),),
            ],
        ),
    ),
)

T04 = Exercise(
    id="T04",
    title="Brighten without wrapping",
    rows=("T045", "T052"),
    task="""\
Return the uint8 pixels with amount added to each, kept within 0 to 255, as uint8 again.
uint8 wraps around: 250 + 10 is 4. amount lies between -255 and 255.""",
    example="""\
>>> brighten(jnp.array([0, 100, 250], dtype=jnp.uint8), 10)
Array([ 10, 110, 255], dtype=uint8)""",
    imports=IMPORTS,
    stub="""\
def brighten(pixels: jax.Array, amount: int) -> jax.Array:
    raise NotImplementedError""",
    uses=(".astype", "jnp.int32", "jnp.uint8", "jnp.clip"),
    hints=(
        "A dtype has a range, and arithmetic stays inside of it by wrapping around.",
        "Cast to a wider dtype before the addition, clip, and cast back at the end.",
        "jnp.clip(pixels.astype(jnp.int32) + amount, ..., ...).astype(...)",
    ),
    checks=(
        values(
            "brighten",
            lambda pixels, amount: np.clip(pixels.astype(int) + amount, 0, 255).astype(np.uint8),
            lambda random: [
                (random.integers(0, 256, 6).astype(np.uint8), 10),
                (np.array([0, 5, 250, 255], np.uint8), 60),
                (np.array([0, 5, 250, 255], np.uint8), -60),
                (np.array([0, 255], np.uint8), 255),
            ],
        ),
    ),
)


def _standardize(x: Array) -> Array:
    wide = x if x.dtype.kind == "f" else x.astype(np.float32)
    return np.asarray((wide - wide.mean()) / wide.std(ddof=1))


T05 = Exercise(
    id="T05",
    title="Standardize as PyTorch does",
    rows=("T053", "T076", "T080"),
    task="""\
Return (x - mean) / std of the vector x, as float32, also where x holds integers.
std is PyTorch's: the sum of squares is divided by n - 1, not by n. x has two elements or more.""",
    example="""\
>>> standardize(jnp.array([1, 2, 3]))
Array([-1.,  0.,  1.], dtype=float32)""",
    imports=IMPORTS,
    stub="""\
def standardize(x: jax.Array) -> jax.Array:
    raise NotImplementedError""",
    uses=(".mean", ".std"),
    hints=(
        "The deviation of a sample and of a population differ: by n - 1, or by n.",
        "x.std takes the number to subtract from n; its default is 0, PyTorch's is 1.",
        "(x - ...) / x.std(ddof=...)",
    ),
    checks=(
        values(
            "standardize",
            _standardize,
            lambda random: [
                (numbers(random, 5),),
                (np.array([7, 4, 3, 2, 6], np.int32),),
                (numbers(random, 2),),
            ],
        ),
        gradients("standardize", _standardize, lambda random: [(numbers(random, 4),)]),
    ),
)


def _cosine(u: Array, v: Array) -> Array:
    return np.asarray(np.dot(u, v) / np.sqrt(np.dot(u, u) * np.dot(v, v)))


T06 = Exercise(
    id="T06",
    title="The cosine between two vectors",
    rows=("T073", "T074"),
    task="""\
Return u . v / (|u| |v|), as an array of shape (). Neither vector is zero.""",
    example="""\
>>> cosine(jnp.array([1.0, 0.0]), jnp.array([3.0, 4.0]))
Array(0.6, dtype=float32)""",
    imports=IMPORTS,
    stub="""\
def cosine(u: jax.Array, v: jax.Array) -> jax.Array:
    raise NotImplementedError""",
    uses=("fc.tensor.dot", "jnp.sqrt"),
    hints=(
        "The dot product is one number: the sum of the Hadamard product.",
        "The length of u is the square root of the dot product of u with itself.",
        "fc.tensor.dot(u, v) / jnp.sqrt(fc.tensor.dot(u, u) * ...)",
    ),
    checks=(
        values(
            "cosine",
            _cosine,
            lambda random: [
                (numbers(random, 3), numbers(random, 3)),
                (numbers(random, 4), numbers(random, 4)),
                (numbers(random, 1), numbers(random, 1)),
            ],
        ),
        gradients(
            "cosine", _cosine, lambda random: [(numbers(random, 3), numbers(random, 3))], wrt=(0, 1)
        ),
    ),
)

T07 = Exercise(
    id="T07",
    title="From NumPy, and nothing lost",
    rows=("T044", "T065"),
    task="""\
Return the NumPy array as an array of JAX: floats as float32, whole numbers as int32.
A whole number that int32 cannot hold would wrap around in silence: raise OverflowError instead.
int32 holds -2**31 to 2**31 - 1.""",
    example="""\
>>> to_device(np.array([1, 2, 3])), to_device(np.array([0.5]))
(Array([1, 2, 3], dtype=int32), Array([0.5], dtype=float32))""",
    imports="import jax\nimport jax.numpy as jnp\nimport numpy as np",
    stub="""\
def to_device(array: np.ndarray) -> jax.Array:
    raise NotImplementedError""",
    uses=(
        "jnp.asarray",
        "np.ndarray",
        "np.array_equal",
        "np.issubdtype",
        "np.integer",
        "np.float32",
        "np.int32",
        ".astype",
        ".dtype",
    ),
    hints=(
        "A cast that loses something can be seen: what comes out no longer equals what went in.",
        "Cast in NumPy first, compare with the original, and hand over only then.",
        "if not np.array_equal(array.astype(np.int32), ...): raise OverflowError(...)",
    ),
    checks=(
        values(
            "to_device",
            lambda array: array.astype(np.float32 if array.dtype.kind == "f" else np.int32),
            lambda random: [
                (random.integers(-9, 9, 4),),
                (numbers(random, 2, 3, dtype=np.float64),),
                (np.array([-(2**31), 2**31 - 1]),),
                (np.array([], np.int64),),
            ],
            place=on_host,
        ),
        raises(
            "to_device",
            OverflowError,
            "int32 cannot hold it",
            lambda _: [
                (np.array([1, 2**40]),),
                (np.array([2**31]),),
                (np.array([-(2**31) - 1]),),
            ],
            place=on_host,
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (T01, T02, T03, T04, T05, T06, T07)
