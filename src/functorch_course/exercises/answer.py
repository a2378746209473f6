"""A learner's file that has been run, and calls into it that find out what is wrong."""

import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from .chance import shared_random_state
from .difference import Tolerance, difference
from .finding import Finding, MistakeError
from .shown import shown

ResultT = TypeVar("ResultT")
MESSAGE_LINES = 6


class Answer:
    """What a learner's file defines.

    Everything that the learner wrote runs through :meth:`run`, which turns what can go wrong there
    into a :class:`MistakeError` with the learner's own lines.

    Args:
        path: The file.

    Raises:
        MistakeError: If it cannot be run.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.module = ModuleType(f"answer_{path.stem}")
        self.module.__file__ = str(path)
        sys.modules[self.module.__name__] = self.module  # where dataclasses look for it
        self._caught((f"running {path.name}",), self._execute, "a file that runs")

    def _execute(self) -> None:
        """Run the file, without leaving compiled code beside it."""
        code = compile(self.path.read_bytes(), str(self.path), "exec")
        exec(code, self.module.__dict__)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401
        """Return what the file calls ``name``."""
        if callable(vars(self.module).get(name)):
            return vars(self.module)[name]
        own = [
            key
            for key, value in vars(self.module).items()
            if getattr(value, "__module__", None) == self.module.__name__
        ]
        came = f"a file that defines {', '.join(own) or 'nothing'}"
        raise MistakeError(Finding((f"looking for {name}",), f"a definition of {name}", came))

    def run(
        self, called: tuple[str, ...], call: Callable[[], ResultT], expected: str = "an answer"
    ) -> ResultT:
        """Return what a call gives.

        Args:
            called: The call, in words.
            call: It.
            expected: What should come, in words, if something else does.

        Raises:
            MistakeError: If it raises, exits, or changes the shared random state.
        """
        before = shared_random_state()
        result = self._caught(called, call, expected)
        after = shared_random_state()
        changed = [name for name in before if before[name] != after[name]]
        if changed:
            came = f"a call that draws from, or seeds, the generator of {changed[0]}"
            meaning = "others share it, and now get other numbers: make a generator of your own"
            raise MistakeError(Finding(called, "the shared random state as it was", came, meaning))
        return result

    def _caught(
        self, called: tuple[str, ...], call: Callable[[], ResultT], expected: str
    ) -> ResultT:
        """Return what a call gives, or raise what it raises as a mistake."""
        try:
            return call()
        except SystemExit as error:
            code = "" if error.code is None else self.shown(called, error.code, expected)
            came = f"sys.exit({code})"
            meaning = "return the answer: the program goes on after it"
            finding = Finding(called, expected, came, meaning, self.own_lines(error))
            raise MistakeError(finding) from error
        except BaseException as error:  # whatever it is, it is the learner's
            if self._is_stub(error):
                raise MistakeError(Finding(called, expected, UNWRITTEN)) from error
            finding = Finding(called, expected, in_words(error), lines=self.own_lines(error))
            raise MistakeError(finding) from error

    def _is_stub(self, error: BaseException) -> bool:
        """Whether the learner's own line says that it is still to be written."""
        where = traceback.extract_tb(error.__traceback__)[-1].filename
        return isinstance(error, NotImplementedError) and where == str(self.path)

    def expect(
        self,
        called: tuple[str, ...],
        call: Callable[[], object],
        expected: object,
        library: str = "JAX",
        tolerance: Tolerance | None = None,
    ) -> Any:  # noqa: ANN401
        """Return what a call gives, after comparing it with what was expected.

        Args:
            called: The call, in words.
            call: It.
            expected: The right value.
            library: Whose arrays are wanted.
            tolerance: Relative and absolute; without it, by dtype.

        Raises:
            MistakeError: If it gives something else.
        """
        came = self.run(called, call, shown(expected))
        compare = partial(difference, expected, came, library, tolerance)
        meaning = self._caught(called, compare, shown(expected))
        if meaning:
            text = self.shown(called, came, shown(expected))
            raise MistakeError(Finding(called, shown(expected), text, meaning))
        return came

    def expect_error(
        self, called: tuple[str, ...], call: Callable[[], object], kind: type[Exception], why: str
    ) -> None:
        """Check that a call raises.

        Args:
            called: The call, in words.
            call: It.
            kind: The error that should come.
            why: Why it should.

        Raises:
            MistakeError: If another error comes, or none.
        """
        expected = f"{kind.__name__}: {why}"
        try:
            came = self.run(called, call, expected)
        except MistakeError as mistake:
            if isinstance(mistake.__cause__, kind) and mistake.finding.came != UNWRITTEN:
                return
            raise
        text = self.shown(called, came, expected)
        raise MistakeError(Finding(called, expected, text, "nothing was raised"))

    def shown(self, called: tuple[str, ...], value: object, expected: str) -> str:
        """Return a value as text; its class may be the learner's, and fail at it.

        Args:
            called: The call that it comes from, in words.
            value: It.
            expected: What should have come, in words.

        Raises:
            MistakeError: If it cannot be shown.
        """
        return self._caught(called, partial(shown, value), expected)

    def own_lines(self, error: BaseException) -> tuple[str, ...]:
        """Return the learner's own lines on the way to an error."""
        if isinstance(error, SyntaxError) and error.filename == str(self.path):
            return (f"line {error.lineno}: {(error.text or '').strip()}",)
        frames = traceback.extract_tb(error.__traceback__)
        lines = [
            f"line {frame.lineno}, in {frame.name}: {frame.line}"
            for frame in frames
            if frame.filename == str(self.path)
        ]
        if len(lines) > MESSAGE_LINES:
            lines[2:-2] = [f"… {len(lines) - 4} lines more"]
        return tuple(lines)


UNWRITTEN = "NotImplementedError: it is still to be written"


def in_words(error: BaseException) -> str:
    """Return an error as Python names it, shortened where its message is long."""
    lines = "".join(traceback.format_exception_only(error)).splitlines()
    if isinstance(error, SyntaxError):
        return lines[-1]
    return "\n".join([*lines[:MESSAGE_LINES], *(["…"] if len(lines) > MESSAGE_LINES else [])])
