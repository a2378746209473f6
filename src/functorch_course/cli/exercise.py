"""``functorch-course exercise``: exercises to solve, hints, and a grader that explains."""

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import functorch_course as fc

from . import options as kinds

if TYPE_CHECKING:
    from functorch_course.exercises import Exercise, Verdict

MOST_AT_ONCE = 4  # processes, each with its own JAX
HELP = "solve exercises: list them, start one, check what you wrote, get a hint"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the commands below this one, with their options."""
    commands = parser.add_subparsers(dest="what", required=True, metavar="command")
    listing = commands.add_parser("list", help="print all exercises, and how far you are")
    start = commands.add_parser("start", help="write files to complete, such as T02.py")
    start.add_argument("ids", nargs="+", metavar="ID", help="which exercises")
    start.add_argument("--force", action="store_true", help="write over what is there")
    check = commands.add_parser("check", help="grade what you wrote; exit code 1 if not right")
    check.add_argument("answers", nargs="*", metavar="FILE or ID", help="all of the folder if none")
    add = check.add_argument
    add("--limit", type=kinds.positive, default=10.0, metavar="S", help="seconds for each (10)")
    add("--seed", type=kinds.natural, default=0, metavar="N", help="of the hidden inputs (0)")
    hint = commands.add_parser("hint", help="print a hint: the concept, the direction, the line")
    hint.add_argument("id", metavar="ID", help="to which exercise")
    hint.add_argument("--level", type=int, choices=(1, 2, 3), default=1, help="how much (1)")
    for command in (listing, start, check):
        command.add_argument(
            "--folder", type=Path, default=Path(), help="where the files are (this one)"
        )


def run(options: argparse.Namespace) -> None:
    """Do what was asked."""
    {"list": _list, "start": _start, "check": _check, "hint": _hint}[options.what](options)


def _list(options: argparse.Namespace) -> None:
    """Print the exercises."""
    fc.exercises.show(fc.exercises.list_table(fc.exercises.states(options.folder)))


def _start(options: argparse.Namespace) -> None:
    """Write the files."""
    for exercise in [fc.exercises.find(word) for word in options.ids]:
        path = fc.exercises.start(exercise, options.folder, force=options.force)
        print(f"{path} written: {exercise.title}")


def _check(options: argparse.Namespace) -> None:
    """Grade the files side by side, each in a process of its own, and tell in order."""
    answers = fc.exercises.answers(options.answers, options.folder)
    grade = partial(_graded, seed=options.seed, limit=options.limit)
    verdicts = []
    with ThreadPoolExecutor(min(MOST_AT_ONCE, os.cpu_count() or 1)) as pool:
        graded = zip(answers, pool.map(grade, answers), strict=True)
        for (exercise, path), (checked, verdict) in graded:
            fc.exercises.show(fc.exercises.verdict_page(exercise, path, verdict))
            fc.exercises.remember(path, verdict, checked)
            verdicts.append(verdict)
    print(fc.exercises.summary(verdicts))
    if not all(verdict.passed for verdict in verdicts):
        sys.exit(1)


def _graded(answer: "tuple[Exercise, Path]", seed: int, limit: float) -> tuple[str, "Verdict"]:
    """Grade one file; tell which text that was, for the learner may save another meanwhile."""
    exercise, path = answer
    checked = fc.exercises.digest(path)
    return checked, fc.exercises.check_file(exercise, path, seed=seed, limit=limit)


def _hint(options: argparse.Namespace) -> None:
    """Print a hint."""
    fc.exercises.show(fc.exercises.hint_text(fc.exercises.find(options.id), options.level))
