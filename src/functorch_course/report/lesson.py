"""The cells of a lesson in a terminal: prose, code, and what the code gave."""

import re
from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown, TableElement
from rich.padding import Padding
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from .formulas import readable

WIDEST = 100
"""Lines that are longer are hard to read."""
_THEME = Theme({"markdown.code": "cyan", "markdown.h2": "bold magenta"})


class _WholeTable(TableElement):
    """A table with room between its rows, whose cells are folded and never cut off."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for table in super().__rich_console__(console, options):
            if isinstance(table, Table):
                table.show_lines = True
                for column in table.columns:
                    column.overflow = "fold"
            yield table


class _Prose(Markdown):
    """Markdown with such tables."""

    elements: ClassVar = {**Markdown.elements, "table_open": _WholeTable}


def show_prose(markdown: str, console: Console | None = None) -> None:
    """Write a cell of prose: headings, lists, tables, formulas.

    Args:
        markdown: The text, with formulas between dollars.
        console: Where to write; without one, standard output.

    Example:
        >>> show_prose("A weight $w_1$.", Console(width=40))
        A weight w₁.
        <BLANKLINE>

    PyTorch: has no counterpart.
    """
    text = re.sub(r"\$\$(.+?)\$\$", _displayed, markdown, flags=re.DOTALL)
    text = re.sub(r"\$([^$`]+?)\$", lambda found: f"`{readable(found[1])}`", text)
    _print(console, _Prose(text), "")


def show_code(
    source: str, printed: str = "", value: object = None, console: Console | None = None
) -> None:
    r"""Write a cell of code, and below it what it printed and the value of its last line.

    Args:
        source: The code.
        printed: What it wrote to standard output.
        value: The value of its last line; None is not shown.
        console: Where to write; without one, standard output.

    Example:
        >>> show_code("print(2)\n1 + 2", "2\n", 3, Console(width=40))
        ╭──────────────────────────────────────╮
        │ print(2)                             │
        │ 1 + 2                                │
        ╰──────────────────────────────────────╯
          2
          3
        <BLANKLINE>

    PyTorch: has no counterpart.
    """
    code = Syntax(source, "python", theme="ansi_dark", background_color="default", word_wrap=True)
    shown = printed + ("" if value is None else f"{value!r}\n")
    _print(console, Panel(code, border_style="dim"))
    _print(console, Padding(Text(shown, style="green"), (0, 2)))


def _displayed(found: re.Match[str]) -> str:
    """Put a formula of its own lines where Markdown leaves it alone."""
    lines = [line for line in found[1].splitlines() if line.strip()]
    return "\n".join(["", *(f"    {readable(line)}" for line in lines), ""])


def _print(console: Console | None, *things: object) -> None:
    out = console or Console()
    with out.use_theme(_THEME):
        out.print(*things, width=min(out.width, WIDEST))
