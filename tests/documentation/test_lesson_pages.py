"""A lesson as a page: prose, code, output, pictures; a lesson that fails makes no page."""

import pytest

import functorch_course as fc
from docsite.lessons import prose, render

LESSON = """# %% [markdown]
# # 9. Title
#
# | a | b |
# |---|---|
# | `x \\| y` | `1` |

# %%
print("printed")


class Drawn:
    def _repr_png_(self):
        return b"picture"


Drawn()

# %%
1 + 1
"""


@pytest.fixture
def lesson(tmp_path):
    path = tmp_path / "09_title.py"
    path.write_text(LESSON)
    return fc.lessons.Lesson(9, "Title", path)


def test_a_page_has_prose_code_output_and_pictures(lesson):
    page = render(lesson)
    assert page.pictures == {"09_title-1.png": b"picture"}
    assert page.text.startswith("# 9. Title")
    for part in ("~~~~text\nprinted\n~~~~", "](09_title-1.png)", "~~~~text\n2\n~~~~"):
        assert part in page.text
    assert "`functorch-course lesson run 9`" in page.text


def test_a_lesson_whose_check_fails_makes_no_page(lesson):
    lesson.path.write_text(LESSON + "\n# %%\nassert 1 == 2\n")
    with pytest.raises(AssertionError):
        render(lesson)


def test_bars_in_code_need_no_backslash():
    assert prose("| `a \\| b` | c \\| d |") == "| `a | b` | c \\| d |"
