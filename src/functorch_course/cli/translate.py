"""``functorch-course translate``: what a line or a script of PyTorch becomes here."""

import argparse
import json
import sys
from pathlib import Path

import functorch_course as fc

HELP = "tell what to write here for a line or a script of PyTorch; nothing of it is run"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options: a line, or a file."""
    add = parser.add_argument
    add("line", nargs="?", help='PyTorch, such as "x.view(-1, 1)"')
    add("--file", type=Path, help="a script to go through line by line, instead of a line")
    add("--write", type=Path, help="with --file: where to write the translated program")
    add("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> None:
    """Print the translation, and exit with 1 if it met a name that the dictionary lacks."""
    if (options.line is None) == (options.file is None):
        raise fc.errors.InvalidValueError(
            "one line or one --file is needed: write `functorch-course translate "
            '"x.view(-1, 1)"` or `functorch-course translate --file train.py`'
        )
    _check_target(options)
    found = _line(options) if options.file is None else _script(options)
    if found:
        sys.exit(1)


def _check_target(options: argparse.Namespace) -> None:
    """Refuse to write where something is, or where nothing will be written."""
    if options.write is not None and options.file is None:
        raise fc.errors.InvalidValueError("--write needs a script: write --file train.py, too")
    if options.write is not None and options.write.exists():
        raise fc.errors.InvalidValueError(f"{options.write} exists already: write another --write")


def _line(options: argparse.Namespace) -> bool:
    """Print one translation; return whether a name is unknown."""
    found = fc.translate.translate_line(options.line)
    print(json.dumps(found.as_json(), indent=1) if options.json else fc.translate.as_text(found))
    return found.verdict == "unknown"


def _script(options: argparse.Namespace) -> bool:
    """Print an annotated script; return whether a name is unknown."""
    source = fc.translate.read_source(options.file)
    found = fc.translate.translate_script(source, str(options.file))
    print(json.dumps(found.as_json(), indent=1) if options.json else fc.translate.as_text(found))
    if options.write is not None:
        options.write.write_text(fc.translate.as_program(found), encoding="utf-8")
    return found.counts()["unknown"] > 0
