"""Datasets prepared by other libraries, and noise."""

import pickle
import sys

import numpy as np
import pytest

from functorch_course.datasets import FakeData, from_huggingface, from_tfds
from functorch_course.errors import DatasetNotFoundError, InvalidValueError
from functorch_course.transforms import ToTensor


class Rows(list):
    """What a split of a Hugging Face dataset offers."""

    column_names = ("image", "label", "id")


ROWS = Rows({"image": f"image {i}", "label": i % 3, "id": i} for i in range(7))


def test_huggingface_columns_become_tuples():
    dataset = from_huggingface(ROWS)
    assert len(dataset) == 7
    assert dataset[4] == ("image 4", 1)
    assert from_huggingface(ROWS, ["id"])[2] == (2,)
    assert from_huggingface(ROWS, None)[2] == {"image": "image 2", "label": 2, "id": 2}
    assert list(dataset)[-1] == dataset[-1] == ("image 6", 0)
    assert pickle.loads(pickle.dumps(dataset))[1] == ("image 1", 1)  # noqa: S301
    assert repr(dataset) == "Dataset Rows: 7 samples"


@pytest.mark.parametrize("index", [7, -8])
def test_indices_out_of_range_are_index_errors(index):
    with pytest.raises(IndexError, match=f"index {index} is out of range for 7 samples"):
        from_huggingface(ROWS)[index]
    with pytest.raises(TypeError, match="cannot be interpreted as an integer"):
        from_huggingface(ROWS)["label"]


def test_what_does_not_fit_is_named():
    with pytest.raises(InvalidValueError, match=r"columns=\('img',\) are unknown: there are"):
        from_huggingface(ROWS, ("img", "label"))

    class Splits(dict):
        column_names = {"train": ("image",), "test": ("image",)}  # noqa: RUF012

    with pytest.raises(InvalidValueError, match=r"is not one split: write .*of 'train', 'test'"):
        from_huggingface(Splits())
    with pytest.raises(InvalidValueError, match="list is not one split"):
        from_huggingface([1, 2])


def test_tfds_that_was_not_prepared_takes_three_lines(tmp_path):
    with pytest.raises(DatasetNotFoundError) as raised:
        from_tfds("fashion_mnist:3.0.1", data_dir=tmp_path)
    first, second, third = str(raised.value).splitlines()
    assert first == "fashion_mnist:3.0.1 has not been prepared by tensorflow-datasets."
    assert second == f"  Looked in {tmp_path}/fashion_mnist/3.0.1"
    assert "use FashionMNIST" in third


def test_fake_data_is_the_same_for_the_same_index():
    dataset = FakeData(size=5, image_size=(3, 8, 9), num_classes=4, transform=ToTensor())
    again = FakeData(size=5, image_size=(3, 8, 9), num_classes=4, transform=ToTensor())
    image, target = dataset[2]
    assert image.shape == (3, 8, 9)
    assert 0 <= target < 4
    np.testing.assert_array_equal(again[2][0], image)
    assert not np.array_equal(dataset[3][0], image)
    shifted = FakeData(size=5, image_size=(3, 8, 9), num_classes=4, random_offset=2)
    np.testing.assert_array_equal(ToTensor()(shifted[0][0]), image)
    assert len(list(dataset)) == 5
    with pytest.raises(IndexError, match="index 5 is out of range for 5 images"):
        dataset[5]
    with pytest.raises(InvalidValueError, match=r"image_size=\(8, 9\): write \(1 to 4, height"):
        FakeData(image_size=(8, 9))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A dataset that tensorflow-datasets prepares on the spot, in the format that needs no tf."""
    tfds = pytest.importorskip("tensorflow_datasets")

    class Toy(tfds.core.GeneratorBasedBuilder):
        VERSION = tfds.core.Version("1.0.0")
        url_infos = {}  # noqa: RUF012

        def _info(self):
            image = tfds.features.Tensor(shape=(4, 5), dtype=np.uint8)
            features = {"image": image, "label": tfds.features.ClassLabel(num_classes=3)}
            return tfds.core.DatasetInfo(
                builder=self, features=tfds.features.FeaturesDict(features)
            )

        def _split_generators(self, dl_manager):
            return {"train": self._generate_examples(7), "test": self._generate_examples(2)}

        def _generate_examples(self, count):
            for number in range(count):
                yield number, {"image": np.full((4, 5), number, np.uint8), "label": number % 3}

    folder = tmp_path_factory.mktemp("tfds")
    Toy(data_dir=str(folder), file_format="array_record").download_and_prepare()
    return folder


@pytest.mark.filterwarnings("ignore")
def test_tfds_is_read_without_tensorflow(prepared):
    dataset = from_tfds("toy", data_dir=prepared)
    samples = list(dataset)
    assert len(samples) == len(dataset) == 7
    for image, label in samples:
        assert (image.shape, image.dtype) == ((4, 5), np.uint8)
        assert (image == image[0, 0]).all()
        assert label == image[0, 0] % 3
    assert dataset[-1][1] == samples[6][1]
    assert sorted(from_tfds("toy:1.0.0", "test", prepared, None)[0]) == ["image", "label"]
    assert repr(dataset) == "Dataset toy (train): 7 samples"
    assert "tensorflow" not in sys.modules
    for index in (7, -8):
        with pytest.raises(IndexError, match=f"index {index} is out of range for 7 samples"):
            dataset[index]


@pytest.mark.filterwarnings("ignore")
def test_tfds_splits_features_and_versions_are_named(prepared):
    with pytest.raises(InvalidValueError, match=r"split='dev': toy has 't.*', 't"):
        from_tfds("toy", "dev", prepared)
    with pytest.raises(InvalidValueError, match=r"columns=\('x',\) are unknown: there are 'image'"):
        from_tfds("toy", "train", prepared, ["x"])
    with pytest.raises(DatasetNotFoundError, match=r"toy:2\.0\.0 has not been prepared"):
        from_tfds("toy:2.0.0", "train", prepared)
