"""The transforms against torchvision's: the same pixels, and the same draws from the same seed."""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functorch_course import random
from functorch_course import transforms as ours
from functorch_course.transforms.functional import warp
from parity.torchvision_stub import torchvision
from transforms.transform_table import (
    ARRAYS,
    FIXED,
    MODES,
    RANDOM,
    SIZES,
    digest,
    golden_cases,
    image,
)

GOLDEN = Path(__file__).parents[1] / "transforms" / "golden_images.json"
v1 = theirs = torchvision.transforms
v2 = importlib.import_module("torchvision.transforms.v2")


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


def outcome(transform, sample):
    """Return what a transform gives, or the exception it raises."""
    try:
        return transform(sample)
    except Exception as error:  # noqa: BLE001
        return error


def both(build, sample, other, seed):
    """Apply both transforms from one seed; the generators must be left in the same state."""
    torch.manual_seed(seed)
    random.manual_seed(seed)
    desired, actual = outcome(build(v1), other), outcome(build(ours), sample)
    if not isinstance(desired, Exception):
        assert not isinstance(actual, Exception), actual
        np.testing.assert_array_equal(random.get_rng_state(), torch.get_rng_state().numpy())
    return actual, desired


def assert_same_image(actual, desired):
    """Assert two PIL images equal in mode, size, pixels and palette."""
    if isinstance(desired, Exception):
        assert isinstance(actual, Exception)
        return
    assert (actual.mode, actual.size) == (desired.mode, desired.size)
    assert actual.tobytes() == desired.tobytes()
    assert actual.getpalette() == desired.getpalette()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "LA"])
@pytest.mark.parametrize("name", RANDOM | FIXED)
def test_pil_images_become_the_same_pixels(name, mode):
    for seed, size in enumerate(SIZES):
        sample = image(mode, size, seed)
        assert_same_image(*both((RANDOM | FIXED)[name], sample, sample, seed))


@pytest.mark.parametrize("mode", ["I", "F"])
@pytest.mark.parametrize("name", [name for name in RANDOM | FIXED if "blur" not in name])
def test_pil_images_of_wide_modes_become_the_same_pixels(name, mode):
    for seed, size in enumerate(SIZES):
        sample = image(mode, size, seed)
        assert_same_image(*both((RANDOM | FIXED)[name], sample, sample, seed))


@pytest.mark.parametrize("size", [(40, 31), (101, 64), (250, 201)])
def test_perspective_of_pil_images(size):
    # A coefficient that is exactly 0 comes out of LAPACK as 1e-17 or so, of either sign: where that
    # happens a pixel exactly between two others may fall to either.
    build = lambda t: t.RandomPerspective(p=1, fill=5)  # noqa: E731
    exact = 0
    for seed in range(40):
        sample = image("RGB", size, seed)
        actual, desired = both(build, sample, sample, seed)
        torch.manual_seed(seed)
        torch.rand(1)
        points = v1.RandomPerspective.get_params(*size, 0.5)
        desired_numbers = v1.functional._get_perspective_coeffs(*points)
        actual_numbers = warp.perspective_coefficients(*points)
        np.testing.assert_allclose(actual_numbers, desired_numbers, rtol=1e-6, atol=1e-12)
        differs = np.not_equal(np.asarray(actual), np.asarray(desired)).mean()
        if actual_numbers == desired_numbers:
            exact += 1
            assert differs == 0
        assert differs < 0.02
    assert exact > 20


