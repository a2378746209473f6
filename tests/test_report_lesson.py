"""Lessons in a terminal: prose with formulas, code with its output, tables that lose nothing."""

import io

import pytest
from rich.console import Console

from functorch_course.report import show_code, show_prose
from functorch_course.report.formulas import readable


def shown(show, *things, width=60):
    out = Console(file=io.StringIO(), width=width)
    show(*things, console=out)
    return out.file.getvalue()


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (r"f_\theta: \mathbb{R}^n \to \mathbb{R}^m", "f_θ: ℝⁿ → ℝᵐ"),
        (r"\frac{\partial f}{\partial u} = v + 2u", "∂f/∂u = v + 2u"),
        (r"\frac{d}{dx} x^2 = 2x", "d/dx x² = 2x"),
        (r"\frac{a + 1}{\sigma_1}", "(a + 1)/σ₁"),
        (r"W_2(W_1 x + b_1)\,x", "W₂(W₁ x + b₁) x"),
        (r"\{0, \dots, K - 1\}^N", "{0, …, K - 1}^N"),
        (r"u \cdot v = \sum_i u_i v_i", "u · v = Σᵢ uᵢ vᵢ"),
        (r"x^{abc} \unknown", "x^abc unknown"),
        ("100", "100"),
    ],
)
def test_formulas_are_written_in_unicode(formula, text):
    assert readable(formula) == text


def test_prose_keeps_code_and_shows_formulas():
    out = shown(show_prose, "Let `w_1 * w_2` be $w_1 w_2$ and\n\n$$\nx^2\n$$\n")
    assert "Let w_1 * w_2 be w₁ w₂ and" in out
    assert "\n x²" in out


def test_money_and_code_are_no_formulas():
    assert "`$a`" not in shown(show_prose, "Set `$VISUAL` or `$EDITOR`.")
    assert "$VISUAL or $EDITOR" in shown(show_prose, "Set `$VISUAL` or `$EDITOR`.")


def test_a_table_is_folded_and_never_cut():
    long = "a" * 50 + "z"
    out = shown(show_prose, f"| one | two |\n|---|---|\n| `{long}` | `{long}` |\n")
    assert out.count("a") == 100
    assert out.count("z") == 2
    assert "…" not in out


def test_code_stands_in_a_frame_above_its_output():
    lines = shown(show_code, "x = 1\nx", "printed\n", 1).splitlines()
    assert [line.strip(" │") for line in lines if "─" not in line] == [
        "x = 1",
        "x",
        "printed",
        "1",
        "",
    ]


def test_code_without_output_is_only_a_frame():
    assert [line.strip() for line in shown(show_code, "x = 1").splitlines()[3:]] == [""]


def test_markup_in_output_is_text():
    assert "[bold]" in shown(show_code, "x", "[bold]\n")


def test_lines_are_not_wider_than_people_read():
    assert max(map(len, shown(show_prose, "word " * 100, width=200).splitlines())) <= 100
