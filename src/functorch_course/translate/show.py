"""Translations as text for a terminal."""

from collections import defaultdict
from collections.abc import Iterator

from .lessons import lesson_of
from .line import Translation
from .rewrite import Note
from .script import Script
from .walk import Line, source_lines

WORDS = {
    "same": "the same line",
    "nothing": "nothing: no line is needed",
    "explain": "no line of its own",
    "unknown": "unknown",
}


def as_text(found: Translation | Script) -> str:
    """Write a translation for a terminal.

    Args:
        found: What :func:`translate_line` or :func:`translate_script` returned.

    Returns:
        A line with its difference and its lesson; or a script, with what to write below each line
        that changes (``>``), what to add (``+``), what is not needed (``-``), what there is no
        line for (``!``), and what is unknown (``?``).

    Example:
        >>> from functorch_course.translate import translate_line
        >>> print(as_text(translate_line("x.numel()")))
        PyTorch  x.numel()
        here     fc.tensor.numel(x)
        lesson   02_vectors.py, row T039

    PyTorch: has no counterpart.
    """
    return _script_as_text(found) if isinstance(found, Script) else _line_as_text(found)


def _line_as_text(found: Translation) -> str:
    """Write one translation: the line, what to write here, the differences, the lessons."""
    here = found.here.splitlines() if found.verdict == "write" else [WORDS[found.verdict]]
    rows = [("PyTorch", found.source.splitlines()), ("here", here)]
    texts = list(dict.fromkeys(note.text for note in found.notes if note.text))
    rows += [("differs" if number == 0 else "", [text]) for number, text in enumerate(texts)]
    lessons = list(dict.fromkeys(map(_lesson, filter(_has_row, found.notes))))
    rows += [("lesson" if number == 0 else "", [text]) for number, text in enumerate(lessons)]
    return "\n".join(
        f"{title if number == 0 else '':<9}{part}"
        for title, parts in rows
        for number, part in enumerate(parts)
    )


def _has_row(note: Note) -> bool:
    return bool(note.row)


def _lesson(note: Note) -> str:
    return f"{lesson_of(note.row)}, row {note.row}"


def _script_as_text(script: Script) -> str:
    """Write the script with what to write below each line that changes, and the summary."""
    return "\n".join([*_annotated(script), "", *_summary(script)])


def _annotated(script: Script) -> Iterator[str]:
    """Yield the source, and below each statement what becomes of it."""
    source = source_lines(script.source.removesuffix("\n"))
    width = len(str(len(source)))
    below = _places(script, source)
    for number in range(len(source) + 1):
        if number:
            yield f"{number:>{width}} | {source[number - 1]}".rstrip()
        yield from (f"{' ' * width} {text}".rstrip() for text in below.get(number, []))


def _places(script: Script, source: list[str]) -> dict[int, list[str]]:
    """Return what to print below each line of the source."""
    found: dict[int, list[str]] = defaultdict(list)
    said: set[str] = set()
    for line in script.lines:
        indent = _indent(source[line.number - 1])
        found[line.number - 1] += [f"+ {indent}{text}" for text in line.before]
        found[line.end] += _below(line, indent, said)
    for line in reversed(script.lines):  # inner loops end first
        indent = _indent(source[line.number - 1])
        found[line.last] += [f"+ {indent}{text}" for text in line.after]
    return found


def _below(line: Line, indent: str, said: set[str]) -> Iterator[str]:
    """Yield what to write, and why; each reason once in a script."""
    if line.verdict == "write":
        yield from (f"> {indent}{text}" for text in line.here.splitlines())
    if line.verdict == "nothing":
        yield f"- {indent}nothing is needed"
    mark = {"explain": "!", "unknown": "?"}.get(line.verdict, "#")
    for note in line.notes:
        if note.text and note.text not in said:
            said.add(note.text)
            yield f"{mark} {indent}{note.text}{f' [{note.row}]' if note.row else ''}"


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _summary(script: Script) -> Iterator[str]:
    """Yield how many statements there are of each kind, and the imports."""
    counts = script.counts()
    yield (
        f"{script.name}: {sum(counts.values())} statements: {counts['same']} stay, "
        f"{counts['write']} to write anew, {counts['nothing']} not needed, "
        f"{counts['explain']} explained, {counts['unknown']} unknown"
    )
    yield "imports to write:" if script.imports else "no imports to write"
    yield from (f"  {text}" for text in script.imports)
