"""The two columns of the course's table side by side: the PyTorch form, and the form here.

A case runs both, and compares each with the value that the course gives, and with the other. Its
name begins with the row it belongs to, which ``pytest --course-report`` counts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import jax
import numpy as np
import pytest
import torch

from functorch_course.autograd import explain
from tolerance import assert_close


@dataclass(frozen=True)
class Raises:
    """What a column raises in place of a value."""

    error: type[Exception]
    text: str


SAME = object()


@dataclass(frozen=True)
class Case:
    """One row: PyTorch's form, ours, and the value; ``here`` where the course says ours differs."""

    theirs: Callable[[], object]
    ours: Callable[[], object]
    expected: object
    here: object = SAME


def rows(table: Mapping[str, Case]) -> pytest.MarkDecorator:
    """Run a test for each case of a table, marked with the row that its name begins with."""
    return pytest.mark.parametrize(
        "case",
        [
            pytest.param(case, id=name, marks=pytest.mark.pytorch(name.split()[0]))
            for name, case in table.items()
        ],
    )


def compare(case: Case) -> None:
    """Run both columns, and compare."""
    here = case.expected if case.here is SAME else case.here
    theirs, ours = outcome(case.theirs, case.expected), outcome(explain()(case.ours), here)
    agree(theirs, case.expected)
    agree(ours, here)
    if case.here is SAME:
        agree(ours, theirs)


def outcome(column: Callable[[], object], expected: object) -> object:
    """Return what a column gives; if it raises what was expected, that."""
    if not isinstance(expected, Raises):
        return plain(column())
    with pytest.raises(expected.error, match=expected.text):
        column()
    return expected


def plain(value: object) -> object:
    """Return values of both libraries as NumPy arrays, names and tuples."""
    if isinstance(value, torch.Tensor):
        return value.detach().numpy()
    if isinstance(value, jax.Array):
        return np.asarray(value)
    if isinstance(value, torch.dtype | np.dtype):
        return str(value).removeprefix("torch.")
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return value


def agree(actual: object, expected: object) -> None:
    """Assert that a value is another, to the rounding of its dtype."""
    if isinstance(expected, dict):
        assert isinstance(actual, dict)
        assert actual.keys() == expected.keys()
        for name, each in expected.items():
            agree(actual[name], each)
    elif isinstance(expected, tuple):
        assert isinstance(actual, tuple)
        assert len(actual) == len(expected), f"{actual} is not {expected}"
        for one, other in zip(actual, expected, strict=True):
            agree(one, other)
    elif is_numeric(expected):
        assert is_numeric(actual), f"{actual!r} is not {expected!r}"
        assert_close(actual, expected)
    else:
        assert actual == expected


def is_numeric(value: object) -> bool:
    """Tell whether a value is a number, an array of numbers, or a list of them."""
    is_array = isinstance(value, np.ndarray | np.generic | Sequence | bool | int | float)
    return is_array and np.asarray(value).dtype.kind in "biuf"
