"""Batches begin where JAX on the CPU reads them in place."""

import jax
import numpy as np
import pytest
from PIL import Image

from functorch_course.data import ConcatDataset, DataLoader, Dataset, TensorDataset
from functorch_course.data.aligned import ALIGNMENT, aligned_empty
from functorch_course.data.batches import merge, take_rows
from functorch_course.datasets import ArrayImages, ImageFolder
from functorch_course.transforms import Compose, Flatten, Normalize, ToTensor

PIXELS = np.random.default_rng(0).integers(0, 256, (30, 9, 7), np.uint8)
STEPS = Compose([ToTensor(), Normalize((0.5,), (0.25,)), Flatten()])
ROWS = np.arange(30.0 * 63, dtype=np.float32).reshape(30, 63)


class OneByOne(Dataset):
    def __len__(self):
        return len(ROWS)

    def __getitem__(self, index):
        return ROWS[index]


def address(array):
    return array.__array_interface__["data"][0]


@pytest.mark.parametrize("dtype", [np.uint8, bool, np.float16, np.int32, np.float64, np.complex128])
@pytest.mark.parametrize("shape", [(), (0, 3), (5,), (7, 3, 2)])
def test_an_array_of_any_kind_of_number_begins_there(shape, dtype):
    arrays = [aligned_empty(shape, dtype) for _ in range(9)]
    assert all(address(array) % ALIGNMENT == 0 for array in arrays if array.size)
    assert {(array.shape, array.dtype) for array in arrays} == {(shape, np.dtype(dtype))}
    arrays[0][...] = 1
    assert (arrays[0] == 1).all()


@pytest.mark.parametrize("dtype", [object, np.dtypes.StringDType(), [("a", "i4"), ("b", "O")]])
def test_what_holds_pythons_objects_is_an_array_all_the_same(dtype):
    array = aligned_empty((2, 3), dtype)
    assert (array.shape, array.dtype) == ((2, 3), np.dtype(dtype))
    parts = [np.zeros((2, 3), dtype), np.ones((2, 3), dtype)]
    joined = merge(parts, np.array([3, 0, 2, 1]))
    np.testing.assert_array_equal(joined, np.concatenate(parts)[[3, 0, 2, 1]])


@pytest.mark.parametrize(
    "dataset",
    [
        TensorDataset(ROWS),
        ConcatDataset([TensorDataset(ROWS[:11]), TensorDataset(ROWS[11:])]),
        ArrayImages(PIXELS, np.arange(30), transform=ToTensor()),
        ArrayImages(PIXELS, np.arange(30), transform=STEPS),
        OneByOne(),
    ],
    ids=["rows", "rows of two", "images", "normalised images", "one by one"],
)
@pytest.mark.parametrize("shuffle", [False, True])
def test_jax_takes_a_batch_without_a_copy(dataset, shuffle):
    for batch in DataLoader(dataset, 7, shuffle=shuffle):
        first = batch if isinstance(batch, np.ndarray) else batch[0]
        assert address(first) % ALIGNMENT == 0
        with jax.default_device(jax.devices("cpu")[0]):
            taken = jax.device_put(first)
        assert taken.unsafe_buffer_pointer() == address(first)


@pytest.mark.parametrize("side", [20, 300], ids=["small", "large"])
def test_images_of_files_begin_there(tmp_path, side):
    for number in range(4):
        folder = tmp_path / str(number % 2)
        folder.mkdir(exist_ok=True)
        Image.new("RGB", (side, side), (number, 0, 0)).save(folder / f"{number}.png")
    images, _ = ImageFolder(tmp_path, transform=ToTensor()).get_batch(range(4))
    assert address(images) % ALIGNMENT == 0


@pytest.mark.parametrize("rows", [[0, 2], [-1, 0], [], [[1, 2], [0, -3]], [2, 2, 2]])
def test_rows_are_those_that_numpy_takes(rows):
    array = np.arange(6).reshape(3, 2)
    rows = np.array(rows, np.intp)
    np.testing.assert_array_equal(take_rows(array, rows), array[rows])


@pytest.mark.parametrize("row", [3, -4, np.iinfo(np.intp).min])
def test_a_row_that_is_not_there_is_refused(row):
    with pytest.raises(IndexError, match=str(row)):
        take_rows(np.zeros((3, 2)), np.array([0, row], np.intp))
