import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functorch_course.errors import CourseError, InvalidValueError
from functorch_course.random import Generator, RandomError, rand, randn

seeds = st.integers(-(2**63), 2**64 - 1)


def test_initial_seed_is_modulo_2_to_the_64(golden, per_seed):
    assert (
        per_seed(lambda g: np.uint64(g.initial_seed())).tolist()
        == golden["initial_seed_u64"].tolist()
    )
    assert Generator().initial_seed() == int(golden["default_generator_seed_u64"])


@pytest.mark.parametrize(
    ("key", "seed", "draws"),
    [
        ("fresh_seed1234", 1234, []),
        ("after_rand1000_randn1_seed42", 42, [(rand, 1000), (randn, 1)]),
        ("after_rand624_seedm1", -1, [(rand, 624)]),
    ],
)
def test_state_is_pytorchs_bytes(golden, key, seed, draws):
    generator = Generator(seed)
    for draw, count in draws:
        draw(count, generator=generator)
    assert np.array_equal(generator.get_state(), golden[f"state_bytes_{key}"])

    restored = Generator(99)
    restored.set_state(golden[f"state_bytes_{key}"])
    for continued in (generator, restored):
        found = [randn(3, generator=continued), rand(5, generator=continued)]
        assert np.array_equal(np.concatenate(found), golden[f"state_next_{key}"])


@pytest.mark.parametrize("used", [0, 1, 623, 624, 625, 1248])
def test_state_survives_a_round_trip_at_every_edge(used):
    generator = Generator(5)
    generator.words32(used)
    twin = Generator()
    twin.set_state(generator.get_state())
    assert np.array_equal(twin.get_state(), generator.get_state())
    assert np.array_equal(twin.words32(700), generator.words32(700))


@given(seeds, st.lists(st.integers(0, 3000), max_size=6))
def test_words_do_not_depend_on_how_they_are_asked_for(seed, counts):
    whole = Generator(seed).words32(sum(counts))
    stream = Generator(seed)
    parts = [stream.words32(count) for count in counts]
    assert np.array_equal(np.concatenate([*parts, []]), whole)


@given(seeds, st.integers(0, 5000))
def test_long_words_are_two_words_the_first_on_top(seed, count):
    first, second = Generator(seed).words32(2 * count).astype(np.uint64).reshape(-1, 2).T
    found = Generator(seed).words64(count)
    assert found.dtype == np.uint64
    assert np.array_equal(found, first * np.uint64(2**32) + second)


@given(seeds)
def test_only_the_low_32_bits_of_a_seed_count(seed):
    assert np.array_equal(Generator(seed).words32(9), Generator(seed % 2**32).words32(9))


def test_manual_seed_starts_over_and_drops_the_spare_normal():
    generator = Generator(8)
    randn(1, generator=generator)
    assert generator.spare_normal is not None
    assert generator.manual_seed(8) is generator
    assert np.array_equal(generator.get_state(), Generator(8).get_state())


def test_seed_is_unforeseen_and_can_be_repeated():
    generator = Generator()
    seeds = [generator.seed(), generator.seed()]
    assert seeds[0] != seeds[1] == generator.initial_seed()
    assert np.array_equal(Generator(seeds[1]).words32(4), generator.words32(4))


@pytest.mark.parametrize(
    "duplicate",
    [Generator.clone, copy.copy, copy.deepcopy, lambda g: pickle.loads(pickle.dumps(g))],  # noqa: S301
    ids=["clone", "copy", "deepcopy", "pickle"],
)
def test_a_copy_goes_on_by_itself(duplicate):
    generator = Generator(4)
    randn(3, generator=generator)
    twin = duplicate(generator)
    assert np.array_equal(twin.get_state(), generator.get_state())
    found = twin.words32(5)
    assert np.array_equal(generator.words32(5), found)


@pytest.mark.parametrize("seed", [-(2**63) - 1, 2**64, 10**30])
def test_seed_out_of_range(seed):
    with pytest.raises(InvalidValueError, match=r"out of range: write one from -2\*\*63"):
        Generator(seed)


@pytest.mark.parametrize("seed", [1.5, "12", None, True])
def test_seed_of_the_wrong_kind(seed):
    with pytest.raises(RandomError, match=r"a seed is a whole number, but .* came") as caught:
        Generator().manual_seed(seed)
    assert isinstance(caught.value, RuntimeError)
    assert isinstance(caught.value, CourseError)


def test_numpy_integers_are_seeds():
    assert Generator(np.int64(7)).initial_seed() == 7


def test_repr_tells_the_seed():
    assert repr(Generator(-7)) == f"Generator(seed={2**64 - 7})"
