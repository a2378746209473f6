"""Docstrings for the site: the house's reStructuredText marks become Markdown."""

import re

LABELS = ("PyTorch", "Source", "Formula", "Shapes", "Shape", "Units")


def in_markdown(text: str) -> str:
    r"""Return a docstring with Markdown's formulas, code and labels.

    Example:
        >>> in_markdown("See :func:`fc.f`, :math:`x^2`.\n\nPyTorch: ``torch.f``.")
        'See `fc.f`, $x^2$.\n\n**PyTorch:** ``torch.f``.'
    """
    text = re.sub(r"^Example:$", "Examples:", text, flags=re.MULTILINE)
    text = re.sub(r":math:`([^`]+)`", lambda found: f"${found[1]}$", text)
    text = re.sub(r":(?:func|class|meth|mod|data|attr):`~?([^`]+)`", r"`\1`", text)
    text = re.sub(
        r"^( *)\.\. math:: *(\S.*(?:\n\1 +\S.*)*)", _one_formula, text, flags=re.MULTILINE
    )
    text = re.sub(r"^( *)\.\. math::\n\n((?:\1 +\S.*\n?)+)", _one_formula, text, flags=re.MULTILINE)
    return re.sub(rf"^({'|'.join(LABELS)}):[ \n]", r"\n**\1:** ", text, flags=re.MULTILINE).replace(
        "\n\n\n", "\n\n"
    )


def _one_formula(found: re.Match[str]) -> str:
    """Return a displayed formula between dollar signs, with blank lines around it."""
    formula = " ".join(line.strip() for line in found[2].splitlines())
    if "&" in formula:  # several lines, aligned, as Sphinx takes them
        formula = rf"\begin{{align*}} {formula} \end{{align*}}"
    return f"\n{found[1]}$$\n{found[1]}{formula}\n{found[1]}$$\n"
