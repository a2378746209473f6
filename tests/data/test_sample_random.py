"""Random numbers that belong to a sample."""

import numpy as np
import pytest

from functorch_course.data.sample_random import SampleGenerator
from functorch_course.random import rand, randn, use_generator


def draws(generator, key, position=0, size=3):
    generator.begin(key, position)
    return rand(size, generator=generator).tolist()


def test_a_sample_has_the_same_numbers_whenever_it_comes():
    one, other = SampleGenerator(7, 0), SampleGenerator(7, 0)
    expected = [draws(one, key) for key in range(5)]
    assert [draws(other, key) for key in (4, 2, 0)] == [expected[4], expected[2], expected[0]]


def test_seed_epoch_key_and_position_all_matter():
    base = draws(SampleGenerator(7, 0), 3, 0)
    others = [
        draws(SampleGenerator(8, 0), 3, 0),
        draws(SampleGenerator(7, 1), 3, 0),
        draws(SampleGenerator(7, 0), 4, 0),
        draws(SampleGenerator(7, 0), 3, 1),
        draws(SampleGenerator(7, 0), "3", 0),
        draws(SampleGenerator(7, 0), -3, 0),
    ]
    assert base not in others
    assert len({tuple(other) for other in others}) == len(others)


def test_a_new_sample_forgets_what_the_last_one_left():
    generator = SampleGenerator(1, 0)
    fresh = SampleGenerator(1, 0)
    generator.begin(0)
    randn(1, generator=generator)  # leaves a spare number behind
    generator.begin(1)
    fresh.begin(1)
    assert generator.spare_normal is None
    assert randn(1, generator=generator) == randn(1, generator=fresh)


@pytest.mark.parametrize("look", ["initial_seed", "get_state", "clone"])
def test_looking_at_the_generator_seeds_it(look):
    generator = SampleGenerator(1, 0)
    expected = draws(generator, 5)
    generator.begin(5)
    getattr(generator, look)()
    assert rand(3, generator=generator).tolist() == expected


def test_a_seed_of_the_users_own_counts():
    generator = SampleGenerator(1, 0)
    generator.begin(5)
    state = generator.get_state()
    first = rand(2, generator=generator)
    generator.begin(6)
    generator.set_state(state)
    np.testing.assert_array_equal(rand(2, generator=generator), first)
    generator.begin(6)
    assert rand(1, generator=generator.manual_seed(0)) == np.float32(0.4962566)


def test_numbers_look_independent_across_samples():
    generator = SampleGenerator(123, 0)
    with use_generator(generator):
        firsts = []
        for key in range(4000):
            generator.begin(key)
            firsts.append(float(rand()))
    counts = np.histogram(firsts, 20, (0, 1))[0]
    assert ((counts - 200) ** 2 / 200).sum() < 45
    assert abs(np.corrcoef(firsts[:-1], firsts[1:])[0, 1]) < 0.06
