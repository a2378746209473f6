"""The loss of classes, against PyTorch's numbers."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course import nn
from functorch_course.errors import InvalidValueError
from tolerance import assert_close

LOGITS = np.float32([[1.0, 2.0, 0.5], [0.1, -3.0, 2.0], [0.0, 0.0, 0.0]])
LABELS = np.array([1, 2, 0])
WEIGHT = np.float32([1, 2, 3])


@pytest.mark.parametrize(
    ("options", "losses", "mean"),
    [
        ({}, [0.46436879, 0.14523087, 1.09861231], 0.56940401),
        ({"weight": WEIGHT}, [0.92873758, 0.43569261, 1.09861231], 0.41050708),
        ({"label_smoothing": 0.1}, [0.54770213, 0.37523088, 1.09861231], 0.67384839),
        (
            {"weight": WEIGHT, "label_smoothing": 0.1},
            [1.11207092, 0.81783617, 1.20847356],
            0.52306342,
        ),
        ({"ignore_index": 0}, [0.46436879, 0.14523087, 0.0], 0.30479982),
        (
            {"weight": WEIGHT, "ignore_index": 0, "label_smoothing": 0.3},
            [1.47873759, 1.58212340, 0.0],
            0.61217219,
        ),
    ],
)
def test_equals_pytorch(options, losses, mean):
    losses = np.float32(losses)
    assert_close(nn.cross_entropy(LOGITS, LABELS, reduction="none", **options), losses)
    assert_close(nn.cross_entropy(LOGITS, LABELS, **options), np.float32(mean))
    assert_close(nn.cross_entropy(LOGITS, LABELS, reduction="sum", **options), losses.sum())


def test_is_nll_loss_of_log_softmax():
    log_probabilities = jax.nn.log_softmax(LOGITS)
    options = {"weight": WEIGHT, "ignore_index": 2}
    assert_close(
        nn.cross_entropy(LOGITS, LABELS, **options),
        nn.nll_loss(log_probabilities, LABELS, **options),
    )


def test_probabilities_of_one_class_are_that_label():
    certain = np.eye(3, dtype=np.float32)[LABELS]
    for smoothing in (0.0, 0.2):
        options = {"reduction": "none", "label_smoothing": smoothing}
        assert_close(
            nn.cross_entropy(LOGITS, certain, **options),
            nn.cross_entropy(LOGITS, LABELS, **options),
        )


def test_the_classes_are_the_second_axis():
    images = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype(np.float32)
    labels = np.random.default_rng(1).integers(0, 3, (2, 4, 5))
    flat = np.moveaxis(images, 1, -1).reshape(-1, 3)
    losses = nn.cross_entropy(images, labels, reduction="none")
    assert losses.shape == (2, 4, 5)
    assert_close(losses.reshape(-1), nn.cross_entropy(flat, labels.ravel(), reduction="none"))


def test_one_sample_needs_no_batch():
    assert_close(nn.cross_entropy(LOGITS[0], np.array(1)), np.float32(0.46436879))


def test_the_gradient_is_softmax_minus_one_hot():
    gradient = jax.grad(nn.cross_entropy)(LOGITS, LABELS)
    assert_close(gradient, (jax.nn.softmax(LOGITS) - np.eye(3, dtype=np.float32)[LABELS]) / 3)


def test_huge_logits_stay_finite():
    logits = np.float32([[1e4, -1e4]])
    assert nn.cross_entropy(logits, np.array([1])) == 2e4
    assert jnp.isfinite(jax.grad(nn.cross_entropy)(logits, np.array([1]))).all()


def test_all_ignored_is_nan_as_in_pytorch():
    assert np.isnan(nn.cross_entropy(LOGITS, np.full(3, -100)))


@pytest.mark.parametrize("label", [3, -1])
def test_a_label_out_of_range_raises_where_it_can_be_seen(label):
    labels = np.array([1, label, 0])
    with pytest.raises(nn.IndexRangeError, match=rf"label {label} at position 1 is not one of 0"):
        nn.cross_entropy(LOGITS, labels)
    with pytest.raises(IndexError):
        jax.jit(lambda z: nn.cross_entropy(z, labels))(LOGITS)


@pytest.mark.parametrize("label", [3, -1])
def test_a_label_out_of_range_makes_a_compiled_loss_nan_and_only_that_one(label):
    compiled = jax.jit(nn.cross_entropy, static_argnames="reduction")
    losses = compiled(LOGITS, np.array([1, label, 0]), reduction="none")
    np.testing.assert_array_equal(np.isnan(losses), [False, True, False])
    assert np.isnan(compiled(LOGITS, np.array([1, label, 0])))
    assert np.isfinite(compiled(LOGITS, LABELS))


def test_an_ignored_label_is_not_out_of_range():
    labels = np.array([1, -100, 0])
    assert np.isfinite(nn.cross_entropy(LOGITS, labels))
    assert np.isfinite(jax.jit(nn.cross_entropy)(LOGITS, labels))


@pytest.mark.parametrize(
    ("labels", "remedy"),
    [
        (np.zeros((3, 1), int), r"write labels\.reshape\(-1\)"),
        (np.zeros(2, int), "one label a sample"),
        (np.zeros((3, 3), int), "one label a sample"),
    ],
)
def test_refuses_labels_of_another_shape(labels, remedy):
    with pytest.raises(nn.ShapeMismatchError, match=rf"\(3, 3\) need labels .*\(3,\).*{remedy}"):
        nn.cross_entropy(LOGITS, labels)


def test_refuses_other_misuse():
    with pytest.raises(nn.ShapeMismatchError, match=r"probabilities have shape \(3,\)"):
        nn.cross_entropy(LOGITS, np.zeros(3, np.float32))
    with pytest.raises(nn.ShapeMismatchError, match=r"weight has shape \(2,\): give one number"):
        nn.cross_entropy(LOGITS, LABELS, weight=np.ones(2))
    with pytest.raises(nn.ShapeMismatchError, match=r"logits have shape \(\): they need an axis"):
        nn.cross_entropy(1.0, 0)
    with pytest.raises(InvalidValueError, match=r"labels must be integers, got bool"):
        nn.cross_entropy(LOGITS, np.array([True, False, True]))
    with pytest.raises(InvalidValueError, match=r"label_smoothing=1.5 must lie in \[0, 1\]"):
        nn.cross_entropy(LOGITS, LABELS, label_smoothing=1.5)
    with pytest.raises(InvalidValueError, match=r"reduction='avg' is unknown"):
        nn.cross_entropy(LOGITS, LABELS, reduction="avg")
    with pytest.raises(InvalidValueError, match=r"ignore_index=1 needs labels"):
        nn.cross_entropy(LOGITS, LOGITS, ignore_index=1)


def test_check_labels_names_the_first_wrong_one():
    nn.check_labels(np.array([[0, 9], [-100, 3]]), 10)
    with pytest.raises(nn.IndexRangeError, match=r"label 10 at position \(1, 0\)"):
        nn.check_labels(np.array([[0, 9], [10, 11]]), 10)
    with pytest.raises(nn.IndexRangeError, match=r"label 5 at position 0"):
        nn.check_labels(5, 5)
