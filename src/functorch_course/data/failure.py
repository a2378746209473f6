"""Errors on their way from a worker to the loop that waits for its batch."""

import pickle
import traceback
from typing import NamedTuple, NoReturn

from .errors import WorkerError


class WorkerTraceback(Exception):  # noqa: N818 - it is no error itself, but the cause shown of one
    """Where in a worker an error was raised, as text."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


class Failure(NamedTuple):
    """An error of a worker that can travel.

    Args:
        where: Which worker.
        text: The traceback there.
        summary: The error's class and message.
        error: The error itself; None if it cannot be pickled.
    """

    where: str
    text: str
    summary: str
    error: bytes | None


def pack(error: BaseException, where: str) -> Failure:
    """Make an error ready to travel."""
    text = "".join(traceback.format_exception(error))
    summary = "; ".join([_describe(error), *getattr(error, "__notes__", [])])
    return Failure(where, text, summary, _pickled(error))


def _describe(error: BaseException) -> str:
    """Its class and message, even if the message cannot be made."""
    try:
        return f"{type(error).__qualname__}: {error}"
    except Exception:  # noqa: BLE001 - a broken __str__ of a user's class
        return type(error).__qualname__


def _pickled(error: BaseException) -> bytes | None:
    """The error as bytes, if it comes out of them again; a bare ``SystemExit`` ends no loop."""
    if not isinstance(error, Exception):
        return None
    try:
        data = pickle.dumps(error)
        pickle.loads(data)  # noqa: S301 - our own bytes: does the class take its own arguments?
    except Exception:  # noqa: BLE001 - a user's class may fail in any way
        return None
    return data


def reraise(failure: Failure) -> NoReturn:
    """Raise the error here: of its own class if possible, with the traceback there as its cause.

    Raises:
        WorkerError: If the error cannot be rebuilt.
    """
    cause = WorkerTraceback(failure.text)
    error = _rebuilt(failure)
    if error is None:
        raise WorkerError(
            f"{failure.where} failed with an error that cannot be pickled: {failure.summary}"
        ) from cause
    error.add_note(f"DataLoader: in {failure.where}")
    try:
        raise error from cause
    finally:
        del error  # else it would hold its own frames, and they the workers, until a collection


def _rebuilt(failure: Failure) -> Exception | None:
    """The error, if its class can be had here."""
    if failure.error is None:
        return None
    try:
        error: Exception = pickle.loads(failure.error)  # noqa: S301 - from our own worker
    except Exception:  # noqa: BLE001 - a user's class may fail in any way
        return None
    return error
