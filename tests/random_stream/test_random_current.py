import threading

import numpy as np
import pytest

from functorch_course.errors import InvalidValueError
from functorch_course.random import (
    Generator,
    RandomTypeError,
    current_generator,
    default_generator,
    get_rng_state,
    initial_seed,
    manual_seed,
    rand,
    seed,
    set_rng_state,
    use_generator,
)


def test_manual_seed_returns_the_default_generator():
    assert manual_seed(12) is default_generator
    assert initial_seed() == 12
    assert np.array_equal(rand(4), rand(4, generator=Generator(12)))


@pytest.mark.parametrize(("given", "taken"), [(1.9, 1), ("12", 12), (-1, 2**64 - 1), (True, 1)])
def test_manual_seed_takes_what_int_takes(given, taken):
    manual_seed(given)
    assert initial_seed() == taken


@pytest.mark.parametrize("text", ["a", float("nan"), float("inf"), 2**64])
def test_manual_seed_refuses_what_is_no_seed(text):
    with pytest.raises(InvalidValueError, match=r"no whole number: write an int|out of range"):
        manual_seed(text)


def test_manual_seed_refuses_what_is_no_number():
    with pytest.raises(RandomTypeError, match="seed=None of type NoneType is no number"):
        manual_seed(None)


def test_seed_reseeds_the_default_generator():
    assert seed() == initial_seed() == default_generator.initial_seed()


def test_state_of_the_default_generator():
    state = get_rng_state()
    first = rand(3)
    set_rng_state(state)
    assert np.array_equal(rand(3), first)


def test_use_generator_steers_every_draw_and_nests():
    outer, inner = Generator(1), Generator(2)
    before = get_rng_state()
    with use_generator(outer) as given:
        assert given is outer is current_generator()
        first = rand(2)
        with use_generator(inner):
            assert np.array_equal(rand(2), rand(2, generator=Generator(2)))
        second = rand(2)
    expected = rand(4, generator=Generator(1))
    assert np.array_equal(np.concatenate([first, second]), expected)
    assert current_generator() is default_generator
    assert np.array_equal(get_rng_state(), before)


def test_use_generator_ends_with_its_block_even_on_an_error():
    def fail():
        with use_generator(Generator(1)):
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert current_generator() is default_generator


def test_a_named_generator_wins():
    with use_generator(Generator(1)):
        assert np.array_equal(rand(3, generator=Generator(9)), rand(3, generator=Generator(9)))


def test_a_new_thread_starts_with_the_default_generator():
    seen = []
    with use_generator(Generator(1)):
        thread = threading.Thread(target=lambda: seen.append(current_generator()))
        thread.start()
        thread.join()
    assert seen == [default_generator]


@pytest.mark.parametrize("wrong", [5, np.random.default_rng(0)])
def test_what_is_no_generator_is_refused(wrong):
    with pytest.raises(RandomTypeError, match=r"a Generator was expected, but .* came"):
        rand(2, generator=wrong)
    with (
        pytest.raises(RandomTypeError, match=r"write generator=Generator\(seed\)"),
        use_generator(wrong),
    ):
        pass
