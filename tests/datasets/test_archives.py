"""CIFAR, KMNIST and EMNIST: small archives of the same form, and what is refused in them."""

import gzip
import hashlib
import io
import os
import pickle
import struct
import tarfile
import zipfile

import numpy as np
import pytest

from functorch_course.datasets import CIFAR10, CIFAR100, EMNIST, KMNIST, emnist
from functorch_course.datasets import cifar as cifar_module
from functorch_course.datasets.pickled_batch import parse_batch
from functorch_course.errors import DamagedFileError, DatasetNotFoundError, InvalidValueError
from functorch_course.transforms import ToTensor
from small_mnist import CONTENT, IMAGES, LABELS, encode

COUNT = 4
PIXELS = np.random.default_rng(0).integers(0, 256, (5 * COUNT, 3, 32, 32)).astype(np.uint8)
FINE = np.arange(5 * COUNT, dtype=np.uint8)


def write_tar(path, files):
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def records(start, stop, label_bytes):
    labels = np.stack([FINE[start:stop]] * label_bytes, axis=1)
    labels[:, 0] = labels[:, 0] if label_bytes == 1 else 77  # the coarse label comes first
    return np.concatenate([labels, PIXELS[start:stop].reshape(stop - start, -1)], axis=1).tobytes()


@pytest.fixture
def cifar10(tmp_path, monkeypatch):
    files = {
        f"cifar-10-batches-bin/data_batch_{n + 1}.bin": records(n * COUNT, (n + 1) * COUNT, 1)
        for n in range(5)
    }
    files["cifar-10-batches-bin/test_batch.bin"] = records(0, COUNT, 1)
    files["cifar-10-batches-bin/readme.html"] = b"no data"
    monkeypatch.setattr(CIFAR10, "per_file", COUNT)
    monkeypatch.setattr(CIFAR10, "sha256", write_tar(tmp_path / "cifar-10-binary.tar.gz", files))
    return tmp_path


def test_cifar10_from_the_archive(cifar10):
    train, test = CIFAR10(cifar10), CIFAR10(cifar10, train=False)
    np.testing.assert_array_equal(train.data, PIXELS.transpose(0, 2, 3, 1))
    assert train.targets.tolist() == FINE.tolist()
    assert len(test) == COUNT
    image, target = train[7]
    assert (image.mode, image.size, target) == ("RGB", (32, 32), 7)
    assert image.getpixel((2, 1)) == tuple(PIXELS[7, :, 1, 2])
    batch, _ = CIFAR10(cifar10, transform=ToTensor()).get_batch([7])
    np.testing.assert_array_equal(batch[0], PIXELS[7].astype(np.float32) / np.float32(255))


def test_cifar100_takes_the_fine_labels(tmp_path, monkeypatch):
    files = {"cifar-100-binary/train.bin": records(0, COUNT, 2)}
    files["cifar-100-binary/test.bin"] = records(COUNT, 2 * COUNT, 2)
    monkeypatch.setattr(CIFAR100, "per_file", COUNT)
    monkeypatch.setattr(CIFAR100, "sha256", write_tar(tmp_path / "cifar-100-binary.tar.gz", files))
    assert CIFAR100(tmp_path).targets.tolist() == [0, 1, 2, 3]
    assert CIFAR100(tmp_path, train=False).targets.tolist() == [4, 5, 6, 7]
    assert len(CIFAR100.names) == len(set(CIFAR100.names)) == 100


def test_a_changed_archive_is_refused(cifar10):
    archive = cifar10 / "cifar-10-binary.tar.gz"
    archive.write_bytes(archive.read_bytes() + b"\0")
    with pytest.raises(DamagedFileError, match=r"cifar-10-binary\.tar\.gz does not hold what it"):
        CIFAR10(cifar10)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, r"data_batch_1\.bin is not there with its 12,292 bytes"),
        ({"cifar-10-batches-bin/data_batch_1.bin": bytes(20_000)}, "is not there with its 12,292"),
    ],
)
def test_an_archive_without_the_files_is_refused(tmp_path, monkeypatch, files, message):
    monkeypatch.setattr(CIFAR10, "per_file", COUNT)
    monkeypatch.setattr(CIFAR10, "sha256", write_tar(tmp_path / "cifar-10-binary.tar.gz", files))
    with pytest.raises(DamagedFileError, match=message):
        CIFAR10(tmp_path)


def test_a_cut_archive_is_refused(cifar10, monkeypatch):
    archive = cifar10 / "cifar-10-binary.tar.gz"
    archive.write_bytes(archive.read_bytes()[:5000])
    monkeypatch.setattr(CIFAR10, "sha256", hashlib.sha256(archive.read_bytes()).hexdigest())
    with pytest.raises(DamagedFileError, match="is a damaged archive"):
        CIFAR10(cifar10)


