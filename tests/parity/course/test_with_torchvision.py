"""The rows of sections S and I whose PyTorch column is torchvision's."""

import struct
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from PIL import Image

import functorch_course as fc
from parity.course.columns import Case, Raises, compare, rows
from parity.course.datasets import TheirToy
from parity.torchvision_stub import torchvision
from toy_set import AddMult, Mult, ToySet

PIXELS = (np.arange(28 * 30) % 256).astype(np.uint8).reshape(28, 30)
GRAY = Image.fromarray(PIXELS)
VALUES = np.arange(256, dtype=np.uint8).reshape(16, 16)
theirs, ours = torchvision.transforms, fc.transforms


def both(function, expected, *, here=None):
    """Make a case of one function of the transforms and a toy set."""
    columns = (lambda: function(theirs, TheirToy)), (lambda: function(ours, ToySet))
    return Case(*columns, expected) if here is None else Case(*columns, expected, here)


def pixels(image):
    return np.asarray(image)


def shape_and_dtype(array):
    return tuple(array.shape), str(array.dtype).removeprefix("torch.")


def cropped_both_ways(transforms, _toy):
    """A crop of an image, and of what ToTensor makes of it."""
    crop, to_tensor = transforms.CenterCrop(20), transforms.ToTensor()
    return to_tensor(crop(GRAY)), crop(to_tensor(GRAY))


CROPPED = PIXELS[None, 4:24, 5:25] / np.float32(255)


def dtypes(transforms, _toy):
    modes = [GRAY.convert(mode) for mode in ("L", "RGB", "RGBA", "P", "1", "I")]
    return tuple(shape_and_dtype(transforms.ToTensor()(image))[1] for image in modes)


def pipeline(transforms, _toy):
    steps = transforms.CenterCrop(20), transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))
    return transforms.Compose(steps)(GRAY)


def wrong_order(transforms, _toy):
    steps = transforms.Normalize((0.5,), (0.5,)), transforms.ToTensor()
    return transforms.Compose(steps)(GRAY)


def torch_batch(*images):
    samples = [theirs.ToTensor()(image) for image in images]
    return next(iter(torch.utils.data.DataLoader(samples, batch_size=2)))


def our_batch(*images):
    samples = [ours.ToTensor()(image) for image in images]
    return next(iter(fc.data.DataLoader(samples, batch_size=2)))


class Counting:
    """Counts how often it is called."""

    def __init__(self):
        self.calls = 0

    def __call__(self, image):
        self.calls += 1
        return image


FOUR, LABELS = VALUES[None, :4, :4].repeat(4, 0), np.arange(4, dtype=np.uint8)


def torch_mnist(transform):
    """Write four images as MNIST's files, and open them."""
    with TemporaryDirectory() as root:
        raw = Path(root, "MNIST", "raw")
        raw.mkdir(parents=True)
        for name, array in (("images-idx3", FOUR), ("labels-idx1", LABELS)):
            header = struct.pack(f">4B{array.ndim}i", 0, 0, 8, array.ndim, *array.shape)
            for part in ("train", "t10k"):
                (raw / f"{part}-{name}-ubyte").write_bytes(header + array.tobytes())
        return torchvision.datasets.MNIST(root, train=False, transform=transform)


def our_images(transform):
    """Hold the same: ours refuses to call MNIST what is not."""
    return fc.datasets.ArrayImages(FOUR, LABELS, transform=transform)


def fetched_twice(make):
    transform = Counting()
    dataset = make(transform)
    fetched = [dataset[3] for _ in range(2)]
    return len(dataset), tuple((pixels(image), label) for image, label in fetched), transform.calls


