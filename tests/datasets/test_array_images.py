"""Images held as one array: single samples and whole batches say the same."""

import numpy as np
import pytest
from PIL import Image

from functorch_course.datasets import ArrayImages
from functorch_course.errors import InvalidValueError
from functorch_course.transforms import Compose, Normalize, ToTensor

TO_ARRAY = Compose([ToTensor(), Normalize(0.5, 0.5)])


def images(shape=(10, 6, 5), **options):
    data = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    return ArrayImages(data, np.arange(len(data), dtype=np.uint8), **options)


@pytest.mark.parametrize(("shape", "mode"), [((10, 6, 5), "L"), ((10, 6, 5, 3), "RGB")])
def test_a_sample_is_an_image_and_an_int(shape, mode):
    dataset = images(shape)
    image, target = dataset[7]
    assert image.mode == mode
    np.testing.assert_array_equal(np.asarray(image), dataset.data[7])
    assert (target, type(target)) == (7, int)
    assert dataset[-1][1] == 9
    assert dataset[np.int64(2)][1] == 2


def test_transforms_apply_to_image_and_target():
    dataset = images(transform=lambda image: image.size, target_transform=lambda target: -target)
    assert dataset[4] == ((5, 6), -4)


def test_the_end_is_an_index_error_so_that_a_loop_stops():
    assert len(list(images())) == len(images()) == 10
    with pytest.raises(IndexError, match="out of bounds"):
        images()[10]
    with pytest.raises(TypeError, match="cannot be interpreted as an integer"):
        images()[[1, 2]]


@pytest.mark.parametrize("shape", [(10, 6, 5), (10, 6, 5, 3)])
@pytest.mark.parametrize("indices", [[3, 1, 1, -1], [], range(10), np.array([0, 9])])
def test_a_batch_equals_its_samples_bit_for_bit(shape, indices):
    dataset = images(shape, transform=TO_ARRAY)
    assert dataset.can_get_batch
    batch, targets = dataset.get_batch(indices)
    samples = [dataset[index] for index in indices]
    assert batch.dtype == np.float32
    assert targets.dtype == np.int64
    assert targets.tolist() == [target for _, target in samples]
    assert len(batch) == len(samples)
    for one, (image, _) in zip(batch, samples, strict=True):
        np.testing.assert_array_equal(one, image)


class Overridden(ArrayImages):
    def __getitem__(self, index):
        return super().__getitem__(len(self) - 1 - index)


@pytest.mark.parametrize(
    "dataset",
    [
        images(),
        images(transform=np.asarray),
        images(transform=Compose([np.asarray, ToTensor()])),
        images(transform=Normalize(0, 1)),
        images(transform=ToTensor(), target_transform=float),
        Overridden(np.zeros((3, 2, 2), np.uint8), np.arange(3), transform=ToTensor()),
    ],
)
def test_what_cannot_be_batched_says_so(dataset):
    assert not dataset.can_get_batch
    with pytest.raises(InvalidValueError, match=r"begin the transform with ToTensor\(\)"):
        dataset.get_batch([0])


def test_repr_shows_the_transforms():
    assert repr(images(transform=TO_ARRAY, target_transform=float)).splitlines() == [
        "Dataset ArrayImages",
        "    Number of datapoints: 10",
        "    transform: Compose(",
        "        ToTensor()",
        "        Normalize(mean=0.5, std=0.5)",
        "    )",
        "    target_transform: <class 'float'>",
    ]


def test_a_png_of_a_sample_holds_its_pixels(tmp_path):
    dataset = images()
    dataset[0][0].save(tmp_path / "0.png")
    with Image.open(tmp_path / "0.png") as image:
        np.testing.assert_array_equal(np.asarray(image), dataset.data[0])
