"""How large the gradient of each layer is: vanishing, exploding, or sound."""

import jax
import jax.numpy as jnp

from .freeze import leaf_names
from .tree import Tree

VANISHING, EXPLODING = 1e-6, 1e3
_WIDTH = 24


def gradient_norms(gradients: Tree) -> dict[str, float]:
    r"""Measure the gradient of each parameter.

    :math:`\lVert g \rVert = \sqrt{\sum_i g_i^2}`.

    Args:
        gradients: A tree of arrays, as :func:`grad` returns it.

    Returns:
        The norm of each leaf by its name, the path such as ``"linear.weight"``.

    Example:
        >>> gradient_norms({"linear": {"weight": jnp.array([3.0, 4.0]), "bias": jnp.zeros(1)}})
        {'linear.bias': 0.0, 'linear.weight': 5.0}

    PyTorch: ``{n: p.grad.norm() for n, p in model.named_parameters()}``.
    """
    norms = [float(jnp.sqrt(jnp.sum(jnp.square(leaf)))) for leaf in jax.tree.leaves(gradients)]
    return dict(zip(leaf_names(gradients), norms, strict=True))


def gradient_report(gradients: Tree) -> str:
    """Draw the gradient norm of each parameter, on a logarithmic scale, and say what is wrong.

    Below 1e-6 a gradient vanishes, above 1e3 it explodes: the parameter hardly learns, or jumps.

    Args:
        gradients: A tree of arrays, as :func:`grad` returns it.

    Returns:
        A table, one line per parameter.

    Example:
        >>> print(gradient_report({"first": jnp.array(1e-8), "last": jnp.array(1.0)}))
        first  1.0e-08  ········                  vanishing
        last   1.0e+00  ████████████████

    PyTorch: has no counterpart.
    """
    norms = gradient_norms(gradients)
    width = max((len(name) for name in norms), default=0)
    return "\n".join(_line(name.ljust(width), norm) for name, norm in norms.items())


def _line(name: str, norm: float) -> str:
    verdict = _verdict(norm)
    return f"{name}  {norm:.1e}  {_bar(norm, verdict):<{_WIDTH}}  {verdict}".rstrip()


def _bar(norm: float, verdict: str) -> str:
    """Draw one block for a factor of ten, from 1e-16 to 1e8."""
    if not 0 < norm < float("inf"):
        return ""
    decades = round(float(jnp.log10(norm))) + 16
    return ("·" if verdict == "vanishing" else "█") * min(max(decades, 0), _WIDTH)


def _verdict(norm: float) -> str:
    if norm != norm:
        return "NaN: see nan_report"
    if norm == 0:
        return "zero: unused or frozen"
    if norm < VANISHING:
        return "vanishing"
    return "exploding" if norm > EXPLODING else ""
