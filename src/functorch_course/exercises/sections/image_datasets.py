"""Section I, image datasets: labels, pixels, transforms, lazy loading, batches."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import functorch_course as fc
from functorch_course.exercises.answer import Answer
from functorch_course.exercises.checks import check, raises, values
from functorch_course.exercises.exercise import Exercise
from functorch_course.exercises.inputs import numbers, on_host
from functorch_course.exercises.use import Use

Array = NDArray[Any]
Make = Callable[..., Any]
Transform = Callable[[Array], Array]
IMPORTS = "import numpy as np\n\nimport functorch_course as fc"


def _pixels(random: np.random.Generator, *shape: int) -> Array:
    return random.integers(0, 256, shape).astype(np.uint8)


def _read_labels(text: str) -> list[tuple[int, str]]:
    lines = [line.split(",") for line in text.splitlines()[1:] if line.strip()]
    return [(int(label), name.strip()) for label, name in lines]


I01 = Exercise(
    id="I01",
    title="Labels from a CSV with spaces",
    rows=("I213", "I214", "I218"),
    task="""\
Return the rows of a table of labels as [(label, file name), ...], the label as int.
The first line is the header. There are spaces around the commas, which belong to nothing; a name
may have spaces inside. Empty lines at the end are no rows.""",
    example="""\
>>> read_labels("label , filename\\\\n5 , img_0001.png\\\\n2 , img_0002.png\\\\n")
[(5, 'img_0001.png'), (2, 'img_0002.png')]""",
    imports=IMPORTS,
    stub="""\
def read_labels(text: str) -> list[tuple[int, str]]:
    raise NotImplementedError""",
    uses=(".splitlines", ".split", ".strip", ".append"),
    hints=(
        "Text that people typed has spaces that they do not see.",
        "Skip the header and the empty lines; split at the comma; strip both parts.",
        "label, name = line.split(',')   then (int(...), name.strip())",
    ),
    checks=(
        values(
            "read_labels",
            _read_labels,
            lambda _: [
                ("label , filename\n5 , img_0001.png\n2 , img_0002.png\n",),
                ("label,filename\n10,a.png",),
                ("label , filename\n7      ,   my own cat.png  \n\n  \n",),
                ("label , filename\n",),
            ],
            place=on_host,
        ),
    ),
)


def _to_tensor(pixels: Array) -> Array:
    with_channels = pixels if pixels.ndim == 3 else pixels[:, :, None]
    return with_channels.transpose(2, 0, 1).astype(np.float32) / np.float32(255)


I02 = Exercise(
    id="I02",
    title="ToTensor",
    rows=("I225", "I226", "I227", "I236"),
    task="""\
Return the pixels of an image as float32 from 0 to 1, of shape (C, H, W).
pixels is uint8, of shape (H, W, C), or (H, W) for a gray image, which has one channel.""",
    example="""\
>>> to_tensor(np.full((28, 30), 255, np.uint8)).shape
(1, 28, 30)""",
    imports=IMPORTS,
    stub="""\
def to_tensor(pixels: np.ndarray) -> np.ndarray:
    raise NotImplementedError""",
    uses=("np.ndarray", "np.float32", ".ndim", ".transpose", ".astype"),
    hints=(
        "Three things change: the order of the axes, the range, and the dtype.",
        "Give a gray image a third axis first. Transpose, for reshape would mix the pixels.",
        "pixels.transpose(2, ..., ...).astype(np.float32) / 255   after pixels[:, :, None]",
    ),
    checks=(
        values(
            "to_tensor",
            _to_tensor,
            lambda random: [
                (_pixels(random, 4, 5, 3),),
                (_pixels(random, 4, 5),),
                (_pixels(random, 3, 3, 3),),
                (np.array([[0, 128, 255]], np.uint8),),
            ],
            place=on_host,
            library="NumPy",
        ),
    ),
)


def _normalize(image: Array, mean: tuple[float, ...], std: tuple[float, ...]) -> Array:
    center, width = (np.asarray(one, np.float32)[:, None, None] for one in (mean, std))
    return np.asarray((image - center) / width)


I03 = Exercise(
    id="I03",
    title="Normalize each channel",
    rows=("I232", "I233"),
    task="""\
