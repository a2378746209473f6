"""The lessons as pages: run cell by cell, with what they print and draw."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import functorch_course as fc


class Page(NamedTuple):
    """A page, and the pictures that lie beside it.

    Args:
        text: Markdown.
        pictures: PNG files by name.
    """

    text: str
    pictures: dict[str, bytes]


def render(lesson: fc.lessons.Lesson) -> Page:
    """Run a lesson and write down its prose, code, output and pictures.

    Raises:
        Exception: Whatever the lesson raises; then there is no page.
    """
    parts: list[str] = []
    pictures: dict[str, bytes] = {}
    for cell, output in fc.lessons.run(lesson):
        if output is None:
            parts.append(prose(cell.source))
            continue
        parts.append(_fence("python", cell.source))
        if output.printed:
            parts.append(_fence("text", output.printed.rstrip()))
        name = f"{lesson.path.stem}-{len(pictures) + 1}.png"
        parts += _shown(output.value, name, pictures)
    parts.append(_source(lesson))
    return Page("\n\n".join(parts) + "\n", pictures)


def prose(text: str) -> str:
    """Return a cell of Markdown; a bar in a table's code needs no backslash here."""
    lines = text.splitlines()
    return "\n".join(_bars(line) if line.startswith("|") else line for line in lines)


def _bars(row: str) -> str:
    """Unescape the bars inside the code of a row."""
    return re.sub(r"`[^`]+`", lambda code: code[0].replace(r"\|", "|"), row)


def _shown(value: object, name: str, pictures: dict[str, bytes]) -> Iterator[str]:
    """Yield what a notebook shows of a cell's last expression."""
    if hasattr(value, "_repr_png_"):
        pictures[name] = value._repr_png_()
        yield f"![What this cell draws]({name})"
    elif value is not None:
        yield _fence("text", repr(value))


def _fence(language: str, text: str) -> str:
    return f"~~~~{language}\n{text}\n~~~~"


def _source(lesson: fc.lessons.Lesson) -> str:
    number = lesson.number
    return (
        f"---\n\nThis page is `scripts/lessons/{lesson.path.name}`, run when the site was built; "
        f"every number was checked. `functorch-course lesson run {number}` runs it in a terminal, "
        f"`functorch-course lesson open {number}` takes it home as a notebook."
    )
