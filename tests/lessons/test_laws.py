"""The laws of lessons: each is shown to fail on a lesson that breaks it, and rows to fail too."""

from pathlib import Path

import pytest

import functorch_course as fc
from functorch_course.lessons import Lesson
from lesson_laws import breaks
from lesson_tables import Row, check, globals_of, rows

PATH = Path("03_good.py")
GOOD = """\
# %% [markdown]
# # 3. A good lesson
#
# Rows: T055, M090–M091
#
# It has 1,234 parts of 0.5.

# %%
import functorch_course as fc
x = fc.tensor.tensor([1, 2])
fc.plot.lines(x, {"x": x}, "runs/lessons/03_x.png")
assert (1234 * 0.5, -7.25) == (617, -7.25)

# %% [markdown]
# **The text says:** one.
# **What happens:** two.
# **Why:** three.

# %%
with fc.errors.shown(IndexError):
    fc.tensor.index(x, 2)

# %% [markdown]
# | PyTorch | torch.func | here | value |
# |---|:-:|---|---|
# | `x.sum()` | — | `fc.tensor.sum(x)` | `3` |
# | `x[2] or (1 \\| 2)` | — | `fc.tensor.index(x, 2)` | `IndexError` |

# %% [markdown]
# Remember. `functorch-course exercise list`
"""


def test_a_good_lesson_breaks_no_law():
    assert breaks(PATH, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# # 3. A", "# # 4. A", "does not begin with `# N. Title`"),
        ("# # 3. A", "# ## 3. A", "does not begin with `# N. Title`"),
        ("# Rows: T055", "# T055", "has no line `Rows:"),
        ("T055", "T999", "there is no row T999"),
        ("T055, M090–M091", "all", "no row stands in"),
        ("x = fc", "\n" * 220 + "x = fc", "lines are more than 220"),
        ("# It has", f"# It{' very' * 20} has", "line 6 has more than 100 characters"),
        ("import functorch_course as fc\n", "", "the library is not imported"),
        ("import functorch_course as fc", "import functorch_course, torch.nn", "torch.nn is"),
        ("x = fc", "from torchvision import models\nx = fc", "torchvision is imported"),
        ("# **Why:** three.", "", "a correction has the parts"),
        ("# **The text says:** one.", "#\n# Look: **The text says:** one.", "a correction has"),
        ("# %%\nwith fc", "# %% [markdown]\n# no code\n\n# %%\nwith fc", "no code follows"),
        ("runs/lessons/", "here/", "no picture is written"),
        ("exercise list", "exercise", "the last cell does not name"),
        ("| PyTorch | torch.func |", "| PyTorch | functorch |", "the header is"),
        ("| `3` |", "| 3 |", "3 has no `"),
        ("| — | `fc.tensor.sum", "| `fc.tensor.sum", "3 cells"),
        ("of 0.5", "of 0.25", "0.25 in the prose is asserted nowhere"),
        ("1,234 parts", "1,235 parts", "1,235 in the prose is asserted nowhere"),
        ("of 0.5", "of 617 and -7.25 and 8.5", "8.5 in the prose is asserted nowhere"),
    ],
)
def test_a_broken_lesson_is_found(old, new, said):
    assert GOOD.count(old) >= 1
    found = breaks(PATH, GOOD.replace(old, new, 1))
    assert len(found) == 1
    assert said in found[0]


def test_rows_are_read_with_their_lines_and_without_their_marks():
    assert rows(GOOD) == [
        Row(26, {"PyTorch": "x.sum()", "here": "fc.tensor.sum(x)"}, "3"),
        Row(27, {"PyTorch": "x[2] or (1 | 2)", "here": "fc.tensor.index(x, 2)"}, "IndexError"),
    ]


X = fc.tensor.tensor([1.0, 2.0])


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("X", "[1.0, 2.00001]"),
        ("X", "[1, 2]"),
        ("X.shape", "(2,)"),
        ("X[0] > 0", "True"),
        ("'a' + 'b'", "'ab'"),
        ("fc.tensor.log(-X)", "[nan, nan]"),
        ("(X, X[0])", "([1, 2], 1)"),
        ("{'w': X}", "{'w': [1, 2]}"),
        ("[None]", "[None]"),
        ("X.sum()", "3"),
        ("fc.tensor.index(X, 2)", "IndexError"),
        ("fc.tensor.index(X, 2)", "OutOfBoundsError"),
    ],
)
def test_a_true_row_passes(expression, value):
    check(Row(1, {"here": expression}, value), "here", {"X": X, "fc": fc})


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("X", "[1.0, 2.001]"),
        ("X", "[1.0]"),
        ("X", "1.0"),
        ("X", "'[1. 2.]'"),
        ("X.shape", "(1, 2)"),
        ("X[0] > 0", "False"),
        ("'ab'", "'abc'"),
        ("X", "[nan, 2]"),
        ("(X, X[0])", "([1, 2], 2)"),
        ("{'w': X}", "{'v': [1, 2]}"),
        ("None", "0"),
        ("0", "None"),
        ("7", "7.5"),
        ("fc.tensor.index(X, 1)", "IndexError"),
        ("fc.tensor.index(X, 2)", "TypeError"),
        ("fc.tensor.index(X, 2)", "2"),
        ("undefined", "1"),
    ],
)
def test_a_false_row_fails(expression, value):
    with pytest.raises(AssertionError, match="line 1, here: "):
        check(Row(1, {"here": expression}, value), "here", {"X": X, "fc": fc})


def test_a_lesson_is_run_for_its_globals(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / PATH).write_text(GOOD)
    found = globals_of(Lesson(3, "A good lesson", tmp_path / PATH))
    for row in rows(GOOD):
        check(row, "here", dict(found))
    assert (tmp_path / "runs/lessons/03_x.png").exists()
