"""Images listed in a table: what is read when, which tables are understood, what is refused."""

import io
import os
import pickle
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from functorch_course.data import DataLoader
from functorch_course.datasets import (
    LESSON_IMAGES,
    CSVImageDataset,
    FashionMNISTSample,
    MissingFileError,
    OutsideFolderError,
)
from functorch_course.errors import DamagedFileError, InvalidValueError
from functorch_course.transforms import CenterCrop, Compose, Normalize, RandomCrop, ToTensor

TO_ARRAY = Compose([ToTensor(), Normalize(0.5, 0.5)])


def table(folder, text, name="labels.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def pictures(folder, *names, size=(5, 4)):
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", size, number * 10).save(path)


@pytest.mark.parametrize(
    "text",
    [
        "label,filename\n5,a.png\n2,b c.png\n",
        "label , filename\r\n5     , a.png\r\n2 , b c.png",
        "\ufefflabel,filename\n5,a.png\n2,b c.png\n",
        "filename;x;label\na.png;;5\nb c.png;7;2\n",
        '"filename"\t"label"\n"a.png"\t5\n"b c.png"\t 2\n',
        "\n\nlabel|filename\n\n5|a.png\n   \n2|b c.png\n\n",
        'label filename\n5   a.png\n2 "b c.png"\n',
        'label,filename\n"5", "a.png"\n"2", "b c.png"\n',
        "Label,FileName\n5,a.png\n+2,b c.png\n",
    ],
)
def test_tables_of_every_kind(tmp_path, text):
    pictures(tmp_path, "a.png", "b c.png")
    dataset = CSVImageDataset(table(tmp_path, text), tmp_path)
    assert dataset.names == ["a.png", "b c.png"]
    assert dataset.targets.tolist() == [5, 2]
    image, target = dataset[1]
    assert (image.mode, image.size, target, type(target)) == ("L", (5, 4), 2, int)


def test_json_lines(tmp_path):
    pictures(tmp_path, "a.png", "b.png")
    text = '{"file_name": "a.png", "label": 3}\n\n{"label": 1, "file_name": "b.png", "x": null}\n'
    dataset = CSVImageDataset(table(tmp_path, text, "meta.jsonl"), tmp_path)
    assert dataset.targets.tolist() == [3, 1]
    assert dataset[1][0].getpixel((0, 0)) == 10


def test_names_are_numbered_in_alphabetical_order(tmp_path):
    text = "who,is it\na.png,dog\nb.png,cat\nc.png,dog\n"
    path = table(tmp_path, text)
    dataset = CSVImageDataset(path, tmp_path, filename_column="who", label_column="is it")
    assert dataset.classes == ["cat", "dog"]
    assert dataset.targets.tolist() == [1, 0, 1]
    assert dataset.class_to_idx == {"cat": 0, "dog": 1}


def test_the_constructor_opens_no_image_and_each_access_one(tmp_path, monkeypatch):
    path = table(tmp_path, "label,filename\n1,a.png\n2,b.png\n")
    opened, original = [], os.open

    def counting(name, *arguments, **options):
        opened.append(Path(name).name)
        return original(name, *arguments, **options)

    monkeypatch.setattr(os, "open", counting)
    dataset = CSVImageDataset(path, tmp_path)
    assert opened == []
    with pytest.raises(MissingFileError, match=r"labels\.csv, line 3: .*b\.png does not exist"):
        dataset[1]
    pictures(tmp_path, "a.png", "b.png")
    opened.clear()
    dataset[1]
    assert opened == ["b.png"]


def test_no_file_stays_open(tmp_path):
    pictures(tmp_path, "a.png")
    dataset = CSVImageDataset(table(tmp_path, "label,filename\n1,a.png\n"), tmp_path)
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    kept = [dataset[0] for _ in range(20)]
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors
    assert len(kept) == 20


def test_the_mode_is_converted(tmp_path):
    Image.new("RGBA", (3, 2), (10, 20, 30, 40)).save(tmp_path / "a.png")
    path = table(tmp_path, "label,filename\n1,a.png\n")
    assert CSVImageDataset(path, tmp_path)[0][0].mode == "RGBA"
    assert CSVImageDataset(path, tmp_path, mode="RGB")[0][0].getpixel((0, 0)) == (10, 20, 30)
    assert CSVImageDataset(path, tmp_path, mode="L", transform=ToTensor())[0][0].shape == (1, 2, 3)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", InvalidValueError, "has the columns none"),
        ("a,b\n1,2\n", InvalidValueError, "has the columns 'a', 'b': filename_column=None and"),
        ("label,filename\n1\n", DamagedFileError, r"labels\.csv, line 2: 1 fields, but the .* 2"),
        ("label,filename\n1,a,b\n", DamagedFileError, "line 2: 3 fields"),
        ("label,filename\n1,a\n2,\n", DamagedFileError, "line 3: the file name or the label is em"),
        ('label,filename\n1,"a\n', DamagedFileError, "line 2: unexpected end of data"),
        ('label,filename\n1,"a"b\n', DamagedFileError, "line 2: ',' expected after"),
        ("label,filename\n1," + "x" * 200_000, DamagedFileError, "line 2: field larger"),
        ("label,filename\n1,../x.png\n", OutsideFolderError, "line 2: ../x.png leads out of"),
        ("label,filename\n1,a\n1,/etc/passwd\n", OutsideFolderError, "line 3: /etc/passwd leads o"),
        ("label,filename\n1,a/../../x\n", OutsideFolderError, "line 2: a/../../x leads out"),
        ("label,filename\n1,a\0b\n", OutsideFolderError, "line 2: "),
    ],
)
def test_what_is_wrong_with_a_table_is_named_by_line(tmp_path, text, error, message):
    with pytest.raises(error, match=message):
        CSVImageDataset(table(tmp_path, text), tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "line 1: no JSON"),
        ("[1]", r"line 1: no JSON object: '\[1\]'"),
        ('{"file": "a", "label": 1}\n{"file": 3, "label": 1}', "line 2: file=3 and label=1"),
        ('{"file": "a", "label": true}', "line 1: file='a' and label=True"),
        ('{"file": "a", "label": 1}\n{"file": "a"}', "line 2: file='a' and label=None"),
        ("[" * 100_000, "line 1: no JSON"),
    ],
)
def test_what_is_wrong_with_json_lines_is_named_by_line(tmp_path, text, message):
    with pytest.raises(DamagedFileError, match=message):
        CSVImageDataset(table(tmp_path, text, "labels.jsonl"), tmp_path)


