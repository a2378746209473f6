"""Section S, a simple dataset: the sequence protocol, transforms, batches, order, chance."""

from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

import functorch_course as fc
from functorch_course.exercises.answer import Answer
from functorch_course.exercises.checks import check, raises, values
from functorch_course.exercises.exercise import Exercise
from functorch_course.exercises.finding import Finding, MistakeError
from functorch_course.exercises.inputs import identical, numbers, on_host
from functorch_course.exercises.shown import called, shown
from functorch_course.exercises.use import Use

Array = NDArray[Any]
Transform = Callable[[Any], Any]
IMPORTS = "import numpy as np\n\nimport functorch_course as fc"


def _pair(random: np.random.Generator, n: int) -> tuple[Array, Array]:
    return numbers(random, n, 2), numbers(random, n, 1)


_SAMPLE = Use("Pairs(x, y)[i]", ("x", "y", "i"), lambda pairs, x, y, i: pairs(x, y)[i])

S01 = Exercise(
    id="S01",
    title="A dataset over arrays of JAX that stops",
    rows=("S180", "S181", "S182", "S183", "S188"),
    task="""\
Write a dataset of the pairs (x[i], y[i]), with a length and with samples by index.
x and y are arrays of JAX, whose indices never fail, so that `for x, y in dataset` would go on for
ever: raise IndexError where i is out of bounds. A negative i counts from the end.
Write no __iter__: Python asks for 0, 1, 2 ... by itself, up to the IndexError.""",
    example="""\
>>> dataset = Pairs(2 * jnp.ones((3, 2)), jnp.ones((3, 1)))
>>> len(dataset), len(list(dataset)), dataset[-1][1]
(3, 3, Array([1.], dtype=float32))""",
    imports="import jax\nimport jax.numpy as jnp",
    stub="""\
class Pairs:
    def __init__(self, x: jax.Array, y: jax.Array) -> None:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def __getitem__(self, i: int) -> tuple[jax.Array, jax.Array]:
        raise NotImplementedError""",
    uses=(),
    hints=(
        "A loop over a dataset ends at the first IndexError, not at its length.",
        "Keep both arrays. Let __getitem__ compare i with the length before it reads.",
        "if not -len(self) <= i < len(self): raise IndexError(...)",
    ),
    checks=(
        values(
            "Pairs",
            lambda x, _: len(x),
            lambda random: [_pair(random, n) for n in (3, 1)],
            use=Use("len(Pairs(x, y))", ("x", "y"), lambda pairs, x, y: len(pairs(x, y))),
            name="length",
        ),
        values(
            "Pairs",
            lambda x, y, i: (x[i], y[i]),
            lambda random: [(*_pair(random, 3), i) for i in (0, 2, -1, -3)],
            use=_SAMPLE,
            name="samples",
        ),
        values(
            "Pairs",
            lambda x, y: list(zip(x, y, strict=True)),
            lambda random: [_pair(random, n) for n in (3, 1)],
            use=Use(
                "list(Pairs(x, y)), of 10 samples at most",
                ("x", "y"),
                lambda pairs, x, y: list(islice(pairs(x, y), 10)),
            ),
            name="iteration",
        ),
        raises(
            "Pairs",
            IndexError,
            "there is no such sample",
            lambda random: [(*_pair(random, 3), i) for i in (3, 7, -4)],
            use=_SAMPLE,
        ),
    ),
)

S02 = Exercise(
    id="S02",
    title="A transform with memory",
    rows=("S195", "S196", "S201"),
    task="""\
Write the course's transform: AddMultiply(add_x, mul_y) takes a sample (x, y) and returns
(x + add_x, y * mul_y). Without arguments it adds 1, and multiplies by 1.
The sample is still in the dataset, so its arrays must stay as they are.""",
    example="""\
>>> AddMultiply(2, 10)((np.array([2.0, 2.0]), np.array([1.0])))
(array([4., 4.]), array([10.]))""",
    imports=IMPORTS,
    stub="""\
class AddMultiply:
    def __init__(self, add_x: float = 1, mul_y: float = 1) -> None:
        raise NotImplementedError

    def __call__(self, sample: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        raise NotImplementedError""",
    uses=("np.ndarray",),
    hints=(
        "An object with __call__ is a function with memory.",
        "Keep both numbers in __init__. x + 1 makes a new array; x += 1 writes into the old one.",
        "x, y = sample   then return x + self..., y * self...",
    ),
    checks=(
        values(
            "AddMultiply",
            lambda add_x, mul_y, sample: (sample[0] + add_x, sample[1] * mul_y),
            lambda random: [
                (add, mul, (numbers(random, 2), numbers(random, 1)))
                for add, mul in [(2, 10), (0.5, -3), (1, 1)]
            ],
            place=on_host,
            library="NumPy",
            use=Use(
                "AddMultiply(add_x, mul_y)(sample)",
                ("add_x", "mul_y", "sample"),
                lambda make, add_x, mul_y, sample: make(add_x, mul_y)(sample),
            ),
        ),
        values(
            "AddMultiply",
            lambda sample: (sample[0] + 1, sample[1]),
            lambda random: [((numbers(random, 2), numbers(random, 1)),)],
            place=on_host,
            library="NumPy",
            use=Use("AddMultiply()(sample)", ("sample",), lambda make, sample: make()(sample)),
            name="defaults",
        ),
    ),
)


