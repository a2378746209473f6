"""The reference: a page for each part of the library, with every public name."""

import importlib
from collections import defaultdict

from docsite.docstrings import in_markdown
from docsite.names import PACKAGE, definition, public_names

TOP = "top"


def pages() -> dict[str, str]:
    """Return the pages by the name of the part."""
    parts: dict[str, list[str]] = defaultdict(list)
    for name in public_names():
        owner = name.rpartition(".")[0].removeprefix(PACKAGE).removeprefix(".")
        parts[owner or TOP].append(name)
    return {part: _page(part, names) for part, names in sorted(parts.items(), key=_place)}


def _place(part: tuple[str, list[str]]) -> tuple[bool, str]:
    """Put what is on top first, then the parts by name."""
    return part[0] != TOP, part[0]


def _page(part: str, names: list[str]) -> str:
    """Return one page: what the part says of itself, and its names."""
    title = "fc" if part == TOP else f"fc.{part}"
    module = importlib.import_module(PACKAGE if part == TOP else f"{PACKAGE}.{part}")
    about = in_markdown((module.__doc__ or "").strip())
    listed = "\n\n".join(f"::: {definition(name)}" for name in names)
    return f"# {title}\n\n{about}\n\n{listed}\n"


def missing(anchors: set[str]) -> list[str]:
    """List the public names that the built reference lacks."""
    return sorted(name for name in public_names() if definition(name) not in anchors)
