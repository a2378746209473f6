"""Section I of the course: datasets of images in files."""

import json

import numpy as np
import pytest
from PIL import Image

import functorch_course as fc

course = pytest.mark.course
PIXELS = (np.arange(28 * 30) % 256).astype(np.uint8).reshape(28, 30)
GRAY = Image.fromarray(PIXELS)
NAMES = ["img_0001.png", "img_0002.png"]
TABLE = "label , filename\n5 , img_0001.png\n2 , img_0002.png\n"
to_tensor = fc.transforms.ToTensor()


class Counting:
    """A transform that keeps what it was given."""

    def __init__(self):
        self.seen = []

    def __call__(self, image):
        self.seen.append(image)
        return to_tensor(image)


@pytest.fixture
def folder(tmp_path):
    """Return a folder with the course's table, and no image yet."""
    (tmp_path / "labels.csv").write_text(TABLE)
    return tmp_path


@pytest.fixture
def images(folder):
    """Return the folder with the table and its two images."""
    for name, pixels in zip(NAMES, (PIXELS, 255 - PIXELS), strict=True):
        Image.fromarray(pixels).save(folder / name)
    return folder


def csv_images(folder, **options):
    """Return the dataset of the folder."""
    return fc.datasets.CSVImageDataset(folder / "labels.csv", folder, **options)


@course("I212")
def test_one_file_is_opened_at_each_access(folder):
    dataset = csv_images(folder)
    for value in (7, 9):
        Image.new("L", (30, 28), value).save(folder / NAMES[0])  # its neighbour is still absent
        assert dataset[0][0].getpixel((0, 0)) == value


@course("I213", "I214", "I218")
def test_the_table_is_kept_in_memory(images):
    lines = [{"label": 5, "filename": NAMES[0]}, {"label": 2, "filename": NAMES[1]}]
    (images / "labels.jsonl").write_text("\n".join(map(json.dumps, lines)))
    for table in ("labels.csv", "labels.jsonl"):
        dataset = fc.datasets.CSVImageDataset(images / table, images)
        (images / table).unlink()
        entries = list(zip(dataset.targets.tolist(), dataset.names, strict=True))
        assert entries == [(5, "img_0001.png"), (2, "img_0002.png")]
        for (image, target), pixels in zip(dataset, (PIXELS, 255 - PIXELS), strict=True):
            np.testing.assert_array_equal(np.asarray(image), pixels)
            assert target == (5 if pixels is PIXELS else 2)
        assert type(dataset[0][1]) is int


@course("I216")
def test_the_constructor_keeps_what_it_was_given(folder):
    dataset = csv_images(folder, transform=to_tensor)
    assert dataset.csv == folder / "labels.csv"
    assert dataset.path(1) == str(folder / NAMES[1])
    assert dataset.transform is to_tensor


@course("I217")
def test_the_constructor_loads_no_image(folder):
    transform = Counting()
    dataset = csv_images(folder, transform=transform)
    assert (len(dataset), transform.seen) == (2, [])
    with pytest.raises(FileNotFoundError, match=r"line 2: .*img_0001\.png does not exist"):
        dataset[0]
    with pytest.raises(fc.errors.DamagedFileError, match="2 of 2 files have faults"):
        dataset.validate(progress=False)


@course("I220")
def test_an_image_is_read_and_its_file_let_go(images):
    image, _ = csv_images(images)[0]
    (images / NAMES[0]).unlink()
    assert isinstance(image, Image.Image)
    assert (image.mode, image.size) == ("L", (30, 28))
    np.testing.assert_array_equal(np.asarray(image), PIXELS)


@course("I221")
def test_the_transform_is_applied_once_at_each_access(images):
    transform = Counting()
    dataset = csv_images(images, transform=transform)
    for count in (1, 2):
        assert dataset[0][0].shape == (1, 28, 30)
        assert len(transform.seen) == count
    assert all(isinstance(image, Image.Image) for image in transform.seen)


@course("I222")
def test_without_a_transform_there_is_no_batch(images):
    dataset = csv_images(images)
    assert isinstance(dataset[0], tuple)
    with pytest.raises(TypeError, match=r"has no batch: add transform=ToTensor\(\)"):
        next(iter(fc.data.DataLoader(dataset, batch_size=2)))


@course("I224")
@pytest.mark.parametrize("size", [20, 40])
def test_transforms_take_images_and_arrays(size):
    crop = fc.transforms.CenterCrop(size)
    assert crop(GRAY).size == (size, size)
    np.testing.assert_array_equal(crop(to_tensor(GRAY)), to_tensor(crop(GRAY)))


@course("I225", "I236")
@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("RGB", 3)])
def test_channels_come_first(mode, channels):
    array = to_tensor(GRAY.convert(mode))
    assert array.shape == (channels, 28, 30)
    np.testing.assert_array_equal(array[-1], PIXELS / np.float32(255))


@course("I226")
def test_8_bits_are_divided_by_255():
    values = to_tensor(np.arange(256, dtype=np.uint8).reshape(16, 16)).ravel()
    assert (values[0], values[255], round(float(values[128]), 6)) == (0, 1, 0.501961)
    np.testing.assert_array_equal(values, np.arange(256, dtype=np.float32) / np.float32(255))


@course("I226", "I227")
@pytest.mark.parametrize(
    ("mode", "dtype", "greatest"),
    [
        ("L", "float32", 1),
        ("RGB", "float32", 1),
        ("RGBA", "float32", 1),
        ("P", "float32", 1),
        ("1", "float32", 1),
        ("I", "int32", 255),
        ("F", "float32", 255),
    ],
)
def test_the_mode_decides_about_dtype_and_scale(mode, dtype, greatest):
    array = to_tensor(GRAY.convert(mode))
    assert (array.dtype, array.min(), array.max()) == (dtype, 0, greatest)


