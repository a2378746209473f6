from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functorch_course.random import (
    Generator,
    RandomError,
    RandomTypeError,
    UnsupportedDtypeError,
    rand,
    uniform,
)


@pytest.mark.parametrize(
    ("name", "dtype", "count"), [("f32", "float32", 40), ("f64", "float64", 20)]
)
def test_rand_is_pytorchs(golden, per_seed, name, dtype, count):
    found = per_seed(lambda g: rand(count, dtype=dtype, generator=g))
    assert found.dtype == dtype
    assert np.array_equal(found, golden[f"rand_{name}"])


def test_half_rand_is_pytorchs(golden, per_seed):
    found = per_seed(lambda g: rand(20, dtype=np.float16, generator=g))
    assert np.array_equal(found.astype(np.float32), golden["rand_f16_as_f32"])


def test_bfloat16_rand_is_pytorchs(golden, per_seed):
    bfloat16 = pytest.importorskip("ml_dtypes").bfloat16
    found = per_seed(lambda g: rand(20, dtype=bfloat16, generator=g))
    assert found.dtype == bfloat16
    assert np.array_equal(found.astype(np.float32), golden["rand_bf16_as_f32"])


def test_half_rand_never_reaches_one():
    numbers = rand(100_000, dtype=np.float16, generator=Generator(0))
    assert numbers.max() < 1
    rounded = rand(100_000, generator=Generator(0)).astype(np.float16)
    assert np.array_equal(numbers, np.where(rounded == 1, 0, rounded))
    assert (rounded == 1).any()


@pytest.mark.parametrize(
    ("name", "dtype", "count"), [("f32", "float32", 20), ("f64", "float64", 10)]
)
def test_uniform_is_pytorchs(golden, per_seed, name, dtype, count):
    for (low, high), expected in zip(
        golden["uniform_ranges"].tolist(), golden[f"uniform_{name}"], strict=True
    ):
        found = per_seed(lambda g, a=low, b=high: uniform(a, b, count, dtype, generator=g))
        assert np.array_equal(found, expected), (low, high)


def rounded_once(unit: float, low: float, high: float, dtype: type) -> float:
    """The definition in exact fractions: one rounding at the end; the width is rounded first."""
    width = float(dtype(high) - dtype(low))
    exact = Fraction(unit) * Fraction(width) + Fraction(float(low))
    number = nearest(exact, dtype)
    return float(low) if number == high else number