def test_the_recorded_images_are_those_of_torchvision():
    recorded = json.loads(GOLDEN.read_text())
    made = {}
    for name, build, mode, size, seed in golden_cases():
        torch.manual_seed(seed)
        made[name] = digest(build(v1)(image(mode, size, seed)))
    assert made == recorded


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("dtype", ["u1", "f4"])
@pytest.mark.parametrize("name", RANDOM | FIXED | ARRAYS)
def test_arrays_agree_within_a_level(name, dtype):
    for seed, size in enumerate(SIZES * 2):
        levels = np.random.default_rng(seed).integers(0, 256, (3, *size[::-1])).astype(np.uint8)
        sample = levels if dtype == "u1" else (levels / 255).astype(dtype)
        build = (RANDOM | FIXED | ARRAYS)[name]
        actual, desired = both(build, sample, torch.from_numpy(sample.copy()), seed)
        if isinstance(desired, Exception):
            assert isinstance(actual, Exception)
            continue
        assert actual.dtype == sample.dtype
        difference = np.abs(actual.astype(np.float64) - desired.numpy())
        assert actual.shape == desired.shape
        assert difference.max(initial=0) <= (1 if dtype == "u1" else 1e-5)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.integers(1, 80),
    st.integers(1, 80),
    st.integers(1, 90),
    st.sampled_from(["L", "RGB"]),
    st.sampled_from([0, 1, 2, 3, 4, 5]),
    st.integers(0, 10**6),
)
def test_resize_and_crops_at_any_size(width, height, size, mode, interpolation, seed):
    sample = image(mode, (width, height), seed)
    for build in (
        lambda t: t.Resize(size, interpolation),
        lambda t: t.Resize((size, 13), interpolation),
        lambda t: t.CenterCrop((size, 11)),
        lambda t: t.RandomCrop(size, padding=5),
        lambda t: t.RandomResizedCrop(size, interpolation=interpolation),
    ):
        assert_same_image(*both(build, sample, sample, seed))


@settings(deadline=None)
@given(
    st.integers(3, 60),
    st.integers(3, 60),
    st.sampled_from(["L", "RGB", "RGBA"]),
    st.sampled_from([1, 3, 5, 7, 9, 13]),
    st.sampled_from([1, 3, 5, 7, 11]),
    st.floats(0.05, 4),
    st.integers(0, 10**6),
)
def test_blur_rounds_to_the_same_levels(width, height, mode, columns, rows, sigma, seed):
    sample = image(mode, (width, height), seed)
    kernel = min(columns, width * 2 - 1), min(rows, height * 2 - 1)
    build = lambda t: t.GaussianBlur(kernel, (sigma, sigma + 1))  # noqa: E731
    assert_same_image(*both(build, sample, sample, seed))


part = st.floats(0, 1)


@settings(deadline=None)
@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.sampled_from(["L", "RGB", "RGBA", "P"]),
    st.tuples(part, part, part, part),
    st.floats(0, 180),
    st.sampled_from([0, 2, 3]),
    st.integers(0, 255),
    st.integers(0, 2**63),
)
def test_maps_and_jitter_of_any_strength(
    width, height, mode, parts, angle, interpolation, fill, seed
):
    sample = image(mode, (width, height), seed)
    a, b, c, d = parts
    for build in (
        lambda t: t.RandomRotation(angle, interpolation, expand=a > 0.5, fill=fill),
        lambda t: t.RandomRotation((-angle, angle / 2), interpolation, center=(a * width, b * 9)),
        lambda t: t.RandomAffine(angle, (a, b), (0.1 + c, 1.1 + d), angle / 4, interpolation, fill),
        lambda t: t.ColorJitter(a, b, c, d / 2),
        lambda t: t.RandomPosterize(int(a * 8), p=b),
        lambda t: t.RandomSolarize(fill, p=b),
        lambda t: t.RandomGrayscale(p=c),
        lambda t: t.RandomResizedCrop((7, 9), (a / 2 + 0.01, 1), (0.1 + b, 1.1 + c), interpolation),
    ):
        assert_same_image(*both(build, sample, sample, seed))


@given(
    st.integers(2, 40),
    st.integers(2, 40),
    st.sampled_from([0, 1.5, "random", (0.1, 0.2, 0.3)]),
    st.floats(0.01, 0.6),
    st.floats(0.1, 1),
    st.integers(0, 2**63),
)
def test_erasing_of_any_size(height, width, value, scale, ratio, seed):
    sample = np.random.default_rng(seed).random((3, height, width)).astype(np.float32)
    build = lambda t: t.RandomErasing(0.8, (scale, scale + 0.3), (ratio, ratio + 2), value)  # noqa: E731
    actual, desired = both(build, sample, torch.from_numpy(sample.copy()), seed)
    assert_equal(actual, desired)


