"""Bytes scaled on the device: bit for bit what the transforms make of them on the host."""

import jax
import numpy as np
import pytest

from functorch_course.datasets import ArrayImages
from functorch_course.training.pixels import as_pixels
from functorch_course.training.whole_epoch import resident
from functorch_course.transforms import Compose, Flatten, Invert, Normalize, ToTensor

GREY = np.arange(1024, dtype=np.uint16).astype(np.uint8).reshape(4, 16, 16)
COLOUR = np.stack([GREY, GREY[:, ::-1], GREY.transpose(0, 2, 1)], -1)
PER_CHANNEL = Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def images(data, *parts):
    return ArrayImages(data, np.arange(len(data)), transform=Compose(parts))


@pytest.mark.parametrize(
    "dataset",
    [
        images(GREY, ToTensor()),
        images(GREY, ToTensor(), Flatten()),
        images(GREY, ToTensor(), Normalize(0.2860, 0.3530)),
        images(GREY, ToTensor(), Normalize((0.2860,), (0.3530,)), Flatten()),
        images(COLOUR, ToTensor(), Flatten()),
        images(COLOUR, ToTensor(), PER_CHANNEL),
        images(COLOUR, ToTensor(), PER_CHANNEL, Flatten()),
        images(COLOUR, ToTensor(), Normalize(0.5, 0.25), Flatten()),
        ArrayImages(GREY, np.arange(4), transform=ToTensor()),
    ],
)
def test_all_256_values_are_those_of_the_host(dataset):
    pixels = jax.device_put(as_pixels(dataset))
    chosen = np.array([3, 0, 2])
    on_device = np.asarray(jax.jit(type(pixels).take)(pixels, chosen))
    on_host, _ = dataset.get_batch(chosen)
    assert on_device.dtype == on_host.dtype
    assert on_device.shape == on_host.shape
    if jax.default_backend() == "cpu":
        assert on_device.tobytes() == on_host.tobytes()


class Twice(Normalize):
    def __call__(self, sample):
        return 2 * super().__call__(sample)


@pytest.mark.parametrize(
    "parts", [(ToTensor(), Twice(0, 1)), (ToTensor(), Invert()), (ToTensor(), Flatten(), Flatten())]
)
def test_what_does_more_than_scale_is_left_to_the_host(parts):
    assert as_pixels(images(GREY, *parts)) is None


def test_a_dataset_of_another_kind_is_left_to_the_host():
    assert as_pixels([1, 2, 3]) is None


def test_the_device_never_reads_the_users_array():
    dataset = images(GREY.copy(), ToTensor())
    targets = dataset.targets.copy()
    pixels, labels = jax.device_put(resident(dataset))
    dataset.data[:], dataset.targets[:] = 7, 8
    assert np.array_equal(np.asarray(pixels.levels)[:, 0], GREY)
    assert np.array_equal(np.asarray(labels), targets)
