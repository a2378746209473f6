"""The same draws in both libraries, from random seeds, compared digit for digit.

``Pair`` holds a generator of each library. Every law ends by comparing all 5056 bytes of their
states, so a draw that takes one word too many cannot pass.
"""

import math
import os
import subprocess
import sys
from collections.abc import Callable

import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from numpy.typing import NDArray

import functorch_course.random as fc

SEEDS = st.integers(-(2**63), 2**64 - 1) | st.integers(0, 3)
SIZES = st.integers(0, 40) | st.integers(0, 3000)
TORCH_DTYPES = {
    np.dtype(name): getattr(torch, name)
    for name in (
        "float16", "float32", "float64", "int8", "int16", "int32", "int64",
        "uint8", "uint16", "uint32", "uint64", "bool",
    )
}  # fmt: skip
FLOATS = st.sampled_from([np.dtype(np.float32), np.dtype(np.float64)])


def floats(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers whose products lose no digits by being too small for float64."""
    return st.floats(low, high).map(lambda number: number if abs(number) > 1e-200 else 0.0)


class Pair:
    """One stream in both libraries."""

    def __init__(self, seed: int) -> None:
        self.mine = fc.Generator(seed)
        self.theirs = torch.Generator().manual_seed(seed)

    def agree(self, mine: NDArray, theirs: torch.Tensor) -> None:
        """The results are equal, and so are the streams."""
        assert tuple(mine.shape) == tuple(theirs.shape)
        assert TORCH_DTYPES[mine.dtype] == theirs.dtype
        assert mine.tobytes() == theirs.contiguous().numpy().tobytes()
        assert np.array_equal(self.mine.get_state(), self.theirs.get_state().numpy())


Law = Callable[[Pair, st.DataObject], None]


def draw_rand(pair: Pair, data: st.DataObject) -> None:
    size = data.draw(
        st.lists(st.integers(0, 12), min_size=1, max_size=3) | SIZES.map(lambda n: [n])
    )
    dtype = data.draw(FLOATS | st.just(np.dtype(np.float16)))
    pair.agree(
        fc.rand(*size, dtype=dtype, generator=pair.mine),
        torch.rand(*size, dtype=TORCH_DTYPES[dtype], generator=pair.theirs),
    )


def draw_uniform(pair: Pair, data: st.DataObject) -> None:
    size, dtype = data.draw(SIZES), data.draw(FLOATS)
    bound = floats(-1e6, 1e6) | floats(-1e-6, 1e-6) | st.sampled_from([-1.0, 0.0, 1.0, 30.0])
    low, high = sorted([data.draw(bound), data.draw(bound)])
    theirs = torch.empty(size, dtype=TORCH_DTYPES[dtype])
    pair.agree(
        fc.uniform(low, high, size, dtype, generator=pair.mine),
        theirs.uniform_(low, high, generator=pair.theirs),
    )


def draw_randint(pair: Pair, data: st.DataObject) -> None:
    dtype = data.draw(st.sampled_from([k for k in TORCH_DTYPES if k.kind in "iub"]))
    kind = np.iinfo(dtype) if dtype.kind != "b" else None
    least, most = (0, 1) if kind is None else (int(kind.min), min(int(kind.max), 2**63 - 2))
    low = data.draw(st.integers(least, most))
    high = data.draw(st.integers(low, most) | st.integers(low, min(most, low + 2**28 + 1))) + 1
    size = data.draw(SIZES)
    pair.agree(
        fc.randint(low, high, size, dtype, generator=pair.mine),
        torch.randint(low, high, (size,), dtype=TORCH_DTYPES[dtype], generator=pair.theirs),
    )


def draw_random_int64(pair: Pair, data: st.DataObject) -> None:
    size = data.draw(st.just(()) | SIZES)
    theirs = torch.empty(size, dtype=torch.int64).random_(generator=pair.theirs)
    pair.agree(fc.random_int64(size, generator=pair.mine), theirs)


def draw_randperm(pair: Pair, data: st.DataObject) -> None:
    n = data.draw(st.integers(0, 40) | st.integers(0, 20_000))
    dtype = data.draw(st.sampled_from(["int64", "int32", "float32", "float64"]).map(np.dtype))
    theirs = torch.randperm(n, dtype=TORCH_DTYPES[dtype], generator=pair.theirs)
    pair.agree(fc.randperm(n, dtype, generator=pair.mine), theirs)


def draw_randn(pair: Pair, data: st.DataObject) -> None:
    size, dtype = data.draw(SIZES), data.draw(FLOATS)
    theirs = torch.randn(size, dtype=TORCH_DTYPES[dtype], generator=pair.theirs)
    pair.agree(fc.randn(size, dtype=dtype, generator=pair.mine), theirs)


def draw_normal(pair: Pair, data: st.DataObject) -> None:
    size, dtype = data.draw(SIZES), data.draw(FLOATS)
    mean = data.draw(floats(-1e3, 1e3) | st.sampled_from([0.0, 1.0]))
    std = data.draw(floats(0, 1e3) | st.sampled_from([0.02, 1.0, 2.0]))
    theirs = torch.empty(size, dtype=TORCH_DTYPES[dtype]).normal_(mean, std, generator=pair.theirs)
    pair.agree(fc.normal(mean, std, size, dtype, generator=pair.mine), theirs)


def draw_bernoulli(pair: Pair, data: st.DataObject) -> None:
    size, p = data.draw(SIZES), data.draw(st.floats(0, 1))
    theirs = torch.empty(size).bernoulli_(p, generator=pair.theirs)
    pair.agree(fc.bernoulli(p, size, generator=pair.mine), theirs)


def draw_bernoulli_array(pair: Pair, data: st.DataObject) -> None:
    size, dtype = data.draw(SIZES), data.draw(FLOATS)
    table = np.linspace(0, 1, size, dtype=dtype)
    theirs = torch.bernoulli(torch.from_numpy(table), generator=pair.theirs)
    pair.agree(fc.bernoulli(table, generator=pair.mine), theirs)


def draw_exponential(pair: Pair, data: st.DataObject) -> None:
    size, dtype = data.draw(SIZES), data.draw(FLOATS)
    rate = data.draw(st.floats(1e-3, 1e3) | st.just(1.0))
    theirs = torch.empty(size, dtype=TORCH_DTYPES[dtype]).exponential_(rate, generator=pair.theirs)
    pair.agree(fc.exponential(size, rate, dtype, generator=pair.mine), theirs)


def draw_multinomial(pair: Pair, data: st.DataObject) -> None:
    shape = data.draw(
        st.tuples(st.integers(1, 60)) | st.tuples(st.integers(1, 4), st.integers(1, 9))
    )
    dtype, replacement = data.draw(FLOATS), data.draw(st.booleans())
    scale = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    weights = scale.uniform(0.01, 1, shape).astype(dtype)
    count = data.draw(st.integers(1, 100 if replacement else shape[-1]))
    theirs = torch.multinomial(torch.from_numpy(weights), count, replacement, generator=pair.theirs)
    pair.agree(fc.multinomial(weights, count, replacement, generator=pair.mine), theirs)


def reseed(pair: Pair, data: st.DataObject) -> None:
    seed = data.draw(SEEDS)
    assert (
        pair.mine.manual_seed(seed).initial_seed() == pair.theirs.manual_seed(seed).initial_seed()
    )


def exchange_states(pair: Pair, _: st.DataObject) -> None:
    mine, theirs = pair.mine.get_state(), pair.theirs.get_state()
    pair.mine = fc.Generator(1)
    pair.mine.set_state(theirs.numpy())
    pair.theirs = torch.Generator()
    pair.theirs.set_state(torch.from_numpy(mine))


LAWS: list[Law] = [
    draw_rand,
    draw_uniform,
    draw_randint,
    draw_random_int64,
    draw_randperm,
    draw_randn,
    draw_normal,
    draw_bernoulli,
    draw_bernoulli_array,
    draw_exponential,
    draw_multinomial,
    reseed,
    exchange_states,
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@settings(max_examples=60)
@given(seed=SEEDS, data=st.data())
def test_one_kind_of_draw(law, seed, data):
    pair = Pair(seed)
    for _ in range(2):
        law(pair, data)


@settings(max_examples=60)
@given(seed=SEEDS, laws=st.lists(st.sampled_from(LAWS), min_size=2, max_size=12), data=st.data())
def test_draws_mixed_in_one_stream(seed, laws, data):
    pair = Pair(seed)
    for law in laws:
        law(pair, data)
        assert np.array_equal(pair.mine.get_state(), pair.theirs.get_state().numpy())


@settings(max_examples=30)
@given(seed=SEEDS, p=st.floats(0, 1), shape=st.lists(st.integers(1, 9), min_size=1, max_size=3))
def test_dropout(seed, p, shape):
    torch.manual_seed(seed)
    theirs = torch.nn.functional.dropout(torch.ones(shape), p)
    generator = fc.Generator(seed)
    kept = fc.dropout_mask(shape, p, generator=generator)
    scaled = kept * (np.float32(1) / np.float32(1 - p)) if p < 1 else kept.astype(np.float32)
    assert np.array_equal(scaled.astype(np.float32), theirs.numpy())
    assert np.array_equal(generator.get_state(), torch.get_rng_state().numpy())


@settings(max_examples=20)
@given(seed=SEEDS)
def test_default_generators(seed):
    torch.manual_seed(seed)
    fc.manual_seed(seed)
    assert fc.initial_seed() == torch.initial_seed()
    assert np.array_equal(fc.rand(5), torch.rand(5).numpy())
    assert np.array_equal(fc.get_rng_state(), torch.get_rng_state().numpy())


def test_unseeded_generators_start_alike():
    assert fc.Generator().initial_seed() == torch.Generator().initial_seed()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_long_normal_array(dtype):
    pair = Pair(11)
    count = 1_000_003 if dtype == "float32" else 100_003
    theirs = torch.randn(count, dtype=getattr(torch, dtype), generator=pair.theirs)
    pair.agree(fc.randn(count, dtype=dtype, generator=pair.mine), theirs)


def test_a_uniform_zero():
    """All words 0 make radius -0.0, of which the fused operation leaves 0.0."""
    pair = Pair(0)
    pair.mine.words32(1)
    state = pair.mine.get_state()
    state[24 : 24 + 624 * 8] = 0
    pair.mine.set_state(state)
    pair.theirs.set_state(torch.from_numpy(state))
    for dtype in ("float32", "float64"):
        theirs = torch.randn(16, dtype=getattr(torch, dtype), generator=pair.theirs)
        pair.agree(fc.randn(16, dtype=dtype, generator=pair.mine), theirs)


def state_that_gives(words: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """The state whose next words are these, at most 623: the engine's tempering undone."""
    key = words ^ (words >> np.uint32(18))
    key = key ^ ((key << np.uint32(15)) & np.uint32(0xEFC60000))
    undone = key
    for _ in range(4):
        undone = key ^ ((undone << np.uint32(7)) & np.uint32(0x9D2C5680))
    key = undone ^ (undone >> np.uint32(11)) ^ (undone >> np.uint32(22))
    generator = fc.Generator(0)
    generator.words32(1)
    state = generator.get_state()
    state[24 : 24 + 624 * 8].view(np.uint64)[1 : 1 + len(words)] = key
    return state


def check_normal_numbers_of(digits: NDArray[np.uint32]) -> None:
    """Each number k / 2**24 once as a radius and, with another partner, once as an angle."""
    pair = Pair(0)
    for start in range(0, len(digits), 304):
        radii = np.resize(digits[start : start + 304], (38, 8))
        words = np.concatenate([radii, radii[::-1]], axis=1).ravel()
        state = state_that_gives(words)
        pair.mine.set_state(state)
        pair.theirs.set_state(torch.from_numpy(state))
        mine = fc.randn(608, generator=pair.mine)
        theirs = torch.randn(608, generator=pair.theirs)
        assert mine.tobytes() == theirs.numpy().tobytes(), start


def test_states_can_be_made_for_any_words():
    words = np.random.default_rng(0).integers(0, 2**32, 623, dtype=np.uint32)
    generator = fc.Generator()
    generator.set_state(state_that_gives(words))
    assert np.array_equal(generator.words32(623), words)


def test_many_uniform_numbers_make_pytorchs_normal_numbers():
    edges = np.concatenate([np.arange(1000), 2**24 - 1 - np.arange(1000), 2 ** np.arange(24)])
    check_normal_numbers_of(edges.astype(np.uint32))
    check_normal_numbers_of(np.arange(0, 2**24, 499, dtype=np.uint32))


@pytest.mark.slow
def test_every_uniform_number_makes_pytorchs_normal_numbers():
    check_normal_numbers_of(np.arange(2**24, dtype=np.uint32))


PLAIN = """
import sys, torch
generator = torch.Generator().manual_seed(5)
draws = {
    "uniform": torch.empty(50_000).uniform_(0.08, 1.3, generator=generator),
    "normal": torch.randn(50_000, generator=generator),
    "normal64": torch.randn(5_000, dtype=torch.float64, generator=generator),
    "state": generator.get_state(),
}
torch.save(draws, sys.argv[1])
"""


def test_processors_without_fused_multiply_add(tmp_path):
    """There PyTorch rounds otherwise than everywhere else: the same draws, other last digits."""
    file = tmp_path / "draws.pt"
    environment = os.environ | {"ATEN_CPU_CAPABILITY": "default"}
    subprocess.run([sys.executable, "-c", PLAIN, str(file)], env=environment, check=True)
    theirs = {name: tensor.numpy() for name, tensor in torch.load(file).items()}
    generator = fc.Generator(5)
    uniform = fc.uniform(0.08, 1.3, 50_000, generator=generator)
    assert (np.abs(uniform - theirs["uniform"]) <= 2 * np.spacing(uniform)).all()
    normal = fc.randn(50_000, generator=generator)
    assert np.abs(normal - theirs["normal"]).max() < 3e-6
    normal64 = fc.randn(5_000, dtype=np.float64, generator=generator)
    assert np.abs(normal64 - theirs["normal64"]).max() < 1e-14
    assert np.array_equal(generator.get_state(), theirs["state"])
    assert not np.array_equal(normal, theirs["normal"])


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (lambda: fc.manual_seed(2**64), lambda: torch.manual_seed(2**64)),
        (lambda: fc.manual_seed(-(2**63) - 1), lambda: torch.manual_seed(-(2**63) - 1)),
        (lambda: fc.manual_seed("a"), lambda: torch.manual_seed("a")),
        (lambda: fc.manual_seed(None), lambda: torch.manual_seed(None)),
        (lambda: fc.Generator(2**64), lambda: torch.Generator().manual_seed(2**64)),
        (lambda: fc.Generator(1.5), lambda: torch.Generator().manual_seed(1.5)),
        (lambda: fc.Generator(True), lambda: torch.Generator().manual_seed(True)),
        (
            lambda: fc.set_rng_state(np.zeros(5, np.uint8)),
            lambda: torch.set_rng_state(torch.zeros(5, dtype=torch.uint8)),
        ),
        (
            lambda: fc.set_rng_state(np.zeros(5056, np.uint8)),
            lambda: torch.set_rng_state(torch.zeros(5056, dtype=torch.uint8)),
        ),
        (
            lambda: fc.set_rng_state(np.zeros(5056)),
            lambda: torch.set_rng_state(torch.zeros(5056)),
        ),
        (lambda: fc.set_rng_state(5), lambda: torch.set_rng_state(5)),
        (lambda: fc.rand(-1), lambda: torch.rand(-1)),
        (lambda: fc.rand(2, -1), lambda: torch.rand(2, -1)),
        (lambda: fc.rand(2.5), lambda: torch.rand(2.5)),
        (lambda: fc.rand(2, dtype=np.int64), lambda: torch.rand(2, dtype=torch.int64)),
        (lambda: fc.rand(2, generator=5), lambda: torch.rand(2, generator=5)),
        (lambda: fc.uniform(1, 0, 2), lambda: torch.empty(2).uniform_(1, 0)),
        (lambda: fc.uniform(0, math.inf, 2), lambda: torch.empty(2).uniform_(0, math.inf)),
        (lambda: fc.uniform(0, math.nan, 2), lambda: torch.empty(2).uniform_(0, math.nan)),
        (lambda: fc.uniform(0, 1e39, 2), lambda: torch.empty(2).uniform_(0, 1e39)),
        (lambda: fc.uniform(-3e38, 3e38, 2), lambda: torch.empty(2).uniform_(-3e38, 3e38)),
        (
            lambda: fc.uniform(0, 1, 2, np.int32),
            lambda: torch.empty(2, dtype=torch.int32).uniform_(0, 1),
        ),
        (lambda: fc.randint(5, 5, 2), lambda: torch.randint(5, 5, (2,))),
        (lambda: fc.randint(5, 4, 0), lambda: torch.randint(5, 4, (0,))),
        (lambda: fc.randint(0, 2**63, 2), lambda: torch.randint(0, 2**63, (2,))),
        (lambda: fc.randint(0.5, 5, 2), lambda: torch.randint(0.5, 5, (2,))),
        (lambda: fc.randint(0, 5, -2), lambda: torch.randint(0, 5, (-2,))),
        (
            lambda: fc.randint(0, 300, 2, np.uint8),
            lambda: torch.randint(0, 300, (2,), dtype=torch.uint8),
        ),
        (
            lambda: fc.randint(-1, 5, 2, np.uint8),
            lambda: torch.randint(-1, 5, (2,), dtype=torch.uint8),
        ),
        (
            lambda: fc.randint(0, 5, 2, np.complex64),
            lambda: torch.randint(0, 5, (2,), dtype=torch.complex64),
        ),
        (lambda: fc.normal(0, -1, 2), lambda: torch.empty(2).normal_(0, -1)),
        (lambda: fc.normal(0, math.nan, 2), lambda: torch.empty(2).normal_(0, math.nan)),
        (
            lambda: fc.randn(2, dtype=np.int32),
            lambda: torch.empty(2, dtype=torch.int32).normal_(),
        ),
        (lambda: fc.bernoulli(1.5, 2), lambda: torch.empty(2).bernoulli_(1.5)),
        (lambda: fc.bernoulli(math.nan, 2), lambda: torch.empty(2).bernoulli_(math.nan)),
        (lambda: fc.bernoulli(np.array([1.5])), lambda: torch.bernoulli(torch.tensor([1.5]))),
        (lambda: fc.bernoulli(np.array([0, 1])), lambda: torch.bernoulli(torch.tensor([0, 1]))),
        (lambda: fc.dropout_mask(3, 1.5), lambda: torch.nn.functional.dropout(torch.ones(3), 1.5)),
        (lambda: fc.exponential(2, 0), lambda: torch.empty(2).exponential_(0)),
        (lambda: fc.exponential(2, math.nan), lambda: torch.empty(2).exponential_(math.nan)),
        (
            lambda: fc.exponential(2, dtype=np.int32),
            lambda: torch.empty(2, dtype=torch.int32).exponential_(),
        ),
        (lambda: fc.multinomial([1.0, 2.0], 3), lambda: torch.multinomial(torch.ones(2), 3)),
        (lambda: fc.multinomial([1.0, 2.0], 0), lambda: torch.multinomial(torch.ones(2), 0)),
        (lambda: fc.multinomial([1.0, -2.0], 1), lambda: torch.multinomial(-torch.ones(2), 1)),
        (lambda: fc.multinomial([0.0, 0.0], 1), lambda: torch.multinomial(torch.zeros(2), 1)),
        (lambda: fc.multinomial([1, 2], 1), lambda: torch.multinomial(torch.tensor([1, 2]), 1)),
        (lambda: fc.multinomial([1.0], 1.5), lambda: torch.multinomial(torch.ones(1), 1.5)),
        (lambda: fc.multinomial(1.0, 1), lambda: torch.multinomial(torch.tensor(1.0), 1)),
        (lambda: fc.randperm(-1), lambda: torch.randperm(-1)),
        (lambda: fc.randperm(2.5), lambda: torch.randperm(2.5)),
        (lambda: fc.randperm(257, np.uint8), lambda: torch.randperm(257, dtype=torch.uint8)),
        (lambda: fc.randperm(2050, np.float16), lambda: torch.randperm(2050, dtype=torch.float16)),
        (lambda: fc.randperm(3, np.bool_), lambda: torch.randperm(3, dtype=torch.bool)),
    ],
)  # fmt: skip
def test_bad_input_raises_what_pytorch_raises(mine, theirs):
    with pytest.raises(Exception, match=r".") as expected:
        theirs()
    with pytest.raises(expected.type, match=r"write|pass") as found:
        mine()
    assert isinstance(found.value, fc.RandomError | fc.RandomTypeError | ValueError)
