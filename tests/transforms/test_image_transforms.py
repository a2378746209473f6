"""What every image transform must do, and what each refuses."""

import pickle

import numpy as np
import pytest
from PIL import Image

from functorch_course import random
from functorch_course import transforms as t
from functorch_course.errors import InvalidValueError
from functorch_course.transforms import SampleTypeError
from transforms.transform_table import ARRAYS, FIXED, RANDOM, image

ALL = RANDOM | FIXED | ARRAYS
ON_ARRAYS = {name: build for name, build in ALL.items() if "lanczos" not in name}
BATCHABLE = {
    "convert": t.ConvertImageDtype(np.float64),
    "to dtype": t.ToDtype(np.float64, scale=True),
    "resize": t.Resize((5, 9)),
    "resize, bicubic": t.Resize(5, "bicubic"),
    "center crop": t.CenterCrop((4, 30)),
    "pad": t.Pad((1, 2), padding_mode="reflect"),
    "grayscale": t.Grayscale(3),
    "autocontrast": t.AutoContrast(),
    "equalize": t.Equalize(),
    "invert": t.Invert(),
    "posterize": t.Posterize(2),
    "solarize": t.Solarize(77),
}


def levels(*shape):
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name", BATCHABLE)
def test_a_batch_equals_the_stacked_samples_bit_for_bit(name, channels):
    transform, samples = BATCHABLE[name], levels(6, channels, 11, 8)
    assert transform.batchable
    assert not transform.takes_images
    batch = transform.batch(samples)
    expected = np.stack([transform(sample) for sample in samples])
    assert batch.dtype == expected.dtype
    np.testing.assert_array_equal(batch, expected)
    np.testing.assert_array_equal(transform(samples), expected)


@pytest.mark.parametrize("name", ON_ARRAYS)
def test_the_sample_is_left_as_it_was(name):
    sample = levels(3, 28, 28)
    kept = sample.copy()
    for seed in range(4):
        random.manual_seed(seed)
        ON_ARRAYS[name](t)(sample)
    np.testing.assert_array_equal(sample, kept)


@pytest.mark.parametrize("name", ON_ARRAYS)
def test_the_current_generator_alone_decides(name):
    sample, results = levels(3, 28, 28), []
    for _ in range(2):
        with random.use_generator(random.Generator(5)):
            results.append(ON_ARRAYS[name](t)(sample))
        random.default_generator.seed()
    np.testing.assert_array_equal(*results)


@pytest.mark.parametrize("name", ALL)
def test_survives_pickling_for_worker_processes(name):
    transform = ALL[name](t)
    assert repr(pickle.loads(pickle.dumps(transform))) == repr(transform)  # noqa: S301


