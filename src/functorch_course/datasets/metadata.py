"""Tables of file names and labels: CSV with any delimiter, and JSON lines."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from functorch_course.errors import DamagedFileError, InvalidValueError

DELIMITERS = ",;\t|: "
FILENAMES = ("filename", "file_name", "file", "image", "image_path", "path", "name")
LABELS = ("label", "labels", "target", "class", "category")
INTEGER = re.compile(r"[+-]?[0-9]{1,18}")


class Row(NamedTuple):
    """One line of a table."""

    line: int
    name: str
    label: str


class Columns(NamedTuple):
    """What the two columns are called; ``None``: one of the usual names."""

    filename: str | None
    label: str | None

    def find(self, header: Sequence[str]) -> tuple[str, str] | None:
        """Return the two names as they stand in ``header``, or ``None`` if one is missing."""
        filename = self._first(header, self.filename, FILENAMES)
        label = self._first(header, self.label, LABELS)
        return None if filename is None or label is None else (filename, label)

    @staticmethod
    def _first(header: Sequence[str], asked: str | None, usual: Sequence[str]) -> str | None:
        """Return the first name of ``header`` that is wanted."""
        if asked is not None:
            return asked if asked in header else None
        return next((name for name in header if name.lower() in usual), None)

    def missing(self, path: Path, header: Sequence[str]) -> InvalidValueError:
        """Return the error for a table that has other columns."""
        asked = f"filename_column={self.filename!r} and label_column={self.label!r}"
        return InvalidValueError(
            f"{path} has the columns {', '.join(map(repr, header)) or 'none'}: {asked} are not "
            "both among them; write filename_column and label_column as they stand there"
        )


def read_rows(path: Path, columns: Columns) -> list[Row]:
    r"""Read file names and labels from a table.

    Args:
        path: A file in UTF-8: JSON lines if its name ends in .jsonl or .ndjson, otherwise CSV with
            a header, where spaces around the fields do not count.
        columns: What the two columns are called.

    Returns:
        The rows in the order of the file, with the number of their line.

    Raises:
        DamagedFileError: If the file is not such a table; the message names the line.
        InvalidValueError: If there are no such columns; the message lists those there are.
        FileNotFoundError: If there is no such file.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "labels.csv"
        >>> path.write_text("label , filename\n5     , img_0001.png\n")
        38
        >>> read_rows(path, Columns(None, None))
        [Row(line=2, name='img_0001.png', label='5')]

    PyTorch: has no counterpart.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DamagedFileError(
            f"{path} is not UTF-8: byte {error.start} is {error.object[error.start]:#x}"
        ) from error
    if path.suffix in (".jsonl", ".ndjson"):
        return list(_json_rows(path, text, columns))
    return list(_csv_rows(path, text, columns))


def _csv_rows(path: Path, text: str, columns: Columns) -> Iterator[Row]:
    """Yield the rows of a CSV file."""
    lines = _csv_fields(path, text, _delimiter(text, columns))
    _, header = next(lines, (1, []))
    if (found := columns.find(header)) is None:
        raise columns.missing(path, header)
    places = [header.index(name) for name in found]
    for line, fields in lines:
        if len(fields) != len(header):
            raise DamagedFileError(
                f"{path}, line {line}: {len(fields)} fields, but the header has {len(header)}"
            )
        yield _row(path, line, *(fields[place] for place in places))


def _csv_fields(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and fields of each line that is not empty."""
    lines = io.StringIO(text, newline=None)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        for fields in reader:
            stripped = [field.strip() for field in fields]
            if any(stripped):
                yield reader.line_num, stripped
    except csv.Error as error:
        raise DamagedFileError(f"{path}, line {reader.line_num}: {error}") from error


def _delimiter(text: str, columns: Columns) -> str:
    """Return the delimiter with which the first line has the two columns."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    for delimiter in DELIMITERS:
        names = [name.strip().strip('"').strip() for name in header.split(delimiter)]
        if columns.find(names) is not None:
            return delimiter
    return DELIMITERS[0]


def _json_rows(path: Path, text: str, columns: Columns) -> Iterator[Row]:
    """Yield the rows of a file of JSON lines."""
    found = None
    for line, content in enumerate(text.splitlines(), start=1):
        if not content.strip():
            continue
        try:
            record = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise DamagedFileError(f"{path}, line {line}: no JSON: {error}") from error
        if not isinstance(record, dict):
            raise DamagedFileError(f"{path}, line {line}: no JSON object: {content[:40]!r}")
        found = found or columns.find(list(record))
        if found is None:
            raise columns.missing(path, list(record))
        name, label = (record.get(column) for column in found)
        if not isinstance(name, str) or type(label) not in (str, int):
            raise DamagedFileError(
                f"{path}, line {line}: {found[0]}={name!r} and {found[1]}={label!r}: write a text, "
                "and a text or an integer"
            )
        yield _row(path, line, name, str(label))


def _row(path: Path, line: int, name: str, label: str) -> Row:
    """Return a row after checking that both fields are there."""
    if not name or not label:
        raise DamagedFileError(f"{path}, line {line}: the file name or the label is empty")
    return Row(line, name, label)


def number_labels(labels: Sequence[str]) -> tuple[list[int], list[str]]:
    """Return targets and class names: integers count as they are, names in alphabetical order.

    Example:
        >>> number_labels(["5", "2", "05"])
        ([5, 2, 5], ['0', '1', '2', '3', '4', '5'])
        >>> number_labels(["dog", "cat", "dog"])
        ([1, 0, 1], ['cat', 'dog'])
    """
    if all(INTEGER.fullmatch(label) for label in labels):
        targets = [int(label) for label in labels]
        few = targets and min(targets) >= 0 and max(targets) < 10_000
        return targets, [str(number) for number in range(max(targets) + 1)] if few else []
    classes = sorted(set(labels))
    numbers = {name: number for number, name in enumerate(classes)}
    return [numbers[label] for label in labels], classes
