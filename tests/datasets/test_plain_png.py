"""The short way to the pixels of a PNG file is Pillow's way, or none."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from functorch_course.datasets.plain_png import decode_plain_png

MOST = 10_000


def encode(mode, size, seed=0, **options):
    shape = (size[1], size[0], 4)
    values = np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)
    image = Image.fromarray(values, "RGBA").convert(mode)
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def text():
    found = PngImagePlugin.PngInfo()
    found.add_text("title", "a picture")
    return found


@pytest.mark.parametrize("mode", ["L", "RGB", "LA", "RGBA"])
@pytest.mark.parametrize("size", [(1, 1), (28, 28), (37, 5), (90, 100)])
@pytest.mark.parametrize("level", [0, 9])
def test_the_same_image_as_pillows(mode, size, level):
    content = encode(mode, size, compress_level=level)
    image, expected = decode_plain_png(content, MOST), Image.open(io.BytesIO(content))
    assert (image.mode, image.size, image.format) == (mode, size, "PNG")
    assert image.tobytes() == expected.tobytes()
    assert image.info == expected.info == {}


@pytest.mark.parametrize(
    "content",
    [
        encode("P", (9, 9)),
        encode("1", (9, 9)),
        encode("RGB", (9, 9), pnginfo=text()),
        encode("RGB", (9, 9), dpi=(72, 72)),
        encode("L", (9, 9), transparency=3),
        encode("L", (101, 100)),
        b"",
        encode("L", (9, 9))[:20],
    ],
)
def test_everything_else_is_left_to_pillow(content):
    assert decode_plain_png(content, MOST) is None


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_is_damaged_is_left_to_pillow_or_read_as_pillow_reads_it(data):
    content = bytearray(encode(data.draw(st.sampled_from(["L", "RGB"])), (6, 5)))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(len(content) // 2, len(content))) :]
    image = decode_plain_png(bytes(content), MOST)
    if image is not None:
        expected = Image.open(io.BytesIO(content))
        assert (image.mode, image.tobytes()) == (expected.mode, expected.tobytes())
