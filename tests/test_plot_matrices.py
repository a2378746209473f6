"""Matrices as fields of colour: bright is large, and truth values have one scale for all."""

import numpy as np
import pytest
from PIL import Image

from functorch_course import plot


def bright(panels, path):
    """Where the picture left of the scales is yellow: the highest colour."""
    assert plot.matrices(panels, path).path == path
    with Image.open(path) as picture:
        red, green, blue = np.moveaxis(np.asarray(picture.convert("RGB")).astype(int), -1, 0)
    yellow = (red > 220) & (green > 200) & (blue < 80)
    return yellow[:, : int(0.8 * yellow.shape[1])]


@pytest.mark.parametrize("place", [(0, 0), (1, 2)])
def test_the_largest_number_is_the_brightest_field(place, tmp_path):
    numbers = np.zeros((2, 3))
    numbers[place] = 7.0
    rows, columns = np.nonzero(bright({"Numbers": numbers}, tmp_path / "numbers.png"))
    height, width = bright({"Numbers": np.zeros((2, 3))}, tmp_path / "zeros.png").shape
    assert (rows.mean() > height / 2, columns.mean() > width / 2) == (place[0] == 1, place[1] == 2)


@pytest.mark.parametrize(("value", "share"), [(False, 0.0), (True, 0.6)])
def test_truth_has_one_scale_even_where_all_are_equal(value, share, tmp_path):
    found = bright({"All": np.full((6, 6), value)}, tmp_path / "all.png").mean()
    assert found >= share
    assert (found > 0) == value


def test_matrices_stand_one_above_the_other(tmp_path):
    above, below = np.full((3, 9), True), np.full((3, 9), False)
    rows, _ = np.nonzero(bright({"Above": above, "Below": below}, tmp_path / "two.png"))
    others, _ = np.nonzero(bright({"Below": below, "Above": above}, tmp_path / "turned.png"))
    assert rows.max() < others.min()
