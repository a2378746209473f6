"""The loss over a training run."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .picture import Picture, panel, plain, save

if TYPE_CHECKING:
    from functorch_course.training import History


def loss_curve(history: "History", path: str | Path) -> Picture:
    """Draw the loss of every step, its mean over each epoch, and the loss on the test set.

    Args:
        history: What ``fit`` returned; an unfinished epoch is drawn as far as it went.
        path: The PNG to write.

    Returns:
        The picture.

    Example:
        >>> import tempfile
        >>> from functorch_course.training import History
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     picture = loss_curve(History(step_losses=[2.0, 1.5]), f"{folder}/loss.png")

    PyTorch: has no counterpart.
    """
    steps = np.asarray(history.step_losses)
    per_epoch = history.epochs[0].steps if history.epochs else max(len(steps), 1)
    ends = [record.epoch for record in history.epochs]
    figure, axes = panel(7.0, 4.2)
    plain(axes)
    axes.plot(
        (np.arange(len(steps)) + 1) / per_epoch, steps, color="0.85", lw=0.4, label="each step"
    )
    axes.plot(ends, [r.train_loss for r in history.epochs], "o-", ms=4, label="training, mean")
    tested = [(r.epoch, r.validation_loss) for r in history.epochs if r.validation_loss is not None]
    if tested:
        axes.plot(*zip(*tested, strict=True), "s-", ms=4, label="test")
    axes.set(xlabel="epoch", ylabel="loss", title="Loss", ylim=_limits(steps))
    axes.legend()
    return save(figure, path)


def _limits(values: npt.NDArray[np.floating[Any]]) -> tuple[float, float] | None:
    """Return limits that leave out the few highest values, or None where nothing is finite."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return None
    low, high = finite.min(), np.quantile(finite, 0.995)
    return (low - 0.05 * (high - low) - 1e-6, high + 0.05 * (high - low) + 1e-6)
