import math

import numpy as np

from functorch_course.random import Generator, rand
from functorch_course.random.cephes import log, sin_cos


def ulps(found: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """The error in units of the last place of the exact number, but at least of 2**-24."""
    unit = np.spacing(np.maximum(np.abs(exact), 2.0**-1).astype(np.float32)).astype(np.float64)
    return np.abs(found - exact) / unit


def test_log_is_within_two_units_of_the_last_place():
    x = np.concatenate([1 - rand(20_000, generator=Generator(0)), [2.0**-24, 0.5, 1.0]])
    x = x.astype(np.float32)
    found = log(x)
    assert found.dtype == np.float32
    exact = np.array([math.log(number) for number in x.tolist()])
    assert ulps(found, exact).max() < 2
    assert found[-1] == 0


def test_sine_and_cosine_are_within_two_units_of_the_last_place():
    x = np.float32(2 * math.pi) * rand(20_000, generator=Generator(1))
    x[:9] = np.arange(9) * np.float32(math.pi / 4)
    sine, cosine = sin_cos(x)
    assert sine.dtype == cosine.dtype == np.float32
    assert ulps(sine, np.array([math.sin(number) for number in x.tolist()])).max() < 2
    assert ulps(cosine, np.array([math.cos(number) for number in x.tolist()])).max() < 2
    assert (sine[0], cosine[0]) == (0, 1)


def test_inputs_are_left_alone():
    x = np.float32([0.1, 0.6, 0.9])
    for function in (log, sin_cos):
        function(x)
    assert x.tolist() == np.float32([0.1, 0.6, 0.9]).tolist()
