"""Datasets on their way to workers."""

import os
import sys

import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course.data import TensorDataset
from functorch_course.data.package import unwrap, wrap

LARGE = np.arange(100_000.0).reshape(100, 1000)


def no_main():
    raise AssertionError("the main module was asked for")


def round_trip(value):
    return unwrap(wrap(value), no_main)


@pytest.mark.parametrize(
    "array",
    [
        LARGE,
        np.asfortranarray(LARGE),
        LARGE[::2, ::3],
        LARGE[5:],
        LARGE.astype([("a", "f4"), ("b", "f8")]),
        np.arange(3),
        np.zeros((0, 3)),
        np.array([{}, None]),
        np.ma.masked_array(LARGE, LARGE > 5),
    ],
)
def test_arrays_come_out_as_they_were(array):
    again = round_trip({"x": array, "same": array})
    assert again["x"] is again["same"]
    assert type(again["x"]) is type(array)
    assert again["x"].dtype == array.dtype
    np.testing.assert_array_equal(again["x"], array)


def test_large_arrays_lie_outside_of_the_pickle():
    package = wrap([LARGE, LARGE[::2]])
    os.close(package.descriptor)
    assert [section.size for section in package.sections[1:]] == [800_000, 400_000]
    assert package.sections[0].size < 1000


def test_what_is_written_stays_with_the_writer():
    package = wrap([LARGE])
    twin = os.dup(package.descriptor)
    one = unwrap(package, no_main)[0]
    other = unwrap(package._replace(descriptor=twin), no_main)[0]
    one[0, 0] = -1
    assert other[0, 0] == LARGE[0, 0] == 0


def test_read_only_stays_read_only():
    dataset = round_trip(TensorDataset(LARGE))
    with pytest.raises(ValueError, match="read-only"):
        dataset.tensors[0][0] = 1


@pytest.mark.parametrize("mode", ["r", "r+", "c"])
@pytest.mark.parametrize("view", [lambda a: a, lambda a: a[10:20], lambda a: np.asarray(a)[50:]])
def test_mapped_files_are_mapped_again(tmp_path, mode, view):
    path = tmp_path / "x.npy"
    np.save(path, LARGE)
    mapped = np.load(path, mmap_mode=mode)
    package = wrap(view(mapped))
    shared = sum(section.size for section in package.sections[1:])
    again = unwrap(package, no_main)
    np.testing.assert_array_equal(again, view(LARGE))
    assert (shared == 0) == (mode != "c")
    if again.flags.writeable:
        again[0] = -5
        np.testing.assert_array_equal(np.load(path), LARGE)


def test_strided_views_of_mapped_files_are_copied(tmp_path):
    np.save(tmp_path / "x.npy", LARGE)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    np.testing.assert_array_equal(round_trip(mapped[::2]), LARGE[::2])


def test_jax_arrays_arrive_as_numpy():
    again = round_trip([jnp.arange(5), jnp.ones((300, 300))])
    assert [type(array) for array in again] == [np.ndarray, np.ndarray]
    np.testing.assert_array_equal(again[0], np.arange(5))


def test_what_cannot_be_pickled_says_what_to_do():
    with pytest.raises(Exception, match=r"(?s)lambda.*top level of a module \(no lambdas\)"):
        wrap([lambda: 0])


def test_what_cannot_be_found_says_why():
    package = wrap([1])
    body = b"c__main__\nNotThereAtAll\n."
    os.pwrite(package.descriptor, body, 0)
    package = package._replace(sections=[package.sections[0]._replace(size=len(body))])
    asked = []
    with pytest.raises(
        AttributeError, match=r"looked for __main__\.NotThereAtAll: what is defined"
    ):
        unwrap(package, lambda: asked.append(1))
    assert asked == [1]
    assert "__main__" in sys.modules
