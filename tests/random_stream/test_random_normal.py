import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functorch_course.random import (
    Generator,
    RandomError,
    RandomTypeError,
    UnsupportedDtypeError,
    normal,
    rand,
    randint,
    randn,
    randperm,
)

COUNTS = {"f32": (1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 50, 100), "f64": (1, 3, 15, 16, 17, 33)}
DTYPES = {"f32": np.float32, "f64": np.float64}


@pytest.mark.parametrize(("name", "count"), [(name, n) for name in COUNTS for n in COUNTS[name]])
def test_randn_is_pytorchs(golden, per_seed, name, count):
    found = per_seed(lambda g: randn(count, dtype=DTYPES[name], generator=g))
    assert found.dtype == DTYPES[name]
    assert np.array_equal(found, golden[f"randn_{name}_n{count}"])


@pytest.mark.parametrize("name", DTYPES)
@pytest.mark.parametrize("count", [5, 16, 33])
def test_normal_is_pytorchs(golden, per_seed, name, count):
    found = per_seed(lambda g: normal(0.3, 1.7, count, DTYPES[name], generator=g))
    assert np.array_equal(found, golden[f"normal_mean0.3_std1.7_{name}_n{count}"])


def test_the_spare_number_outlives_other_draws(golden, per_seed):
    def draw(g):
        parts = [
            randn(1, generator=g),
            rand(2, generator=g),
            randn(2, generator=g),
            randn(3, dtype=np.float64, generator=g),
            randn(16, generator=g),
            randn(1, generator=g),
            randn(5, generator=g),
            rand(1, generator=g),
        ]
        return np.concatenate(parts)

    assert np.array_equal(per_seed(draw), golden["cached_normal_sequence"])


def test_a_mixed_stream_is_pytorchs(golden, per_seed):
    def draw(g):
        parts = [
            rand(3, generator=g),
            randint(0, 2**40, 2, generator=g),
            randint(0, 7, 3, generator=g),
            [rand((), dtype=np.float64, generator=g) < 0.5],
            rand(2, dtype=np.float64, generator=g),
            randperm(5, generator=g),
            randn(20, generator=g),
            rand(1, generator=g),
        ]
        return np.concatenate([np.asarray(part, np.float64) for part in parts])

    assert np.array_equal(per_seed(draw), golden["mixed_stream"])


@given(st.integers(0, 2**32 - 1), st.integers(16, 70_000), st.sampled_from(["f32", "f64"]))
def test_the_last_sixteen_are_drawn_twice(seed, count, name):
    dtype, words = DTYPES[name], {"f32": 1, "f64": 2}[name]
    count = min(count, 3000) if name == "f64" else count
    generator = Generator(seed)
    found = randn(count, dtype=dtype, generator=generator)
    stream = Generator(seed)
    whole = count - count % 16
    expected = [randn(whole, dtype=dtype, generator=stream)]
    if whole < count:
        stream.words32(words * (count - whole))
        expected = [expected[0][: count - 16], randn(16, dtype=dtype, generator=stream)]
    assert np.array_equal(found, np.concatenate(expected))
    assert np.array_equal(generator.get_state(), stream.get_state())


def test_a_uniform_zero_leaves_no_negative_zero():
    generator = Generator()
    state = generator.get_state()
    state[8:24] = Generator(0).get_state()[8:24]
    state[24 : 24 + 624 * 8] = 0
    state[8:12] = np.array([625 - 1], "<i4").view(np.uint8)
    state[16:24] = np.array([1], "<u8").view(np.uint8)
    generator.set_state(state)
    assert generator.words32(4).tolist() == [0] * 4
    for dtype in (np.float32, np.float64):
        assert not np.signbit(randn(16, dtype=dtype, generator=generator)).any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_mean_and_deviation(dtype):
    numbers = normal(3.0, 2.0, (200, 500), dtype, generator=Generator(0))
    assert numbers.shape == (200, 500)
    assert abs(numbers.mean() - 3) < 5 * 2 / np.sqrt(numbers.size)
    assert abs(numbers.std() - 2) < 5 * 2 / np.sqrt(2 * numbers.size)


def test_no_deviation_gives_the_mean():
    assert normal(1.5, 0.0, 20, generator=Generator(0)).tolist() == [1.5] * 20


def test_shapes():
    for size in [(), (2, 3), (0, 5), (4, 4, 4)]:
        numbers = randn(*size, generator=Generator(1))
        assert numbers.shape == size
        assert np.array_equal(numbers.ravel(), randn(numbers.size, generator=Generator(1)))
    assert randn((2, 3)).shape == randn([2, 3]).shape == (2, 3)


@pytest.mark.parametrize(
    ("mean", "std"), [(0, -1), (0, float("nan")), (0, float("inf")), (float("nan"), 1)]
)
def test_impossible_parameters(mean, std):
    with pytest.raises(RandomError, match=f"no normal distribution with mean={mean}, std={std}"):
        normal(mean, std, 0)


@pytest.mark.parametrize("dtype", ["int32", "float16"])
def test_dtype_that_cannot_be(dtype):
    with pytest.raises(UnsupportedDtypeError, match=f"normal does not exist for dtype={dtype}"):
        randn(2, dtype=dtype)


def test_sizes_that_cannot_be():
    with pytest.raises(RandomError, match="negative length"):
        randn(2, -1)
    with pytest.raises(RandomTypeError, match="no shape"):
        randn(1.5)
