"""The base class: a call, a batch that equals the stacked calls, a repr."""

import numpy as np

from functorch_course.transforms import Transform


class Double(Transform):
    def __call__(self, sample):
        return sample * 2


def test_batch_stacks_the_calls_unless_a_subclass_knows_better():
    samples = np.arange(6).reshape(3, 2)
    np.testing.assert_array_equal(Double().batch(samples), samples * 2)
    assert not Double().batchable
    assert not Double().takes_images


def test_repr_is_the_name():
    assert repr(Double()) == "Double()"