TABLE = {
    "S203": both(
        lambda transforms, toy: transforms.Compose([AddMult(), Mult(100)])(toy()[0]),
        ([300, 300], [100]),
    ),
    "S203 the other way round": both(
        lambda transforms, toy: transforms.Compose([Mult(100), AddMult()])(toy()[0]),
        ([201, 201], [100]),
    ),
    "S203 nothing": both(lambda transforms, toy: transforms.Compose([])(toy()[0]), ([2, 2], [1])),
    "S204": both(
        lambda transforms, toy: toy(transform=transforms.Compose([AddMult(), Mult(100)]))[0],
        ([300, 300], [100]),
    ),
    "I224": both(cropped_both_ways, (CROPPED, CROPPED)),
    "I225": both(
        lambda transforms, _: (
            shape_and_dtype(transforms.ToTensor()(GRAY))[0],
            shape_and_dtype(transforms.ToTensor()(GRAY.convert("RGB")))[0],
        ),
        ((1, 28, 30), (3, 28, 30)),
    ),
    "I226": both(
        lambda transforms, _: transforms.ToTensor()(VALUES),
        VALUES[None].astype(np.float32) / np.float32(255),
    ),
    "I226 without scale": both(
        lambda transforms, _: tuple(
            transforms.ToTensor()(GRAY.convert(mode)).max() for mode in ("I", "F")
        ),
        (255, 255),
    ),
    "I227": both(dtypes, (*["float32"] * 5, "int32")),
    "I229": both(
        lambda transforms, _: tuple(
            transform(GRAY).size
            for transform in (
                transforms.CenterCrop(20),
                transforms.Resize(14),
                transforms.Resize((14, 20)),
            )
        ),
        ((20, 20), (15, 14), (20, 14)),
    ),
    "I229 padding": both(
        lambda transforms, _: pixels(transforms.CenterCrop(40)(GRAY)),
        np.pad(PIXELS, ((6, 6), (5, 5))),
    ),
    "I229 pixels": Case(
        lambda: pixels(theirs.Resize(14)(GRAY)),
        lambda: pixels(ours.Resize(14)(GRAY)),
        pixels(GRAY.resize((15, 14), Image.Resampling.BILINEAR)),
    ),
    "I230": both(
        lambda transforms, _: (
            pixels(transforms.RandomHorizontalFlip(p=1)(GRAY)),
            pixels(transforms.RandomVerticalFlip(p=1)(GRAY)),
        ),
        (PIXELS[:, ::-1], PIXELS[::-1]),
    ),
    "I232": both(
        lambda transforms, _: transforms.Normalize((0.5,), (0.5,))(transforms.ToTensor()(GRAY)),
        PIXELS[None] / np.float32(127.5) - np.float32(1),
    ),
    "I233": both(pipeline, CROPPED * 2 - 1),
    "I233 wrong order": both(
        wrong_order,
        Raises(TypeError, "img should be Tensor Image"),
        here=Raises(TypeError, r"got Image: put ToTensor\(\) before it"),
    ),
    "I236": both(
        lambda transforms, _: tuple(
            transforms.ToTensor()(GRAY.convert(mode))[-1] for mode in ("L", "RGB")
        ),
        (PIXELS / np.float32(255),) * 2,
    ),
    "I237": Case(
        lambda: tuple(torch_batch(GRAY, GRAY).shape),
        lambda: our_batch(GRAY, GRAY).shape,
        (2, 1, 28, 30),
    ),
    "I237 unequal sizes": Case(
        lambda: torch_batch(GRAY, GRAY.rotate(90, expand=True)),
        lambda: our_batch(GRAY, GRAY.rotate(90, expand=True)),
        Raises(RuntimeError, "stack expects each tensor to be equal size"),
        here=Raises(RuntimeError, "resize, crop or pad"),
    ),
    "I239": Case(
        lambda: torchvision.datasets.MNIST("no such folder"),
        lambda: fc.datasets.MNIST("no such folder"),
        Raises(RuntimeError, "Dataset not found. You can use download=True to download it"),
        here=Raises(RuntimeError, r"was not found[\s\S]*download=True"),
    ),
    "I240": Case(
        lambda: fetched_twice(torch_mnist),
        lambda: fetched_twice(our_images),
        (4, ((VALUES[:4, :4], 3),) * 2, 2),
    ),
}


@rows(TABLE)
def test_both_columns(case):
    compare(case)
