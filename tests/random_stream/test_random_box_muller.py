import math

import numpy as np
import pytest

from functorch_course.random import Generator, rand
from functorch_course.random.box_muller import GROUP, box_muller32, box_muller64, box_muller_pair
from tolerance import assert_close


@pytest.mark.parametrize("transform", [box_muller32, box_muller64])
def test_eight_radii_meet_eight_angles(transform):
    dtype = np.float32 if transform is box_muller32 else np.float64
    uniforms = rand(3 * GROUP, dtype=dtype, generator=Generator(0))
    found = transform(uniforms).reshape(3, 2, 8)
    for group, (first, last) in zip(uniforms.reshape(3, 2, 8), found, strict=True):
        radius = np.sqrt(-2 * np.log1p(-group[0].astype(np.float64)))
        angle = 2 * math.pi * group[1].astype(np.float64)
        assert_close(first, (radius * np.cos(angle)).astype(dtype))
        assert_close(last, (radius * np.sin(angle)).astype(dtype))


def test_pair_lies_on_its_circle():
    x, y = box_muller_pair(0.125, 0.75)
    assert_close([x, y], np.full(2, math.sqrt(-math.log(0.25))))
