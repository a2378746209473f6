"""The datasets against torchvision's, over the same files."""

import gzip
import importlib

import numpy as np
import pytest
import torch
from PIL import Image

from functorch_course import data, random, transforms
from functorch_course import datasets as ours
from parity.torchvision_stub import torchvision

theirs = importlib.import_module("torchvision.datasets", torchvision.__name__)


def assert_same_samples(actual, desired):
    assert len(actual) == len(desired)
    for index in [*range(len(desired)), -1]:
        (image, target), (other, label) = actual[index], desired[index]
        assert (image.mode, image.size, target) == (other.mode, other.size, label)
        assert image.tobytes() == other.tobytes()


@pytest.mark.parametrize("train", [True, False])
def test_fashion_mnist_in_torchvisions_own_layout(tmp_path, monkeypatch, train):
    system = ours.FashionMNIST.system_folder
    if not system.is_dir():
        pytest.skip("dataset-fashion-mnist is not installed")
    raw = tmp_path / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for path in system.glob("*.gz"):
        with gzip.open(path) as file:
            (raw / path.stem).write_bytes(file.read())
    monkeypatch.setattr(ours.FashionMNIST, "system_folder", None)
    actual = ours.FashionMNIST(tmp_path, train=train)
    desired = theirs.FashionMNIST(tmp_path, train=train)
    np.testing.assert_array_equal(actual.data, desired.data.numpy())
    np.testing.assert_array_equal(actual.targets, desired.targets.numpy())
    assert actual.classes == desired.classes
    assert actual.class_to_idx == desired.class_to_idx
    assert actual[5][0].tobytes() == desired[5][0].tobytes()


def test_image_folder(tmp_path):
    names = ["b/2.png", "b/10.PNG", "a/z/1.jpeg", "a/x.bmp", "a/b/1.tif", "c c/q.webp", "a/t.txt"]
    for number, name in enumerate(names):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix != ".txt":
            Image.new("L", (5, 4), number * 9).save(path)
    actual, desired = ours.ImageFolder(tmp_path), theirs.ImageFolder(tmp_path)
    assert actual.samples == desired.samples
    assert actual.targets.tolist() == desired.targets
    assert actual.classes == desired.classes
    assert actual.class_to_idx == desired.class_to_idx
    assert_same_samples(actual, desired)


@pytest.mark.parametrize("size", [(1, 9, 8), (3, 16, 20), (4, 3, 3)])
def test_fake_data(size):
    options = {"size": 6, "image_size": size, "num_classes": 7, "random_offset": 3}
    actual, desired = ours.FakeData(**options), theirs.FakeData(**options)
    for index in range(6):
        (image, target), (other, label) = actual[index], desired[index]
        assert image.mode == other.mode
        assert target == label
        np.testing.assert_array_equal(np.asarray(image), np.asarray(other))


def augmented(t):
    """A training pipeline with chance at every stage, from either library."""
    parts = [t.RandomCrop(28, padding=4), t.RandomHorizontalFlip(), t.RandomRotation(10)]
    parts += [t.ToTensor(), t.Normalize((0.5,), (0.5,)), t.RandomErasing()]
    return t.Compose(parts)


class First300(torch.utils.data.Dataset):
    """Torch's view of the first samples, with torchvision's transforms."""

    def __init__(self):
        self.dataset = ours.FashionMNISTSample(transform=augmented(torchvision.transforms))

    def __len__(self):
        return 300

    def __getitem__(self, index):
        return self.dataset[index]


def test_two_shuffled_and_augmented_epochs_from_one_seed():
    mine = data.Subset(ours.FashionMNISTSample(transform=augmented(transforms)), range(300))
    options = {"batch_size": 64, "shuffle": True}
    actual = data.DataLoader(mine, augmentation="torch", **options)
    desired = torch.utils.data.DataLoader(First300(), **options)
    torch.manual_seed(3)
    random.manual_seed(3)
    for _ in range(2):
        batches = zip(actual, desired, strict=True)
        for (images, targets), (other_images, other_targets) in batches:
            np.testing.assert_array_equal(images, other_images.numpy())
            np.testing.assert_array_equal(targets, other_targets.numpy())


def test_names_and_addresses():
    for name in ("MNIST", "FashionMNIST", "KMNIST"):
        assert list(getattr(ours, name).names) == getattr(theirs, name).classes
    for split, classes in theirs.EMNIST.classes_split_dict.items():
        assert list(ours.EMNIST.splits[split]) == list(classes)
    for name in ("CIFAR10", "CIFAR100"):
        mine, other = getattr(ours, name), getattr(theirs, name)
        assert mine.pickles == other.base_folder
        assert list(mine.md5[True].items()) == [tuple(pair) for pair in other.train_list]
        assert list(mine.md5[False].items()) == [tuple(pair) for pair in other.test_list]