@given(st.lists(st.floats(0.01, 5), min_size=1, max_size=6), st.integers(0, 10**6))
def test_choice_and_order_draw_as_version_2_does(weights, seed):
    def parts(call):
        return [lambda x, n=n: call(x, n) for n in range(len(weights))]

    for build in (
        lambda t, call: t.RandomChoice(parts(call), p=weights),
        lambda t, call: t.RandomOrder(parts(call)),
    ):
        torch.manual_seed(seed)
        random.manual_seed(seed)
        desired = build(v2, lambda x, n: x * 7 + n)(1)
        assert build(ours, lambda x, n: x * 7 + n)(1) == desired
        np.testing.assert_array_equal(random.get_rng_state(), torch.get_rng_state().numpy())


@pytest.mark.parametrize("source", ["u1", "i1", "i2", "i4", "i8", "f2", "f4", "f8"])
@pytest.mark.parametrize("target", ["u1", "i1", "i2", "i4", "i8", "f2", "f4", "f8"])
def test_convert_image_dtype(source, target):
    if source.startswith("f"):
        sample = np.random.default_rng(0).random((3, 50)).astype(source)
        sample[0, :2] = 0, 1
    else:
        limits = np.iinfo(source)
        sample = np.random.default_rng(0).integers(0, limits.max, (3, 50), source, endpoint=True)
    if {source, target} in ({"f2", "i4"}, {"f2", "i8"}):
        pytest.skip("PyTorch overflows silently")
    convert = v1.ConvertImageDtype(torch.from_numpy(np.zeros(1, target)).dtype)
    desired = outcome(convert, torch.from_numpy(sample))
    actual = outcome(ours.ConvertImageDtype(target), sample)
    assert isinstance(actual, Exception) == isinstance(desired, Exception)
    if not isinstance(desired, Exception):
        assert_equal(actual, desired)


@pytest.mark.parametrize("mode", MODES)
def test_pil_to_tensor(mode):
    sample = image(mode)
    assert_equal(ours.PILToTensor()(sample), theirs.PILToTensor()(sample))


@pytest.mark.parametrize(
    ("shape", "dtype", "mode"),
    [
        ((3, 5, 4), "u1", None),
        ((3, 5, 4), "f4", None),
        ((3, 5, 4), "u1", "HSV"),
        ((1, 5, 4), "f4", "F"),
        ((1, 5, 4), "i2", None),
        ((1, 5, 4), "i4", None),
        ((2, 5, 4), "u1", None),
        ((4, 5, 4), "f8", None),
        ((4, 5, 4), "u1", "CMYK"),
        ((5, 4), "u1", None),
        ((5, 5, 4), "u1", None),
        ((3, 5, 4), "i4", None),
        ((1, 5, 4), "u1", "RGB"),
    ],
)
def test_to_pil_image(shape, dtype, mode):
    sample = np.random.default_rng(0).integers(0, 256, shape)
    sample = (sample / 255).astype(dtype) if dtype[0] == "f" else sample.astype(dtype)
    desired = outcome(theirs.ToPILImage(mode), torch.from_numpy(sample))
    assert_same_image(outcome(ours.ToPILImage(mode), sample), desired)


def test_a_whole_pipeline_from_one_seed():
    def build(t):
        parts = [
            t.RandomResizedCrop(24),
            t.RandomHorizontalFlip(),
            t.ColorJitter(0.3, 0.3, 0.3, 0.1),
        ]
        return t.Compose([*parts, t.ToTensor(), t.Normalize((0.5,) * 3, (0.25,) * 3)])

    torch.manual_seed(7)
    random.manual_seed(7)
    samples = [image("RGB", (50, 40), seed) for seed in range(20)]
    desired, actual = build(theirs), build(ours)
    for sample in samples:
        assert_equal(actual(sample), desired(sample))
