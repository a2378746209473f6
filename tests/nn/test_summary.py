"""The table of a model."""

import numpy as np
import pytest
from flax import nnx

from functorch_course import nn


def test_a_table_of_a_nested_model():
    shape = (8, 3)
    model = nn.Sequential(nn.Embedding(10, 4), nn.SoftmaxRegression(12, 2), nn.Dropout(0.5))
    lines = nn.summary(model, shape, np.int32).splitlines()
    assert lines == [
        "name      layer       output shape  parameters",
        "0         Embedding   (8, 3, 4)             40",
        "1.linear  Linear      (8, 2)                26",
        "2         Dropout     (8, 2)                 0",
        "total     Sequential  (8, 2)                66",
    ]


def test_shared_layers_count_once_and_idle_ones_have_no_shape():
    class Net(nn.Module):
        def __init__(self):
            self.first = self.again = nn.Linear(3, 3)
            self.idle = nn.Linear(3, 1)
            self.scale = nn.Parameter(np.ones(3, np.float32))

        def __call__(self, x):
            return self.again(self.first(x)) * self.scale[...]

    rows = [line.split() for line in nn.summary(Net(), (5, 3)).splitlines()]
    assert rows[1:] == [
        ["Net", "(5,", "3)", "3"],
        ["first", "Linear", "(5,", "3)", "12"],
        ["idle", "Linear", "4"],
        ["total", "Net", "(5,", "3)", "19"],
    ]


def test_it_changes_nothing_and_takes_any_flax_module():
    model = nnx.Dropout(0.5, rngs=nnx.Rngs(0))
    before = int(model.rngs.count[...])
    assert "total" in nn.summary(model, (2, 2))
    assert int(model.rngs.count[...]) == before
    assert not model.deterministic


def test_a_wrong_shape_is_named():
    with pytest.raises(nn.ShapeMismatchError, match=r"Linear\(3, 2\) needs inputs"):
        nn.summary(nn.Linear(3, 2), (5, 4))