def _add_one(x: Array) -> Array:
    return x + 1


def _times_100(x: Array) -> Array:
    return x * 100


def _negative(x: Array) -> Array:
    return -x


def _composed(transforms: list[Transform], sample: Array) -> Array:
    for transform in transforms:
        sample = transform(sample)
    return sample


S03 = Exercise(
    id="S03",
    title="Compose",
    rows=("S203", "S204", "S202"),
    task="""\
Write Compose([t1, t2, t3]), whose call gives t3(t2(t1(sample))): from left to right.
Without transforms it returns the sample. It may be called any number of times.""",
    example="""\
>>> Compose([lambda x: x + 1, lambda x: x * 100])(2)
300""",
    imports=f"from collections.abc import Callable\nfrom typing import Any\n\n{IMPORTS}",
    stub="""\
class Compose:
    def __init__(self, transforms: list[Callable[[Any], Any]]) -> None:
        raise NotImplementedError

    def __call__(self, sample: Any) -> Any:
        raise NotImplementedError""",
    uses=(),
    hints=(
        "What one transform returns is what the next one takes.",
        "A loop over the transforms, in which the same variable gets a new value each time.",
        "for transform in self.transforms: sample = transform(...)",
    ),
    checks=(
        values(
            "Compose",
            _composed,
            lambda random: [
                (transforms, numbers(random, 2))
                for transforms in [
                    [_add_one, _times_100],
                    [_times_100, _add_one, _negative],
                    [_negative],
                    [],
                ]
            ],
            place=on_host,
            library="NumPy",
            use=Use(
                "Compose(transforms)(sample)",
                ("transforms", "sample"),
                lambda compose, transforms, sample: compose(transforms)(sample),
            ),
        ),
        values(
            "Compose",
            lambda transforms, sample: [_composed(transforms, sample)] * 2,
            lambda random: [([_add_one, _times_100], numbers(random, 2))],
            place=on_host,
            library="NumPy",
            use=Use(
                "t = Compose(transforms); [t(sample), t(sample)]",
                ("transforms", "sample"),
                lambda compose, transforms, sample: _twice(compose(transforms), sample),
            ),
            name="the second call",
        ),
    ),
)


def _twice(transform: Transform, sample: object) -> list[object]:
    return [transform(sample), transform(sample)]


def _batches(dataset: list[tuple[Array, Array]], size: int) -> list[tuple[Array, Array]]:
    parts = [dataset[start : start + size] for start in range(0, len(dataset), size)]
    return [(np.stack([x for x, _ in part]), np.stack([y for _, y in part])) for part in parts]


S04 = Exercise(
    id="S04",
    title="Batches, the last one partial",
    rows=("S184", "S208"),
    task="""\
Yield the samples (x, y) of a dataset in order, in batches: a batch is a pair of arrays, the x and
the y of size samples stacked along a new first axis. The last batch holds what is left over;
where nothing is left over there is none.""",
    example="""\
>>> dataset = [(np.float32([i, i]), np.float32([1])) for i in range(5)]
>>> [(x.shape, y.shape) for x, y in batches(dataset, 2)]
[((2, 2), (2, 1)), ((2, 2), (2, 1)), ((1, 2), (1, 1))]""",
    imports=f"from collections.abc import Iterator\n\n{IMPORTS}",
    stub="""\
def batches(
    dataset: list[tuple[np.ndarray, np.ndarray]], size: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    raise NotImplementedError""",
    uses=("np.stack", "np.ndarray"),
    hints=(
        "A batch begins at 0, size, 2 size ...; a slice past the end is simply shorter.",
        "Walk over the starts with range(..., ..., size); zip(*samples) separates x from y.",
        "xs, ys = zip(*dataset[start:start + size])   then yield np.stack(xs), ...",
    ),
    checks=(
        values(
            "batches",
            _batches,
            lambda random: [
                ([(numbers(random, 2), numbers(random, 1)) for _ in range(n)], size)
                for n, size in [(5, 2), (4, 2), (2, 3), (3, 1)]
            ],
            place=on_host,
            library="NumPy",
            use=Use(
                "list(batches(dataset, size))",
                ("dataset", "size"),
                lambda batches, dataset, size: list(batches(dataset, size)),
            ),
        ),
    ),
)

_PLACES = [(0, 0, 0), (0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 2, 3), (3, 2, 1), (2, 1, 3), (10, 0, 1)]


