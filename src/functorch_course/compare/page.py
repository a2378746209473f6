"""A comparison as one HTML page that needs no other file, no script and no network."""

import html
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .comparison import Comparison
from .svg import Line, chart
from .table import in_words, verdict

OURS, THEIRS, LIMIT = "#0b62c4", "#e8710a", "#c5221f"
COLORS = {"forward": "#7a5195", "gradient": "#2a9d6f", "update": "#8d6e63", "loss": OURS}
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1f2328; max-width: 900px;
       margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: .2rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.verdict { padding: .7rem 1rem; border-left: 4px solid; background: #f6f8fa;
           white-space: pre-line; }
.same { border-color: #1a7f37; } .apart { border-color: #c5221f; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; }
td, th { padding: .25rem .7rem .25rem 0; border-bottom: 1px solid #e3e6ea; vertical-align: top; }
.chart { overflow-x: auto; } svg { width: 100%; min-width: 640px; height: auto; }
svg text { font-size: 12px; fill: #57606a; }
.grid { stroke: #e3e6ea; } .mark { stroke: #c5221f; stroke-dasharray: 3 3; }
.key { display: inline-block; margin-right: 1.2rem; }
.key i { display: inline-block; width: 1.4rem; height: 3px;
       vertical-align: middle; margin-right: .4rem; }
"""


def to_html(comparison: Comparison, path: str | Path) -> None:
    """Write a comparison as a page: verdict, loss curves, differences, timing, environment.

    Args:
        comparison: What :func:`training` or :func:`traces` returned.
        path: The file to write.

    Example:
        >>> def keep(comparison):
        ...     to_html(comparison, "comparison.html")

    PyTorch: has no counterpart.
    """
    Path(path).write_text(page(comparison), encoding="utf-8")


def page(comparison: Comparison) -> str:
    """Return the page."""
    title = html.escape(comparison.title)
    state = "same" if comparison.equal else "apart"
    frameworks = f"{comparison.ours.framework} beside {comparison.theirs.framework}"
    sections = [
        f"<h1>{title}</h1>\n<p>{html.escape(frameworks)}</p>",
        f'<p class="verdict {state}">{html.escape(verdict(comparison))}</p>',
        f"<h2>Checks</h2>\n{_checks(comparison)}",
        f"<h2>Loss</h2>\n{_losses(comparison)}",
        f"<h2>Relative difference</h2>\n{_differences(comparison)}",
        *([f"<h2>Time</h2>\n{_timing(comparison)}"] if comparison.timing else []),
        f"<h2>Environment</h2>\n{_table(list(comparison.environment.items()))}",
    ]
    body = "\n".join(sections)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _checks(comparison: Comparison) -> str:
    """Return the verdict line by line."""
    rows = [("", "checked", "found", "allowed")]
    for check in comparison.checks:
        mark = ("✓" if check.passed else "✗") if check.allowed else ""
        rows.append((mark, check.name, check.found, check.allowed))
    return _table(rows, heading=True)


def _losses(comparison: Comparison) -> str:
    """Return both loss curves in one chart; dashes let the one below be seen."""
    lines = [
        Line(comparison.ours.framework, OURS, comparison.ours.losses),
        Line(comparison.theirs.framework, THEIRS, comparison.theirs.losses, "6 6"),
    ]
    return _with_key(lines, chart(lines, label="loss", marked=_step(comparison)))


def _differences(comparison: Comparison) -> str:
    """Return the differences on a logarithmic scale, with the limit of the loss."""
    apart, limits = comparison.apart, comparison.limits
    epochs = [comparison.ours.epoch_of(step) for step in range(len(apart.loss))]
    lines = [
        Line("outputs", COLORS["forward"], apart.forward),
        Line("gradients", COLORS["gradient"], apart.gradient.max(axis=1, initial=0.0)),
        Line("updates, beyond rounding", COLORS["update"], apart.update.max(axis=1, initial=0.0)),
        Line("loss", COLORS["loss"], apart.loss),
        Line(
            "allowed for the loss", LIMIT, np.array([limits.at("loss", e) for e in epochs]), "3 3"
        ),
    ]
    picture = chart(lines, label="difference", logarithmic=True, marked=_step(comparison))
    return _with_key(lines, picture) + "\n<p>What is equal to the last bit is not drawn.</p>"


def _timing(comparison: Comparison) -> str:
    """Return the seconds of an epoch as two bars."""
    timing = comparison.timing
    assert timing is not None
    longest = max(timing.ours, timing.theirs)
    bars = [
        f'<rect x="90" y="{y}" width="{640 * seconds / longest:.1f}" height="22" fill="{color}"/>'
        f'<text x="82" y="{y + 16}" text-anchor="end">{name}</text>'
        f'<text x="{96 + 640 * seconds / longest:.1f}" y="{y + 16}">{seconds * 1e3:.1f} ms</text>'
        for y, seconds, color, name in (
            (8, timing.ours, OURS, "here"),
            (38, timing.theirs, THEIRS, "PyTorch"),
        )
    ]
    label = html.escape(in_words(timing))
    picture = f'<svg viewBox="0 0 860 70" role="img" aria-label="{label}">{"".join(bars)}</svg>'
    return f'<div class="chart">{picture}</div>\n<p>{label}</p>'


def _step(comparison: Comparison) -> int | None:
    """Return the step to mark."""
    return None if comparison.parting is None else comparison.parting.step


def _with_key(lines: list[Line], picture: str) -> str:
    """Return the picture under its key."""
    keys = [
        f'<span class="key"><i style="background:{line.color}"></i>{html.escape(line.name)}</span>'
        for line in lines
    ]
    return f'<p>{"".join(keys)}</p>\n<div class="chart">{picture}</div>'


def _table(rows: Sequence[tuple[str, ...]], *, heading: bool = False) -> str:
    """Return an HTML table."""
    lines = []
    for number, row in enumerate(rows):
        tag = "th" if heading and number == 0 else "td"
        lines.append(f"<tr>{''.join(f'<{tag}>{html.escape(c)}</{tag}>' for c in row)}</tr>")
    return f"<table>{''.join(lines)}</table>"