def nearest(exact: Fraction, dtype: type) -> float:
    """The nearest float of this dtype, ties to even."""
    guess = dtype(float(exact))
    candidates = [np.nextafter(guess, dtype(-np.inf)), guess, np.nextafter(guess, dtype(np.inf))]
    digits = {np.float32: np.int32, np.float64: np.int64}[dtype]
    return float(
        min(candidates, key=lambda c: (abs(Fraction(float(c)) - exact), int(c.view(digits)) & 1))
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(data=st.data())
def test_uniform_is_rounded_once(dtype, data):
    bounds = st.floats(-1e9, 1e9, width=32, allow_subnormal=False)
    small = st.floats(-(2.0**-20), 2.0**-20, width=32, allow_subnormal=False)
    low, high = sorted([data.draw(bounds | small), data.draw(bounds | small)])
    seed = data.draw(st.integers(0, 2**32 - 1))
    units = rand(16, dtype=dtype, generator=Generator(seed)).tolist()
    found = uniform(low, high, 16, dtype, generator=Generator(seed)).tolist()
    assert found == [rounded_once(unit, low, high, dtype) for unit in units]


@given(
    st.lists(st.floats(-1e30, 1e30) | st.floats(-2, 2) | st.floats(-1e-30, 1e-30), min_size=2),
    st.integers(0, 2**32 - 1),
)
def test_single_numbers_are_those_of_arrays(numbers, seed):
    stream, singles = Generator(seed), Generator(seed)
    for low, high in zip(sorted(numbers), sorted(numbers)[1:], strict=False):
        found = uniform(low, high, generator=singles)
        assert (found.shape, found.dtype) == ((), np.float32)
        assert found == uniform(low, high, 1, generator=stream)[0]
    assert np.array_equal(stream.get_state(), singles.get_state())


def test_uniform_over_nearly_every_float64():
    numbers = uniform(-1e308, 7e307, 50, np.float64, generator=Generator(0))
    units = rand(50, dtype=np.float64, generator=Generator(0)).tolist()
    assert numbers.tolist() == [rounded_once(u, -1e308, 7e307, np.float64) for u in units]


def test_an_empty_width_gives_its_bound():
    assert uniform(3.0, 3.0, 5, generator=Generator(0)).tolist() == [3.0] * 5


def test_high_is_never_reached():
    low, high = np.float32(1), np.nextafter(np.float32(1), np.float32(2))
    assert (uniform(low, high, 1000, generator=Generator(0)) == low).all()
    generator = Generator(0)
    assert all(uniform(low, high, generator=generator) == low for _ in range(100))


@pytest.mark.parametrize("low", [1e-30, -1e-30])
def test_what_lies_beside_the_middle_of_two_numbers_is_rounded_once(low):
    units = rand(200, generator=Generator(0)).tolist()
    expected = [rounded_once(unit, float(np.float32(low)), 3.0, np.float32) for unit in units]
    assert uniform(low, 3, 200, generator=Generator(0)).tolist() == expected
    generator = Generator(0)
    assert [float(uniform(low, 3, generator=generator)) for _ in units] == expected


def test_blocks_join_without_a_seam():
    stream = Generator(3)
    parts = [rand(count, generator=stream) for count in (70_000, 1, 29_999)]
    assert np.array_equal(rand(100_000, generator=Generator(3)), np.concatenate(parts))


@pytest.mark.parametrize(
    ("size", "shape"),
    [((), ()), ((3,), (3,)), ((2, 3), (2, 3)), (([2, 3],), (2, 3)), (((),), ()), ((0, 4), (0, 4))],
)
def test_shapes_of_rand(size, shape):
    numbers = rand(*size, generator=Generator(0))
    assert isinstance(numbers, np.ndarray)
    assert numbers.shape == shape
    flat = rand(numbers.size, generator=Generator(0))
    assert np.array_equal(numbers.ravel(), flat)


@pytest.mark.parametrize("size", [-1, (2, -1)])
def test_negative_sizes(size):
    with pytest.raises(RandomError, match="negative length: write 0 or more"):
        rand(size)
    with pytest.raises(RandomError, match="negative length: write 0 or more"):
        uniform(0, 1, size)


@pytest.mark.parametrize("size", [2.5, "3", (2, 1.5), None])
def test_sizes_that_are_no_shape(size):
    with pytest.raises(RandomTypeError, match="no shape: write an int or a sequence of ints"):
        rand(size)


@pytest.mark.parametrize("draw", [rand, lambda n, dtype: uniform(0, 1, n, dtype)])
@pytest.mark.parametrize("dtype", ["int64", "complex64", "bool"])
def test_dtypes_that_cannot_be(draw, dtype):
    with pytest.raises(UnsupportedDtypeError, match=f"does not exist for dtype={dtype}") as caught:
        draw(2, dtype=dtype)
    assert isinstance(caught.value, NotImplementedError)


@pytest.mark.parametrize(
    ("low", "high", "dtype"),
    [
        (1, 0, "float32"),
        (0, float("nan"), "float32"),
        (0, float("inf"), "float64"),
        (0, 1e39, "float32"),
        (-3e38, 3e38, "float32"),
        (-1e308, 1e308, "float64"),
    ],
)
def test_impossible_bounds(low, high, dtype):
    before = Generator(1)
    with pytest.raises(RandomError, match=r"can be drawn from \[low=.*write finite bounds"):
        uniform(low, high, 0, dtype, generator=before)
    assert np.array_equal(before.get_state(), Generator(1).get_state())
