"""Images before and after their transforms."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .picture import Picture, save

Image = npt.NDArray[Any]


def image_rows(
    rows: Mapping[str, Sequence[Any] | Image],
    path: str | Path,
    *,
    titles: Sequence[str] = (),
    heading: str = "",
) -> Picture:
    """Draw images before and after transforms: a row for each stage, a column for each sample.

    Shapes: each image (H, W), (H, W, 3), (1, H, W) or (3, H, W).

    Args:
        rows: The images of each stage, by its name: PIL images or arrays. Integers are shown from
            0 to 255, floats from the smallest to the largest number of their row.
        path: The PNG to write.
        titles: What stands above each column, such as the name of the class.
        heading: What stands above all.

    Returns:
        The picture. Below the name of each row stand shape, dtype and range of its first image.

    Example:
        >>> import tempfile
        >>> image = np.arange(64, dtype=np.uint8).reshape(1, 8, 8)
        >>> rows = {"as stored": image, "mirrored": image[..., ::-1]}
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     picture = image_rows(rows, f"{folder}/rows.png", titles=["ramp"])

    PyTorch: ``torchvision.utils.make_grid``, which draws no names and no ranges.
    """
    stages = {name: [np.asarray(image) for image in images] for name, images in rows.items()}
    columns = max(map(len, stages.values()))
    figure = Figure(figsize=(2.2 + 1.1 * columns, 1.25 * len(stages) + 0.6), layout="constrained")
    figure.suptitle(heading)
    panels = figure.subplots(
        len(stages), columns + 1, squeeze=False, width_ratios=[2.0] + [1.0] * columns
    )
    for axes in panels.flat:
        axes.axis("off")
    for (name, images), line in zip(stages.items(), panels, strict=True):
        _describe(line[0], name, images)
        for image, axes in zip(_gray_or_color(images), line[1:], strict=False):
            axes.imshow(image, cmap="gray", vmin=0.0, vmax=1.0)
    for axes, title in zip(panels[0, 1:], titles, strict=False):
        axes.set_title(title, fontsize=8)
    return save(figure, path)


def _describe(axes: Axes, name: str, images: Sequence[Image]) -> None:
    """Write the name of a stage, and what its arrays look like."""
    low, high = min(image.min() for image in images), max(image.max() for image in images)
    first = images[0]
    details = f"{first.shape}\n{first.dtype}, {low:.3g} … {high:.3g}"
    axes.text(0.0, 0.55, name, fontsize=10, weight="bold", va="bottom")
    axes.text(0.0, 0.45, details, fontsize=8, color="0.4", va="top")


def _gray_or_color(images: Sequence[Image]) -> list[Image]:
    """Scale the images of one stage to [0, 1], with channels last or none."""
    low, high = 0.0, 255.0
    if np.issubdtype(images[0].dtype, np.floating):
        low, high = min(float(i.min()) for i in images), max(float(i.max()) for i in images)
    return [(_channels_last(image) - low) / (high - low or 1.0) for image in images]


def _channels_last(image: Image) -> Image:
    """Return (H, W) or (H, W, 3)."""
    is_first = image.ndim == 3 and image.shape[0] in (1, 3)
    return np.squeeze(np.moveaxis(image, 0, -1)) if is_first else image
