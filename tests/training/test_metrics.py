"""Accuracy and the confusion matrix."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functorch_course.errors import InvalidValueError
from functorch_course.nn.errors import ShapeMismatchError
from functorch_course.training import (
    Functional,
    accuracy,
    confusion_matrix,
    evaluate,
    mean_absolute_error,
    r2_score,
    top_k_accuracy,
)
from tolerance import assert_close


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=50))
def test_the_confusion_matrix_counts_every_pair(pairs):
    targets, predictions = [t for t, _ in pairs], [p for _, p in pairs]
    counts = confusion_matrix(targets, predictions, classes=5)
    assert counts.sum() == len(pairs)
    for target in range(5):
        for prediction in range(5):
            assert counts[target, prediction] == pairs.count((target, prediction))


@pytest.mark.parametrize("wrong", [5, -1])
def test_a_class_out_of_range_is_named(wrong):
    with pytest.raises(InvalidValueError, match=f"classes=5, but a class {wrong} came"):
        confusion_matrix([0, wrong], [0, 0], classes=5)


def test_the_first_of_equal_outputs_counts():
    outputs = jnp.array([[1.0, 1.0], [0.0, 1.0], [2.0, 1.0]])
    assert np.array_equal(accuracy(outputs, jnp.array([0, 1, 1])), [1.0, 1.0, 0.0])


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_the_top_k_are_the_first_k_of_a_stable_sort(seed, k):
    rng = np.random.default_rng(seed)
    outputs = rng.integers(0, 4, (6, 5)).astype(np.float32)
    targets = rng.integers(0, 5, 6)
    guesses = np.argsort(-outputs, axis=1, kind="stable")[:, :k]
    expected = (guesses == targets[:, None]).any(axis=1)
    assert np.array_equal(top_k_accuracy(k)(jnp.array(outputs), jnp.array(targets)), expected)


def test_top_one_is_accuracy_and_is_made_once():
    outputs, targets = jnp.array([[0.0, 2.0], [1.0, 1.0]]), jnp.array([1, 1])
    assert np.array_equal(top_k_accuracy(1)(outputs, targets), accuracy(outputs, targets))
    assert top_k_accuracy(3) is top_k_accuracy(3)


def test_too_many_guesses_are_refused():
    with pytest.raises(InvalidValueError, match="k=0: write a number of guesses"):
        top_k_accuracy(0)
    with pytest.raises(InvalidValueError, match="k=3, but there are only 2 classes"):
        top_k_accuracy(3)(jnp.ones((1, 2)), jnp.array([0]))


@pytest.mark.parametrize("size", [1, 3, 50])
def test_r2_and_the_absolute_error_are_over_all_samples(size):
    rng = np.random.default_rng(0)
    targets = (1000 + rng.normal(size=(50, 2))).astype(np.float32)
    outputs = (targets + 0.3 * rng.normal(size=(50, 2))).astype(np.float32)
    batches = [
        (outputs[i : i + size], jnp.array(targets[i : i + size])) for i in range(0, 50, size)
    ]
    model = Functional(lambda p, x: x, ())
    metrics = {"r2": r2_score, "mae": mean_absolute_error}
    found = evaluate(model, batches, lambda o, t: ((o - t) ** 2).mean(), metrics).metrics
    exact_targets, exact = targets.astype(np.float64), outputs.astype(np.float64)
    error = ((exact_targets - exact) ** 2).sum(0)
    spread = ((exact_targets - exact_targets.mean(0)) ** 2).sum(0)
    # The targets' own mean is 1000, so that a float32 of theirs has 4 digits behind the point.
    np.testing.assert_allclose(found["r2"], np.mean(1 - error / spread), rtol=1e-3)
    assert_close(np.float32(found["mae"]), np.float32(abs(exact - exact_targets).mean()))


@pytest.mark.parametrize(
    ("metric", "outputs", "targets", "message"),
    [
        (accuracy, (4, 3), (4, 1), r"outputs have shape \(4, 3\), and targets \(4, 1\)"),
        (top_k_accuracy(2), (4, 3), (3,), r"targets \(3,\): outputs must be \(N, classes\)"),
        (mean_absolute_error, (4, 1), (4,), r"outputs have shape \(4, 1\), but targets have"),
        (r2_score.measure, (4, 1), (4,), r"outputs have shape \(4, 1\), but targets have"),
    ],
)
def test_shapes_that_would_broadcast_are_refused(metric, outputs, targets, message):
    with pytest.raises(ShapeMismatchError, match=message):
        metric(jnp.ones(outputs), jnp.ones(targets, int))
