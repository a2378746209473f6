r"""Formulas for a terminal: ``\frac{\partial L}{\partial w}`` as ``∂L/∂w``."""

import re

_SYMBOLS = {
    "alpha": "α", "approx": "≈", "beta": "β", "cdot": "·", "cdots": "⋯", "dots": "…", "ell": "ℓ",
    "eta": "η", "ge": "≥", "in": "∈", "infty": "∞", "lVert": "‖", "lambda": "λ", "ldots": "…",
    "le": "≤", "leftarrow": "←", "mapsto": "↦", "mid": "|", "mu": "μ", "nabla": "∇", "ne": "≠",
    "odot": "⊙", "partial": "∂", "pi": "π", "quad": " ", "rVert": "‖", "sigma": "σ", "sum": "Σ",
    "theta": "θ", "times": "×", "to": "→", "top": "ᵀ", "varepsilon": "ε", "left": "", "right": "",
    "hat": "", "bar": "", "mathbf": "", "mathrm": "", "operatorname": "", "text": "",
}  # fmt: skip
_RAISED = str.maketrans("0123456789+-nmTdkt", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵐᵀᵈᵏᵗ")
_LOWERED = str.maketrans("0123456789+-ijkmnt", "₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₘₙₜ")
_SCRIPT = re.compile(r"([_^])(?:\{([^{}]*)\}|([^\s{}]))")
_FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")


def readable(formula: str) -> str:
    r"""Write a formula of TeX with the characters of Unicode, as far as there are any.

    >>> readable(r"\theta \leftarrow \theta - \eta \frac{\partial L}{\partial \theta}")
    'θ ← θ - η ∂L/∂θ'
    >>> readable(r"x_{ij}^2 \in \mathbb{R}^{m \times n},\; b_{out} = \frac{1 + a}{2}")
    'xᵢⱼ² ∈ ℝ^(m × n), b_out = (1 + a)/2'
    """
    text = formula.replace(r"\{", "\0").replace(r"\}", "\1")  # braces that are meant
    text = text.replace(r"\mathbb{R}", "ℝ").replace(r"\top", "T")
    text = _SCRIPT.sub(_script, re.sub(r"\\(?!frac)([A-Za-z]+)", _symbol, text))
    text = _FRACTION.sub(lambda found: f"{_operand(found[1])}/{_operand(found[2])}", text)
    text = re.sub(r"(?<=[∂∇]) ", "", re.sub(r"\\[,;: ]", " ", text))
    text = re.sub(r"[{}\\]", "", text).replace("\0", "{").replace("\1", "}")
    return re.sub(r" +", " ", text).strip()


def _symbol(found: re.Match[str]) -> str:
    return _SYMBOLS.get(found[1], found[1])


def _script(found: re.Match[str]) -> str:
    """Raise or lower what can be; write the rest behind ``^`` or ``_``."""
    text, table = found[2] or found[3], _RAISED if found[1] == "^" else _LOWERED
    if all(ord(letter) in table for letter in text):
        return text.translate(table)
    return found[1] + (text if text.isalnum() else f"({text})")


def _operand(text: str) -> str:
    """Put a sum or a product into brackets."""
    plain = re.sub(r"(?<=∂) ", "", text.strip())
    return f"({plain})" if " " in plain else plain
