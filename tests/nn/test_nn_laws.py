"""What must hold for every model and every batch, tried on random ones."""

from itertools import pairwise

import jax
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from functorch_course import nn
from functorch_course.random import Generator
from tolerance import assert_close

seeds = st.integers(0, 2**32 - 1)
EXAMPLES = settings(max_examples=25)


def batch(seed):
    """Logits of five samples and four classes, and their labels."""
    rng = np.random.default_rng(seed)
    return rng.normal(0, 5, (5, 4)).astype(np.float32), rng.integers(0, 4, 5)


@EXAMPLES
@given(seeds, st.floats(-100, 100, width=32))
def test_adding_a_number_to_all_scores_changes_no_loss(seed, number):
    logits, labels = batch(seed)
    np.testing.assert_allclose(
        nn.cross_entropy(logits + np.float32(number), labels),
        nn.cross_entropy(logits, labels),
        rtol=1e-4,
        atol=1e-4,
    )


@EXAMPLES
@given(seeds, st.permutations(range(4)))
def test_the_names_of_the_classes_do_not_matter(seed, order):
    logits, labels = batch(seed)
    renamed = np.argsort(order)[labels]
    assert_close(nn.cross_entropy(logits[:, order], renamed), nn.cross_entropy(logits, labels))


@EXAMPLES
@given(seeds)
def test_two_classes_are_a_yes_and_a_no(seed):
    rng = np.random.default_rng(seed)
    score = rng.normal(0, 5, 6).astype(np.float32)
    answers = rng.integers(0, 2, 6)
    logits = np.stack([np.zeros_like(score), score], 1)
    yes_or_no = nn.binary_cross_entropy_with_logits(score, answers.astype(np.float32))
    assert_close(nn.cross_entropy(logits, answers), yes_or_no)


@EXAMPLES
@given(seeds)
def test_the_gradient_of_cross_entropy_sums_to_zero_over_the_classes(seed):
    logits, labels = batch(seed)
    gradient = jax.grad(nn.cross_entropy)(logits, labels)
    np.testing.assert_allclose(gradient.sum(1), np.zeros(5), atol=1e-6)


@EXAMPLES
@given(st.lists(st.integers(1, 9), min_size=2, max_size=5), seeds, st.booleans())
def test_a_state_dict_survives_every_file(tmp_path_factory, sizes, seed, bias):
    generator = Generator(seed)
    pairs = pairwise(sizes)
    model = nn.Sequential(*[nn.Linear(a, b, bias, generator=generator) for a, b in pairs])
    folder, state = tmp_path_factory.mktemp("state"), nn.state_dict(model)
    for save, load in [(nn.save_pt, nn.load_pt), (nn.save_safetensors, nn.load_safetensors)]:
        save(model, folder / "file")
        read = load(folder / "file")
        assert read.keys() == state.keys()
        for name, values in state.items():
            np.testing.assert_array_equal(read[name], values, strict=True)
