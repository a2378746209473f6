"""All ratios of a report in one picture: medians, their spread, and the bars, on a log axis."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator

from .part import Ratio
from .report import Group, Report

MET, MISSED, NO_BAR = "#1a7f37", "#cf222e", "#0b62c4"
ROW, GAP, TITLE = 0.21, 0.7, 1.4  # inches


class Row(NamedTuple):
    """A ratio and what it is called."""

    label: str
    ratio: Ratio


Panel = tuple[str, list[Row]]


def draw(report: Report, path: Path) -> None:
    """Draw one panel a group, in two columns of about the same height, as PNG."""
    panels = [(group.name, found) for group in report.groups if (found := rows(group))]
    columns = [column for column in balanced(panels) if column]
    total = max(height_of(column) for column in columns) + TITLE
    figure = Figure(figsize=(7.2 * len(columns), total))
    limits = limits_of([row.ratio for _, found in panels for row in found])
    for place, column in enumerate(columns):
        left, top = (place + 0.45) / len(columns), total - TITLE
        for name, found in column:
            bottom = top - ROW * len(found)
            box = (left, bottom / total, 0.45 / len(columns), (top - bottom) / total)
            _panel(figure.add_axes(box), name, found, limits)
            top = bottom - GAP
    _title(figure, report)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)


def rows(group: Group) -> list[Row]:
    """Return the ratios of a group by what they are called."""
    return [
        Row(f"{part.name}{variant(ratio.ours)} : {ratio.theirs}", ratio)
        for part in group.parts
        for ratio in part.ratios
    ]


def variant(contender: str) -> str:
    """Return which one of ours it is, if there are several: ``", two processes"``."""
    return contender.removeprefix("ours")


def balanced(panels: Sequence[Panel]) -> tuple[Sequence[Panel], Sequence[Panel]]:
    """Break panels into two columns, in their order, where the taller one is lowest."""

    def height(place: int) -> float:
        return max(height_of(panels[:place]), height_of(panels[place:]))

    place = min(range(1, len(panels) + 1), key=height)
    return panels[:place], panels[place:]


def height_of(column: Sequence[Panel]) -> float:
    """Return the inches that some panels take, one below the other."""
    return sum(ROW * len(found) + GAP for _, found in column)


def limits_of(ratios: Sequence[Ratio]) -> tuple[float, float]:
    """Return the ends of the axis that all panels share, with room beside 1 and every spread."""
    ends = [end for ratio in ratios for end in (*ratio.spread, ratio.bar or 1)]
    return min(ends) / 1.3, max(ends) * 1.3


def _panel(axes: Axes, name: str, found: Sequence[Row], limits: tuple[float, float]) -> None:
    """Draw the rows of a group, the first at the top."""
    places = range(len(found))
    for place, (_, ratio) in zip(places, found, strict=True):
        _draw_ratio(axes, place, ratio)
    axes.axvline(1, color="0.35", lw=0.9, zorder=1)
    axes.set(xscale="log", xlim=limits)
    wide = limits[1] > 500 * limits[0]
    axes.xaxis.set_major_locator(LogLocator(subs=(1,) if wide else (1, 2, 5)))
    axes.set_ylim(len(found) - 0.4, -0.6)
    axes.set_yticks(places, [row.label for row in found], fontsize=8)
    axes.tick_params("y", length=0)
    axes.tick_params("x", labelsize=8)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.xaxis.set_minor_formatter(lambda *_: "")
    axes.set_title(name, fontsize=10, fontweight="bold", loc="left")
    axes.grid(axis="x", alpha=0.3)
    axes.spines[["top", "right", "left"]].set_visible(False)


def _draw_ratio(axes: Axes, place: int, ratio: Ratio) -> None:
    """Draw a median, its spread as a line, its bar as a stroke, and the median's number."""
    color = {True: MET, False: MISSED, None: NO_BAR}[ratio.met]
    axes.plot(ratio.spread, [place, place], color=color, lw=2, alpha=0.45, solid_capstyle="butt")
    axes.plot([ratio.median], [place], "o", color=color, ms=5, zorder=3)
    if ratio.bar is not None:
        axes.plot([ratio.bar], [place], "|", color="black", ms=9, mew=1.6, zorder=4)
    number = (1.02, place)
    text = f"{ratio.median:.3g} x"
    axes.text(*number, text, transform=axes.get_yaxis_transform(), fontsize=8, va="center")


def _title(figure: Figure, report: Report) -> None:
    """Write what the picture shows, on which machine, and what its marks mean."""
    machine = report.machine
    versions = ", ".join(f"{name} {version}" for name, version in report.versions.items())
    quick = " (quick: not to be trusted)" if report.quick else ""
    lines = [
        (0.2, 12, "black", f"How many times as good as its peer{quick}"),
        (0.42, 8, "0.35", "medians and spread of paired runs; right of the line ours is better"),
        (0.58, 8, "0.35", f"{machine['processor']}, {machine['cores']} cores; {versions}"),
    ]
    for inches, size, color, line in lines:
        height = 1 - inches / figure.get_figheight()
        figure.text(0.01, height, line, fontsize=size, color=color, va="center")
    marks = [
        Line2D([], [], color=color, marker=marker, ls="", label=label)
        for color, marker, label in (
            (NO_BAR, "o", "no bar was set"),
            (MET, "o", "bar met"),
            (MISSED, "o", "bar missed"),
            ("black", "|", "the bar"),
        )
    ]
    place = (0, 1 - 0.66 / figure.get_figheight())
    figure.legend(
        handles=marks, ncols=4, fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=place
    )
