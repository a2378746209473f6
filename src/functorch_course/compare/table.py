"""A comparison as text, for the terminal."""

from rich import box
from rich.table import Table

from .comparison import Comparison, Timing


def table(comparison: Comparison) -> Table:
    """Return what was checked, found and allowed, line by line.

    Args:
        comparison: What :func:`training` or :func:`traces` returned.

    Returns:
        A table that ``rich.console.Console.print`` writes.

    Example:
        >>> from rich.console import Console
        >>> def show(comparison):
        ...     Console().print(table(comparison))

    PyTorch: has no counterpart.
    """
    rows = Table(box=box.SIMPLE_HEAD, show_edge=False, title=comparison.title, title_justify="left")
    for heading in ("", "checked", "found", "allowed"):
        rows.add_column(heading)
    for check in comparison.checks:
        mark = ("✓" if check.passed else "✗") if check.allowed else ""
        rows.add_row(mark, check.name, check.found, check.allowed)
    return rows


def summary(comparison: Comparison) -> str:
    """Return the verdict in words: where the runs part, or that they do not, and their times.

    Args:
        comparison: What :func:`training` or :func:`traces` returned.

    Returns:
        One line or a few.

    Example:
        >>> def tell(comparison):
        ...     print(summary(comparison))

    PyTorch: has no counterpart.
    """
    frameworks = f"{comparison.ours.framework} beside {comparison.theirs.framework}"
    lines = [f"{frameworks}: {verdict(comparison)}"]
    return "\n".join([*lines, *([in_words(comparison.timing)] if comparison.timing else [])])


def verdict(comparison: Comparison) -> str:
    """Return the verdict in a sentence."""
    if comparison.parting is not None:
        return str(comparison.parting)
    return "equal within the tolerance." if comparison.equal else "different; see the table."


def in_words(timing: Timing) -> str:
    """Return the seconds of an epoch on either side, and their ratio with its spread."""
    ratios = sorted(timing.ratios)
    middle = ratios[len(ratios) // 2]
    threads = "1 thread" if timing.threads == 1 else f"{timing.threads} threads"
    return (
        f"An epoch took {timing.ours * 1e3:.1f} ms here, {timing.theirs * 1e3:.1f} ms in PyTorch "
        f"({threads}, the faster choice): {middle:.1f} times as long there ({ratios[0]:.1f} to "
        f"{ratios[-1]:.1f} in {len(ratios)} pairs)."
    )
