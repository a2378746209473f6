"""From samples to a batch."""

from collections import OrderedDict, UserDict, UserList, namedtuple
from dataclasses import dataclass
from types import MappingProxyType

import jax.numpy as jnp
import numpy as np
import pytest
from PIL import Image

from functorch_course.data import (
    collate,
    default_collate,
    default_collate_fn_map,
    default_convert,
)
from functorch_course.data.collate import learned_functions

Point = namedtuple("Point", "x y")


@dataclass(frozen=True)
class Labelled:
    image: np.ndarray
    label: int


@pytest.mark.parametrize(
    ("samples", "dtype"),
    [
        ([1, 2], "int64"),
        ([True, False], "bool"),
        ([True, 2], "int64"),
        ([1.5, 2], "float64"),
        ([1, 2.5], "float32"),
        ([np.float32(1), np.float32(2)], "float32"),
        ([np.float32(1), np.float64(2)], "float64"),
        ([np.uint8(1), np.uint8(2)], "uint8"),
        ([np.bool_(1), np.bool_(0)], "bool"),
        ([np.zeros(2, np.int64), np.zeros(2, np.float32)], "float32"),
        ([np.zeros(2, np.float16), np.zeros(2, np.int32)], "float16"),
        ([np.zeros((), np.int16)] * 2, "int16"),
    ],
)
def test_dtypes_are_pytorchs(samples, dtype):
    batch = default_collate(samples)
    assert batch.dtype.name == dtype
    assert batch.shape == (2, *np.shape(samples[0]))


def test_text_stays_text():
    assert default_collate(["a", "b"]) == ["a", "b"]
    assert default_collate([b"a", b"b"]) == [b"a", b"b"]


def test_containers_keep_their_type_and_tuples_become_lists():
    batch = default_collate([Point(1, "a"), Point(2, "b")])
    assert isinstance(batch, Point)
    assert batch.y == ("a", "b")
    assert type(default_collate([(1,), (2,)])) is list
    assert type(default_collate([[1], [2]])) is list
    assert type(default_collate([OrderedDict(a=1), OrderedDict(a=2)])) is OrderedDict
    assert type(default_collate([UserDict(a=1), UserDict(a=2)])) is UserDict
    assert type(default_collate([UserList([1]), UserList([2])])) is UserList
    assert default_collate([range(2), range(2)])[1].tolist() == [1, 1]
    proxy = default_collate([MappingProxyType({"a": 1}), MappingProxyType({"a": 2})])
    assert proxy["a"].tolist() == [1, 2]


def test_dataclasses_are_put_together_field_by_field():
    batch = default_collate([Labelled(np.zeros(2), 3), Labelled(np.ones(2), 4)])
    assert isinstance(batch, Labelled)
    np.testing.assert_array_equal(batch.image, [[0, 0], [1, 1]])
    assert batch.label.tolist() == [3, 4]


def test_a_batch_is_new_memory():
    sample = np.zeros(3)
    default_collate([sample])[0, 0] = 5
    assert sample[0] == 0


def test_jax_arrays_become_numpy_with_a_warning_about_the_cost():
    with pytest.warns(UserWarning, match="jax arrays, which are taken to NumPy sample by sample"):
        batch = default_collate([{"x": jnp.ones(2)}, {"x": jnp.zeros(2)}])
    assert type(batch["x"]) is np.ndarray
    assert batch["x"].dtype == np.float32


@pytest.mark.parametrize(
    ("samples", "kind", "text"),
    [
        ([None, None], TypeError, "sample: None came"),
        ([(1, {"a": None})], TypeError, r"sample\[1\]\['a'\]: None came"),
        ([Image.new("L", (2, 2))], TypeError, r"PIL\.Image.*add transform=ToTensor\(\)"),
        ([object()], TypeError, r"builtins\.object has no batch.*default_collate_fn_map"),
        ([1j], TypeError, r"builtins\.complex has no batch"),
        ([np.array("a")], TypeError, "an array of dtype <U1 has no batch of numbers"),
        ([np.array(["2020-01-01"], "M8[D]")], TypeError, "has no batch of numbers"),
        ([1, "a"], TypeError, "sample: int, str came where every sample should have a number"),
        ([1, None], TypeError, "NoneType, int came"),
        ([2**63], ValueError, "the int 9223372036854775808 does not fit int64"),
        ([{"a": 1}, {"a": 1, "b": 2}], KeyError, "the key 'b' is not in all samples"),
        ([[{"a": 1}], [{}]], KeyError, r"sample\[0\]: the key 'a' is not in all.*0 and 1"),
        ([(1, 2), (1,)], RuntimeError, "equal size, but sample 0 has 2 and sample 1 has 1"),
        (
            [Point(np.zeros(2), 1), Point(np.zeros(3), 1)],
            RuntimeError,
            r"sample\.x: the arrays differ in shape: sample 0 has \(2,\), sample 1 has \(3,\)",
        ),
        ([], RuntimeError, "there is no sample in the batch"),
    ],
)
def test_what_has_no_batch_is_refused_with_its_place(samples, kind, text):
    with pytest.raises(kind, match=text):
        default_collate(samples)


def test_an_error_keeps_its_place_through_pickle():
    import pickle

    with pytest.raises(RuntimeError, match="differ in shape") as caught:
        default_collate([(np.zeros(1),), (np.zeros(2),)])
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert str(again) == str(caught.value)
    assert type(again) is type(caught.value)


class Cat:
    def __init__(self, age):
        self.age = age


class Kitten(Cat):
    pass


def ages(batch, *, collate_fn_map=None):
    return np.array([cat.age for cat in batch])


def test_functions_of_your_own_by_type():
    batch = collate([(Kitten(1),), (Cat(2),)], collate_fn_map={Cat: ages})
    assert batch[0].tolist() == [1, 2]
    both = {Cat: ages, Kitten: lambda batch, *, collate_fn_map: "kittens"}
    assert collate([Kitten(1)], collate_fn_map=both) == "kittens"
    with pytest.raises(TypeError, match=r"Cat has no batch"):
        default_collate([Cat(1)])


def test_the_default_can_be_taught():
    default_collate_fn_map[Cat] = ages
    try:
        assert default_collate([[Cat(5)]])[0].tolist() == [5]
        assert learned_functions() == {Cat: ages}
    finally:
        del default_collate_fn_map[Cat]
    assert learned_functions() == {}


def test_a_single_sample_is_taken_to_numpy():
    converted = default_convert({"a": (np.float32(1), "text", 2), "b": [jnp.ones(1)]})
    assert type(converted["a"][0]) is np.ndarray
    assert converted["a"][0].dtype == np.float32
    assert converted["a"][1:] == ["text", 2]
    assert type(converted["b"][0]) is np.ndarray
    point = default_convert(Point(1, np.ones(1)))
    assert isinstance(point, Point)
    assert default_convert(3.5) == 3.5
    assert default_convert(range(2)) == [0, 1]
