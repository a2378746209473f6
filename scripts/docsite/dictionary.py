"""The dictionary as a page: the tables of ``translate``, with a box to filter them."""

import html
import re

from functorch_course.translate import Entry, dictionary, lesson_of

INTRODUCTION = """---
hide: [navigation]
---

# PyTorch → here

{rows} rows, {names} names of PyTorch. What you write in PyTorch stands on the left, with names for
its arguments; what to write here beside it. An argument that is given a value may be left out; the
value is a placeholder, not PyTorch's default. The same dictionary answers in a terminal, and goes
through whole scripts without running them:

~~~~bash
functorch-course translate "x.view(-1, 1)"
functorch-course translate --file train.py --write ours.py
~~~~

<label class="filter">Show the rows with <input type="search" data-filter
placeholder="view, SGD, backward, …" autocomplete="off"></label>
<p class="filter-count" role="status"></p>
"""
HEADER = "<tr><th>PyTorch</th><th>here</th><th>what differs</th><th>lesson</th></tr>"


def page(lessons: set[str]) -> str:
    """Return the page in Markdown and HTML; rows link to the lessons that there are."""
    topics: dict[str, list[Entry]] = {}
    for entry in dictionary():
        topics.setdefault(entry.topic, []).append(entry)
    names = sum(len(entry.torch) for entry in dictionary())
    introduction = INTRODUCTION.format(rows=len(dictionary()), names=names)
    return "\n".join(
        [introduction, *(_topic(name, rows, lessons) for name, rows in topics.items())]
    )


def _topic(title: str, entries: list[Entry], lessons: set[str]) -> str:
    """Return one table."""
    rows = "\n".join(_row(entry, lessons) for entry in entries)
    table = f'<table class="rows">\n<thead>{HEADER}</thead>\n<tbody>\n{rows}\n</tbody>\n</table>'
    return f'\n## {title}\n\n<div class="dictionary">\n{table}\n</div>\n'


def _row(entry: Entry, lessons: set[str]) -> str:
    """Return one row; each cell says what it is, for narrow screens."""
    torch = "<br>".join(f"<code>{html.escape(text)}</code>" for text in entry.torch)
    small = [_small("left out", entry.left_out), _small("not known here", entry.refused)]
    differs = "<br>".join(filter(None, [in_html(entry.differs), *small]))
    cells = {
        "PyTorch": torch,
        "here": in_html(entry.here),
        "what differs": differs,
        "lesson": _link(entry.row, lessons),
    }
    columns = "".join(f'<td data-label="{name}">{cell}</td>' for name, cell in cells.items())
    return f"<tr>{columns}</tr>"


def in_html(text: str) -> str:
    """Return plain text with code between backticks as HTML."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


def _small(title: str, names: tuple[str, ...]) -> str:
    """Return arguments in small print."""
    listed = ", ".join(f"`{name}`" for name in names)
    return f"<small>{title}: {in_html(listed)}</small>" if names else ""


def _link(row: str, lessons: set[str]) -> str:
    """Return the course row, with a link to its lesson if there is one."""
    stem = lesson_of(row).removesuffix(".py") if row else ""
    return f'<a href="../lessons/{stem}/">{row}</a>' if stem in lessons else row
