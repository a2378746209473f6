"""Shuffled uint8 images of 28 by 28 to normalised float32 batches of 64, by every library."""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np

from fashion_mnist import BATCH, DEVIATION, MEAN, Images
from functorch_course.data import DataLoader
from functorch_course.datasets import ArrayImages
from functorch_course.transforms import Compose, Normalize, ToTensor
from harness import Pair, Part, Run, installed, rate, take_turns

Peer: TypeAlias = Any  # an object of a library that may not be installed
PAIRS = (
    Pair("ours", "torch, by sample", 20),
    Pair("ours", "torch, TensorDataset", 4),
    Pair("ours", "jax-dataloader", 1.5),
    Pair("ours", "Grain", 1),
    Pair("ours", "tf.data"),
    Pair("ours", "plain NumPy", 0.7),
)


def measure(images: Images, rounds: int) -> Part:
    """Let everybody who is installed go through the images."""
    few = images.first(max(len(images.labels) // 10, BATCH))  # for who takes them one by one
    contenders = {
        "ours": timed(ours, images),
        "plain NumPy": timed(plain_numpy, images),
    }
    if installed("torch"):
        contenders["torch, by sample"] = timed(torch_by_sample, few)
        contenders["torch, TensorDataset"] = timed(torch_tensors, images)
    if installed("Grain"):
        contenders["Grain"] = timed(grain, few)
    if installed("jax-dataloader"):
        contenders["jax-dataloader"] = timed(jax_dataloader, images)
    if installed("tf.data"):
        contenders["tf.data"] = rate(tf_data(images).as_numpy_iterator, len(images.labels))
    figures = take_turns(contenders, rounds)
    about = f"{len(images.labels):,} images ({images.source}), uint8 to normalised float32"
    return Part("in memory", about, "samples a second", figures, PAIRS)


def timed(make: Callable[[Images], Iterable[Any]], images: Images) -> Run:
    """Return what measures a loader, made anew for each epoch."""
    return rate(functools.partial(make, images), len(images.labels))


class Row:
    """Normalised image after image: what a script with a per-sample transform does."""

    def __init__(self, images: Peer, labels: Peer, transform: Callable[[Peer], Peer]) -> None:
        self.images, self.labels, self.transform = images, labels, transform

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        return self.transform(self.images[index]), self.labels[index]


def scaled(x: np.ndarray) -> np.ndarray:
    """Return uint8 as normalised float32, in place where that is possible."""
    y = x.astype(np.float32)
    y /= np.float32(255)
    y -= np.float32(MEAN)
    y /= np.float32(DEVIATION)
    return y


def ours(images: Images) -> Iterable[Any]:
    """Our loader over an array-backed dataset with its transforms."""
    transform = Compose([ToTensor(), Normalize(MEAN, DEVIATION)])
    dataset = ArrayImages(images.pixels, images.labels, transform=transform)
    return DataLoader(dataset, BATCH, shuffle=True)


def plain_numpy(images: Images) -> Iterator[Any]:
    """The loop that one would write by hand."""
    order = np.random.default_rng().permutation(len(images.labels))
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        yield scaled(images.pixels[rows][:, None]), images.labels[rows]


def torch_by_sample(images: Images) -> Iterable[Any]:
    """torch's loader over a dataset that transforms image by image."""
    import torch
    from torch.utils.data import DataLoader as TorchLoader

    def transform(image: torch.Tensor) -> torch.Tensor:
        return image[None].float().div(255).sub(MEAN).div(DEVIATION)

    dataset = Row(torch.from_numpy(images.pixels), torch.from_numpy(images.labels), transform)
    return TorchLoader(dataset, BATCH, shuffle=True)  # type: ignore[arg-type]


def torch_tensors(images: Images) -> Iterator[Any]:
    """torch's loader over a TensorDataset, normalised batch by batch."""
    import torch
    from torch.utils.data import DataLoader as TorchLoader
    from torch.utils.data import TensorDataset

    tensors = torch.from_numpy(images.pixels[:, None]), torch.from_numpy(images.labels)
    for x, y in TorchLoader(TensorDataset(*tensors), BATCH, shuffle=True):
        yield x.float().div_(255).sub_(MEAN).div_(DEVIATION), y


def grain(images: Images) -> Iterable[Any]:
    """Grain's data set over the same source."""
    import grain

    rows = Row(images.pixels, images.labels, lambda image: scaled(image[None]))
    here = grain.ReadOptions(num_threads=0)  # its threads would fight for the interpreter lock
    return grain.MapDataset.source(rows).shuffle(seed=0).to_iter_dataset(here).batch(BATCH)


def jax_dataloader(images: Images) -> Iterator[Any]:
    """The jax backend of jax-dataloader over arrays, normalised batch by batch."""
    import jax_dataloader as jdl

    arrays = jdl.ArrayDataset(images.pixels[:, None], images.labels)
    for x, y in jdl.DataLoader(arrays, "jax", batch_size=BATCH, shuffle=True):
        yield scaled(np.asarray(x)), y


def tf_data(images: Images) -> Peer:
    """TensorFlow's pipeline over arrays, normalised batch by batch in threads of its own."""
    import tensorflow as tf

    def normalised(x: Peer, y: Peer) -> tuple[Peer, Peer]:
        return (tf.cast(x, tf.float32) / 255 - MEAN) / DEVIATION, y

    arrays = tf.data.Dataset.from_tensor_slices((images.pixels[:, None], images.labels))
    batches = arrays.shuffle(len(images.labels)).batch(BATCH)
    return batches.map(normalised, tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)