def python_2_pickle(data, labels):
    """A batch as Python 2 wrote it, which is how the real files are."""
    four = struct.Struct("<i").pack
    array = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85U\x01btR"
    shape = b"(J" + four(data.shape[0]) + b"J" + four(data.shape[1]) + b"t"
    dtype = (
        b"cnumpy\ndtype\n(U\x02u1K\x00K\x01tR(K\x03U\x01|NNN"
        + (b"J" + b"\xff" * 4) * 2
        + b"K\x00tb"
    )
    array += b"(K\x01" + shape + dtype + b"\x89T" + four(data.size) + data.tobytes() + b"tb"
    numbers = b"](" + b"".join(b"K" + bytes([label]) for label in labels) + b"e"
    return b"\x80\x02}(U\x04data" + array + b"U\x06labels" + numbers + b"u."


def place_pickles(folder, monkeypatch, content=None):
    folder.mkdir()
    hashes = {True: {}, False: {}}
    for number in range(5):
        part = slice(number * COUNT, (number + 1) * COUNT)
        packed = content or python_2_pickle(PIXELS[part].reshape(COUNT, -1), FINE[part].tolist())
        (folder / f"data_batch_{number + 1}").write_bytes(packed)
        hashes[True][f"data_batch_{number + 1}"] = hashlib.md5(packed).hexdigest()
    monkeypatch.setattr(CIFAR10, "md5", hashes)


def test_cifar10_where_torchvision_put_it(tmp_path, monkeypatch):
    place_pickles(tmp_path / "cifar-10-batches-py", monkeypatch)
    dataset = CIFAR10(tmp_path)
    np.testing.assert_array_equal(dataset.data, PIXELS.transpose(0, 2, 3, 1))
    assert dataset.targets.tolist() == FINE.tolist()


class Attack:
    def __reduce__(self):
        return os.mkdir, ("attacked",)


def test_a_hostile_pickle_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    known = dict(CIFAR10.md5)
    place_pickles(tmp_path / "cifar-10-batches-py", monkeypatch, pickle.dumps(Attack()))
    monkeypatch.setattr(CIFAR10, "md5", known)
    with pytest.raises(DamagedFileError, match=r"its md5 is .*, expected c99cafc152244af753f735de"):
        CIFAR10(tmp_path)
    assert not (tmp_path / "attacked").exists()


def test_even_with_the_right_md5_a_pickle_calls_nothing_but_arrays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place_pickles(tmp_path / "cifar-10-batches-py", monkeypatch, pickle.dumps(Attack(), 2))
    with pytest.raises(DamagedFileError, match=r"it names posix\.mkdir, which is no plain data; n"):
        CIFAR10(tmp_path)
    assert not (tmp_path / "attacked").exists()
    with pytest.raises(DatasetNotFoundError, match="data_batch_1 is missing"):
        cifar_module.read_batch(tmp_path / "data_batch_1", "", "labels")


WHOLE = python_2_pickle(PIXELS[:COUNT].reshape(COUNT, -1), FINE[:COUNT].tolist())


def test_a_pickled_batch_is_what_python_reads():
    batch = parse_batch(WHOLE, "labels", "batch")
    read = pickle.loads(WHOLE, encoding="latin1")  # noqa: S301
    np.testing.assert_array_equal(batch.pixels, read["data"])
    assert batch.labels.tolist() == read["labels"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"U\x06labels", b"U\x06lapels", "no 'data' and 'labels' that fit"),
        (b"K\x03e", b"K\x03K\x03e", "no 'data' and 'labels' that fit"),
        (b"K\x03e", b"M\x03\x01e", "no 'data' and 'labels' that fit"),
        (b"K\x03e", b"U\x013e", "no 'data' and 'labels' that fit"),
        (b"U\x04data", b"U\x04dada", "no 'data' and 'labels' that fit"),
        (b"U\x02u1", b"U\x02f4", "its array is of dtype 'f4', not 'u1'"),
        (b"U\x02u1", b"U\x02O8", "its array is of dtype 'O8', not 'u1'"),
        (b"\x89T", b"\x88T", "its array is none of bytes in rows"),
        (b"(K\x01(J", b"(K\x02(J", "its array is none of bytes in rows"),
        (b"J\x04\x00\x00\x00", b"J\x05\x00\x00\x00", "its array is none of bytes in rows"),
        (b"J\x04\x00\x00\x00", b"J\xff\xff\xff\xff", "its array is none of bytes in rows"),
        (b"cnumpy\ndtype", b"cnumpy\nsave", "it names numpy.save, which is no plain data"),
        (b"cnumpy\ndtype", b"cnum\\_py\ndtype", "its pickle is broken: invalid escape sequence"),
        (b"u.", b"Q.", "it refers to a .* that lies elsewhere|broken"),
        (b"}(", b"\x81(", "its pickle uses NEWOBJ"),
    ],
)
def test_a_pickle_of_anything_else_is_refused(old, new, message):
    assert old in WHOLE
    with pytest.raises(DamagedFileError, match=f"^batch is no batch of images: .*{message}"):
        parse_batch(WHOLE.replace(old, new, 1), "labels", "batch")


