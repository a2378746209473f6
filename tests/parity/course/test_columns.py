"""The comparison of the two columns can fail, in each of its parts."""

import jax.numpy as jnp
import pytest
import torch

from parity.course.columns import Case, Raises, agree, compare, plain


@pytest.mark.parametrize(
    ("theirs", "ours", "expected", "here"),
    [
        (1.0, 2.0, 2.0, None),
        (2.0, 1.0, 2.0, None),
        (torch.ones(3), jnp.ones((3, 1)), [1, 1, 1], None),
        (torch.ones(3), jnp.ones(3), [1, 1, 1 + 1e-4], None),
        ((1, 2), (1, 2, 3), (1, 2), None),
        ({"w": 1}, {"v": 1}, {"w": 1}, None),
        (torch.float32, jnp.dtype("float64"), "float32", None),
        ("1", 1, 1, None),
        (1, 1, 1, 2),
    ],
)
def test_a_difference_is_found(theirs, ours, expected, here):
    case = Case(lambda: theirs, lambda: ours, expected)
    with pytest.raises(AssertionError):
        compare(case if here is None else Case(case.theirs, case.ours, expected, here))


def test_columns_that_round_alike_but_differ_are_found():
    about_two = pytest.approx(2, rel=0.1)
    compare(Case(lambda: 2.0, lambda: 2.0, about_two))
    with pytest.raises(AssertionError):
        compare(Case(lambda: 2.0, lambda: 2.1, about_two))


def fail():
    raise ValueError("this")


def test_an_error_has_to_come_with_its_text():
    compare(Case(fail, fail, Raises(ValueError, "this")))
    for other in (Case(lambda: 1, fail, Raises(ValueError, "this")),
                  Case(fail, lambda: 1, Raises(ValueError, "this")),
                  Case(fail, fail, Raises(ValueError, "that"))):  # fmt: skip
        with pytest.raises((pytest.fail.Exception, AssertionError)):
            compare(other)


def test_values_of_both_libraries_become_plain():
    assert plain((torch.Size([2, 3]), torch.int64, jnp.dtype("int8"))) == ((2, 3), "int64", "int8")
    agree(plain({"w": torch.ones(2, requires_grad=True)}), {"w": [1, 1]})
