"""Read the command line, run the command, and turn errors into one line and an exit code."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import functorch_course as fc

from . import compare, data, devices, exercise, lesson, train, translate

COMMANDS = {
    "train": train,
    "compare": compare,
    "lesson": lesson,
    "exercise": exercise,
    "translate": translate,
    "data": data,
    "devices": devices,
}
FAILED, MISUSED, INTERRUPTED, UNREAD = 1, 2, 130, 141


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(MISUSED, f"{self.prog}: {message}\n")


class _Help(argparse.ArgumentDefaultsHelpFormatter):
    """Help that shows defaults, but not that an option is off."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        off = action.default is None or action.default is False
        return action.help if off else super()._get_help_string(action)


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; nothing heavy is imported for it."""
    top = _Parser(prog="functorch-course", description=fc.__doc__.splitlines()[0])
    top.add_argument("--version", action="version", version=fc.__version__)
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    for name, module in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=module.HELP,
            description=module.HELP,
            formatter_class=_Help,
        )
        command.add_argument("--debug", action="store_true", help="show tracebacks")
        module.add_arguments(command)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The words after the program's name; without them, those it was called with.

    Returns:
        The exit code: 0 done, 1 the work failed (the loss became NaN), 2 misuse (an unknown
        dataset, a damaged file), 130 interrupted, 141 nobody reads the output any more, as after
        ``| head``.

    PyTorch: has no counterpart.
    """
    options = parser().parse_args(arguments)
    try:
        COMMANDS[options.command].run(options)
        sys.stdout.flush()
    except fc.errors.CourseError as error:
        if options.debug:
            raise
        print(f"functorch-course {options.command}: {error}", file=sys.stderr)
        return FAILED if isinstance(error, fc.errors.NonFiniteLossError) else MISUSED
    except KeyboardInterrupt:
        print("functorch-course: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush at exit
        return UNREAD
    return 0
