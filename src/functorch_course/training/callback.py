"""What ``fit`` tells while it works, and the callback that keeps the history on disk."""

from pathlib import Path
from typing import Protocol

from .history import History
from .program import Model


class Callback(Protocol):
    """Told of the course of a training run; each method does nothing unless it is overridden.

    Derive from it, or write a class with all four methods.

    Example:
        >>> class Printer(Callback):
        ...     def on_epoch_end(self, history, model):
        ...         print(history.epochs[-1].epoch)
        ...         return False

    PyTorch: has no counterpart; PyTorch Lightning's ``Callback`` is alike.
    """

    def on_epoch_start(self, epoch: int, steps: int | None) -> None:
        """Before the first batch of an epoch; ``steps`` is None for a loader without a length."""
        del epoch, steps  # an empty body would make the method of a protocol abstract

    def on_progress(self, batches: list[int], history: History) -> None:
        """After updates were handed to the device: the number of samples in each of their batches.

        One update at a time, or all of an epoch. The newest losses may still be on their way into
        ``history.step_losses``.
        """
        del batches, history

    def on_epoch_end(self, history: History, model: Model) -> bool:
        """After ``history.epochs`` grew by one record; True ends the training here."""
        del history, model
        return False

    def on_fit_end(self, history: History) -> None:
        """At the very end, also when an error or Ctrl-C ends the run early."""
        del history


class HistoryWriter(Callback):
    """Keeps ``history.csv`` and ``history.json`` in a folder up to date, whatever happens.

    Args:
        folder: An existing folder. Each file is replaced as a whole, so it is never half-written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     HistoryWriter(folder).on_fit_end(History())
        ...     sorted(path.name for path in Path(folder).iterdir())
        ['history.csv', 'history.json']

    PyTorch: has no counterpart.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def on_epoch_end(self, history: History, model: Model) -> bool:
        """Write both files."""
        del model
        self.on_fit_end(history)
        return False

    def on_fit_end(self, history: History) -> None:
        """Write both files, with the steps of an unfinished epoch."""
        history.to_csv(self.folder / "history.csv")
        history.to_json(self.folder / "history.json")
