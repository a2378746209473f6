"""The losses of yes and no."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course import nn
from functorch_course.errors import InvalidValueError
from tolerance import assert_close

LOGITS = np.float32([-3.0, 0.0, 0.5, 20.0])
ANSWERS = np.float32([0.0, 1.0, 0.25, 1.0])


def test_scores_and_probabilities_give_the_same_loss():
    from_scores = nn.binary_cross_entropy_with_logits(LOGITS, ANSWERS, reduction="none")
    from_probabilities = nn.binary_cross_entropy(nn.sigmoid(LOGITS), ANSWERS, reduction="none")
    np.testing.assert_allclose(from_scores, from_probabilities, atol=1e-5)
    desired = np.float32([0.04858735, 0.69314718, 0.84907698, 2.0611537e-9])
    np.testing.assert_allclose(from_scores, desired, rtol=1e-6)


def test_huge_scores_stay_finite_with_their_derivatives():
    logits, wrong = np.float32([1e4, -1e4]), np.float32([0.0, 1.0])
    assert nn.binary_cross_entropy_with_logits(logits, wrong) == 1e4
    gradient = jax.grad(nn.binary_cross_entropy_with_logits)(logits, wrong)
    np.testing.assert_array_equal(gradient, [0.5, -0.5])


def test_certain_and_wrong_costs_a_hundred_and_keeps_a_derivative():
    probabilities, answers = np.float32([0.0, 1.0]), np.float32([1.0, 0.0])
    assert nn.binary_cross_entropy(probabilities, answers) == 100.0
    gradient = jax.grad(nn.binary_cross_entropy)(probabilities, answers)
    assert_close(gradient, np.float32([-0.5e12, 0.5e12]))


def test_the_derivative_by_the_answers_is_the_difference_of_the_logarithms():
    gradient = jax.grad(nn.binary_cross_entropy, argnums=1)(jnp.array([0.2]), jnp.array([0.7]))
    assert_close(gradient, np.log(np.float32([0.8 / 0.2])))


def test_weights_multiply():
    weighted = nn.binary_cross_entropy_with_logits(
        LOGITS, ANSWERS, weight=np.float32([2, 0, 0, 0]), reduction="sum"
    )
    assert_close(weighted, np.float32(2 * 0.04858735))
    positive = nn.binary_cross_entropy_with_logits(
        LOGITS, ANSWERS, pos_weight=np.float32(3.0), reduction="none"
    )
    assert_close(positive[1], np.float32(3 * 0.69314718))


def test_what_is_no_probability_is_refused_or_makes_nan():
    wrong = np.float32([0.5, 1.5])
    with pytest.raises(InvalidValueError, match=r"1\.5 is no probability.*for scores write"):
        nn.binary_cross_entropy(wrong, np.ones(2))
    assert np.isnan(jax.jit(nn.binary_cross_entropy)(wrong, np.ones(2)))


@pytest.mark.parametrize("loss", [nn.binary_cross_entropy, nn.binary_cross_entropy_with_logits])
def test_refuses_to_broadcast(loss):
    with pytest.raises(nn.ShapeMismatchError, match=r"have shape \(4, 1\), but targets .*\(4,\)"):
        loss(np.full((4, 1), 0.5, np.float32), ANSWERS)
