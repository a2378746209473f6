"""Every transform from a seed gives the image that torchvision 0.28 gave (Pillow 13)."""

import json
from pathlib import Path

import PIL
import pytest

from functorch_course import random, transforms
from transforms.transform_table import digest, golden_cases, image

RECORDED = json.loads((Path(__file__).parent / "golden_images.json").read_text())

OLD = int(PIL.__version__.split(".")[0]) < 13


@pytest.mark.skipif(OLD, reason="Pillow 13 resizes some images columns first, and rounds so")
@pytest.mark.parametrize(("name", "build", "mode", "size", "seed"), list(golden_cases()))
def test_the_image_is_the_recorded_one(name, build, mode, size, seed):
    generator = random.Generator(seed)
    with random.use_generator(generator):
        result = build(transforms)(image(mode, size, seed))
    assert digest(result) == RECORDED[name]
