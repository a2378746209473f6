"""MNIST and its relatives: where they are looked for, and what is refused."""

import gzip

import numpy as np
import pytest

from functorch_course.datasets import FashionMNIST
from functorch_course.errors import DamagedFileError, DatasetNotFoundError
from small_mnist import CONTENT, IMAGES, LABELS, SmallMNIST


def place(folder, compress=True, change=None):
    """Put the four files into ``folder``, one of them changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in CONTENT.items():
        changed = content[:-1] + bytes([content[-1] ^ 1]) if name == change else content
        if compress:
            (folder / f"{name}.gz").write_bytes(gzip.compress(changed, mtime=0))
        else:
            (folder / name).write_bytes(changed)


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("folder", ["SmallMNIST/raw", "SmallMNIST", "."])
def test_found_in_each_place_compressed_or_not(tmp_path, folder, compress):
    place(tmp_path / folder, compress)
    train, test = SmallMNIST(tmp_path), SmallMNIST(tmp_path, train=False)
    np.testing.assert_array_equal(train.data, IMAGES)
    np.testing.assert_array_equal(test.data, IMAGES[::-1])
    assert train.targets.tolist() == LABELS.tolist()
    assert test[0][1] == 9
    assert train.classes[0] == "0 - zero"


def test_a_damaged_file_is_named(tmp_path):
    place(tmp_path / "SmallMNIST/raw", change="train-labels-idx1-ubyte")
    with pytest.raises(DamagedFileError, match=r"raw.train-labels-idx1-ubyte\.gz does not hold"):
        SmallMNIST(tmp_path)
    assert len(SmallMNIST(tmp_path, train=False)) == 20


def test_a_damaged_file_is_not_passed_over_for_a_right_one_further_on(tmp_path):
    place(tmp_path / "SmallMNIST/raw", change="train-labels-idx1-ubyte")
    place(tmp_path / "SmallMNIST")
    with pytest.raises(DamagedFileError, match=r"raw.train-labels-idx1-ubyte"):
        SmallMNIST(tmp_path)


def test_other_files_of_the_same_name_in_root_are_another_dataset(tmp_path):
    place(tmp_path, change="train-images-idx3-ubyte")
    with pytest.raises(DatasetNotFoundError, match=r"SmallMNIST \(train\) was not found"):
        SmallMNIST(tmp_path)


def test_not_found_takes_three_lines(tmp_path):
    with pytest.raises(DatasetNotFoundError) as raised:
        SmallMNIST(tmp_path, train=False)
    first, second, third = str(raised.value).splitlines()
    assert first == "SmallMNIST (test) was not found: t10k-images-idx3-ubyte.gz is missing."
    assert second.strip().startswith(f"Looked in {tmp_path}/SmallMNIST/raw, ")
    assert third.strip().startswith("Write download=True, or put t10k-images-idx3-ubyte.gz and ")
    assert "FashionMNISTSample()" in third


def test_fashion_mnist_also_looks_where_debian_puts_it(tmp_path, monkeypatch):
    monkeypatch.setattr(FashionMNIST, "system_folder", tmp_path / "system")
    with pytest.raises(DatasetNotFoundError, match=f"{tmp_path}/system\n.*apt install dataset-fa"):
        FashionMNIST(tmp_path)
    place(tmp_path / "system")
    with pytest.raises(DamagedFileError, match="expected c59f468a2f672dc8"):
        FashionMNIST(tmp_path)


@pytest.mark.skipif(
    not FashionMNIST.system_folder.is_dir(), reason="dataset-fashion-mnist is not installed"
)
def test_the_real_fashion_mnist(tmp_path):
    train = FashionMNIST(tmp_path)
    assert train.data.shape == (60_000, 28, 28)
    assert np.bincount(train.targets).tolist() == [6_000] * 10
    assert round(float(train.data.mean() / 255), 4) == 0.2860
    assert repr(train).splitlines()[1:4] == [
        "    Number of datapoints: 60000",
        f"    Root location: {tmp_path}",
        "    Split: Train",
    ]
