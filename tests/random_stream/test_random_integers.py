import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functorch_course.errors import InvalidValueError
from functorch_course.random import (
    Generator,
    RandomError,
    RandomTypeError,
    UnsupportedDtypeError,
    randint,
    random_int64,
)


def test_randint_is_pytorchs(golden, per_seed):
    ranges = golden["randint_ranges"].tolist()
    for (low, high), expected in zip(ranges, golden["randint_i64"], strict=True):
        found = per_seed(lambda g, a=low, b=high: randint(a, b, 8, generator=g))
        assert found.dtype == np.int64
        assert np.array_equal(found, expected), (low, high)


def test_random_int64_is_pytorchs(golden, per_seed):
    found = per_seed(lambda g: random_int64(8, generator=g))
    assert np.array_equal(found, golden["random_noarg_i64"])


@given(
    st.integers(0, 2**32 - 1),
    st.integers(-(2**63), 2**63 - 2),
    st.integers(1, 2**63) | st.integers(1, 2**64) | st.integers(2**28 - 2, 2**28 + 2),
)
def test_randint_is_its_definition(seed, low, count):
    high = min(low + count, 2**63 - 1)
    count = high - low
    stream = Generator(seed)
    words = stream.words32(5) if count < 2**28 else stream.words64(5)
    generator = Generator(seed)
    found = randint(low, high, 5, generator=generator)
    assert found.tolist() == [low + int(word) % count for word in words]
    assert np.array_equal(generator.get_state(), stream.get_state())


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [
        ("int32", -(2**31), 2**31),
        ("int16", -(2**15), 2**15),
        ("int8", -128, 128),
        ("uint64", 0, 2**63 - 1),
        ("uint32", 0, 2**32),
        ("uint16", 0, 2**16),
        ("uint8", 0, 256),
        ("bool", 0, 2),
        ("float64", -(2**53), 2**53 + 1),
        ("float32", -(2**24), 2**24 + 1),
        ("float16", -(2**11), 2**11 + 1),
    ],
)
def test_every_dtype_has_the_same_numbers_up_to_its_limits(dtype, low, high):
    found = randint(low, high, (3, 50), dtype, generator=Generator(2))
    assert found.dtype == dtype
    assert np.array_equal(found, randint(low, high, (3, 50), generator=Generator(2)))
    if dtype != "uint64":
        with pytest.raises(RandomError, match=f"{dtype} holds whole numbers from"):
            randint(low, high + 1, 2, dtype)
    with pytest.raises(RandomError, match=f"{dtype} holds whole numbers from .* write another"):
        randint(low - 1, high, 2, dtype)


@pytest.mark.parametrize(("low", "high"), [(5, 5), (5, 4)])
def test_empty_range(low, high):
    with pytest.raises(RandomError, match=f"from low={low} to below high={high}: write low < high"):
        randint(low, high, 0)


@pytest.mark.parametrize(("low", "high"), [(0, 2**63), (-(2**63) - 1, 0)])
def test_bounds_beyond_int64(low, high):
    with pytest.raises(InvalidValueError, match=r"do not fit int64: write bounds from -2\*\*63"):
        randint(low, high, 2)


def test_bounds_that_are_no_whole_numbers():
    with pytest.raises(RandomTypeError, match=r"low=0.5 of type float is not a whole number"):
        randint(0.5, 5, 2)


def test_dtype_that_cannot_be():
    with pytest.raises(UnsupportedDtypeError, match="randint does not exist for dtype=complex64"):
        randint(0, 5, 2, "complex64")


def test_negative_size():
    with pytest.raises(RandomError, match="negative length"):
        random_int64(-1)


def test_blocks_join_without_a_seam():
    stream = Generator(3)
    parts = [randint(0, 2**40, count, generator=stream) for count in (70_000, 1, 29_999)]
    whole = randint(0, 2**40, 100_000, generator=Generator(3))
    assert np.array_equal(whole, np.concatenate(parts))