Return (image - mean) / std for each channel, as float32. image is float32 of shape (C, H, W);
mean and std hold one number for each channel. The image itself stays as it is.""",
    example="""\
>>> normalize(np.float32([[[0.0, 0.5, 1.0]]]), (0.5,), (0.5,)).tolist()
[[[-1.0, 0.0, 1.0]]]""",
    imports=IMPORTS,
    stub="""\
def normalize(
    image: np.ndarray, mean: tuple[float, ...], std: tuple[float, ...]
) -> np.ndarray:
    raise NotImplementedError""",
    uses=("np.array", "np.ndarray", "np.float32"),
    hints=(
        "Shapes align from the right, and the channels stand on the left.",
        "Make mean and std arrays of shape (C, 1, 1), of float32, lest the result becomes float64.",
        "np.array(mean, np.float32)[:, None, None] is one of them",
    ),
    checks=(
        values(
            "normalize",
            _normalize,
            lambda random: [
                (numbers(random, 3, 4, 3), (0.1, 0.5, 0.9), (0.5, 0.25, 2.0)),
                (numbers(random, 1, 2, 3), (0.286,), (0.353,)),
                (numbers(random, 2, 2, 2), (0.0, 1.0), (1.0, 0.5)),
            ],
            place=on_host,
            library="NumPy",
        ),
    ),
)


def _center_crop(image: Array, size: int) -> Array:
    top, left = (round((extent - size) / 2) for extent in image.shape[-2:])
    return image[..., top : top + size, left : left + size]


I04 = Exercise(
    id="I04",
    title="Crop the centre",
    rows=("I229",),
    task="""\
Return the size x size pixels in the middle of an image of shape (C, H, W) or (H, W).
They begin at round((H - size) / 2) and round((W - size) / 2), as in torchvision; Python's round
goes to the even neighbour at a half. Raise ValueError where the image is smaller than that.""",
    example="""\
>>> center_crop(np.arange(16).reshape(4, 4), 2).tolist()
[[5, 6], [9, 10]]""",
    imports=IMPORTS,
    stub="""\
def center_crop(image: np.ndarray, size: int) -> np.ndarray:
    raise NotImplementedError""",
    uses=("np.ndarray", ".shape"),
    hints=(
        "The height and the width are the last two axes, with or without channels before them.",
        "Compute top and left, check the size, and slice; ... stands for the axes before.",
        "image[..., top : top + size, ...]   with height, width = image.shape[-2:]",
    ),
    checks=(
        values(
            "center_crop",
            _center_crop,
            lambda random: [
                (_pixels(random, 3, 6, 8), 4),
                (_pixels(random, 5, 7), 2),
                (_pixels(random, 1, 4, 4), 4),
                (_pixels(random, 2, 7, 6), 3),
            ],
            place=on_host,
            library="NumPy",
        ),
        raises(
            "center_crop",
            ValueError,
            "the image is smaller",
            lambda random: [
                (_pixels(random, 3, 4), 4),
                (_pixels(random, 1, 5, 4), 5),
                (_pixels(random, 2, 2), 3),
            ],
            place=on_host,
        ),
    ),
)


def _double(pixels: Array) -> Array:
    return pixels.astype(np.int32) * 2


@check("nothing is opened before it is asked for")
def _lazy(answer: Answer, _: np.random.Generator) -> None:
    """Name files that do not exist."""
    make, rows = answer["LazyImages"], [(3, "missing.png"), (1, "also_missing.png")]
    with tempfile.TemporaryDirectory() as name:
        text = 'LazyImages([(3, "missing.png"), (1, "also_missing.png")], folder)'
        dataset = answer.run(
            (f"{text}, of files that do not exist",), partial(make, rows, Path(name))
        )
        answer.expect((f"len({text})",), partial(len, dataset), 2)
        answer.expect_error(
            (f"{text}[0]",), lambda: dataset[0], FileNotFoundError, "there is no such file"
        )


def _sample_of_files(
    make: Make, pictures: list[Array], labels: list[int], i: int, transform: Transform | None
) -> object:
    """Write pictures to a folder, and fetch one of them through the learner's dataset."""
    with tempfile.TemporaryDirectory() as name:
        rows = [(label, f"image {number}.png") for number, label in enumerate(labels)]
        for picture, (_, file) in zip(pictures, rows, strict=True):
            Image.fromarray(picture).save(Path(name) / file)
        return make(rows, Path(name), transform)[i]


