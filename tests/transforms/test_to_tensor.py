"""ToTensor, against values worked out by hand."""

import numpy as np
import pytest
from PIL import Image

from functorch_course.transforms import SampleTypeError, ToTensor


def test_every_8_bit_value_becomes_the_nearest_float32_of_its_255th():
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    expected = (np.arange(256, dtype=np.float64) / 255).astype(np.float32)
    tensor = ToTensor()(Image.fromarray(values))
    assert tensor.dtype == np.float32
    np.testing.assert_array_equal(tensor.ravel(), expected)
    np.testing.assert_array_equal(ToTensor()(values), tensor)


@pytest.mark.parametrize(
    ("mode", "channels", "dtype", "value"),
    [
        ("1", 1, np.float32, 1.0),
        ("L", 1, np.float32, 1.0),
        ("P", 1, np.float32, 1.0),
        ("LA", 2, np.float32, 1.0),
        ("RGB", 3, np.float32, 1.0),
        ("RGBA", 4, np.float32, 1.0),
        ("CMYK", 4, np.float32, 1.0),
        ("I", 1, np.int32, 255),
        ("F", 1, np.float32, 255.0),
        ("I;16", 1, np.int16, 255),
    ],
)
def test_the_mode_decides_channels_dtype_and_scale(mode, channels, dtype, value):
    color = 255 if channels == 1 else (255,) * channels
    tensor = ToTensor()(Image.new(mode, (5, 3), color))
    assert tensor.shape == (channels, 3, 5)
    assert tensor.dtype == dtype
    assert (tensor == value).all()


def test_channels_come_first_and_rows_stay_rows():
    image = Image.new("RGB", (2, 1))
    image.putpixel((0, 0), (255, 0, 0))
    image.putpixel((1, 0), (0, 51, 0))
    expected = np.array([[[1, 0]], [[0, 0.2]], [[0, 0]]], np.float32)
    np.testing.assert_array_equal(ToTensor()(image), expected)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int16, np.int64, np.bool_])
def test_other_dtypes_are_not_scaled_and_never_share_memory(dtype):
    array = np.ones((2, 3), dtype)
    tensor = ToTensor()(array)
    assert tensor.dtype == dtype
    tensor[...] = 0
    assert array.all()


def test_the_result_is_contiguous():
    assert ToTensor()(np.zeros((4, 5, 3), np.uint8)).flags.c_contiguous
    assert ToTensor().batch(np.zeros((2, 4, 5, 3), np.uint8)).flags.c_contiguous


@pytest.mark.parametrize("shape", [(7, 4, 5), (7, 4, 5, 3), (0, 4, 5)])
def test_a_batch_equals_the_stacked_samples(shape):
    samples = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    batch = ToTensor().batch(samples)
    assert len(batch) == len(samples)
    for image, sample in zip(batch, samples, strict=True):
        np.testing.assert_array_equal(image, ToTensor()(sample))


def test_what_is_no_image_is_refused_by_name():
    with pytest.raises(SampleTypeError, match="got list"):
        ToTensor()([[1, 2]])
    with pytest.raises(SampleTypeError, match=r"got shape \(2, 3, 4, 5\)"):
        ToTensor()(np.zeros((2, 3, 4, 5)))
    with pytest.raises(SampleTypeError, match=r"takes \(N, H, W\) or .* got shape \(2, 3\)"):
        ToTensor().batch(np.zeros((2, 3)))
