"""Which classes are taken for which."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .picture import Picture, panel, save


def confusion(counts: npt.NDArray[np.int64], classes: Sequence[str], path: str | Path) -> Picture:
    """Draw a confusion matrix with its counts.

    Shapes: counts (K, K) for K classes.

    Args:
        counts: Rows are the true classes, columns the predicted ones; see
            ``training.confusion_matrix``.
        classes: The names of the classes.
        path: The PNG to write.

    Returns:
        The picture.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     picture = confusion(np.array([[9, 1], [2, 8]]), ["cat", "dog"], f"{folder}/c.png")

    PyTorch: has no counterpart.
    """
    figure, axes = panel(7.2, 6.4)
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
    return save(figure, path)
