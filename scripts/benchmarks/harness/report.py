"""What was measured: groups of parts, the machine and the versions, as JSON and as text."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .part import Part, Ratio

FORMAT = "functorch_course benchmarks 1"


@dataclass(frozen=True)
class Group:
    """The parts that one script measured.

    Args:
        name: The script's.
        about: What it measures, in one line.
        parts: What it measured.
        seconds: How long that took.
    """

    name: str
    about: str
    parts: Sequence[Part]
    seconds: float = 0.0


@dataclass(frozen=True)
class Report:
    """The groups that were run, and where.

    Args:
        groups: What was measured; nobody is in it who did not run.
        machine: Where.
        versions: Of what ran.
        missing: The peers that are not installed.
        quick: Whether less work was done than for figures that one may publish.
    """

    groups: Sequence[Group]
    machine: dict[str, Any]
    versions: dict[str, str]
    missing: Sequence[str] = ()
    quick: bool = False

    @classmethod
    def together(cls, reports: Sequence["Report"]) -> "Report":
        """Return one report of several from the same machine."""
        return cls(
            [group for report in reports for group in report.groups],
            reports[0].machine,
            {name: version for report in reports for name, version in report.versions.items()},
            reports[0].missing,
            reports[0].quick,
        )

    def save(self, path: Path) -> None:
        """Write the report as JSON."""
        groups = [
            {**vars(group), "parts": [part.as_dict() for part in group.parts]}
            for group in self.groups
        ]
        document = {"format": FORMAT, **vars(self), "groups": groups}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Report":
        """Read the report that :meth:`save` wrote."""
        found = json.loads(path.read_text(encoding="utf-8"))
        if found.pop("format") != FORMAT:
            raise SystemExit(f"{path} is no report of these benchmarks")
        groups = [
            Group(**{**group, "parts": [Part.from_dict(part) for part in group["parts"]]})
            for group in found.pop("groups")
        ]
        return cls(groups, **found)


def text(report: Report) -> str:
    """Return a report for the terminal: the medians, then the ratios with their spread."""
    lines = [*_head(report)]
    for group in report.groups:
        lines += ["", f"{group.name}: {group.about} ({group.seconds:.0f} s)"]
        for part in group.parts:
            lines += ["", f"  {part.name}: {part.about}", *_figures(part), *_ratios(part)]
    return "\n".join(lines)


def _head(report: Report) -> Iterator[str]:
    """Yield where it was measured, and with what."""
    machine = report.machine
    yield (
        f"{machine['processor']}, {machine['cores']} cores, load {machine['busy']}, "
        f"{machine['system']}, Python {machine['python']}"
    )
    yield ", ".join(f"{name} {version}" for name, version in report.versions.items())
    if report.missing:
        yield f"not installed, so not run: {', '.join(report.missing)}"
    if report.quick:
        yield "quick: less work than it takes to trust a figure"


def _figures(part: Part) -> Iterator[str]:
    """Yield the median of every contender, and whether it keeps its limit."""
    limits = {limit.contender: limit for limit in part.limits}
    for name, median in part.medians.items():
        line = f"    {name:42} {median:12,.4g} {part.unit}"
        if name in limits:
            verdict = "MISSED" if part.exceeded(limits[name]) else "met"
            line += f"   at most {limits[name].at_most:g}: {verdict}"
        yield line


def _ratios(part: Part) -> Iterator[str]:
    """Yield the ratio of every pair, its spread, and whether it reaches its bar."""
    for ratio in part.ratios:
        yield f"    {f'{ratio.ours} : {ratio.theirs}':55} {_in_words(ratio)}"


def _in_words(ratio: Ratio) -> str:
    """Return the median of a ratio, its spread and its bar."""
    least, greatest = ratio.spread
    rounds = f"{least:.3g} to {greatest:.3g} in {len(ratio.values)}"
    words = f"{ratio.median:6.3g} x  ({rounds})"
    verdict = {True: "met", False: "MISSED", None: ""}[ratio.met]
    return f"{words}   at least {ratio.bar:.3g}: {verdict}" if ratio.bar is not None else words
