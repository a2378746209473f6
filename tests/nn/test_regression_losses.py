"""The losses of numbers."""

import jax
import numpy as np
import pytest

from functorch_course import nn
from functorch_course.errors import InvalidValueError, TeachingError
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
    with pytest.raises(nn.ShapeMismatchError) as error:
        nn.mse_loss(PREDICTIONS, TARGETS[:, 0])
    assert isinstance(error.value, TeachingError)
    assert str(error.value) == (
        "predictions have shape (4, 1), but targets have shape (4,)\n"
        "  PyTorch: It broadcasts both to (4, 4), and warns at most: the loss is wrong.\n"
        "  Here:    write targets.reshape(predictions.shape)\n"
        "  Lesson:  M116"
    )
    with pytest.raises(
        nn.LossShapeError, match=r"shape \(2, 1\)[\s\S]*RuntimeError[\s\S]*must be as many"
    ):
        nn.mse_loss(PREDICTIONS, TARGETS[:2])


def test_refuses_an_unknown_reduction():
    with pytest.raises(InvalidValueError, match=r"reduction='avg' is unknown: write one of 'none'"):
        nn.mse_loss(PREDICTIONS, TARGETS, "avg")


def test_far_errors_count_linearly_and_near_ones_by_their_square():
    differences = np.float32([[0.0], [2.0], [1.5], [0.25]])
    assert_close(nn.l1_loss(PREDICTIONS, TARGETS, "none"), differences)
    huber = np.float32([[0.0], [0.5 * (2 - 0.25)], [0.5 * (1.5 - 0.25)], [0.03125]])
    assert_close(nn.huber_loss(PREDICTIONS, TARGETS, "none", delta=0.5), huber)
    smooth = nn.smooth_l1_loss(PREDICTIONS, TARGETS, "none", beta=0.5)
    assert_close(smooth, huber / np.float32(0.5))


@pytest.mark.parametrize("loss", [nn.l1_loss, nn.huber_loss, nn.smooth_l1_loss, nn.mse_loss])
def test_the_derivative_at_a_perfect_prediction_is_zero(loss):
    np.testing.assert_array_equal(jax.grad(loss)(PREDICTIONS, PREDICTIONS), np.zeros((4, 1)))


def test_refuses_thresholds_without_meaning():
    with pytest.raises(InvalidValueError, match=r"delta=0 must be positive; for 0 write l1_loss"):
        nn.huber_loss(PREDICTIONS, TARGETS, delta=0)
    with pytest.raises(InvalidValueError, match=r"beta=-1 must not be negative"):
        nn.smooth_l1_loss(PREDICTIONS, TARGETS, beta=-1)
