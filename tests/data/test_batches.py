"""Whole batches of several datasets in one."""

from collections import namedtuple

import numpy as np

from functorch_course.data.batches import can_get_batch, get_items, holds_numbers, merge

Point = namedtuple("Point", "x name")


def test_rows_of_any_structure_are_put_in_order():
    order = np.array([2, 0, 1])
    parts = [
        {"p": Point(np.array([[1.0], [2.0]]), ["a", "b"])},
        {"p": Point(np.array([[3.0]]), ["c"])},
    ]
    merged = merge(parts, order)
    np.testing.assert_array_equal(merged["p"].x, [[3.0], [1.0], [2.0]])
    assert merged["p"].name == ["c", "a", "b"]


def test_who_can_give_whole_batches():
    class Always:
        def get_batch(self, indices):
            return indices

    class Never(Always):
        can_get_batch = False

    assert can_get_batch(Always())
    assert not can_get_batch(Never())
    assert not can_get_batch([1, 2])


def test_items_come_one_by_one_where_there_is_no_getitems():
    assert get_items("abc", [2, 0]) == ["c", "a"]


def test_which_dtypes_are_numbers():
    import ml_dtypes

    numbers = [np.bool_, np.uint8, np.float16, np.complex64, ml_dtypes.bfloat16]
    others = ["U3", "S2", "O", "V4", "datetime64[s]", [("a", "i4")]]
    assert all(holds_numbers(np.dtype(kind)) for kind in numbers)
    assert not any(holds_numbers(np.dtype(kind)) for kind in others)
