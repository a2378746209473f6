import numpy as np
import pytest

from functorch_course.random import Generator, RandomError, UnsupportedDtypeError, exponential


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_exponential_is_pytorchs(golden, per_seed, dtype):
    found = per_seed(lambda g: exponential(8, dtype=dtype, generator=g))
    assert found.dtype == dtype
    assert np.array_equal(found, golden[f"exponential_{dtype.replace('loat', '')}"])


def test_a_rate_shortens_the_wait():
    slow = exponential((100, 50), dtype=np.float64, generator=Generator(2))
    fast = exponential((100, 50), 4.0, np.float64, generator=Generator(2))
    assert np.array_equal(slow / 4, fast)
    assert abs(slow.mean() - 1) < 5 / np.sqrt(slow.size)


@pytest.mark.parametrize("rate", [0, -1.0, float("nan")])
def test_impossible_rates(rate):
    with pytest.raises(RandomError, match=f"rate={rate} is not positive"):
        exponential(2, rate)


def test_impossible_arguments():
    with pytest.raises(UnsupportedDtypeError, match="exponential does not exist for dtype=int32"):
        exponential(2, dtype=np.int32)
    with pytest.raises(RandomError, match="negative length"):
        exponential(-2)
