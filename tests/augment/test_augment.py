"""Random transforms on the device: the host's functions with drawn numbers, for any jax key."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from functorch_course import augment, manual_seed, nn
from functorch_course.augment.crop import resize_box
from functorch_course.augment.draws import Box, erased_box, place, resized_box
from functorch_course.data import DataLoader, TensorDataset
from functorch_course.errors import InvalidValueError
from functorch_course.optim import SGD
from functorch_course.training import fit
from functorch_course.transforms import SampleTypeError, functional

RNG = np.random.default_rng(0)
IMAGES = RNG.random((6, 3, 9, 11)).astype(np.float32)
FUNCTIONS = {
    "horizontal": augment.random_horizontal_flip,
    "vertical": partial(augment.random_vertical_flip, p=0.4),
    "crop": partial(augment.random_crop, size=(8, 9), padding=2),
    "erasing": partial(augment.random_erasing, value=7),
    "resized": partial(augment.random_resized_crop, size=(5, 6)),
}


draw_place = jax.jit(place, static_argnums=(1, 2))
draw_erased = jax.jit(erased_box, static_argnums=(1, 2))
draw_resized = jax.jit(
    partial(resized_box, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)), static_argnums=(1, 2)
)


def on_the_host(name, key, image):
    """What the host's function makes of the same draws, with NumPy and no jax inside."""
    height, width = image.shape[-2:]
    if name == "horizontal":
        return functional.hflip(image, bool(jax.random.bernoulli(key, 0.5)))
    if name == "vertical":
        return functional.vflip(image, bool(jax.random.bernoulli(key, jnp.float32(0.4))))
    if name == "crop":
        top, left = map(int, draw_place(key, height + 4 - 8, width + 4 - 9))
        return functional.crop(functional.pad(image, 2), top, left, 8, 9)
    if name == "erasing":
        box = draw_erased(key, height, width, 0.5, (0.02, 0.33), (0.3, 3.3))
        return functional.erase(image, *map(int, box), 7)
    box = draw_resized(key, height, width)
    return functional.resized_crop(image, *map(int, box), (5, 6))


@pytest.fixture(scope="module", params=FUNCTIONS)
def compiled(request):
    return request.param, jax.jit(FUNCTIONS[request.param])


def test_a_batch_is_each_image_on_the_host_with_the_same_draws(compiled):
    name, function = compiled
    seen = set()
    for seed in range(3):
        key = jax.random.key(seed)
        result = np.asarray(function(key, IMAGES))
        keys = jax.random.split(key, len(IMAGES))
        expected = [on_the_host(name, *pair) for pair in zip(keys, IMAGES, strict=True)]
        np.testing.assert_allclose(result, expected, rtol=0, atol=1e-6 * (name == "resized"))
        seen.add(result.tobytes())
    assert len(seen) == 3
    assert function._cache_size() == 1