@pytest.mark.parametrize("name", [name for name in ALL if name != "apply"])
def test_what_is_no_image_is_refused_by_name(name):
    transform = ALL[name](t)
    if hasattr(transform, "p"):
        transform.p = 1
    for wrong in ("a.png", None, [[1, 2]], np.zeros(3, np.uint8)):
        with pytest.raises(SampleTypeError, match="takes"):
            transform(wrong)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: t.CenterCrop(0), "size=0: write a positive number"),
        (lambda: t.CenterCrop((1, 2, 3)), r"size=\(1, 2, 3\): write a positive number"),
        (lambda: t.Resize((3, 4), max_size=9), "max_size=9 goes with one number"),
        (lambda: t.Resize(9, max_size=9), "max_size=9 must be greater than size=9"),
        (lambda: t.Resize(9, "cubic"), "interpolation='cubic' is unknown: write one of 'nearest'"),
        (lambda: t.Pad((1, 2, 3)), r"padding=\(1, 2, 3\): write one number"),
        (lambda: t.Pad(1, padding_mode="zero"), "padding_mode='zero' is unknown"),
        (lambda: t.RandomCrop(3, padding=1.5), r"padding=1.5: write one number"),
        (lambda: t.RandomHorizontalFlip(1.5), "p=1.5: write a probability from 0 to 1"),
        (lambda: t.RandomApply([], -1), "p=-1: write a probability"),
        (lambda: t.RandomChoice([]), "0 transforms with 0 weights"),
        (lambda: t.RandomChoice([abs], [1, 2]), "1 transforms with 2 weights"),
        (lambda: t.RandomChoice([abs, abs], [1, -2]), "write weights of 0 or more"),
        (lambda: t.RandomRotation(-1), "degrees=-1: write a positive number, or the range"),
        (lambda: t.RandomRotation((1, 2, 3)), r"degrees=\(1, 2, 3\): write 2 numbers"),
        (lambda: t.RandomRotation(1, center=(1,)), r"center=\(1,\): write two numbers"),
        (lambda: t.RandomAffine(1, translate=(2, 0)), r"translate=\(2, 0\): write parts"),
        (lambda: t.RandomAffine(1, scale=(0, 1)), r"scale=\(0, 1\): write positive"),
        (lambda: t.RandomAffine(1, shear=(1, 2, 3)), "write 2 or 4 numbers"),
        (lambda: t.RandomPerspective(2), "distortion_scale=2: write a part"),
        (lambda: t.RandomResizedCrop(5, scale=(1, 0.5)), r"scale=\(1, 0.5\): write \(least"),
        (lambda: t.RandomErasing(scale=(0.5, 2)), r"scale=\(0.5, 2\): write parts"),
        (lambda: t.RandomErasing(value="noise"), "value='noise': write a number"),
        (lambda: t.ColorJitter(-1), "brightness=-1: write a number of 0 or more"),
        (lambda: t.ColorJitter(hue=0.6), "hue=0.6: write a number"),
        (lambda: t.Grayscale(2), "num_output_channels=2 is unknown: write one of 1, 3"),
        (lambda: t.GaussianBlur(4), "kernel_size=4: write odd, positive numbers"),
        (lambda: t.GaussianBlur(3, (2, 1)), r"sigma=\(2, 1\): write a positive number"),
        (lambda: t.Posterize(9), "bits=9: write a number from 0 to 8"),
    ],
)
def test_wrong_arguments_are_refused_at_construction(build, message):
    with pytest.raises(InvalidValueError, match=message):
        build()


@pytest.mark.parametrize(
    ("transform", "sample", "error", "message"),
    [
        (t.RandomCrop(9), levels(1, 5, 5), InvalidValueError, r"size=\(9, 9\) is larger than .*5"),
        (t.FiveCrop(9), levels(1, 5, 5), InvalidValueError, "size=.* is larger than"),
        (t.Grayscale(), levels(2, 5, 5), SampleTypeError, "takes 1 or 3 channels, got 2"),
        (t.Equalize(), np.zeros((1, 5, 5)), SampleTypeError, "equalize takes uint8, got float64"),
        (t.Solarize(2), np.zeros((1, 5, 5)), InvalidValueError, "threshold=2 is above the white"),
        (t.RandomErasing(1), image("L"), SampleTypeError, r"got Image: put ToTensor\(\) before it"),
        (t.RandomErasing(1, value=(1, 2)), levels(3, 9, 9), InvalidValueError, "has 2 numbers but"),
        (t.RandomRotation(9, fill=(1, 2)), levels(3, 9, 9), InvalidValueError, "fill has 2 values"),
        (t.Pad(1, fill=(1, 2)), image("RGB"), InvalidValueError, "but an image of mode RGB has 3"),
        (t.Pad(1, fill=(1, 2)), levels(2, 3, 3), InvalidValueError, "write one number for an arr"),
        (t.GaussianBlur(3), image("F"), SampleTypeError, "8-bit channels, got mode F"),
        (t.Resize(3, "lanczos"), levels(1, 9, 9), InvalidValueError, "interpolation of an array="),
        (t.RandomRotation(3, "bicubic"), levels(1, 9, 9), InvalidValueError, "of an array='bicub"),
        (t.ToPILImage(), np.full((1, 2, 2), -1.0), InvalidValueError, "undo Normalize"),
        (t.ToPILImage(), np.full((1, 2, 2), np.nan), InvalidValueError, "are not in"),
        (t.ToPILImage(), levels(5, 2, 2), SampleTypeError, r"got shape \(5, 2, 2\)"),
        (t.ToPILImage("RGB"), levels(1, 2, 2), InvalidValueError, "mode='RGB' is unknown"),
        (t.ToPILImage(), np.zeros((3, 2, 2), int), SampleTypeError, "no image of 3 channels of in"),
        (
            t.ConvertImageDtype("u1"),
            np.full(3, 1.5),
            InvalidValueError,
            "from 1.5 to 1.5 do",
        ),
        (t.ConvertImageDtype("i4"), np.zeros(3, "f4"), InvalidValueError, "cannot tell all values"),
        (t.PILToTensor(), levels(2, 2), SampleTypeError, "takes a PIL image, got ndarray"),
        (t.AddMultiply(), 3, SampleTypeError, r"takes a pair \(x, y\), got 3"),
    ],
)
def test_samples_that_do_not_fit_are_refused(transform, sample, error, message):
    with pytest.raises(error, match=message):
        transform(sample)


