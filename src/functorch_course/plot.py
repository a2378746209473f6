"""Pictures of a training run, written as PNG: the only place that draws with Matplotlib."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from functorch_course.training import History

Images = npt.NDArray[Any]
Floats = npt.NDArray[np.floating[Any]]
GRID = 30  # misclassified images in one picture


def loss_curve(history: "History", path: str | Path) -> None:
    """Draw the loss of every step, its mean over each epoch, and the loss on the test set.

    Args:
        history: What ``fit`` returned; an unfinished epoch is drawn as far as it went.
        path: The PNG to write.

    Example:
        >>> import tempfile
        >>> from functorch_course.training import History
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     loss_curve(History(step_losses=[2.0, 1.5, 1.2]), f"{folder}/loss.png")

    PyTorch: has no counterpart.
    """
    steps = np.asarray(history.step_losses)
    per_epoch = history.epochs[0].steps if history.epochs else max(len(steps), 1)
    ends = [record.epoch for record in history.epochs]
    figure, axes = _figure(7.0, 4.2)
    axes.plot(
        (np.arange(len(steps)) + 1) / per_epoch, steps, color="0.85", lw=0.4, label="each step"
    )
    axes.plot(ends, [r.train_loss for r in history.epochs], "o-", ms=4, label="training, mean")
    tested = [(r.epoch, r.validation_loss) for r in history.epochs if r.validation_loss is not None]
    if tested:
        axes.plot(*zip(*tested, strict=True), "s-", ms=4, label="test")
    axes.set(xlabel="epoch", ylabel="loss", title="Loss", ylim=_limits(steps))
    axes.grid(alpha=0.3)
    axes.legend()
    _save(figure, path)


def _limits(values: Floats) -> tuple[float, float] | None:
    """Return limits that leave out the few highest values, or None where nothing is finite."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return None
    low, high = finite.min(), np.quantile(finite, 0.995)
    return (low - 0.05 * (high - low) - 1e-6, high + 0.05 * (high - low) + 1e-6)


def confusion(counts: npt.NDArray[np.int64], classes: Sequence[str], path: str | Path) -> None:
    """Draw a confusion matrix with its counts.

    Shapes: counts (K, K) for K classes.

    Args:
        counts: Rows are the true classes, columns the predicted ones; see
            ``training.confusion_matrix``.
        classes: The names of the classes.
        path: The PNG to write.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     confusion(np.array([[9, 1], [2, 8]]), ["cat", "dog"], f"{folder}/confusion.png")

    PyTorch: has no counterpart.
    """
    figure, axes = _figure(7.2, 6.4)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    image = axes.imshow(share, cmap="Blues", vmin=0.0, vmax=1.0)
    for (row, column), count in np.ndenumerate(counts):
        color = "white" if share[row, column] > 0.5 else "0.15"
        text = str(count) if count else "·"
        axes.text(column, row, text, ha="center", va="center", color=color, fontsize=8)
    axes.set_xticks(range(len(classes)), classes, rotation=45, ha="right")
    axes.set_yticks(range(len(classes)), classes)
    accuracy = np.trace(counts) / max(counts.sum(), 1)
    title = f"{counts.sum():,} test images, {accuracy:.1%} on the diagonal"
    axes.set(xlabel="predicted", ylabel="true", title=title)
    figure.colorbar(image, ax=axes, label="share of the true class", fraction=0.046)
    _save(figure, path)


def misclassified(
    images: Images,
    targets: npt.NDArray[np.int64],
    predictions: npt.NDArray[np.int64],
    classes: Sequence[str],
    path: str | Path,
) -> None:
    """Draw the first images that were taken for another class, with both names.

    Shapes: images (N, H, W) or (N, H, W, 3); targets and predictions (N,).

    Args:
        images: All images, as stored (uint8) or in [0, 1].
        targets: The true class of each.
        predictions: The predicted class of each.
        classes: The names of the classes.
        path: The PNG to write.

    Example:
        >>> import tempfile
        >>> images, targets = np.zeros((2, 28, 28), np.uint8), np.array([0, 1])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = f"{folder}/wrong.png"
        ...     misclassified(images, targets, np.array([1, 1]), ["cat", "dog"], path)

    PyTorch: has no counterpart.
    """
    wrong = np.flatnonzero(targets != predictions)
    titles = [f"{classes[targets[i]]}\nas {classes[predictions[i]]}" for i in wrong[:GRID]]
    heading = f"{len(wrong):,} of {len(targets):,} test images taken for another class"
    _grid(images[wrong[:GRID]], titles, 6, "gray_r", path, heading)


def weight_images(
    weight: Floats, size: tuple[int, int], classes: Sequence[str], path: str | Path
) -> None:
    """Draw the weights of each class as an image: red speaks for the class, blue against it.

    Shapes: weight (K, H * W), size (H, W).

    Args:
        weight: The weight matrix of a linear classifier on flattened images.
        size: Height and width of the images.
        classes: The names of the K classes.
        path: The PNG to write.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     weight_images(np.zeros((2, 784)), (28, 28), ["cat", "dog"], f"{folder}/w.png")

    PyTorch: has no counterpart; tutorials draw ``model.linear.weight.view(K, H, W)`` by hand.
    """
    _grid(weight.reshape(-1, *size), classes, 5, "RdBu_r", path, "Weights of each class")


def _grid(
    images: Images, titles: Sequence[str], columns: int, cmap: str, path: str | Path, heading: str
) -> None:
    """Draw images in rows under a heading, all on one colour scale."""
    rows = max(1, -(-len(images) // columns))
    lines = max((title.count("\n") + 1 for title in titles), default=1)
    height = rows * (1.5 + 0.16 * lines) + 0.4
    figure = Figure(figsize=(1.5 * columns, height), layout="constrained")
    figure.suptitle(heading)
    signed = np.issubdtype(images.dtype, np.floating) and images.size > 0 and images.min() < 0
    high = float(np.quantile(np.abs(images), 0.999)) if images.size else 1.0
    for place in range(rows * columns):
        axes = figure.add_subplot(rows, columns, place + 1)
        axes.axis("off")
        if place < len(images):
            axes.imshow(images[place], cmap=cmap, vmin=-high if signed else 0, vmax=high)
            axes.set_title(titles[place], fontsize=8)
    _save(figure, path)


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure of one panel, in inches."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def _save(figure: Figure, path: str | Path) -> None:
    """Write the figure, making its folder first."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
