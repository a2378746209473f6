"""The losses of numbers."""

import jax
import numpy as np
import pytest

from functorch_course import nn
from functorch_course.errors import InvalidValueError
from tolerance import assert_close

PREDICTIONS = np.float32([[1.0], [2.0], [-1.0], [0.25]])
TARGETS = np.float32([[1.0], [4.0], [0.5], [0.0]])


def test_mse_is_the_mean_of_squares():
    squares = np.float32([[0.0], [4.0], [2.25], [0.0625]])
    assert_close(nn.mse_loss(PREDICTIONS, TARGETS, "none"), squares)
    assert_close(nn.mse_loss(PREDICTIONS, TARGETS), squares.mean())
    assert_close(nn.mse_loss(PREDICTIONS, TARGETS, reduction="sum"), squares.sum())


def test_the_gradient_of_mse_is_two_differences_over_n():
    assert_close(jax.grad(nn.mse_loss)(PREDICTIONS, TARGETS), (PREDICTIONS - TARGETS) * 2 / 4)


def test_refuses_to_broadcast_predictions_against_targets():
    with pytest.raises(nn.ShapeMismatchError, match=r"write targets\.reshape\(predictions\.shape"):
        nn.mse_loss(PREDICTIONS, TARGETS[:, 0])
    with pytest.raises(nn.ShapeMismatchError, match=r"targets have shape \(2, 1\): targets must"):
        nn.mse_loss(PREDICTIONS, TARGETS[:2])


def test_refuses_an_unknown_reduction():
    with pytest.raises(InvalidValueError, match=r"reduction='avg' is unknown: write one of 'none'"):
        nn.mse_loss(PREDICTIONS, TARGETS, "avg")
