"""Images in a folder for each class."""

import numpy as np
import pytest
from PIL import Image

from functorch_course.datasets import ImageFolder, OutsideFolderError
from functorch_course.errors import DatasetNotFoundError
from functorch_course.transforms import ToTensor


def place(root, *names):
    for number, name in enumerate(names):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 3), number).save(path)


def test_classes_and_files_are_in_alphabetical_order(tmp_path):
    place(tmp_path, "dog/2.png", "dog/10.png", "cat/z/1.png", "cat/a.JPG", "cat/b/1.bmp")
    (tmp_path / "cat" / "notes.txt").write_text("no image")
    (tmp_path / "labels.csv").write_text("no class")
    dataset = ImageFolder(tmp_path)
    assert dataset.classes == ["cat", "dog"]
    assert dataset.class_to_idx == {"cat": 0, "dog": 1}
    assert dataset.names == ["cat/a.JPG", "cat/b/1.bmp", "cat/z/1.png", "dog/10.png", "dog/2.png"]
    assert dataset.targets.tolist() == [0, 0, 0, 1, 1]
    assert dataset.samples[3] == (str(tmp_path / "dog/10.png"), 1)
    image, target = dataset[3]
    assert (image.mode, image.getpixel((0, 0)), target) == ("RGB", (1, 1, 1), 1)


def test_mode_and_transforms(tmp_path):
    place(tmp_path, "a/1.png", "b/1.png")
    dataset = ImageFolder(tmp_path, ToTensor(), lambda target: target + 5, mode="L")
    assert dataset[1][0].shape == (1, 3, 4)
    assert dataset[1][1] == 6
    batch, _ = ImageFolder(tmp_path, ToTensor()).get_batch([0, 1])
    assert batch.shape == (2, 3, 3, 4)
    np.testing.assert_array_equal(batch[1], ImageFolder(tmp_path, ToTensor())[1][0])


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(DatasetNotFoundError, match="has no folders: write one for each class"):
        ImageFolder(tmp_path)
    place(tmp_path, "a/1.png")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetNotFoundError, match="has no images in empty: put files in"):
        ImageFolder(tmp_path)
    assert ImageFolder(tmp_path, allow_empty=True).classes == ["a", "empty"]
    with pytest.raises(FileNotFoundError, match="absent"):
        ImageFolder(tmp_path / "absent")


def test_links_may_not_lead_out_and_loops_end(tmp_path):
    root, outside = tmp_path / "in", tmp_path / "out"
    place(root, "a/1.png")
    place(outside, "1.png")
    (root / "b").symlink_to(outside)
    (root / "a" / "loop").symlink_to(root)
    dataset = ImageFolder(root)
    assert dataset.names == ["a/1.png", "b/1.png"]
    with pytest.raises(OutsideFolderError, match=r"sample 1: b/1\.png leads out of"):
        dataset[1]