def _three_files(random: np.random.Generator) -> list[Array]:
    return [_pixels(random, 4, 5), _pixels(random, 2, 3), _pixels(random, 3, 2, 3)]


_FETCH = Use(
    "LazyImages(rows, folder, transform)[i], with rows of these labels and files of these pictures",
    ("pictures", "labels", "i", "transform"),
    _sample_of_files,
)

I05 = Exercise(
    id="I05",
    title="A dataset of images on disk",
    rows=("I212", "I216", "I217", "I218", "I219", "I220", "I221", "I222"),
    task="""\
Write a dataset of image files. rows is [(label, file name), ...], folder is where the files are.
The constructor opens nothing. dataset[i] opens one file by Image.open, makes an array of its
pixels, applies the transform to it if there is one, and returns (image, label).""",
    example="""\
>>> dataset = LazyImages([(3, "not_there_yet.png")], Path("images"))
>>> len(dataset)
1""",
    imports="from collections.abc import Callable\nfrom pathlib import Path\n\n"
    "import numpy as np\nfrom PIL import Image",
    stub="""\
class LazyImages:
    def __init__(
        self,
        rows: list[tuple[int, str]],
        folder: Path,
        transform: Callable[[np.ndarray], np.ndarray] | None = None,
    ) -> None:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def __getitem__(self, i: int) -> tuple[np.ndarray, int]:
        raise NotImplementedError""",
    uses=("Image.open", "np.asarray", "np.ndarray"),
    hints=(
        "What is small is kept in memory: the rows. What is large is opened when it is asked for.",
        "label and name from the rows; folder / name is the path; Image.open in a with block.",
        "with Image.open(self.folder / ...) as image: pixels = np.asarray(...)",
    ),
    checks=(
        _lazy,
        values(
            "LazyImages",
            lambda pictures, labels, i, _: (pictures[i], labels[i]),
            lambda random: [(_three_files(random), [3, 1, 4], i, None) for i in (0, 1, 2)],
            place=on_host,
            library="NumPy",
            use=_FETCH,
            name="samples",
        ),
        values(
            "LazyImages",
            lambda pictures, labels, i, transform: (transform(pictures[i]), labels[i]),
            lambda random: [(_three_files(random), [3, 1, 4], i, _double) for i in (0, 2)],
            place=on_host,
            library="NumPy",
            use=_FETCH,
            name="samples with a transform",
        ),
    ),
)


def _collate(samples: list[tuple[Array, int]]) -> tuple[Array, Array]:
    return np.stack([image for image, _ in samples]), np.array([label for _, label in samples])