def test_another_encoding_is_refused(tmp_path):
    path = table(tmp_path, "label,filename\n1,é.png\n", encoding="latin-1")
    with pytest.raises(DamagedFileError, match="is not UTF-8: byte 17 is 0xe9"):
        CSVImageDataset(path, tmp_path)


def test_duplicate_and_absolute_names_inside_the_folder_are_fine(tmp_path):
    pictures(tmp_path, "a..b.png", "c/d.png")
    text = f"label,filename\n1,a..b.png\n2,{tmp_path}/c/d.png\n3,a..b.png\n4,c/../a..b.png\n"
    dataset = CSVImageDataset(table(tmp_path, text), tmp_path)
    assert [dataset[i][0].getpixel((0, 0)) for i in range(4)] == [0, 10, 0, 0]


def test_links_may_not_lead_out(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    pictures(inside, "a.png")
    pictures(outside, "secret.png")
    (inside / "file.png").symlink_to(outside / "secret.png")
    (inside / "folder").symlink_to(outside)
    (inside / "fine.png").symlink_to(inside / "a.png")
    names = ["file.png", "folder/secret.png", "fine.png"]
    text = "label,filename\n" + "".join(f"1,{name}\n" for name in names)
    dataset = CSVImageDataset(table(tmp_path, text), inside)
    for index in (0, 1):
        with pytest.raises(OutsideFolderError, match=rf"line {index + 2}: .* leads out of .*, to "):
            dataset[index]
    assert dataset[2][0].size == (5, 4)


def test_what_is_no_image_is_named(tmp_path):
    (tmp_path / "text.png").write_text("Not found")
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "folder.png").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    pictures(tmp_path, "whole.png", size=(50, 50))
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:-30])
    (tmp_path / "program.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n")
    names = [path.name for path in sorted(tmp_path.iterdir()) if path.name != "whole.png"]
    text = "label,filename\n" + "".join(f"1,{name}\n" for name in names)
    dataset = CSVImageDataset(table(tmp_path, text), tmp_path)
    for index, name in enumerate(names):
        with pytest.raises(DamagedFileError, match=rf"line {index + 2}: .*{name} is not a "):
            dataset[index]


def bomb(side):
    """A small PNG file that declares side x side pixels."""
    buffer = io.BytesIO()
    Image.new("L", (1, 1)).save(buffer, "PNG")
    content = bytearray(buffer.getvalue())
    content[16:24] = struct.pack(">II", side, side)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return bytes(content)


@pytest.mark.filterwarnings("ignore:Image size")
@pytest.mark.parametrize("side", [10_000, 60_000, 2**31 - 1])
def test_a_decompression_bomb_is_not_unpacked(tmp_path, side):
    (tmp_path / "bomb.png").write_bytes(bomb(side))
    dataset = CSVImageDataset(table(tmp_path, "label,filename\n1,bomb.png\n"), tmp_path)
    with pytest.raises(DamagedFileError, match=r"line 2: .*bomb\.png (declares|is not a whole)"):
        dataset[0]


def test_validate_reports_all_faults_at_once(tmp_path, capsys):
    pictures(tmp_path, "a.png", "b.png")
    (tmp_path / "c.png").write_text("no")
    text = "label,filename\n1,a.png\n1,absent.png\n1,b.png\n1,c.png\n"
    dataset = CSVImageDataset(table(tmp_path, text), tmp_path)
    with pytest.raises(DamagedFileError) as raised:
        dataset.validate()
    first, *others = str(raised.value).splitlines()
    assert first == "2 of 4 files have faults:"
    assert "line 3: " in others[0]
    assert "line 5: " in others[1]
    assert len(others) == 2
    assert "Checking images" in capsys.readouterr().out
    CSVImageDataset(table(tmp_path, "label,filename\n1,a.png\n"), tmp_path).validate(progress=False)


