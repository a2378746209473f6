"""The transforms against torchvision's: the same pixels, and the same draws from the same seed."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torchvision_stub import torchvision

from functorch_course import transforms as ours

theirs = torchvision.transforms
MODES = ["1", "L", "P", "I", "F", "I;16", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LAB", "PA"]


def image(mode="RGB", size=(9, 7), seed=0):
    """A random image of any mode."""
    generator = np.random.default_rng(seed)
    pixels = generator.integers(0, 256, (size[1], size[0], 3), np.uint8)
    if mode == "I;16":
        return Image.fromarray((pixels[..., 0].astype(np.uint16) << 8) + pixels[..., 1])
    made = Image.fromarray(pixels)
    if mode in ("LA", "PA", "RGBA"):
        made.putalpha(Image.fromarray(pixels[..., 1]))
    if mode == "PA":
        return made.convert("RGB").convert("P").convert("PA")
    if mode == "HSV" or mode not in ("LAB",):
        return made.convert(mode)
    return Image.merge("LAB", made.split()[:3])


def assert_equal(actual, desired):
    """Assert equal pixels, shapes and dtypes."""
    desired = np.asarray(desired)
    assert actual.dtype == desired.dtype
    np.testing.assert_array_equal(np.asarray(actual), desired)


@pytest.mark.parametrize("mode", MODES)
def test_to_tensor_of_every_mode(mode):
    for seed in range(3):
        sample = image(mode, seed=seed)
        assert sample.mode == mode
        assert_equal(ours.ToTensor()(sample), theirs.ToTensor()(sample))


@pytest.mark.parametrize("dtype", ["u1", "i1", "i2", "i4", "i8", "f2", "f4", "f8", "?"])
@pytest.mark.parametrize("shape", [(5, 4), (5, 4, 1), (5, 4, 3), (5, 4, 7)])
def test_to_tensor_of_every_array(dtype, shape):
    array = np.random.default_rng(0).integers(0, 100, shape).astype(dtype)
    assert_equal(ours.ToTensor()(array), theirs.ToTensor()(array))


@given(
    st.floats(-2, 2), st.floats(0.01, 5), st.integers(0, 99), st.sampled_from(["f2", "f4", "f8"])
)
def test_normalize(mean, std, seed, dtype):
    array = np.random.default_rng(seed).random((3, 4, 5)).astype(dtype)
    means, stds = [mean, mean / 3, mean + 1], [std, std * 1.7, std + 0.3]
    expected = theirs.Normalize(means, stds)(torch.from_numpy(array))
    assert_equal(ours.Normalize(means, stds)(array), expected)
    assert_equal(
        ours.Normalize(mean, std)(array), theirs.Normalize(mean, std)(torch.from_numpy(array))
    )
