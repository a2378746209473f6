"""``functorch-course lesson``: list the lessons, run one in the terminal, take one home."""

import argparse
import json
import os
import shlex
import subprocess
from pathlib import Path

import functorch_course as fc

from . import options as kinds

HELP = "the lessons of the course: list them, run one here, or open one as a file of your own"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("what", choices=["list", "run", "open"], help="what to do")
    add("number", nargs="?", type=kinds.count, help="which lesson to run or open")
    add("--pause", action="store_true", help="run: wait for Enter after each cell of code")
    add("--notebook", action="store_true", help="open: write a notebook, not a script")
    add("--force", action="store_true", help="open: replace a file of the same name")
    add("--edit", action="store_true", help="open: start $VISUAL or $EDITOR on the file")


def run(options: argparse.Namespace) -> None:
    """List, run or open."""
    if options.what == "list":
        _print_contents()
        return
    if options.number is None:
        raise fc.errors.InvalidValueError(
            f"which lesson? write `lesson {options.what} 1`, or `lesson list` to see them all"
        )
    lesson = fc.lessons.find(options.number)
    if options.what == "run":
        _run(lesson, options.pause)
    else:
        _open(lesson, options)


def _print_contents() -> None:
    """Print one lesson a line."""
    for lesson in fc.lessons.contents():
        print(f"{lesson.number}  {lesson.title}")
    print("\nRead and run one here: functorch-course lesson run 1")
    print("Take one as a file:    functorch-course lesson open 1 --notebook")


def _run(lesson: fc.lessons.Lesson, pause: bool) -> None:
    """Show each cell, and what it gave, as soon as it has run."""
    for cell, output in fc.lessons.run(lesson):
        if output is None:
            fc.report.show_prose(cell.source)
            continue
        fc.report.show_code(cell.source, output.printed, output.value)
        if pause:
            _wait()


def _wait() -> None:
    """Wait for Enter."""
    try:
        input("Enter goes on ")
    except EOFError as error:
        raise fc.errors.InvalidValueError(
            "--pause waits for a keyboard, and there is none: leave it away"
        ) from error


def _open(lesson: fc.lessons.Lesson, options: argparse.Namespace) -> None:
    """Write a copy into the current folder, and start an editor where that is asked for."""
    editor = _editor() if options.edit else None
    path = Path(lesson.path.name)
    text = lesson.path.read_text(encoding="utf-8")
    if options.notebook:
        path = path.with_suffix(".ipynb")
        text = json.dumps(fc.lessons.notebook(lesson), ensure_ascii=False, indent=1) + "\n"
    _write(path, text, options.force)
    print(f"written: {path}, lesson {lesson.number}, {lesson.title}")
    if editor:
        _edit(editor, path)


def _write(path: Path, text: str, force: bool) -> None:
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise fc.errors.InvalidValueError(
            f"{path} exists and stays as it is: --force replaces it, or go to another folder"
        ) from error


def _editor() -> list[str]:
    """Return the command of the user's editor."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise fc.errors.InvalidValueError(
            "--edit needs an editor: set $VISUAL or $EDITOR, such as EDITOR=nano"
        )
    return shlex.split(command)


def _edit(editor: list[str], path: Path) -> None:
    """Start the editor, and wait for it."""
    try:
        code = subprocess.run([*editor, path], check=False).returncode
    except OSError as error:
        raise fc.errors.InvalidValueError(
            f"the editor {editor[0]!r} does not start: {error}"
        ) from error
    if code:
        raise fc.errors.InvalidValueError(f"the editor {editor[0]!r} ended with code {code}")
