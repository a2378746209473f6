"""The command line that every benchmark has."""

import argparse
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from .machine import describe, versions
from .part import Part
from .peers import missing
from .report import Group, Report, text

Parts = Mapping[str, Callable[[], Iterable[Part]]]
"""What a script can measure: a function for each name."""
MakeParts = Callable[[argparse.Namespace], Parts]


def main(
    name: str,
    about: str,
    parts: MakeParts,
    *,
    rounds: int = 5,
    options: Callable[[argparse.ArgumentParser], None] = lambda _: None,
) -> None:
    """Read the command line, run the parts, print the report, and write it if that is wanted.

    Args:
        name: Of the script.
        about: Its docstring.
        parts: From the options, what to run.
        rounds: How many rounds unless told otherwise.
        options: Adds options of the script's own.
    """
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--rounds", "--turns", "--repeats", type=int, help=f"usually {rounds}")
    parser.add_argument("--quick", action="store_true", help="less work: a look, no figures")
    parser.add_argument("--only", nargs="*", metavar="part", help="parts to run")
    parser.add_argument("--json", type=Path, help="where to write all figures")
    options(parser)
    chosen = parser.parse_args()
    chosen.rounds = chosen.rounds or (1 if chosen.quick else rounds)
    report = run(name, about.splitlines()[0], parts(chosen), chosen.only, quick=chosen.quick)
    print(text(report))
    if chosen.json:
        report.save(chosen.json)


def run(
    name: str, about: str, parts: Parts, only: list[str] | None = None, *, quick: bool = False
) -> Report:
    """Run some parts of a script, or all."""
    unknown = set(only or ()) - parts.keys()
    if unknown:
        raise SystemExit(f"{name} has no part {sorted(unknown)}: write some of {list(parts)}")
    machine, start = describe(), time.perf_counter()
    measured = [part for key in only or parts for part in parts[key]()]
    group = Group(name, about, measured, time.perf_counter() - start)
    ran = {contender for part in measured for contender in part.figures}
    return Report([group], machine, versions(ran), missing(), quick)