@check("values")
def _jitter(answer: Answer, random: np.random.Generator) -> None:
    """Call at several places, in two orders, and compare what was added."""
    learned, x = answer["jittered"], numbers(random, 6)
    noise = {}
    for place in _PLACES:
        call = called(
            "jittered(x, seed, epoch, index)", ("x", "seed", "epoch", "index"), (x, *place)
        )
        given = x.copy()
        came = answer.expect(
            call, partial(learned, given, *place), x, "NumPy", tolerance=(0.0, 0.5)
        )
        if not identical(given, x):
            raise MistakeError(Finding(call, "x as it was", f"x = {shown(given)}", "x was changed"))
        noise[place] = came - x
        if np.ptp(noise[place]) < 0.01:
            meaning = "each element needs a number of its own"
            raise MistakeError(
                Finding(call, "noise from -0.5 to 0.5", shown(noise[place]), meaning)
            )
    for place in reversed(_PLACES):
        call = (f"jittered(x, {', '.join(map(str, place))}), after other samples",)
        answer.expect(call, partial(learned, x.copy(), *place), x + noise[place], "NumPy")


@check("every place has noise of its own")
def _distinct(answer: Answer, random: np.random.Generator) -> None:
    """Look for two places with the same noise."""
    learned, x = answer["jittered"], numbers(random, 6)
    seen: dict[bytes, tuple[int, ...]] = {}
    for place in _PLACES:
        call = (f"jittered(x, seed, epoch, index) at {place}",)
        came = answer.run(call, partial(learned, x.copy(), *place))
        first = seen.setdefault(np.asarray(came).tobytes(), place)
        if first != place:
            came_text = f"the same noise as at {first}"
            meaning = "(seed, epoch, index) must matter one by one, and not only their sum"
            raise MistakeError(Finding(call, "noise of its own", came_text, meaning))


S05 = Exercise(
    id="S05",
    title="Chance that belongs to the sample",
    rows=("S205",),
    task="""\
Return x plus noise from -0.5 to 0.5, another number for each element, as float32.
The noise depends on (seed, epoch, index), on each of the three, and on nothing else: not on which
samples were loaded before. So draw from a new generator, and leave the shared ones alone.""",
    example="""\
>>> x = np.zeros(3, np.float32)
>>> bool((jittered(x, 0, 1, 2) == jittered(x, 0, 1, 2)).all())
True
>>> bool((jittered(x, 0, 1, 2) == jittered(x, 0, 2, 1)).any())
False""",
    imports=IMPORTS,
    stub="""\
def jittered(x: np.ndarray, seed: int, epoch: int, index: int) -> np.ndarray:
    raise NotImplementedError""",
    uses=(
        "np.random.default_rng",
        "np.ndarray",
        "np.float32",
        ".uniform",
        ".astype",
        ".shape",
    ),
    hints=(
        "A generator that is made anew for each sample knows nothing of the others.",
        "np.random.default_rng takes a sequence of numbers as its seed, and mixes them.",
        "noise = np.random.default_rng((seed, ..., ...)).uniform(-0.5, 0.5, x.shape)",
    ),
    checks=(_jitter, _distinct),
)


def _epoch_order(length: int, seed: int, epoch: int) -> list[int]:
    generator = fc.Generator(seed)
    for _ in range(epoch):
        fc.random.randperm(length, generator=generator)
    return [int(index) for index in fc.random.randperm(length, generator=generator)]


S06 = Exercise(
    id="S06",
    title="Another order each epoch",
    rows=("S209",),
    task="""\
Return the order of the samples in an epoch, as a list of ints: each of 0 ... length - 1 once.
Epoch 0 is the first permutation that fc.random.randperm draws from a generator with the seed,
epoch 1 the second, and so on. (PyTorch's generator with this seed would draw the same ones.)""",
    example="""\
>>> epoch_order(10, seed=0, epoch=0)
[4, 1, 7, 5, 3, 9, 0, 8, 6, 2]""",
    imports=IMPORTS,
    stub="""\
def epoch_order(length: int, seed: int, epoch: int) -> list[int]:
    raise NotImplementedError""",
    uses=("fc.Generator", "fc.random.randperm", ".tolist"),
    hints=(
        "A generator moves on with each draw; the epoch says how many draws lie behind.",
        "fc.random.randperm(n, generator=fc.Generator(seed)) draws from a generator of your own.",
        "draw epoch + 1 permutations from one generator, and return the last one's .tolist()",
    ),
    checks=(
        values(
            "epoch_order",
            _epoch_order,
            lambda _: [
                (length, seed, epoch)
                for length, seed, epoch in [(10, 0, 0), (10, 0, 1), (5, 7, 3), (1, 3, 2), (6, 1, 0)]
            ],
            place=on_host,
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (S01, S02, S03, S04, S05, S06)