@pytest.mark.parametrize(
    "content",
    [b"\x80\x02)" + b"q\x00h\x00\x86" * 40 + b"Q.", b"\x80\x02N" + b"\x85" * 100_000 + b"Q."],
    ids=["doubled forty times", "nested a hundred thousand times"],
)
def test_the_error_of_a_nested_pickle_stays_short(content):
    with pytest.raises(
        DamagedFileError, match="it refers to a tuple that lies elsewhere"
    ) as raised:
        parse_batch(content, "labels", "batch")
    assert len(str(raised.value)) < 200


def test_absent_archives_are_named_in_three_lines(tmp_path):
    for build in (CIFAR10, CIFAR100, lambda root: EMNIST(root, "letters"), KMNIST):
        with pytest.raises(DatasetNotFoundError, match="was not found") as raised:
            build(tmp_path)
        assert len(str(raised.value).splitlines()) == 3


def test_kmnist_is_verified_by_what_is_sent(tmp_path, monkeypatch):
    raw = tmp_path / "KMNIST" / "raw"
    raw.mkdir(parents=True)
    hashes = {}
    for name, content in CONTENT.items():
        packed = gzip.compress(content, mtime=0)
        (raw / f"{name}.gz").write_bytes(packed)
        hashes[name] = hashlib.sha256(packed).hexdigest(), None
    with pytest.raises(DamagedFileError, match="expected 51467d22d8cc"):
        KMNIST(tmp_path)
    monkeypatch.setattr(KMNIST, "hashes", hashes)
    np.testing.assert_array_equal(KMNIST(tmp_path).data, IMAGES)


def emnist_files(split="letters"):
    for part, images in (("train", IMAGES), ("test", IMAGES[:5])):
        yield f"emnist-{split}-{part}-images-idx3-ubyte", encode(images)
        yield f"emnist-{split}-{part}-labels-idx1-ubyte", encode(LABELS[: len(images)])


def test_emnist_from_the_archive_and_from_where_it_was_unpacked(tmp_path, monkeypatch):
    raw = tmp_path / "EMNIST" / "raw"
    raw.mkdir(parents=True)
    with zipfile.ZipFile(raw / "gzip.zip", "w") as zipped:
        for name, content in emnist_files():
            zipped.writestr(f"gzip/{name}.gz", gzip.compress(content))
    with pytest.raises(DamagedFileError, match="expected fb9bb67e33772a9cc"):
        EMNIST(tmp_path, "letters")
    digest = hashlib.sha256((raw / "gzip.zip").read_bytes()).hexdigest()
    monkeypatch.setattr(EMNIST, "sha256", digest)
    dataset = EMNIST(tmp_path, "letters")
    np.testing.assert_array_equal(dataset.data, IMAGES)
    assert dataset.classes[3] == "c"
    with pytest.raises(DamagedFileError, match="does not hold gzip/emnist-digits-train-images"):
        EMNIST(tmp_path, "digits")
    (raw / "gzip.zip").unlink()
    assert len(EMNIST(tmp_path, "letters")) == 20
    assert not list(raw.glob("*.part"))


def test_emnist_where_torchvision_unpacked_it(tmp_path):
    raw = tmp_path / "EMNIST" / "raw"
    raw.mkdir(parents=True)
    for name, content in emnist_files("digits"):
        (raw / name).write_bytes(content)
    assert len(EMNIST(tmp_path, "digits", train=False)) == 5
    (raw / "emnist-digits-test-labels-idx1-ubyte").write_bytes(encode(LABELS))
    with pytest.raises(DamagedFileError, match=r"\(5, 28, 28\) images, 20 labels"):
        EMNIST(tmp_path, "digits", train=False)


def test_emnist_splits():
    sizes = {name: len(classes) for name, classes in EMNIST.splits.items()}
    expected = {"byclass": 62, "bymerge": 47, "balanced": 47, "letters": 27}
    assert sizes == expected | {"digits": 10, "mnist": 10}
    assert emnist.MERGED[-1] == "t"
    with pytest.raises(InvalidValueError, match="split='capitals' is unknown"):
        EMNIST("data", "capitals")
