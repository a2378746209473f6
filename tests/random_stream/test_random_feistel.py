import numpy as np
import pytest

from functorch_course.random.feistel import Feistel


@pytest.mark.parametrize(("high", "low"), [(0, 0), (1, 0), (1, 1), (2, 1), (6, 5), (8, 8)])
def test_every_number_is_reached_once_and_found_again(high, low):
    network = Feistel(high, low, [(3, 2**63), (2**64 - 1, 17)])
    numbers = np.arange(2 ** (high + low), dtype=np.uint64)
    permuted = network.permute(numbers)
    assert np.array_equal(np.sort(permuted), numbers)
    assert np.array_equal(network.restore(permuted), numbers)


@pytest.mark.parametrize(("high", "low"), [(1, 0), (10, 9), (32, 31)])
def test_one_number_goes_where_an_array_takes_it(high, low):
    network = Feistel(high, low, [(5, 6), (7, 8), (2**64 - 1, 2**40)])
    top = 2 ** (high + low) - 1
    for number in (0, 1, top // 3, top):
        one = network.permute(number)
        assert isinstance(one, int)
        assert network.permute(np.array([number], np.uint64)).tolist() == [one]
        assert network.restore(one) == number
