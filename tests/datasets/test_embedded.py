"""The slice of Fashion-MNIST in the package."""

import hashlib

import numpy as np
import pytest

from functorch_course.datasets import FashionMNISTSample


@pytest.mark.parametrize(
    ("train", "size", "counts", "digest"),
    [
        (True, 6_000, [560, 643, 608, 612, 584, 594, 590, 617, 590, 602], "6dded816"),
        (False, 1_000, [107, 105, 111, 93, 115, 87, 97, 95, 95, 95], "7a6d8e07"),
    ],
)
def test_sizes_classes_and_pixels(train, size, counts, digest):
    dataset = FashionMNISTSample(train=train)
    assert len(dataset) == size
    assert dataset.data.shape == (size, 28, 28)
    assert dataset.data.dtype == np.uint8
    assert dataset.targets.dtype == np.int64
    assert np.bincount(dataset.targets).tolist() == counts
    header = b"\0\0\x08\x03" + np.array(dataset.data.shape, ">u4").tobytes()
    assert hashlib.sha256(header + dataset.data.tobytes()).hexdigest().startswith(digest)


def test_first_samples():
    dataset = FashionMNISTSample()
    image, target = dataset[0]
    assert (image.mode, image.size, target) == ("L", (28, 28), 9)
    assert dataset.classes[target] == "Ankle boot"
    assert dataset.class_to_idx["Ankle boot"] == 9
    assert [dataset[i][1] for i in range(5)] == [9, 0, 0, 3, 0]


def test_repr_tells_size_and_split():
    assert repr(FashionMNISTSample(train=False)).splitlines() == [
        "Dataset FashionMNISTSample",
        "    Number of datapoints: 1000",
        "    Split: Test",
    ]
