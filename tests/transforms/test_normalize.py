"""Normalize and Flatten."""

import jax.numpy as jnp
import numpy as np
import pytest
from PIL import Image

from functorch_course.errors import InvalidValueError
from functorch_course.transforms import Flatten, Normalize, SampleTypeError
from functorch_course.transforms.functional import normalize


def test_normalises_each_channel_with_its_own_numbers():
    image = np.ones((2, 1, 3), np.float32)
    result = Normalize(mean=[1.0, 0.0], std=[2.0, 4.0])(image)
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, [[[0, 0, 0]], [[0.25, 0.25, 0.25]]])
    assert (image == 1).all()


def test_the_numbers_are_rounded_to_the_dtype_of_the_image_first():
    image = np.array([[[0.3]]], np.float32)
    expected = (np.float32(0.3) - np.float32(0.1)) / np.float32(0.7)
    assert Normalize(0.1, 0.7)(image).item() == expected


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("leading", [(), (5,), (2, 5)])
def test_dtype_and_leading_axes_are_kept(dtype, leading):
    image = np.random.default_rng(0).random((*leading, 3, 4, 4)).astype(dtype)
    normalize = Normalize((0.1, 0.2, 0.3), (1, 2, 3))
    result = normalize(image)
    assert result.dtype == dtype
    assert result.shape == image.shape
    if leading:
        np.testing.assert_array_equal(result, np.stack([normalize(part) for part in image]))
        np.testing.assert_array_equal(result, normalize.batch(image))


def test_in_place_it_gives_the_same_numbers_in_the_memory_of_the_image():
    image = np.random.default_rng(0).random((3, 4, 4)).astype(np.float32)
    expected = normalize(image, (0.1, 0.2, 0.3), (1, 2, 3))
    assert normalize(image, (0.1, 0.2, 0.3), (1, 2, 3), inplace=True) is image
    np.testing.assert_array_equal(image, expected)


@pytest.mark.parametrize("read", [jnp.asarray, np.broadcast_to])
def test_in_place_refuses_what_cannot_be_written_to(read):
    image = read(np.ones((1, 2, 2), np.float32), *([(1, 2, 2)] if read is np.broadcast_to else []))
    with pytest.raises(InvalidValueError, match="cannot be written to: leave inplace away"):
        normalize(image, 0.5, 0.5, inplace=True)


def test_mistakes_are_named():
    with pytest.raises(SampleTypeError, match=r"got uint8: put ToTensor\(\) before it"):
        Normalize(0.5, 0.5)(np.zeros((1, 2, 2), np.uint8))
    with pytest.raises(SampleTypeError, match=r"got Image: put ToTensor\(\) before it"):
        Normalize(0.5, 0.5)(Image.new("L", (2, 2)))
    with pytest.raises(SampleTypeError, match=r"\(\.\.\., C, H, W\), got one of shape \(2, 2\)"):
        Normalize(0.5, 0.5)(np.zeros((2, 2), np.float32))
    with pytest.raises(InvalidValueError, match="mean has 3 values but the image has 1 channels"):
        Normalize((0.1, 0.2, 0.3), 1)(np.zeros((1, 2, 2), np.float32))
    with pytest.raises(InvalidValueError, match=r"std=\(1, 0\) holds a zero"):
        Normalize(0.5, (1, 0))
    with pytest.raises(InvalidValueError, match="holds a zero in float16"):
        Normalize(0.5, 1e-30)(np.zeros((1, 2, 2), np.float16))


def test_flatten_makes_a_vector_of_each_sample():
    image = np.arange(6).reshape(1, 2, 3)
    np.testing.assert_array_equal(Flatten()(image), np.arange(6))
    np.testing.assert_array_equal(Flatten().batch(image), [np.arange(6)])
    with pytest.raises(SampleTypeError, match="Flatten takes an array"):
        Flatten()(Image.new("L", (2, 2)))
