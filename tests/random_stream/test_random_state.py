import numpy as np
import pytest

from functorch_course.random import Generator, RandomError, RandomTypeError


def damaged(offset: int, dtype: str, value: int) -> np.ndarray:
    """A good state with one field overwritten."""
    state = Generator(1).get_state()
    field = state[offset : offset + np.dtype(dtype).itemsize].view(dtype)
    field[...] = value
    return state


@pytest.mark.parametrize("size", [0, 5, 5048, 5057])
def test_wrong_size(size):
    with pytest.raises(RandomError, match=f"5056 bytes, but {size} came: pass what get_state"):
        Generator().set_state(np.zeros(size, np.uint8))


@pytest.mark.parametrize("state", [np.zeros(5056), np.zeros(5056, np.int8), 5, "state"])
def test_wrong_kind(state):
    with pytest.raises(
        RandomTypeError, match=r"an array of 5056 uint8, but a .* of dtype"
    ) as caught:
        Generator().set_state(state)
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    "state",
    [
        np.zeros(5056, np.uint8),
        damaged(12, "<i4", 0),  # not seeded
        damaged(8, "<i4", 0),  # nothing left, not even the reload
        damaged(8, "<i4", 626),
        damaged(16, "<u8", 700),  # the next word lies behind the key
        damaged(16, "<u8", 5),  # next and left disagree
    ],
)
def test_impossible_engine(state):
    before = Generator(3)
    with pytest.raises(RandomError, match=r"no state of a Mersenne Twister \(seeded="):
        before.set_state(state)
    assert np.array_equal(before.get_state(), Generator(3).get_state())


def test_any_layout_of_the_bytes_will_do():
    generator = Generator()
    state = Generator(6).get_state()
    for form in (state.reshape(2, -1), np.repeat(state, 2)[::2], state.tolist()):
        generator.set_state(np.array(form, np.uint8))
        assert generator.initial_seed() == 6


def test_the_returned_bytes_are_the_callers_own():
    generator = Generator(6)
    generator.get_state()[:] = 0
    assert generator.initial_seed() == 6
