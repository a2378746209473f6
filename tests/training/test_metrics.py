"""Accuracy and the confusion matrix."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functorch_course.errors import InvalidValueError
from functorch_course.training import accuracy, confusion_matrix


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