def test_representations_show_the_settings():
    assert repr(t.Resize(256)) == (
        "Resize(size=256, interpolation=bilinear, max_size=None, antialias=True)"
    )
    assert repr(t.RandomCrop(32, padding=4)) == "RandomCrop(size=(32, 32), padding=4)"
    assert repr(t.RandomHorizontalFlip()) == "RandomHorizontalFlip(p=0.5)"
    assert (
        repr(t.RandomApply([t.ToTensor()], p=0.3)) == "RandomApply(\n    p=0.3\n    ToTensor()\n)"
    )
    assert repr(t.RandomAffine(3, fill=1, interpolation=2)) == (
        "RandomAffine(degrees=[-3.0, 3.0], interpolation=bilinear, fill=1)"
    )
    assert repr(t.RandomPosterize(3)) == "RandomPosterize(bits=3, p=0.5)"
    assert repr(t.ToDtype(np.float32)) == "ToDtype(dtype=float32, scale=False)"
    assert repr(t.RandomOrder([t.ToTensor()])) == "RandomOrder(\n    ToTensor()\n)"


def test_add_multiply_of_the_course():
    x, y = t.AddMultiply(2, 10)((np.array([2, 2]), np.array([1])))
    np.testing.assert_array_equal(x, [4, 4])
    np.testing.assert_array_equal(y, [10])
    first = t.AddMultiply()
    hundredfold = t.AddMultiply(add_x=0, mul_y=100)
    assert t.Compose([first, hundredfold])((2, 1)) == (3, 100)


def test_to_pil_image_undoes_to_tensor():
    for mode in ("L", "RGB", "RGBA", "LA"):
        sample = image(mode, (13, 9))
        assert t.ToPILImage()(t.ToTensor()(sample)).tobytes() == sample.tobytes()
        assert t.ToPILImage()(t.PILToTensor()(sample)).tobytes() == sample.tobytes()


def test_probabilities_of_0_and_1_are_certain():
    sample = np.arange(4).reshape(1, 2, 2)
    for seed in range(50):
        random.manual_seed(seed)
        assert t.RandomHorizontalFlip(0)(sample) is sample
        np.testing.assert_array_equal(t.RandomHorizontalFlip(1)(sample), sample[..., ::-1])


def test_random_choice_never_takes_a_part_of_weight_0():
    random.manual_seed(0)
    choice = t.RandomChoice([lambda x: "a", lambda x: "b", lambda x: "c"], p=[1, 0, 3])
    chosen = [choice(0) for _ in range(400)]
    assert chosen.count("b") == 0
    assert 60 < chosen.count("a") < 140


def test_random_order_takes_every_part_once_in_every_order():
    random.manual_seed(0)
    order = t.RandomOrder([lambda x: x + "a", lambda x: x + "b", lambda x: x + "c"])
    seen = {order("") for _ in range(200)}
    assert seen == {"abc", "acb", "bac", "bca", "cab", "cba"}


def test_grayscale_weighs_the_colours_of_a_pil_image_finely():
    pixel = Image.new("RGB", (1, 1), (10, 200, 30))
    assert t.Grayscale()(pixel).getpixel((0, 0)) == round(0.299 * 10 + 0.587 * 200 + 0.114 * 30)