@course("I226", "I227")
def test_16_bits_wrap_and_arrays_of_floats_stay():
    array = to_tensor(Image.fromarray(np.uint16([[40000, 7]])))
    assert (array.dtype, array.tolist()) == ("int16", [[[40000 - 2**16, 7]]])
    array = to_tensor(np.array([[200.0, 7.0]]))
    assert (array.dtype, array.tolist()) == ("float64", [[[200, 7]]])


@course("I228")
def test_models_refuse_images():
    model = fc.nn.Linear(30, 2)
    with pytest.raises(TypeError, match="needs an array, got Image"):
        model(GRAY)
    assert model(to_tensor(GRAY)).shape == (1, 28, 2)


@course("I229")
@pytest.mark.parametrize(
    ("transform", "size"),
    [
        (fc.transforms.CenterCrop(20), (20, 20)),
        (fc.transforms.Resize(14), (15, 14)),
        (fc.transforms.Resize((14, 20)), (20, 14)),
    ],
)
def test_crop_and_resize(transform, size):
    assert transform(GRAY).size == size


@course("I229")
def test_a_crop_takes_the_middle_and_pads_with_zeros():
    small, large = (np.asarray(fc.transforms.CenterCrop(size)(GRAY)) for size in (20, 40))
    np.testing.assert_array_equal(small, PIXELS[4:24, 5:25])
    np.testing.assert_array_equal(large, np.pad(PIXELS, ((6, 6), (5, 5))))


@course("I230")
def test_flips():
    horizontal = fc.transforms.RandomHorizontalFlip(p=1)(GRAY)
    vertical = fc.transforms.RandomVerticalFlip(p=1)(GRAY)
    np.testing.assert_array_equal(np.asarray(horizontal), PIXELS[:, ::-1])
    np.testing.assert_array_equal(np.asarray(vertical), PIXELS[::-1])


@course("I230")
def test_augmentation_repeats_from_a_generator():
    def draws(seed):
        flip = fc.transforms.RandomHorizontalFlip()
        with fc.random.use_generator(fc.Generator(seed)):
            return [flip(GRAY).getpixel((0, 0)) for _ in range(64)]

    assert set(draws(0)) == {PIXELS[0, 0], PIXELS[0, -1]}
    assert draws(0) == draws(0) != draws(1)


@course("I232")
def test_normalize():
    normalized = fc.transforms.Normalize((0.5,), (0.5,))(np.float32([[[0, 0.5, 1]]]))
    assert (normalized.dtype, normalized.tolist()) == ("float32", [[[-1, 0, 1]]])


@course("I233")
def test_the_order_of_transforms():
    crop, normalize = fc.transforms.CenterCrop(20), fc.transforms.Normalize((0.5,), (0.5,))
    array = fc.transforms.Compose([crop, to_tensor, normalize])(GRAY)
    assert (array.shape, array.dtype) == ((1, 20, 20), "float32")
    np.testing.assert_allclose(array[0], PIXELS[4:24, 5:25] / 127.5 - 1, rtol=1e-5, atol=1e-6)
    with pytest.raises(TypeError, match=r"got Image: put ToTensor\(\) before it"):
        fc.transforms.Compose([crop, normalize, to_tensor])(GRAY)


@course("I234")
def test_pixels_before_totensor(images):
    pixels = np.asarray(csv_images(images)[0][0])
    assert (pixels.dtype, pixels.min(), pixels.max()) == ("uint8", 0, 255)
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 1


@course("I237")
def test_batches_have_four_axes_and_one_size(images):
    x, y = next(iter(fc.data.DataLoader(csv_images(images, transform=to_tensor), batch_size=2)))
    assert (x.shape, x.dtype, y.tolist(), y.dtype) == ((2, 1, 28, 30), "float32", [5, 2], "int64")
    np.testing.assert_array_equal(x[:, 0] * 255, np.float32([PIXELS, 255 - PIXELS]))
    GRAY.resize((20, 20)).save(images / NAMES[1])
    loader = fc.data.DataLoader(csv_images(images, transform=to_tensor), batch_size=2)
    with pytest.raises(RuntimeError, match=r"sample 1 has.*resize, crop or pad"):
        next(iter(loader))


@course("I239")
def test_nothing_is_downloaded_unless_asked_for(tmp_path):
    with pytest.raises(RuntimeError, match=r"MNIST \(train\) was not found[\s\S]*download=True"):
        fc.datasets.MNIST(tmp_path / "data")
    assert not (tmp_path / "data").exists()


@course("I240")
def test_ready_made_datasets_apply_the_transform_at_each_access():
    transform = Counting()
    dataset = fc.datasets.FashionMNISTSample(transform=transform)
    assert transform.seen == []
    first, second = dataset[3][0], dataset[3][0]
    assert len(transform.seen) == 2
    assert first.shape == (1, 28, 28)
    np.testing.assert_array_equal(first, second)


@course("I243")
def test_from_the_disk_to_the_model(images):
    transform = fc.transforms.Compose([to_tensor, fc.transforms.Normalize((0.5,), (0.5,))])
    dataset = csv_images(images, transform=transform)
    x, y = next(iter(fc.data.DataLoader(dataset, batch_size=2)))
    model = fc.nn.SoftmaxRegression(28 * 30, 10, generator=fc.Generator(0))
    assert (x.shape, model(x).shape) == ((2, 1, 28, 30), (2, 10))
    loader = fc.data.DataLoader(dataset, batch_size=2, shuffle=True)
    optimizer = fc.optim.SGD(lr=0.01)
    trained = fc.training.fit(model, loader, fc.nn.cross_entropy, optimizer, epochs=20).model
    np.testing.assert_array_equal(np.argmax(trained(x), 1), y)
