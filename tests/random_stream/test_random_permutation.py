import numpy as np
import pytest

from functorch_course.random import (
    Generator,
    RandomError,
    RandomTypeError,
    UnsupportedDtypeError,
    rand,
    randperm,
)
from functorch_course.random.permutation import _backward


@pytest.mark.parametrize("n", [1, 2, 3, 5, 10, 100, 1000])
def test_randperm_is_pytorchs(golden, per_seed, n):
    assert np.array_equal(per_seed(lambda g: randperm(n, generator=g)), golden[f"randperm_n{n}"])


@pytest.mark.parametrize(("n", "seeds"), [(60_000, 10), (1_000_000, 4)])
def test_long_randperm_is_pytorchs(golden, n, seeds):
    for row, seed in enumerate(golden["seeds_u64"].tolist()[:seeds]):
        generator = Generator(seed)
        order = randperm(n, generator=generator)
        assert order.dtype == np.int64
        assert np.array_equal(order[:64], golden[f"randperm_n{n}_head64"][row])
        assert np.array_equal(order[-16:], golden[f"randperm_n{n}_tail16"][row])
        weights = np.arange(1, n + 1, dtype=np.uint64)
        checksum = (weights * order.astype(np.uint64)).sum()
        assert checksum == golden[f"randperm_n{n}_checksum_u64"][row]
        assert rand(1, generator=generator) == golden[f"randperm_n{n}_next_rand_f32"][row]


def test_empty_and_single_orders_draw_nothing():
    generator = Generator(1)
    assert randperm(0, generator=generator).shape == (0,)
    assert randperm(1, generator=generator).tolist() == [0]
    assert np.array_equal(generator.get_state(), Generator(1).get_state())


@pytest.mark.parametrize("n", [1, 2, 3, 10, 2500])
def test_order_of_very_many_is_the_inside_out_shuffle(n):
    words = Generator(n).words64(n).tolist()
    expected = list(range(n))
    for i, word in enumerate(words):
        target = word % (i + 1)
        expected[i], expected[target] = expected[target], i
    assert _backward(Generator(n), n).tolist() == expected


@pytest.mark.parametrize(
    ("dtype", "most"), [("int8", 128), ("uint8", 256), ("int16", 2**15), ("float16", 2049)]
)
def test_dtypes_change_no_order_and_hold_every_index(dtype, most):
    order = randperm(most, dtype, generator=Generator(0))
    assert order.dtype == dtype
    assert np.array_equal(order, randperm(most, generator=Generator(0)))
    with pytest.raises(
        RandomError, match=f"{dtype} holds indices up to {most - 1}, but n={most + 1}"
    ):
        randperm(most + 1, dtype)


def test_negative_length():
    with pytest.raises(RandomError, match="n=-1 is negative"):
        randperm(-1)


def test_length_that_is_no_whole_number():
    with pytest.raises(RandomTypeError, match=r"n=2.5 of type float is not a whole number"):
        randperm(2.5)


@pytest.mark.parametrize("dtype", ["bool", "complex64"])
def test_dtype_that_cannot_be(dtype):
    with pytest.raises(UnsupportedDtypeError, match=f"randperm does not exist for dtype={dtype}"):
        randperm(2, dtype)
