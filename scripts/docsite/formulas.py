"""Formulas as MathML, made when the site is built: no script, no font from elsewhere."""

import html
import re

from latex2mathml.converter import convert

INLINE = re.compile(r'<span class="arithmatex">\\\((.*?)\\\)</span>', re.DOTALL)
DISPLAY = re.compile(r'<div class="arithmatex">\\\[(.*?)\\\]</div>', re.DOTALL)


def in_mathml(page: str) -> str:
    """Return a page of HTML with its TeX formulas as MathML.

    Raises:
        ValueError: If a formula has a command that would be shown as it is written.
    """
    page = INLINE.sub(lambda found: _within(html.unescape(found[1])), page)
    return DISPLAY.sub(lambda found: _displayed(html.unescape(found[1])), page)


def _within(formula: str) -> str:
    return f'<span class="formula-inline">{_converted(formula, "inline")}</span>'


def _displayed(formula: str) -> str:
    return f'<div class="formula">{_converted(formula, "block")}</div>'


def _converted(formula: str, display: str) -> str:
    """Convert one formula, in the words that the converter knows."""
    known = re.sub(r"\\text\{[^}]*\}", lambda text: text[0].replace(r"\_", "_"), formula)
    known = re.sub(r"\\_", r"\\text{_}", known)
    known = re.sub(r"\\arg(?![a-z])", r"\\operatorname{arg}", known)
    found = convert(known, display=display)
    if "\\" in found or ">&<" in found:
        raise ValueError(f"the formula {formula!r} has a command that is not known: write another")
    return found