def test_the_lesson_images_are_those_of_the_sample():
    dataset = CSVImageDataset(LESSON_IMAGES / "labels.csv", LESSON_IMAGES)
    dataset.validate(progress=False)
    assert np.bincount(dataset.targets).tolist() == [4] * 10
    sample = FashionMNISTSample()
    for index in (0, 1, 2):
        np.testing.assert_array_equal(np.asarray(dataset[index][0]), sample.data[index])
        assert dataset.targets[index] == sample.targets[index]


@pytest.mark.parametrize(
    "transform",
    [
        ToTensor(),
        TO_ARRAY,
        Compose([CenterCrop(20), ToTensor()]),
        Compose([CenterCrop(30), ToTensor(), Normalize(0.2, 0.3)]),
    ],
)
def test_a_batch_equals_its_samples_bit_for_bit(transform):
    dataset = CSVImageDataset(LESSON_IMAGES / "labels.csv", LESSON_IMAGES, transform)
    assert dataset.can_get_batch
    indices = [3, 3, -1, 0]
    images, targets = dataset.get_batch(indices)
    expected = np.stack([dataset[index][0] for index in indices])
    assert images.dtype == np.float32
    np.testing.assert_array_equal(images, expected)
    assert targets.tolist() == [dataset[index][1] for index in indices]
    assert targets.dtype == np.int64


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "I"])
@pytest.mark.parametrize("size", [(9, 7), (300, 250)])
def test_a_batch_of_small_or_large_files_equals_its_samples(tmp_path, mode, size):
    generator = np.random.default_rng(0)
    for name in ("a.png", "b.png", "c.png"):
        values = generator.integers(0, 256, (size[1], size[0], 3)).astype(np.uint8)
        Image.fromarray(values).convert("L" if mode == "I" else mode).save(tmp_path / name)
    path = table(tmp_path, "label,filename\n1,a.png\n2,b.png\n3,c.png\n")
    transform = ToTensor() if mode == "I" else TO_ARRAY
    dataset = CSVImageDataset(path, tmp_path, transform, mode=mode)
    images, _ = dataset.get_batch([2, 0, 1])
    expected = np.stack([dataset[index][0] for index in (2, 0, 1)])
    assert images.dtype == expected.dtype
    np.testing.assert_array_equal(images, expected)


@pytest.mark.parametrize(
    "transform", [None, np.asarray, RandomCrop(5), Compose([RandomCrop(5), ToTensor()])]
)
def test_what_cannot_be_batched_says_so(transform):
    dataset = CSVImageDataset(LESSON_IMAGES / "labels.csv", LESSON_IMAGES, transform)
    assert not dataset.can_get_batch
    with pytest.raises(InvalidValueError, match="take no whole batch"):
        dataset.get_batch([0])


def test_images_of_unequal_sizes_say_so_in_a_batch(tmp_path):
    pictures(tmp_path, "a.png")
    pictures(tmp_path, "b.png", size=(7, 3))
    path = table(tmp_path, "label,filename\n1,a.png\n1,b.png\n")
    dataset = CSVImageDataset(path, tmp_path, ToTensor())
    with pytest.raises(Exception, match=r"\(1, 4, 5\).*\(1, 3, 7\)"):
        dataset.get_batch([0, 1])


def test_indices_out_of_range_are_index_errors(tmp_path):
    dataset = CSVImageDataset(LESSON_IMAGES / "labels.csv", LESSON_IMAGES, TO_ARRAY)
    for wrong in (40, -41):
        with pytest.raises(IndexError, match=f"index {wrong} is out of range for 40 images"):
            dataset[wrong]
        with pytest.raises(IndexError, match=f"index {wrong} is out of range"):
            dataset.get_batch([wrong])
    assert len(list(dataset)) == 40


def test_through_a_loader_from_disk_to_batch():
    dataset = CSVImageDataset(LESSON_IMAGES / "labels.csv", LESSON_IMAGES, TO_ARRAY)
    copy = pickle.loads(pickle.dumps(dataset))  # noqa: S301
    batches = list(DataLoader(copy, batch_size=16))
    assert [images.shape for images, _ in batches] == [(16, 1, 28, 28)] * 2 + [(8, 1, 28, 28)]
    np.testing.assert_array_equal(batches[1][0][3], dataset[19][0])


def test_a_compose_that_does_more_is_not_taken_apart(tmp_path):
    class Doubled(Compose):
        def __call__(self, sample):
            return 2 * super().__call__(sample)

    path = table(tmp_path, "label,filename\n1,a.png\n")
    dataset = CSVImageDataset(path, tmp_path, transform=Doubled([ToTensor()]))
    assert not dataset.can_get_batch
