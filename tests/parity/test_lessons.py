"""The PyTorch and torch.func columns of the lessons' tables: what they claim of PyTorch is true."""

import jax
import numpy as np
import pytest
import torch

from functorch_course.lessons import contents
from lesson_tables import check, globals_of, rows

LESSONS = contents()


def as_torch(value):
    """A tensor of its own memory for each array, also inside lists and dicts; the rest as it is."""
    if isinstance(value, (jax.Array, np.ndarray)):
        return torch.tensor(np.array(value))
    if type(value) in (list, tuple):
        return type(value)(map(as_torch, value))
    if type(value) is dict:
        return {key: as_torch(each) for key, each in value.items()}
    return value


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.path.stem)
def test_the_tables(lesson, subtests, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    values = {k: v for k, v in globals_of(lesson).items() if not k.startswith("__")}
    for row in rows(lesson.path.read_text(encoding="utf-8")):
        for column in row.expressions.keys() - {"here"}:
            with subtests.test(row.expressions[column]):
                check(row, column, {**as_torch(values), "torch": torch, "np": np})
