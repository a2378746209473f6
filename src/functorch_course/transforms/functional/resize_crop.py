"""A resize of which only a part is kept: what falls outside is not computed."""

import math
from collections.abc import Sequence

from PIL import Image

from .arrays import Picture
from .geometry import center_crop, pair
from .resize import Interpolation, interpolation_mode, resize, resized_size

RADIUS = {"bilinear": 1, "bicubic": 2, "hamming": 1, "box": 0.5, "lanczos": 3}
"""How far Pillow's filters reach, in new pixels."""


def resize_center_crop(
    image: Picture,
    size: int | Sequence[int],
    crop_size: int | Sequence[int],
    interpolation: Interpolation = "bilinear",
    max_size: int | None = None,
    antialias: bool = True,
) -> Picture:
    """Resize, then cut out the middle; for PIL images without computing what is cut off.

    Pillow resizes along the rows first, then along the columns. Between the two, the columns that
    will be cut off are left out. Where the new size of a side is a power of two, its first and last
    pixel map to exact positions, and what is cut off along it is left out from the beginning.

    Args:
        image: A PIL image, or an array (..., H, W).
        size: As in :func:`resize`.
        crop_size: As in :func:`center_crop`.
        interpolation: As in :func:`resize`.
        max_size: As in :func:`resize`.
        antialias: As in :func:`resize`.

    Returns:
        ``center_crop(resize(image, size), crop_size)``, the same pixels.

    Raises:
        SampleTypeError: As :func:`resize`.
        InvalidValueError: As :func:`resize` and :func:`center_crop`.

    Example:
        >>> resize_center_crop(Image.new("RGB", (500, 375)), 256, 224).size
        (224, 224)

    PyTorch: has no counterpart; ``Resize`` and ``CenterCrop`` one after the other.
    """
    kind = interpolation_mode(interpolation)
    height, width = pair(crop_size, "size")
    if isinstance(image, Image.Image) and image.mode in ("L", "RGB") and kind.value in RADIUS:
        rows, columns = resized_size((image.height, image.width), size, max_size)
        # From version 13 on Pillow begins with the columns where they shrink by far more.
        rows_first = image.height - rows <= 2 * max(image.width - columns, 0)
        if rows_first and rows >= height and columns >= width:
            along_x = _Side(image.width, columns, width, RADIUS[kind.value])
            along_y = _Side(image.height, rows, height, RADIUS[kind.value])
            return _resize_part(image, along_x, along_y, kind.pillow)
    return center_crop(resize(image, size, kind, max_size, antialias), crop_size)


class _Side:
    """Along one side: which pixels are read, made, and kept.

    Args:
        old: How many pixels there are.
        new: How many the resize would make.
        kept: How many of them, in the middle, the crop keeps.
        radius: How far the filter reaches.
    """

    def __init__(self, old: int, new: int, kept: int, radius: float) -> None:
        self.kept = kept
        first, scale = round((new - kept) / 2), old / new
        if new & (new - 1) == 0 and old * new < 2**24:  # positions are exact, even in float32
            start, stop = first * scale, (first + kept) * scale
            reach = radius * max(scale, 1)
            self.low = max(math.floor(start - reach) - 1, 0)
            self.high = min(math.ceil(stop + reach) + 1, old)
            self.box = start - self.low, stop - self.low
            self.made, self.offset = kept, 0
        else:
            self.low, self.high, self.box = 0, old, (0.0, float(old))
            self.made, self.offset = new, first


def _resize_part(image: Image.Image, x: _Side, y: _Side, filter_: Image.Resampling) -> Image.Image:
    """Resize rows, then columns, each only where needed."""
    if (x.low, y.low, x.high, y.high) != (0, 0, *image.size):
        image = image.crop((x.low, y.low, x.high, y.high))
    image = image.resize((x.made, image.height), filter_, (x.box[0], 0, x.box[1], image.height))
    if x.made != x.kept:
        image = image.crop((x.offset, 0, x.offset + x.kept, image.height))
    image = image.resize((x.kept, y.made), filter_, (0, y.box[0], x.kept, y.box[1]))
    return image if y.made == y.kept else image.crop((0, y.offset, x.kept, y.offset + y.kept))
