"""Pages of images: the mistakes of a classifier, and what it looks for."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from .picture import Picture, save

Images = npt.NDArray[Any]
Floats = npt.NDArray[np.floating[Any]]
GRID = 30  # misclassified images in one picture


def misclassified(
    images: Images,
    targets: npt.NDArray[np.int64],
    predictions: npt.NDArray[np.int64],
    classes: Sequence[str],
    path: str | Path,
) -> Picture:
    """Draw the first images that were taken for another class, with both names.

    Shapes: images (N, H, W) or (N, H, W, 3); targets and predictions (N,).

    Args:
        images: All images, as stored (uint8) or in [0, 1].
        targets: The true class of each.
        predictions: The predicted class of each.
        classes: The names of the classes.
        path: The PNG to write.

    Returns:
        The picture.

    Example:
        >>> import tempfile
        >>> images, targets = np.zeros((2, 28, 28), np.uint8), np.array([0, 1])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = f"{folder}/wrong.png"
        ...     picture = misclassified(images, targets, np.ones(2, int), ["cat", "dog"], path)

    PyTorch: has no counterpart.
    """
    wrong = np.flatnonzero(targets != predictions)
    titles = [f"{classes[targets[i]]}\nas {classes[predictions[i]]}" for i in wrong[:GRID]]
    heading = f"{len(wrong):,} of {len(targets):,} test images taken for another class"
    return _grid(images[wrong[:GRID]], titles, 6, "gray_r", path, heading)


def weight_images(
    weight: Floats, size: tuple[int, int], classes: Sequence[str], path: str | Path
) -> Picture:
    """Draw the weights of each class as an image: red speaks for the class, blue against it.

    Shapes: weight (K, H * W), size (H, W).

    Args:
        weight: The weight matrix of a linear classifier on flattened images.
        size: Height and width of the images.
        classes: The names of the K classes.
        path: The PNG to write.

    Returns:
        The picture.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = f"{folder}/weights.png"
        ...     picture = weight_images(np.zeros((2, 784)), (28, 28), ["cat", "dog"], path)

    PyTorch: has no counterpart; tutorials draw ``model.linear.weight.view(K, H, W)`` by hand.
    """
    return _grid(weight.reshape(-1, *size), classes, 5, "RdBu_r", path, "Weights of each class")


def _grid(
    images: Images, titles: Sequence[str], columns: int, cmap: str, path: str | Path, heading: str
) -> Picture:
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
    return save(figure, path)
