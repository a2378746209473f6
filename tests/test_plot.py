"""Pictures: each is a readable PNG that shows what it was given."""

import numpy as np
import pytest
from PIL import Image

from functorch_course import plot
from functorch_course.plot.images import GRID
from functorch_course.training import EpochRecord, History

CLASSES = ["cat", "dog", "owl"]


def pixels(path):
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        return np.asarray(picture.convert("RGB")).astype(int)


def record(epoch, loss):
    return EpochRecord(epoch, 10, loss, loss + 0.1, {"accuracy": 0.5}, 1.0, 100.0)


@pytest.mark.parametrize(
    "history",
    [
        History([record(1, 1.0), record(2, 0.5)], list(np.linspace(2, 0.4, 20))),
        History([record(1, 1.0)], list(np.linspace(2, 0.9, 14))),
        History([], [2.0, 1.5]),
        History([], [float("nan")]),
        History(),
    ],
    ids=["finished", "in the second epoch", "in the first epoch", "only nan", "empty"],
)
def test_a_loss_curve_of_any_history(history, tmp_path):
    plot.loss_curve(history, tmp_path / "loss.png")
    assert pixels(tmp_path / "loss.png").std() > 1


def test_the_confusion_matrix_darkens_what_is_frequent(tmp_path):
    plot.confusion(np.diag([9, 8, 7]), CLASSES, tmp_path / "right.png")
    plot.confusion(np.full((3, 3), 1), CLASSES, tmp_path / "random.png")
    darkest = [pixels(tmp_path / f"{name}.png")[..., 0].ravel() for name in ("right", "random")]
    assert (darkest[0] < 30).sum() > (darkest[1] < 30).sum()


def test_a_class_without_samples_divides_by_nothing(tmp_path):
    plot.confusion(np.zeros((3, 3), int), CLASSES, tmp_path / "empty.png")
    assert pixels(tmp_path / "empty.png").std() > 1


@pytest.mark.parametrize("wrong", [0, 1, 40])
def test_the_mistakes_are_shown_up_to_a_page(wrong, tmp_path):
    targets, predictions = np.zeros(50, int), np.zeros(50, int)
    predictions[:wrong] = 1
    images = np.random.default_rng(0).integers(0, 255, (50, 8, 8)).astype(np.uint8)
    path = tmp_path / "wrong.png"
    plot.misclassified(images, targets, predictions, CLASSES, path)
    rows = max(1, -(-min(wrong, GRID) // 6))
    height, width, _ = pixels(path).shape
    assert rows == pytest.approx(height / (width / 6), rel=0.35)


def test_weights_are_red_for_and_blue_against(tmp_path):
    for sign, name in ((1.0, "for"), (-1.0, "against")):
        weight = np.full((3, 16), sign)
        weight[0, 0] = -sign
        plot.weight_images(weight, (4, 4), CLASSES, tmp_path / f"{name}.png")
    red, blue = (pixels(tmp_path / f"{name}.png").mean(axis=(0, 1)) for name in ("for", "against"))
    assert red[0] > red[2]
    assert blue[2] > blue[0]
