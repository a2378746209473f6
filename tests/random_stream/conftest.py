"""Numbers that PyTorch 2.13.0 drew, and the generators that must draw them again."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from functorch_course.random import Generator, default_generator

SEEDS = (0, 1, 42, 1234, 2**31 - 1, 2**32 - 1, 2**32 + 7, 2**63 + 5, -1, -7)


@pytest.fixture(scope="session")
def golden() -> dict[str, NDArray]:
    """Real outputs of PyTorch; most have the seeds as their first axis."""
    path = Path(__file__).parent / "golden" / "torch_2_13_random.npz"
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    assert tuple(arrays["seeds_u64"].tolist()) == tuple(seed % 2**64 for seed in SEEDS)
    return arrays


@pytest.fixture(scope="session")
def per_seed() -> Callable[[Callable[[Generator], object]], NDArray]:
    """Stack what a draw gives from a fresh generator of every seed."""
    return lambda draw: np.stack([np.asarray(draw(Generator(seed))) for seed in SEEDS])


@pytest.fixture(autouse=True)
def _leave_default_generator_alone() -> Iterator[None]:
    state = default_generator.get_state()
    yield
    default_generator.set_state(state)
