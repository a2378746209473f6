"""Pages that are files of the repository: the home page is the README itself."""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
FIGURES, PICTURE = ROOT / "docs" / "benchmarks.json", "images/benchmarks.png"


def page(name: str) -> str:
    """Return a file of the repository with its links as they are on the site."""
    text = (ROOT / name).read_text(encoding="utf-8")
    text = text.replace("](docs/", "](").replace('src="docs/', 'src="')
    for file, target in PAGES.items():
        text = text.replace(f"]({file})", f"]({target})")
    return text


def benchmarks() -> str:
    """Return the page of the benchmarks: of the committed figures, or the README's table."""
    head = "# Benchmarks\n\n"
    if FIGURES.exists():
        return head + "\n".join(_figures(json.loads(FIGURES.read_text(encoding="utf-8"))))
    speed = re.search(r"### Speed\n\n(.*?)\n## ", page("README.md"), re.DOTALL)
    if speed is None:
        raise ValueError("README.md has no section `### Speed`: write one, or docs/benchmarks.json")
    return head + speed[1]


def _figures(report: dict[str, Any]) -> list[str]:
    """Return the report that `scripts/benchmarks/run.py` wrote, as Markdown."""
    machine = report["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    lines = [f"On {machine['processor']}, {machine['cores']} cores, Python {machine['python']}."]
    lines += [f"With {versions}.", "", f"![All ratios with their spread]({PICTURE})", ""]
    for group in report["groups"]:
        lines += [f"## {group['name']}", "", group["about"], ""]
        for part in group["parts"]:
            lines += [f"### {part['name']}", "", part["about"], "", *_table(part), ""]
    return lines


def _table(part: dict[str, Any]) -> list[str]:
    """Return the medians of one part as a table, and the ratios of its rounds as another."""
    rows = [f"| {name} | {_number(value)} |" for name, value in part["medians"].items()]
    lines = [f"| what | {part['unit']} |", "|---|---:|", *rows]
    ratios = [_ratio(ratio) for ratio in part["ratios"]]
    if ratios:
        lines += ["", "| times as good | median | least to greatest | at least |"]
        lines += ["|---|---:|---:|---:|", *ratios]
    return lines


def _ratio(ratio: dict[str, Any]) -> str:
    """Return one ratio as the row of a table."""
    spread = f"{ratio['least']:.3g} to {ratio['greatest']:.3g}"
    promised = "" if ratio["bar"] is None else f"{ratio['bar']:g}"
    pair = f"{ratio['ours']} : {ratio['theirs']}"
    return f"| {pair} | {ratio['median']:.3g} | {spread} | {promised} |"


def _number(value: float) -> str:
    """Return a number without an exponent."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
