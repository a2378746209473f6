"""Datasets of other libraries in our loader, as they are: anything with a length and items.

The extra ``peers`` installs those libraries; what is missing is skipped.
"""

import numpy as np
import pytest
from PIL import Image

from functorch_course import Generator
from functorch_course.data import DataLoader
from functorch_course.datasets import from_huggingface
from functorch_course.errors import InvalidValueError

COUNT = 10


def a_list():
    return list(range(COUNT))


def of_hugging_face():
    return _library("datasets").Dataset.from_dict({"x": list(range(COUNT))})


def of_hugging_face_in_numpy():
    return of_hugging_face().with_format("numpy")


def a_grain_source():
    return _library("grain").sources.RangeDataSource(0, COUNT, 1)


def a_grain_map():
    return _library("grain").MapDataset.range(COUNT)


def of_torch():
    torch = _library("torch")
    return torch.utils.data.TensorDataset(torch.arange(COUNT))


def _library(name):
    """The library, or a skip; a mere folder of its name, such as one of these tests, is none."""
    library = pytest.importorskip(name)
    if getattr(library, "__file__", None) is None:
        pytest.skip(f"{name} is not installed")
    return library


MAKERS = [
    a_list, of_hugging_face, of_hugging_face_in_numpy, a_grain_source, a_grain_map, of_torch
]  # fmt: skip


def numbers(batch):
    """The only array of a batch."""
    return batch["x"] if isinstance(batch, dict) else batch[0] if isinstance(batch, list) else batch


@pytest.mark.parametrize("make", MAKERS)
def test_it_gives_pytorchs_order_in_numpy(make):
    loader = DataLoader(make(), 4, shuffle=True, generator=Generator(0))
    batches = [numbers(batch) for batch in loader]
    assert all(type(batch) is np.ndarray and batch.dtype == np.int64 for batch in batches)
    assert [batch.tolist() for batch in batches] == [[3, 7, 5, 2], [0, 8, 1, 6], [9, 4]]


def test_images_of_hugging_face_are_pil_images_and_their_indices_are_checked():
    library = _library("datasets")
    pixels = np.random.default_rng(0).integers(0, 256, (3, 5, 4, 3)).astype(np.uint8)
    columns = {"image": [Image.fromarray(image) for image in pixels], "label": [2, 0, 1]}
    names = library.ClassLabel(names=["cat", "dog", "owl"])
    features = library.Features({"image": library.Image(), "label": names})
    dataset = from_huggingface(library.Dataset.from_dict(columns, features=features))
    image, label = dataset[-1]
    assert (image.mode, image.size, label) == ("RGB", (4, 5), 1)
    np.testing.assert_array_equal(np.asarray(image), pixels[2])
    assert from_huggingface(dataset.source, ["label"])[0] == (2,)
    for index in (3, -4):
        with pytest.raises(IndexError, match=f"index {index} is out of range for 3 samples"):
            dataset[index]
    splits = library.DatasetDict({"train": dataset.source, "test": dataset.source})
    with pytest.raises(InvalidValueError, match=r"DatasetDict is not one split: .* 'train'"):
        from_huggingface(splits)


@pytest.mark.slow
@pytest.mark.parametrize("make", MAKERS)
def test_it_gives_the_same_to_worker_processes(make):
    with DataLoader(make(), 4, shuffle=True, generator=Generator(0), num_workers=2) as loader:
        batches = [numbers(batch).tolist() for batch in loader]
    assert batches == [[3, 7, 5, 2], [0, 8, 1, 6], [9, 4]]