I06 = Exercise(
    id="I06",
    title="From samples to a batch of images",
    rows=("I237",),
    task="""\
samples is a list of (image, label), images of one shape (C, H, W). Return the pair of the images
as one array (N, C, H, W), and the labels as int64 (N,).
Raise ValueError where the images are not all of one shape.""",
    example="""\
>>> images, labels = collate([(np.zeros((1, 28, 30)), 5), (np.ones((1, 28, 30)), 2)])
>>> images.shape, labels
((2, 1, 28, 30), array([5, 2]))""",
    imports=IMPORTS,
    stub="""\
def collate(samples: list[tuple[np.ndarray, int]]) -> tuple[np.ndarray, np.ndarray]:
    raise NotImplementedError""",
    uses=("np.stack", "np.array", "np.int64", "np.ndarray"),
    hints=(
        "A batch has one axis more than its samples, in front.",
        "np.stack makes a new axis, np.concatenate does not; and stack refuses unequal shapes.",
        "images, labels = zip(*samples)   then np.stack(...), np.array(...)",
    ),
    checks=(
        values(
            "collate",
            _collate,
            lambda random: [
                ([(numbers(random, *shape), int(random.integers(10))) for _ in range(n)],)
                for n, shape in [(3, (1, 4, 5)), (1, (3, 2, 2)), (2, (2, 2, 2))]
            ],
            place=on_host,
            library="NumPy",
        ),
        raises(
            "collate",
            ValueError,
            "the images differ in shape",
            lambda random: [
                ([(numbers(random, *one), 1), (numbers(random, *other), 2)],)
                for one, other in [
                    ((1, 4, 5), (1, 4, 4)),
                    ((1, 4, 4), (3, 4, 4)),
                    ((1, 1, 1), (1, 2, 2)),
                ]
            ],
            place=on_host,
        ),
    ),
)


def _random_flip(image: Array, p: float, seed: int) -> Array:
    heads = fc.random.rand(1, generator=fc.Generator(seed))[0] < p
    return image[..., ::-1] if heads else image


def _flips_in_a_row(image: Array, ps: list[float], seed: int) -> list[Array]:
    coins = fc.random.rand(len(ps), generator=fc.Generator(seed))
    return [image[..., ::-1] if coin < p else image for coin, p in zip(coins, ps, strict=True)]


def _in_a_row(flip: Make, image: Array, ps: list[float], generator: fc.Generator) -> list[Array]:
    return [flip(image, p, generator) for p in ps]


I07 = Exercise(
    id="I07",
    title="Flip by chance",
    rows=("I230",),
    task="""\
Draw one number from 0 to 1 from the generator by fc.random.rand, whatever p is. Where it is below
p, return the image flipped left to right; otherwise the image. image has shape (C, H, W).""",
    example="""\
>>> random_flip(np.array([[[1, 2, 3]]]), 1.0, fc.Generator(0)).tolist()
[[[3, 2, 1]]]""",
    imports=IMPORTS,
    stub="""\
def random_flip(image: np.ndarray, p: float, generator: fc.Generator) -> np.ndarray:
    raise NotImplementedError""",
    uses=("fc.random.rand", "fc.Generator", "np.ndarray"),
    hints=(
        "Chance is an argument: who hands over the generator knows what will come.",
        "fc.random.rand(1, generator=generator) draws one; a step of -1 turns an axis round.",
        "if fc.random.rand(1, generator=...)[0] < p: return image[..., ...]",
    ),
    checks=(
        values(
            "random_flip",
            _random_flip,
            lambda random: [
                (_pixels(random, 2, 3, 4), p, seed)
                for p, seed in [(1.0, 0), (0.0, 0), (0.5, 0), (0.5, 1), (0.5, 3), (0.3, 4)]
            ],
            place=on_host,
            library="NumPy",
            use=Use(
                "random_flip(image, p, fc.Generator(seed))",
                ("image", "p", "seed"),
                lambda flip, image, p, seed: flip(image, p, fc.Generator(seed)),
            ),
        ),
        values(
            "random_flip",
            _flips_in_a_row,
            lambda random: [(_pixels(random, 1, 2, 3), [0.5, 1.0, 0.5, 0.0, 0.5, 0.5], 5)],
            place=on_host,
            library="NumPy",
            use=Use(
                "[random_flip(image, p, generator) for p in ps], generator = fc.Generator(seed)",
                ("image", "ps", "seed"),
                lambda flip, image, ps, seed: _in_a_row(flip, image, ps, fc.Generator(seed)),
            ),
            name="one draw each time",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (I01, I02, I03, I04, I05, I06, I07)
