"""A training run as text: a progress bar while it lasts, a table when it is over."""

import time
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

if TYPE_CHECKING:
    from functorch_course.training import EpochRecord, History

REDRAW_SECONDS = 0.1


class ProgressBar:
    """A callback for ``fit`` that shows epoch, progress, loss and samples per second.

    Where nobody watches, as in a log file, it writes one line an epoch instead.

    Args:
        epochs: How many epochs there will be.
        console: Where to draw; without one, standard error, so that standard output stays clean.

    Example:
        >>> from functorch_course.training import History
        >>> bar = ProgressBar(epochs=3, console=Console(quiet=True))
        >>> bar.on_epoch_start(epoch=1, steps=10)
        >>> bar.on_progress(batches=[64], history=History())
        >>> bar.on_fit_end(History())

    PyTorch: has no counterpart; scripts wrap their loader in ``tqdm``.
    """

    def __init__(self, epochs: int, console: Console | None = None) -> None:
        self.epochs = epochs
        self.console = console or Console(stderr=True)
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[loss]}"),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )
        self.task = self.progress.add_task("", total=None, loss="", speed="")
        self.drawn = 0.0
        self.steps = self.samples = 0

    def on_epoch_start(self, epoch: int, steps: int | None) -> None:
        """Name the epoch; the bar itself spans the whole training."""
        self.started = time.perf_counter()
        self.samples = 0
        self.progress.start()
        total = None if steps is None else steps * self.epochs
        self.progress.update(self.task, total=total, description=f"epoch {epoch}/{self.epochs}")

    def on_progress(self, batches: list[int], history: "History") -> None:
        """Move the bar."""
        self.steps += len(batches)
        self.samples += sum(batches)
        self._draw(history, self.samples / (time.perf_counter() - self.started))

    def on_epoch_end(self, history: "History", model: object) -> bool:
        """Write the line of the epoch, unless the bar is being watched."""
        del model
        record = history.epochs[-1]
        self._draw(history, record.samples_per_second)
        if not self.console.is_terminal:
            line = f"epoch {record.epoch}/{self.epochs}: {_line(record)}"
            self.console.print(line, soft_wrap=True)
        return False

    def _draw(self, history: "History", speed: float) -> None:
        """Draw the bar, a few times a second and no oftener."""
        if time.perf_counter() - self.drawn > REDRAW_SECONDS and history.step_losses:
            self.drawn = time.perf_counter()
            loss, speed_text = f"loss {history.step_losses[-1]:.4f}", f"{speed:,.0f} samples/s"
            self.progress.update(self.task, completed=self.steps, loss=loss, speed=speed_text)

    def on_fit_end(self, history: "History") -> None:
        """Take the bar away."""
        del history
        self.progress.stop()


def _line(record: "EpochRecord") -> str:
    """Return the numbers of one epoch in one line."""
    values = [f"loss {record.train_loss:.4f}"]
    if record.validation_loss is not None:
        values.append(f"test loss {record.validation_loss:.4f}")
    values += [f"test {name} {value:.4f}" for name, value in record.validation_metrics.items()]
    return ", ".join([*values, f"{record.samples_per_second:,.0f} samples/s"])


def epoch_table(history: "History") -> Table:
    """Return the history as a table, one row an epoch.

    Args:
        history: What ``fit`` returned.

    Returns:
        A table that ``rich.console.Console.print`` writes: epoch, train loss, test loss, the
        metrics, seconds, samples per second.

    Example:
        >>> from functorch_course.training import EpochRecord, History
        >>> record = EpochRecord(1, 100, 0.75, 0.5, {"accuracy": 0.8}, 2.0, 3000.0)
        >>> Console(width=80).print(epoch_table(History([record])))
         epoch   train loss   test loss   test accuracy   seconds   samples/s
        ──────────────────────────────────────────────────────────────────────
             1       0.7500      0.5000          0.8000      2.00       3,000
        the seconds of the first epoch include compiling

    PyTorch: has no counterpart.
    """
    metrics = list(history.epochs[0].validation_metrics) if history.epochs else []
    tested = any(record.validation_loss is not None for record in history.epochs)
    titles = ["epoch", "train loss", *(["test loss"] if tested else [])]
    caption = "the seconds of the first epoch include compiling" if history.epochs else None
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, caption=caption, caption_justify="left")
    for title in [*titles, *(f"test {name}" for name in metrics), "seconds", "samples/s"]:
        table.add_column(title, justify="right")
    for record in history.epochs:
        losses = [record.train_loss, *([record.validation_loss] if tested else [])]
        values = [*losses, *(record.validation_metrics[name] for name in metrics)]
        cells = [str(record.epoch), *(f"{value:.4f}" for value in values)]
        table.add_row(*cells, f"{record.seconds:.2f}", f"{record.samples_per_second:,.0f}")
    return table


def show(table: Table) -> None:
    """Write a table to standard output, never folded by a narrow terminal.

    Args:
        table: What :func:`epoch_table` returned.

    Example:
        >>> from functorch_course.training import History
        >>> show(epoch_table(History()))
         epoch   train loss   seconds   samples/s
        ──────────────────────────────────────────

    PyTorch: has no counterpart.
    """
    console = Console()
    console.width = max(console.width, 80)
    console.print(table)
