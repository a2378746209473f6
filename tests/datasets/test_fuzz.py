"""Whatever bytes come, nothing comes out but samples and the typed errors."""

import gzip
import io
import pickle
import struct
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from functorch_course.datasets import CSVImageDataset, read_idx
from functorch_course.datasets.pickled_batch import parse_batch
from functorch_course.errors import CourseError

FAST = settings(max_examples=100, deadline=None)
SLOW = settings(
    max_examples=7_000, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


def mutated(originals):
    """Bytes of one of the originals with some changed, some cut off, some added."""

    @st.composite
    def build(draw):
        content = bytearray(draw(st.sampled_from(originals)))
        for _ in range(draw(st.integers(0, 8))):
            place = draw(st.integers(0, max(len(content) - 1, 0)))
            content[place : place + draw(st.integers(0, 3))] = draw(st.binary(max_size=4))
        return bytes(content[: draw(st.integers(0, len(content) + 20))])

    return build()


def idx_files():
    array = np.arange(60, dtype=np.uint8).reshape(3, 4, 5)
    plain = struct.pack(">HBB3I", 0, 8, 3, *array.shape) + array.tobytes()
    floats = struct.pack(">HBB1I", 0, 0x0D, 1, 4) + bytes(16)
    return [plain, floats, gzip.compress(plain, mtime=0), gzip.compress(floats, mtime=0)]


def image_files():
    pixels = np.random.default_rng(0).integers(0, 256, (9, 11, 3)).astype(np.uint8)
    files = []
    for mode in ("RGB", "L", "P"):
        for kind in ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM"):
            if (mode, kind) in (("P", "JPEG"), ("P", "WEBP"), ("P", "PPM")):
                continue
            buffer = io.BytesIO()
            Image.fromarray(pixels).convert(mode).save(buffer, kind)
            files.append(buffer.getvalue())
    return files


def tables():
    texts = [
        "label,filename\n5,a.png\n2,b.png\n",
        'label ; filename\n"5";"a.png"\n2;../../etc/passwd\n',
        "filename\tlabel\n/a.png\tdog\nb.png\tcat\n",
        "label filename\n1 a\n",
    ]
    return [text.encode() for text in texts] + [texts[0].encode("utf-16"), texts[0].encode("cp037")]


def json_tables():
    return [b'{"file": "a.png", "label": 3}\n{"file": "../b", "label": "x"}\n', b'{"a": [{}]}']


def attempt(action):
    """Return what an action gives and None, or None and the typed error it raises."""
    try:
        return action(), None
    except CourseError as error:
        return None, error


def check_idx(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "items"
        path.write_bytes(content)
        items, error = attempt(lambda: read_idx(path))
        assert str(path) in str(error) if error else items.nbytes <= len(content) * 1032


def check_table(content, name):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        dataset, error = attempt(lambda: CSVImageDataset(path, folder))
        if dataset:
            for index in range(len(dataset)):
                assert Path(dataset.path(index)).is_relative_to(folder)
            _, error = attempt(lambda: dataset[0])
            assert error
        assert error is None or str(path) in str(error)


def check_image(content):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.png").write_bytes(content)
        (Path(folder) / "t.csv").write_text("label,filename\n1,a.png\n")
        dataset = CSVImageDataset(Path(folder) / "t.csv", folder, mode="RGB")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sample, error = attempt(lambda: dataset[0])
        named = f"{Path(folder) / 't.csv'}, line 2: "
        assert named in str(error) if error else (sample[0].mode, sample[1]) == ("RGB", 1)


def pickles():
    batch = {"data": "no array", "labels": [1, 2], "x": {"y": (1.5, None, True)}}
    array = (
        (
            b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
            b"(K\x01K\x01M\x00\x0c\x86cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R"
            b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T\x00\x0c\x00\x00"
        )
        + bytes(3072)
        + b"tb"
    )
    whole = b"\x80\x02}(U\x04data" + array + b"U\x06labels](K\x07eu."
    return [whole, pickle.dumps(batch, 2), pickle.dumps(batch, 4), pickle.dumps(print, 2)]


def check_pickle(content):
    batch, error = attempt(lambda: parse_batch(content, "labels", "batch"))
    if error is None:
        assert batch.pixels.shape == (len(batch.labels), 3072)
    else:
        assert str(error).startswith("batch is no batch of images: ")


@FAST
@given(st.binary(max_size=300) | mutated(pickles()))
def test_pickles(content):
    check_pickle(content)


@FAST
@given(st.binary(max_size=300) | mutated(idx_files()))
def test_idx(content):
    check_idx(content)


@FAST
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | mutated(tables()))
def test_csv(content):
    check_table(content, "t.csv")


@FAST
@given(st.binary(max_size=200) | mutated(json_tables()))
def test_json_lines(content):
    check_table(content, "t.jsonl")


@FAST
@given(st.binary(max_size=300) | mutated(image_files()))
def test_images(content):
    check_image(content)


@pytest.mark.slow
@SLOW
@given(st.binary(max_size=300) | mutated(idx_files()))
def test_idx_at_length(content):
    check_idx(content)


@pytest.mark.slow
@SLOW
@given(st.text(max_size=300).map(str.encode) | mutated(tables()) | mutated(json_tables()))
def test_tables_at_length(content):
    check_table(content, "t.csv")
    check_table(content, "t.jsonl")


@pytest.mark.slow
@SLOW
@given(mutated(pickles()))
def test_pickles_at_length(content):
    check_pickle(content)


@pytest.mark.slow
@SLOW
@given(mutated(image_files()))
def test_images_at_length(content):
    check_image(content)
