"""What a training run left behind: one record an epoch, one loss a step, as plain numbers."""

import csv
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from functorch_course.errors import InvalidValueError


@dataclass(frozen=True)
class EpochRecord:
    """The outcome of one epoch.

    Args:
        epoch: Counted from 1.
        steps: How many updates it made.
        train_loss: Mean loss over all samples of the epoch, each at the moment it was seen.
        validation_loss: Mean loss over the validation set after the epoch, or None without one.
        validation_metrics: Name to value, over the whole validation set.
        seconds: Wall-clock time of the training part in seconds, without the evaluation.
        samples_per_second: Training samples divided by ``seconds``.

    Example:
        >>> EpochRecord(1, 100, 0.75, 0.5, {"accuracy": 0.8}, 2.0, 3000.0).row()["accuracy"]
        0.8

    PyTorch: has no counterpart; scripts print such a line by hand.
    """

    epoch: int
    steps: int
    train_loss: float
    validation_loss: float | None
    validation_metrics: Mapping[str, float]
    seconds: float
    samples_per_second: float

    def score(self, metric: str | None = None) -> float:
        """Return how good the epoch is, more being better: a metric, or minus the loss.

        Args:
            metric: The name of a metric; without one, the validation loss counts.

        Raises:
            InvalidValueError: If the epoch has no such value.
        """
        if metric is None and self.validation_loss is not None:
            return -self.validation_loss
        if metric is None or metric not in self.validation_metrics:
            wanted = "a validation loss" if metric is None else f"the metric {metric!r}"
            found = ", ".join(self.validation_metrics) or "no metric"
            raise InvalidValueError(
                f"epoch {self.epoch} has not {wanted} (found: {found}): "
                "write fit(…, validation=…, metrics=…)"
            )
        return self.validation_metrics[metric]

    def row(self) -> dict[str, float | int | None]:
        """Return the record as one flat row, the metrics as columns of their own."""
        flat: dict[str, float | int | None] = asdict(self)
        flat.pop("validation_metrics")
        timing = {name: flat.pop(name) for name in ("seconds", "samples_per_second")}
        return flat | dict(self.validation_metrics) | timing


@dataclass
class History:
    """The course of a training run: it only ever grows.

    Args:
        epochs: One record for each finished epoch.
        step_losses: The loss of every update so far, those of an unfinished epoch included.

    Example:
        >>> history = History([EpochRecord(1, 100, 0.75, 0.5, {"accuracy": 0.8}, 2.0, 3000.0)])
        >>> history.best("accuracy").epoch
        1

    PyTorch: has no counterpart.
    """

    epochs: list[EpochRecord] = field(default_factory=list)
    step_losses: list[float] = field(default_factory=list)

    def best(self, metric: str | None = None) -> EpochRecord:
        """Return the first record with the highest ``score`` of a metric, or the lowest loss."""
        return max(self.epochs, key=lambda record: record.score(metric))

    def to_json(self, path: str | Path) -> None:
        """Write everything to ``path``; a NaN or infinity becomes null, as JSON knows neither."""
        content = {"epochs": [record.row() for record in self.epochs], "steps": self.step_losses}
        _replace(Path(path), json.dumps(_without_nan(content), indent=1, allow_nan=False) + "\n")

    def to_csv(self, path: str | Path) -> None:
        """Write one row an epoch to ``path``, under a header."""
        columns = EpochRecord(0, 0, 0.0, None, {}, 0.0, 0.0).row()
        rows = [record.row() for record in self.epochs]
        _replace(Path(path), _csv_text(list(rows[0] if rows else columns), rows))


def _csv_text(columns: list[str], rows: list[dict[str, Any]]) -> str:
    """Return the rows as CSV text under a header."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _without_nan(value: object) -> object:
    """Return ``value`` with every non-finite number in it replaced by None."""
    match value:
        case dict():
            return {key: _without_nan(item) for key, item in value.items()}
        case list():
            return [_without_nan(item) for item in value]
        case float() if not math.isfinite(value):
            return None
    return value


def _replace(path: Path, text: str) -> None:
    """Write ``text`` so that a reader, or a crash, sees the old file or the new one, never half."""
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
