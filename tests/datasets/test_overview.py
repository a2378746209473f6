"""The numbers and the picture of a dataset."""

import numpy as np
import pytest
from PIL import Image

from functorch_course.datasets import (
    LESSON_IMAGES,
    ArrayImages,
    CSVImageDataset,
    image_grid,
    overview,
)
from functorch_course.transforms import Compose, Flatten, Normalize, ToTensor


def colours(**options):
    data = np.random.default_rng(0).integers(0, 256, (12, 6, 5, 3)).astype(np.uint8)
    return ArrayImages(data, np.arange(12) % 3, ["red", "green", "blue"], **options)


def test_numbers_are_those_of_the_pixels():
    dataset = colours(transform=ToTensor())
    numbers = overview(dataset)
    assert numbers.size == 12
    assert numbers.image_sizes == {("RGB", 6, 5): 12}
    assert numbers.class_sizes == {"red": 4, "green": 4, "blue": 4}
    np.testing.assert_allclose(numbers.mean, (dataset.data / 255).mean((0, 1, 2)), rtol=1e-6)
    np.testing.assert_allclose(numbers.std, (dataset.data / 255).std((0, 1, 2)), rtol=1e-6)


def test_images_of_several_sizes_and_modes(tmp_path):
    Image.new("L", (4, 3), 255).save(tmp_path / "a.png")
    Image.new("L", (2, 2), 0).save(tmp_path / "b.png")
    table = tmp_path / "t.csv"
    table.write_text("label,filename\n7,a.png\n20000,b.png\n")
    numbers = overview(CSVImageDataset(table, tmp_path))
    assert numbers.image_sizes == {("L", 3, 4): 1, ("L", 2, 2): 1}
    assert numbers.class_sizes == {"7": 1, "20000": 1}
    assert numbers.mean == (12 / 16,)
    Image.new("RGB", (2, 2)).save(tmp_path / "b.png")
    assert overview(CSVImageDataset(table, tmp_path)).mean == ()


def test_the_grid_shows_images_before_and_after_the_transform():
    normalize = Compose([ToTensor(), Normalize(0.5, 0.25)])
    dataset = CSVImageDataset(LESSON_IMAGES / "labels.csv", LESSON_IMAGES, normalize)
    grid = np.asarray(image_grid(dataset, [3, 4, 5], columns=2, side=56))
    assert grid.shape == (2 * (2 * 56 + 14 + 6) + 6, 2 * 62 + 6, 3)
    sharp = np.asarray(dataset.read(3)).repeat(2, 0).repeat(2, 1)
    np.testing.assert_array_equal(grid[20:76, 6:62, 0], sharp)
    assert (grid[76:132, 6:62] >= 0).all()
    after = grid[76:132, 6:62, 0]
    assert (after.min(), after.max()) == (0, 255)
    assert (grid[-60:-6, -56:] == 255).all()


@pytest.mark.parametrize("transform", [None, Compose([ToTensor(), Flatten()])])
def test_the_grid_leaves_out_what_is_no_image(transform):
    grid = np.asarray(image_grid(colours(transform=transform), [0], columns=1, side=30))
    assert grid.shape[1] == 42
    assert (grid[50:] == 255).all()
