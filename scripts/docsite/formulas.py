"""Formulas as MathML, made when the site is built: no script, no font from elsewhere."""

import html
import re

from latex2mathml.converter import convert

INLINE = re.compile(r'<span class="arithmatex">\\\((.*?)\\\)</span>', re.DOTALL)
DISPLAY = re.compile(r'<div class="arithmatex">\\\[(.*?)\\\]</div>', re.DOTALL)


def in_mathml(page: str) -> str:
    """Return a page of HTML with its TeX formulas as MathML."""
    page = INLINE.sub(lambda found: _within(html.unescape(found[1])), page)
    return DISPLAY.sub(lambda found: _displayed(html.unescape(found[1])), page)


def _within(formula: str) -> str:
    return f'<span class="formula-inline">{convert(formula)}</span>'


def _displayed(formula: str) -> str:
    return f'<div class="formula">{convert(formula, display="block")}</div>'