@pytest.mark.slow
def test_it_is_the_same_mapped_over_keys_and_the_same_for_the_same_key(compiled):
    name, function = compiled
    key = jax.random.key(5)
    result = function(key, IMAGES)
    np.testing.assert_array_equal(function(key, IMAGES), result)
    mapped = jax.vmap(FUNCTIONS[name])(jax.random.split(key, len(IMAGES)), IMAGES)
    np.testing.assert_allclose(mapped, result, rtol=0, atol=1e-6 * (name == "resized"))
    nested = FUNCTIONS[name](key, IMAGES.reshape(2, 3, *IMAGES.shape[1:]))
    np.testing.assert_allclose(
        nested.reshape(result.shape), result, rtol=0, atol=1e-6 * (name == "resized")
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", FUNCTIONS)
def test_bytes_stay_bytes_and_one_image_needs_no_batch(name):
    image = RNG.integers(0, 256, (3, 9, 11)).astype(np.uint8)
    key = jax.random.key(3)
    result = FUNCTIONS[name](key, image)
    assert result.dtype == np.uint8
    difference = np.asarray(result).astype(int) - on_the_host(name, key, image)
    assert abs(difference).max() <= (name == "resized")


@pytest.mark.parametrize("name", ["horizontal_flip", "vertical_flip", "erasing"])
def test_the_probability_is_that_of_each_image(name):
    images = jnp.broadcast_to(jnp.arange(1.0, 21.0).reshape(1, 4, 5), (4000, 1, 4, 5))
    function = jax.jit(getattr(augment, f"random_{name}"))
    for p in (0.0, 0.25, 1.0):
        result = function(jax.random.key(0), images, p=p)
        share = float((result != images).any(axis=(1, 2, 3)).mean())
        assert share == pytest.approx(p, abs=0 if p in (0, 1) else 0.03)


def test_every_place_is_drawn_as_often():
    images = jnp.broadcast_to(jnp.arange(12.0).reshape(1, 3, 4), (6000, 1, 3, 4))
    corners = augment.random_crop(jax.random.key(1), images, 2)[:, 0, 0, 0]
    counts = np.unique(np.asarray(corners), return_counts=True)
    assert counts[0].tolist() == [0, 1, 2, 4, 5, 6]
    assert (abs(counts[1] - 1000) < 150).all()


@pytest.mark.slow
def test_rectangles_lie_inside_and_have_the_area_and_shape_asked_for():
    keys = jax.random.split(jax.random.key(2), 500)
    draw = partial(resized_box, height=40, width=60, scale=(0.2, 0.6), ratio=(0.5, 2.0))
    top, left, height, width = map(np.asarray, jax.jit(jax.vmap(draw))(keys))
    assert (top >= 0).all()
    assert (left >= 0).all()
    assert (top + height <= 40).all()
    assert (left + width <= 60).all()
    part = height * width / 2400
    assert (part.min() > 0.18, part.max() < 0.62) == (True, True)
    assert (width / height < 2.2).all()
    assert (height / width < 2.2).all()


def test_where_no_rectangle_fits_the_largest_in_the_middle_is_taken():
    draw = jax.jit(
        partial(resized_box, scale=(0.9, 1.0), ratio=(0.75, 4 / 3)), static_argnums=(1, 2)
    )
    box = draw(jax.random.key(0), 10, 100)
    assert [int(number) for number in box] == [0, 43, 10, 13]


@pytest.mark.parametrize("size", [(3, 4), (20, 30)])
def test_a_rectangle_is_resized_as_on_the_host(size):
    image = RNG.random((3, 9, 11)).astype(np.float32)
    box = Box(*(jnp.int32(number) for number in (2, 1, 6, 7)))
    expected = functional.resized_crop(image, 2, 1, 6, 7, size)
    resized = jax.jit(resize_box, static_argnums=(2, 3))(image, box, *size)
    np.testing.assert_allclose(resized, expected, atol=1e-6)


def test_mistakes_are_named():
    key = jax.random.key(0)
    with pytest.raises(SampleTypeError, match=r"random_crop takes an array \(\.\.\., C, H, W\)"):
        augment.random_crop(key, jnp.zeros((4, 4)), 2)
    with pytest.raises(InvalidValueError, match=r"size=\(5, 5\) is larger than the image of \(4,"):
        augment.random_crop(key, jnp.zeros((1, 4, 4)), 5)
    with pytest.raises(InvalidValueError, match=r"p=2: write a probability from 0 to 1"):
        augment.random_horizontal_flip(key, jnp.zeros((1, 4, 4)), p=2)
    with pytest.raises(InvalidValueError, match=r"ratio=\(2, 1\): write \(least, greatest\)"):
        augment.random_erasing(key, jnp.zeros((1, 4, 4)), ratio=(2, 1))


def trained(seed):
    layer = augment.Augment(partial(augment.random_crop, size=8, padding=2), rngs=nnx.Rngs(seed))
    linear = nn.Linear(64, 2, generator=None)
    model = nn.Sequential(layer, nn.Flatten(), linear)
    images = np.random.default_rng(0).random((12, 1, 8, 8)).astype(np.float32)
    loader = DataLoader(TensorDataset(images, np.arange(12) % 2), batch_size=6)
    return fit(model, loader, nn.cross_entropy, SGD(lr=0.1), epochs=2).model, images


@pytest.mark.slow
def test_as_a_layer_it_augments_in_training_and_not_in_evaluation():
    weights = []
    for seed in (0, 0, 1):
        manual_seed(0)
        model, images = trained(seed)
        weights.append(np.asarray(model[2].weight[...]))
    np.testing.assert_array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])
    model.train()
    assert not np.array_equal(model[0](images), model[0](images))
    model.eval()
    np.testing.assert_array_equal(model[0](images), images)
