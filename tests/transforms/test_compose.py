"""Compose and Lambda."""

import pickle

import numpy as np
import pytest
from PIL import Image

from functorch_course.transforms import (
    CenterCrop,
    Compose,
    Flatten,
    Lambda,
    Normalize,
    Resize,
    SampleTypeError,
    ToTensor,
)
from functorch_course.transforms.joined import joined


def double(x):
    return 2 * x


class AddOne:
    """A user's own transform: a plain class, no base."""

    def __call__(self, x):
        return x + 1


def test_parts_apply_in_order():
    assert Compose([AddOne(), double])(3) == 8
    assert Compose([double, AddOne()])(3) == 7
    assert Compose([])(3) == 3


def test_a_part_that_cannot_be_called_is_refused_at_construction():
    with pytest.raises(SampleTypeError, match="Compose takes callables, got 3"):
        Compose([double, 3])
    with pytest.raises(TypeError, match="Lambda takes a callable, got 'x'"):
        Lambda("x")


def test_a_batch_equals_the_stacked_samples():
    samples = np.random.default_rng(0).integers(0, 256, (5, 4, 3), np.uint8)
    compose = Compose([ToTensor(), Normalize(0.5, 0.25), Flatten()])
    assert compose.batchable
    assert compose.takes_images
    batch = compose.batch(samples)
    assert batch.shape == (5, 12)
    np.testing.assert_array_equal(batch, np.stack([compose(sample) for sample in samples]))


def test_one_part_that_is_not_batchable_sends_the_batch_sample_by_sample():
    samples = np.random.default_rng(0).integers(0, 256, (5, 4, 3), np.uint8)
    compose = Compose([ToTensor(), double])
    assert not compose.batchable
    np.testing.assert_array_equal(
        compose.batch(samples), np.stack([compose(sample) for sample in samples])
    )


@pytest.mark.parametrize(
    ("parts", "takes_images"), [([], False), ([Flatten()], False), ([ToTensor()], True)]
)
def test_the_first_part_decides_whether_images_may_come(parts, takes_images):
    assert Compose(parts).takes_images is takes_images


def test_repr_is_indented_by_depth():
    inner = Compose([ToTensor(), Normalize((0.5,), (0.5,))])
    assert repr(Compose([inner, Lambda(double), AddOne.__call__])).splitlines()[:6] == [
        "Compose(",
        "    Compose(",
        "        ToTensor()",
        "        Normalize(mean=(0.5,), std=(0.5,))",
        "    )",
        "    Lambda(double)",
    ]
    assert repr(Compose([])) == "Compose()"


def test_survives_pickling_for_worker_processes():
    compose = pickle.loads(pickle.dumps(Compose([ToTensor(), Lambda(double)])))  # noqa: S301
    assert compose(np.full((1, 1), 255, np.uint8)).item() == 2.0


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P"])
@pytest.mark.parametrize("kind", ["nearest", "bilinear", "bicubic", "box", "hamming", "lanczos"])
def test_a_resize_joined_with_the_crop_after_it_gives_the_same_pixels(mode, kind):
    generator = np.random.default_rng(0)
    for _ in range(20):
        width, height, side, crop = (int(n) for n in generator.integers(1, 150, 4))
        pixels = generator.integers(0, 256, (height, width, 3)).astype(np.uint8)
        sample = Image.fromarray(pixels).convert(mode)
        for size in (side, (side, 64), (32, side), 64):
            parts = [Resize(size, kind), CenterCrop((crop, 20))]
            expected = parts[1](parts[0](sample))
            result = Compose(parts)(sample)
            assert result.size == expected.size
            assert result.tobytes() == expected.tobytes()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "F"])
def test_a_conversion_joined_with_the_normalisation_after_it_gives_the_same_numbers(mode):
    pixels = np.random.default_rng(0).integers(0, 256, (6, 5, 3)).astype(np.uint8)
    image = Image.fromarray(pixels).convert(mode)
    parts = [ToTensor(), Normalize(0.4, 0.3)]
    assert len(joined(parts)) == 1
    np.testing.assert_array_equal(Compose(parts)(image), parts[1](parts[0](image)))
    batch = np.stack([pixels, pixels[::-1]])
    expected = parts[1].batch(parts[0].batch(batch))
    np.testing.assert_array_equal(Compose(parts).batch(batch), expected)
    assert (batch[0] == pixels).all()


class Doubled:
    """A user's own part that takes whole batches."""

    batchable = True

    def batch(self, samples):
        return 2 * samples

    def __call__(self, sample):
        return 2 * sample


@pytest.mark.parametrize(
    "parts",
    [
        [ToTensor()],
        [ToTensor(), Normalize((0.1, 0.2, 0.3), (0.5, 0.6, 0.7))],
        [ToTensor(), Normalize(0.4, 0.3), Flatten()],
        [ToTensor(), Doubled()],
        [ToTensor(), double],
        [],
    ],
)
@pytest.mark.parametrize("shape", [(2, 6, 5, 3), (1, 40, 30, 3)])
def test_writing_into_an_array_puts_the_batch_there(parts, shape):
    samples = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    expected = Compose(parts).batch(samples)
    out = np.empty_like(expected)
    Compose(parts).write(samples, out)
    np.testing.assert_array_equal(out, expected)


def test_writing_floats_leaves_them_unscaled():
    samples = np.random.default_rng(0).random((2, 6, 5, 3)).astype(np.float32)
    compose = Compose([ToTensor(), Normalize(0.4, 0.3)])
    out = np.empty((2, 3, 6, 5), np.float32)
    compose.write(samples, out)
    np.testing.assert_array_equal(out, compose.batch(samples))


def test_joined_parts_name_the_same_mistakes():
    with pytest.raises(SampleTypeError, match="Normalize takes a floating-point array, got int32"):
        Compose([ToTensor(), Normalize(0.4, 0.3)])(Image.new("I", (2, 2)))


def test_joined_parts_stay_apart_where_a_subclass_may_do_more():
    class Other(Resize):
        pass

    assert len(joined([Resize(5), CenterCrop(3), CenterCrop(2)])) == 2
    assert len(joined([Other(5), CenterCrop(3)])) == 2
    array = np.random.default_rng(0).random((3, 9, 9)).astype(np.float32)
    expected = CenterCrop(4)(Resize(6)(array))
    np.testing.assert_array_equal(Compose([Resize(6), CenterCrop(4)])(array), expected)
