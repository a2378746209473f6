"""Put the lines of a script together again, as a program for this library."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .walk import Line, source_lines

if TYPE_CHECKING:
    from .script import Script


def as_program(script: "Script") -> str:
    r"""Return the script with each line replaced by what to write here.

    What has no line of its own stays as it is, below a comment that says what to write by hand.

    Args:
        script: What :func:`translate_script` returned.

    Returns:
        Python; it runs where no line is explained or unknown.

    Example:
        >>> from functorch_course.translate import translate_script
        >>> print(as_program(translate_script("import torch\nx = torch.ones(2)\n")), end="")
        import functorch_course as fc
        x = fc.tensor.ones(2)

    PyTorch: has no counterpart.
    """
    return "\n".join(_Writer(script).written())


class _Writer:
    """Goes through the lines of the source once."""

    def __init__(self, script: "Script") -> None:
        self.source = source_lines(script.source)
        self.starts: dict[int, list[Line]] = defaultdict(list)
        self.after: dict[int, list[Line]] = defaultdict(list)
        for line in script.lines:
            self.starts[line.number].append(line)
        for line in reversed(script.lines):  # inner loops end first
            self.after[line.last].append(line)
        self.dedented = [line for line in script.lines if line.dedent]
        self.imports = list(script.imports)
        self.place = _place_of_imports(script)

    def written(self) -> Iterator[str]:
        """Yield the program."""
        number = 1
        while number <= len(self.source):
            if number == self.place:
                yield from self.imports
            here = self.starts.get(number, [])
            end = max([number, *(line.end for line in here)])
            texts = self._texts(here) if here else [self.source[number - 1]]
            done = [line for place in range(number, end + 1) for line in self.after[place]]
            texts += [self._indent(line) + text for line in done for text in line.after]
            yield from (self._moved(text, number) for text in texts)
            number = end + 1

    def _texts(self, lines: list[Line]) -> list[str]:
        """Return what replaces the statements that begin on one line of the source."""
        texts: list[str] = []
        for line in lines:
            indent = self._indent(line)
            texts += [indent + text for text in (*line.before, *_by_hand(line))]
            if line.here == line.source or line.verdict in {"explain", "unknown"}:
                texts += line.source.split("\n")
            elif line.here:
                texts += [indent + text for text in line.here.split("\n")]
        return texts

    def _moved(self, text: str, number: int) -> str:
        """Move a line to the left if the head above its body is gone."""
        heads = [line for line in self.dedented if line.end < number <= line.last]
        for line in heads:
            text = text[line.dedent :] if text[: line.dedent].isspace() else text
        return text

    def _indent(self, line: Line) -> str:
        first = self.source[line.number - 1]
        return first[: len(first) - len(first.lstrip())]


def _by_hand(line: Line) -> Iterator[str]:
    """Yield a comment for what has no line of its own, or is unknown."""
    for note in line.notes:
        if note.verdict in {"explain", "unknown"}:
            yield f"# by hand: {note.text}"


def _place_of_imports(script: "Script") -> int:
    """Return the line of PyTorch's first import, or of the first statement that may follow one."""
    outer = [line for line in script.lines if not line.source[:1].isspace()]
    torch = [line for line in outer if not line.here and _is_import(line)]
    first = (line for line in outer if not _must_stay_first(line))
    return next((line.number for line in (*torch, *first)), 1)


def _is_import(line: Line) -> bool:
    return line.source.startswith(("import ", "from "))


def _must_stay_first(line: Line) -> bool:
    """Tell whether a statement is the script's documentation, or an import from the future."""
    return line.source.lstrip("rRbBuU").startswith(("'", '"', "from __future__"))
