"""The functions of transforms.functional, in NumPy against plain definitions, and under jax."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course.transforms import functional as f
from tolerance import assert_close

LEVELS = np.random.default_rng(0).integers(0, 256, (4, 3, 9, 8)).astype(np.uint8)
FLOATS = (LEVELS / 255).astype(np.float32)

BOTH = {
    "hflip": lambda x: f.hflip(x),
    "vflip": lambda x: f.vflip(x),
    "crop": lambda x: f.crop(x, 2, -1, 5, 12),
    "center_crop": lambda x: f.center_crop(x, (4, 20)),
    "pad": lambda x: f.pad(x, (1, -2, 3, 4), padding_mode="symmetric"),
    "pad, constant": lambda x: f.pad(x, 2, fill=1),
    "resize": lambda x: f.resize(x, (5, 13)),
    "resize, bicubic": lambda x: f.resize(x, (13, 5), "bicubic"),
    "resize, nearest": lambda x: f.resize(x, 4, "nearest"),
    "rotate": lambda x: f.rotate(x, 33, "bilinear", expand=True, fill=0.5),
    "affine": lambda x: f.affine(x, 10, (1, 2), 1.2, (3, 4)),
    "perspective": lambda x: f.perspective(
        x, [(0, 0), (7, 0), (7, 8), (0, 8)], [(1, 1), (7, 0), (6, 7), (0, 8)], fill=0
    ),
    "brightness": lambda x: f.adjust_brightness(x, 1.3),
    "contrast": lambda x: f.adjust_contrast(x, 0.6),
    "saturation": lambda x: f.adjust_saturation(x, 1.4),
    "hue": lambda x: f.adjust_hue(x, 0.2),
    "gray": lambda x: f.rgb_to_grayscale(x, 3),
    "blur": lambda x: f.gaussian_blur(x, (3, 5), 1.1),
    "invert": f.invert,
    "solarize": lambda x: f.solarize(x, 0.5),
    "autocontrast": f.autocontrast,
    "erase": lambda x: f.erase(x, 1, 2, 3, 4, 0.25),
}
FLOATS_ONLY = {"normalize": lambda x: f.normalize(x, (0.1, 0.2, 0.3), (0.5, 0.6, 0.7))}
LEVELS_ONLY = {
    "posterize": lambda x: f.posterize(x, 3),
    "equalize": f.equalize,
    "convert": lambda x: f.convert_image_dtype(x, np.float32),
}
EVERY = [(name, FLOATS) for name in BOTH | FLOATS_ONLY]
EVERY += [(name, LEVELS) for name in BOTH | LEVELS_ONLY]


@pytest.mark.parametrize(
    ("name", "images"), EVERY, ids=lambda value: getattr(value, "dtype", value)
)
def test_numpy_jit_and_vmap_agree(name, images):
    function = (BOTH | FLOATS_ONLY | LEVELS_ONLY)[name]
    expected = function(images)
    for compiled in (jax.jit(function), jax.jit(jax.vmap(function))):
        result = compiled(jnp.asarray(images))
        assert result.dtype == expected.dtype
        if expected.dtype == np.uint8:
            assert np.abs(np.asarray(result, int) - expected).max() <= 1
        else:
            np.testing.assert_allclose(result, expected, rtol=1e-4, atol=2e-5)


def test_flips_take_one_decision_for_each_image():
    decisions = np.array([True, False, False, True])
    expected = np.stack([x[..., ::-1] if d else x for x, d in zip(FLOATS, decisions, strict=True)])
    np.testing.assert_array_equal(f.hflip(FLOATS, decisions), expected)
    np.testing.assert_array_equal(jax.jit(f.hflip)(FLOATS, decisions), expected)
    np.testing.assert_array_equal(jax.vmap(f.hflip)(FLOATS, decisions), expected)
    expected = np.stack([x[:, ::-1] if d else x for x, d in zip(FLOATS, decisions, strict=True)])
    np.testing.assert_array_equal(jax.jit(f.vflip)(FLOATS, decisions), expected)


def test_crops_take_traced_offsets():
    tops, lefts = np.array([0, 1, 2, 3]), np.array([4, 3, 2, 0])
    crops = jax.vmap(lambda image, top, left: f.crop(image, top, left, 6, 4))(FLOATS, tops, lefts)
    for image, top, left, result in zip(FLOATS, tops, lefts, crops, strict=True):
        np.testing.assert_array_equal(result, image[:, top : top + 6, left : left + 4])


def test_erase_takes_traced_offsets_and_values_of_the_images_shape():
    noise = np.full_like(FLOATS[0], 7)
    erased = jax.jit(lambda top: f.erase(jnp.asarray(FLOATS[0]), top, 1, 2, 3, noise))(4)
    expected = FLOATS[0].copy()
    expected[:, 4:6, 1:4] = 7
    np.testing.assert_array_equal(erased, expected)


def test_a_quarter_turn_is_exact():
    square = np.arange(25).reshape(5, 5)
    np.testing.assert_array_equal(f.rotate(square, 90), np.rot90(square))
    np.testing.assert_array_equal(f.rotate(square, 180, "bilinear"), square[::-1, ::-1])


def test_moving_by_whole_pixels_is_exact():
    moved = f.affine(FLOATS, 0, (2, 1), 1, (0, 0), "bilinear")
    np.testing.assert_allclose(moved[..., 1:, 2:], FLOATS[..., :-1, :-2], atol=1e-6)
    assert (moved[..., 0, :] == 0).all()


def test_resize_weighs_the_pixels_that_a_new_one_covers():
    row = np.array([[0.0, 1.0, 2.0, 3.0]])
    weights = np.array([3, 3, 1]) / 7
    expected = [[weights @ row[0, :3], weights[::-1] @ row[0, 1:]]]
    assert_close(f.resize(row, (1, 2)), np.array(expected))
    assert_close(f.resize(row, (1, 2), antialias=False), np.array([[0.5, 2.5]]))


def test_resize_of_a_constant_is_constant():
    for mode in ("bilinear", "bicubic", "nearest"):
        for antialias in (True, False):
            image = np.full((1, 17, 5), 77, np.uint8)
            assert (f.resize(image, (4, 23), mode, antialias=antialias) == 77).all()


def test_hue_turns_round_to_where_it_began():
    turned = f.adjust_hue(f.adjust_hue(FLOATS, 0.5), 0.5)
    np.testing.assert_allclose(turned, FLOATS, atol=1e-5)
    np.testing.assert_allclose(f.adjust_hue(FLOATS, 0.0), FLOATS, atol=1e-6)


def test_factors_of_1_change_nothing():
    for adjust in (f.adjust_brightness, f.adjust_contrast, f.adjust_saturation):
        np.testing.assert_array_equal(adjust(LEVELS, 1), LEVELS)
    np.testing.assert_array_equal(f.invert(f.invert(LEVELS)), LEVELS)
    np.testing.assert_array_equal(f.posterize(LEVELS, 8), LEVELS)
    np.testing.assert_array_equal(f.solarize(LEVELS, 0), 255 - LEVELS)


def test_blur_keeps_the_sum_and_a_constant():
    assert (f.gaussian_blur(np.full((9, 9), 3, np.uint8), 5, 2.0) == 3).all()
    spot = np.zeros((15, 15))
    spot[7, 7] = 1
    blurred = f.gaussian_blur(spot, 7, 1.0)
    assert abs(blurred.sum() - 1) < 1e-6
    np.testing.assert_allclose(blurred, blurred.T, atol=1e-8)


def test_equalize_makes_levels_equally_frequent():
    image = np.sort(np.random.default_rng(0).normal(90, 20, 51_000)).clip(0, 255)
    equal = f.equalize(image.astype(np.uint8).reshape(1, 100, 510))
    quarters = np.histogram(equal, bins=4, range=(0, 256))[0] / equal.size
    assert np.abs(quarters - 0.25).max() < 0.03
