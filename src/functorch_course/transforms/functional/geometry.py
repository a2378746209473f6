"""Flips, crops and borders."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageOps

from functorch_course.errors import InvalidValueError, one_of

from .arrays import Array, Picture, dimensions, namespace, require_array

PADDING_MODES = ("constant", "edge", "reflect", "symmetric")


def hflip(image: Picture, flip: bool | Array = True) -> Picture:
    """Mirror left and right.

    ``image[..., ::-1]`` where ``flip`` holds.

    Args:
        image: A PIL image, or an array (..., H, W).
        flip: Whether to do it. For an array also booleans, one for each image: their axes are the
            leading axes of ``image``.

    Returns:
        An image of the same kind and size.

    Raises:
        SampleTypeError: If ``image`` is neither a PIL image nor an array (..., H, W).

    Example:
        >>> hflip(np.array([[1, 2, 3]]))
        array([[3, 2, 1]])
        >>> hflip(np.array([[[1, 2]], [[3, 4]]]), flip=np.array([True, False]))
        array([[[2, 1]], [[3, 4]]])

    PyTorch: ``torchvision.transforms.functional.hflip``, which has no ``flip``.
    """
    if isinstance(image, Image.Image):
        return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if flip else image
    require_array(image, "hflip")
    return _where(flip, image[..., ::-1], image)


def vflip(image: Picture, flip: bool | Array = True) -> Picture:
    """Mirror top and bottom.

    ``image[..., ::-1, :]`` where ``flip`` holds.

    Args:
        image: A PIL image, or an array (..., H, W).
        flip: Whether to do it, as in :func:`hflip`.

    Returns:
        An image of the same kind and size.

    Raises:
        SampleTypeError: If ``image`` is neither a PIL image nor an array (..., H, W).

    Example:
        >>> vflip(np.array([[1, 2], [3, 4]]))
        array([[3, 4],
               [1, 2]])

    PyTorch: ``torchvision.transforms.functional.vflip``, which has no ``flip``.
    """
    if isinstance(image, Image.Image):
        return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if flip else image
    require_array(image, "vflip")
    return _where(flip, image[..., ::-1, :], image)


def _where(condition: bool | Array, yes: Array, no: Array) -> Array:
    """Choose between two arrays; the axes of ``condition`` are their leading axes."""
    if isinstance(condition, bool):
        return yes if condition else no
    xp = namespace(no)
    condition = xp.asarray(condition)
    trailing = (1,) * (no.ndim - condition.ndim)
    return xp.where(condition.reshape(condition.shape + trailing), yes, no)


def crop(image: Picture, top: int | Array, left: int | Array, height: int, width: int) -> Picture:
    """Cut out a rectangle; what lies outside of the image is 0.

    ``image[..., top:top + height, left:left + width]``

    Args:
        image: A PIL image, or an array (..., H, W).
        top: The first row. While ``jax`` traces it may be a traced integer; then the rectangle
            must lie within the image.
        left: The first column; as ``top``.
        height: The number of rows.
        width: The number of columns.

    Returns:
        An image of the same kind.

    Raises:
        SampleTypeError: If ``image`` is neither a PIL image nor an array (..., H, W).

    Example:
        >>> crop(np.arange(12).reshape(3, 4), top=1, left=2, height=2, width=3)
        array([[ 6,  7,  0],
               [10, 11,  0]])

    PyTorch: ``torchvision.transforms.functional.crop``.
    """
    if isinstance(image, Image.Image):
        return image.crop((left, top, left + width, top + height))
    require_array(image, "crop")
    if not all(isinstance(offset, int | np.integer) for offset in (top, left)):
        xp = namespace(image)
        rows = xp.take(image, top + xp.arange(height), axis=-2)
        return xp.take(rows, left + xp.arange(width), axis=-1)
    rows, columns = image.shape[-2:]
    border = (-left, -top, left + width - columns, top + height - rows)
    return _pad_array(image, border, 0, "constant")


def center_crop(image: Picture, size: int | Sequence[int]) -> Picture:
    """Cut out the middle; an image that is too small gets a border of 0 first.

    Args:
        image: A PIL image, or an array (..., H, W).
        size: Height and width, or one number for both.

    Returns:
        An image of the same kind.

    Raises:
        SampleTypeError: If ``image`` is neither a PIL image nor an array (..., H, W).
        InvalidValueError: If ``size`` is not one or two positive numbers.

    Example:
        >>> center_crop(np.arange(16).reshape(4, 4), 2)
        array([[ 5,  6],
               [ 9, 10]])

    PyTorch: ``torchvision.transforms.functional.center_crop``.
    """
    height, width = pair(size, "size")
    _, rows, columns = dimensions(image, "center_crop")
    extra = max(width - columns, 0), max(height - rows, 0)
    if any(extra):
        border = [extra[0] // 2, extra[1] // 2, (extra[0] + 1) // 2, (extra[1] + 1) // 2]
        image, rows, columns = pad(image, border), max(rows, height), max(columns, width)
    return crop(image, round((rows - height) / 2), round((columns - width) / 2), height, width)


def five_crop(image: Picture, size: int | Sequence[int]) -> tuple[Picture, ...]:
    """Cut out the four corners and the middle.

    Args:
        image: A PIL image, or an array (..., H, W).
        size: Height and width, or one number for both.

    Returns:
        Five images: top left, top right, bottom left, bottom right, middle.

    Raises:
        SampleTypeError: If ``image`` is neither a PIL image nor an array (..., H, W).
        InvalidValueError: If ``size`` is larger than the image.

    Example:
        >>> [part.item() for part in five_crop(np.arange(9).reshape(3, 3), 1)]
        [0, 2, 6, 8, 4]

    PyTorch: ``torchvision.transforms.functional.five_crop``.
    """
    height, width = pair(size, "size")
    _, rows, columns = dimensions(image, "five_crop")
    if height > rows or width > columns:
        raise InvalidValueError(f"size={size} is larger than the image of {(rows, columns)}")
    corners = [(top, left) for top in (0, rows - height) for left in (0, columns - width)]
    parts = [crop(image, top, left, height, width) for top, left in corners]
    return (*parts, center_crop(image, (height, width)))


def pad(
    image: Picture,
    padding: int | Sequence[int],
    fill: float | Sequence[float] = 0,
    padding_mode: str = "constant",
) -> Picture:
    """Add a border, or cut one off where the padding is negative.

    Args:
        image: A PIL image, or an array (..., H, W).
        padding: One number for all sides, or (left and right, top and bottom), or
            (left, top, right, bottom). Pixels.
        fill: The value of a constant border; for PIL images also one for each channel.
        padding_mode: ``"constant"``; ``"edge"`` repeats the outermost pixel; ``"reflect"`` mirrors
            without it, ``"symmetric"`` with it.

    Returns:
        An image of the same kind.

    Raises:
        SampleTypeError: If ``image`` is neither a PIL image nor an array (..., H, W).
        InvalidValueError: If an argument is none of those above.

    Example:
        >>> pad(np.array([[1, 2, 3]]), (2, 0), padding_mode="reflect")
        array([[3, 2, 1, 2, 3, 2, 1]])

    PyTorch: ``torchvision.transforms.functional.pad``.
    """
    one_of("padding_mode", padding_mode, PADDING_MODES)
    border = sides(padding)
    if not isinstance(image, Image.Image):
        require_array(image, "pad")
        return _pad_array(image, border, fill, padding_mode)
    if padding_mode == "constant":
        return _expand(image, border, fill)
    return _pad_pixels(image, border, padding_mode)


def _pad_array(
    image: Array, border: Sequence[int], fill: float | Sequence[float], mode: str
) -> Array:
    """Pad or crop the last two axes by (left, top, right, bottom)."""
    if not isinstance(fill, int | float | np.number):
        raise InvalidValueError(f"fill={fill!r}: write one number for an array")
    rows, columns = image.shape[-2:]
    left, top, right, bottom = (min(side, 0) for side in border)
    image = image[..., -top : max(rows + bottom, 0), -left : max(columns + right, 0)]
    left, top, right, bottom = (max(side, 0) for side in border)
    if not (left or top or right or bottom):
        return image
    widths = [(0, 0)] * (image.ndim - 2) + [(top, bottom), (left, right)]
    options = {"constant_values": fill} if mode == "constant" else {}
    return namespace(image).pad(image, widths, mode=mode, **options)


def _expand(
    image: Image.Image, border: tuple[int, int, int, int], fill: float | Sequence[float]
) -> Image.Image:
    """Add a constant border to a PIL image."""
    expanded = ImageOps.expand(image, border, fill_color(image, fill))  # type: ignore[arg-type]
    return _with_palette_of(image, expanded)


def _pad_pixels(image: Image.Image, border: Sequence[int], mode: str) -> Image.Image:
    """Pad a PIL image with its own pixels."""
    planes = np.asarray(image)
    flat = planes if planes.ndim == 2 else np.moveaxis(planes, -1, 0)
    padded = _pad_array(flat, border, 0, mode)
    result = Image.fromarray(padded if planes.ndim == 2 else np.moveaxis(padded, 0, -1))
    return _with_palette_of(image, result)


def _with_palette_of(image: Image.Image, result: Image.Image) -> Image.Image:
    """Give ``result`` the palette of ``image``, if it has one."""
    if image.mode == "P":
        result.putpalette(image.getpalette() or [])
    return result


def fill_color(image: Image.Image, fill: float | Sequence[float]) -> float | tuple[float, ...]:
    """Return ``fill`` as Pillow wants it: one number a channel, integers except for mode F."""
    channels = len(image.getbands())
    values = list(fill) if isinstance(fill, Sequence) else [fill]
    if len(values) not in (1, channels):
        raise InvalidValueError(
            f"fill={fill!r} has {len(values)} values but an image of mode {image.mode} has "
            f"{channels} channels: write one value for each, or one for all"
        )
    numbers = [value if image.mode == "F" else int(value) for value in values]
    if channels == 1 and not isinstance(fill, Sequence):
        return numbers[0]
    return tuple(numbers * (channels if len(values) == 1 else 1))


def pair(value: int | Sequence[int], name: str) -> tuple[int, int]:
    """Return height and width from one number for both, a sequence of one, or of two."""
    numbers = [int(value)] if isinstance(value, int | np.integer) else [int(v) for v in value]
    if len(numbers) not in (1, 2) or min(numbers) < 1:
        raise InvalidValueError(f"{name}={value!r}: write a positive number, or (height, width)")
    return numbers[0], numbers[-1]


def sides(padding: int | Sequence[int]) -> tuple[int, int, int, int]:
    """Return (left, top, right, bottom) from one, two or four numbers."""
    numbers = list(padding) if isinstance(padding, Sequence) else [padding]
    if len(numbers) not in (1, 2, 4) or not all(isinstance(n, int | np.integer) for n in numbers):
        raise InvalidValueError(
            f"padding={padding!r}: write one number, (left and right, top and bottom) or "
            "(left, top, right, bottom)"
        )
    left, top, right, bottom = (numbers * (4 // len(numbers)))[:4]
    return int(left), int(top), int(right), int(bottom)
