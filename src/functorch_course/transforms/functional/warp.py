"""Rotation, affine and perspective maps: each new pixel looks up where it comes from."""

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functorch_course.errors import InvalidValueError, one_of

from .arrays import Picture, dimensions
from .geometry import fill_color
from .resize import Interpolation, InterpolationMode, interpolation_mode
from .sample import sample

Fill: TypeAlias = float | Sequence[float] | None


def rotate(
    image: Picture,
    angle: float,
    interpolation: Interpolation = InterpolationMode.NEAREST,
    expand: bool = False,
    center: Sequence[float] | None = None,
    fill: Fill = None,
) -> Picture:
    """Turn an image counter-clockwise.

    Args:
        image: A PIL image, or an array (..., H, W).
        angle: Degrees.
        interpolation: How values between pixels are found. Arrays: nearest or bilinear.
        expand: Whether the result grows to hold the whole turned image.
        center: The fixed point (x, y) in pixels from the top left; ``None``: the middle.
        fill: The value outside of the image, one number or one a channel.

    Returns:
        An image of the same kind and dtype.

    Raises:
        SampleTypeError: If ``image`` is neither a PIL image nor an array (..., H, W).
        InvalidValueError: If the interpolation or the number of fill values does not fit.

    Example:
        >>> rotate(np.array([[1, 2], [3, 4]]), 90)
        array([[2, 4],
               [1, 3]])

    PyTorch: ``torchvision.transforms.functional.rotate``: the same pixels for PIL images; for
    arrays at most one level apart, except where a pixel lies halfway between two others.
    """
    mode = interpolation_mode(interpolation)
    _, height, width = dimensions(image, "rotate")
    if isinstance(image, Image.Image):
        color = fill_color(image, 0 if fill is None else fill)
        middle = None if center is None else (center[0], center[1])
        return image.rotate(angle, mode.pillow, expand, middle, fillcolor=color)
    _check_mode(mode)
    matrix = inverse_affine_matrix(_from_middle(center, height, width), -angle)
    size = turned_size(matrix, height, width) if expand else (height, width)
    return sample(image, *_affine_positions(matrix, (height, width), size), mode.value, fill)


def affine(
    image: Picture,
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: Sequence[float],
    interpolation: Interpolation = InterpolationMode.NEAREST,
    fill: Fill = None,
    center: Sequence[float] | None = None,
) -> Picture:
    """Turn, move, scale and shear an image.

    Args:
        image: A PIL image, or an array (..., H, W).
        angle: Degrees, clockwise.
        translate: Pixels to the right and down.
        scale: How many times as large.
        shear: Degrees along x and along y.
        interpolation: As in :func:`rotate`.
        fill: As in :func:`rotate`.
        center: As in :func:`rotate`.

    Returns:
        An image of the same kind, size and dtype.

    Raises:
        SampleTypeError: If ``image`` is neither a PIL image nor an array (..., H, W).
        InvalidValueError: If ``scale`` is not positive, or as :func:`rotate`.

    Example:
        >>> affine(np.array([[1, 2, 3]]), 0, (1, 0), 1, (0, 0))
        array([[0, 1, 2]])

    PyTorch: ``torchvision.transforms.functional.affine``; as :func:`rotate`.
    """
    mode = interpolation_mode(interpolation)
    if scale <= 0:
        raise InvalidValueError(f"scale={scale}: write a positive number")
    _, height, width = dimensions(image, "affine")
    if isinstance(image, Image.Image):
        middle = (width * 0.5, height * 0.5) if center is None else (center[0], center[1])
        coefficients = inverse_affine_matrix(middle, angle, translate, scale, shear)
        return _transform(image, Image.Transform.AFFINE, coefficients, mode, fill)
    _check_mode(mode)
    middle = _from_middle(center, height, width)
    coefficients = inverse_affine_matrix(middle, angle, translate, scale, shear)
    size = height, width
    return sample(image, *_affine_positions(coefficients, size, size), mode.value, fill)


def perspective(
    image: Picture,
    startpoints: Sequence[Sequence[int]],
    endpoints: Sequence[Sequence[int]],
    interpolation: Interpolation = InterpolationMode.BILINEAR,
    fill: Fill = None,
) -> Picture:
    """Map four points of an image to four others, straight lines to straight lines.

    Args:
        image: A PIL image, or an array (..., H, W).
        startpoints: Four points (x, y) of the image, in pixels from the top left.
        endpoints: Where they go.
        interpolation: As in :func:`rotate`.
        fill: As in :func:`rotate`.

    Returns:
        An image of the same kind, size and dtype.

    Raises:
        SampleTypeError: If ``image`` is neither a PIL image nor an array (..., H, W).
        InvalidValueError: If there are not four points on each side, or as :func:`rotate`.

    Example:
        >>> corners = [(0, 0), (2, 0), (2, 2), (0, 2)]
        >>> moved = [(1, 0), (3, 0), (3, 2), (1, 2)]
        >>> perspective(np.array([[1.0, 2, 3]] * 3), corners, moved, "nearest")[0]
        array([0., 1., 2.])

    PyTorch: ``torchvision.transforms.functional.perspective``; as :func:`rotate`.
    """
    mode = interpolation_mode(interpolation)
    coefficients = perspective_coefficients(startpoints, endpoints)
    _, height, width = dimensions(image, "perspective")
    if isinstance(image, Image.Image):
        return _transform(image, Image.Transform.PERSPECTIVE, coefficients, mode, fill)
    _check_mode(mode)
    x, y = _perspective_positions(coefficients, height, width)
    return sample(image, x, y, mode.value, fill)


def inverse_affine_matrix(
    center: Sequence[float],
    angle: float,
    translate: Sequence[float] = (0.0, 0.0),
    scale: float = 1.0,
    shear: Sequence[float] = (0.0, 0.0),
) -> list[float]:
    """Return the 2 by 3 matrix that says where each new pixel comes from, row by row.

    The forward map is: center to the origin, shear, scale, turn, back to the center, move.
    """
    turn, along_x, along_y = (math.radians(degrees) for degrees in (angle, *shear))
    ratio = math.cos(turn - along_y) / math.cos(along_y)
    slope = math.sin(turn - along_y) / math.cos(along_y)
    # The forward matrix is scale * [[ratio, b], [slope, d]], and ratio * d - b * slope is 1.
    b = -math.cos(turn - along_y) * math.tan(along_x) / math.cos(along_y) - math.sin(turn)
    d = -math.sin(turn - along_y) * math.tan(along_x) / math.cos(along_y) + math.cos(turn)
    xx, xy, yx, yy = (value / scale for value in (d, -b, -slope, ratio))
    x, y = -center[0] - translate[0], -center[1] - translate[1]
    return [xx, xy, xx * x + xy * y + center[0], yx, yy, yx * x + yy * y + center[1]]


def perspective_coefficients(
    startpoints: Sequence[Sequence[int]], endpoints: Sequence[Sequence[int]]
) -> list[float]:
    """Return the eight numbers that take each end point back to its start point.

    ``x = (a u + b v + c) / (g u + h v + 1)``, ``y = (d u + e v + f) / (g u + h v + 1)``
    """
    if len(startpoints) != 4 or len(endpoints) != 4:
        raise InvalidValueError(
            f"{len(startpoints)} start points and {len(endpoints)} end points: write four of each"
        )
    equations = []
    for (x, y), (u, v) in zip(startpoints, endpoints, strict=True):
        equations.append([u, v, 1, 0, 0, 0, -x * u, -x * v])
        equations.append([0, 0, 0, u, v, 1, -y * u, -y * v])
    known = np.asarray(startpoints, np.float64).ravel()
    solution = np.linalg.lstsq(np.asarray(equations, np.float64), known, rcond=None)[0]
    return [float(number) for number in solution.astype(np.float32)]


def turned_size(matrix: Sequence[float], height: int, width: int) -> tuple[int, int]:
    """Return the height and width that hold the whole image after the map."""
    corners = np.array([[-1, -1, 1], [-1, 1, 1], [1, 1, 1], [1, -1, 1]], np.float32)
    corners *= np.array([0.5 * width, 0.5 * height, 1], np.float32)
    half = np.array([0.5 * width, 0.5 * height], np.float32)
    points = corners @ np.asarray(matrix, np.float32).reshape(2, 3).T + half
    # Cut off what is only rounding, in PyTorch's steps: a quarter turn may still grow by a pixel.
    step = np.float32(1e-4)
    high = np.ceil(np.trunc((points.max(axis=0)) / step) * step)
    low = np.floor(np.trunc((points.min(axis=0)) / step) * step)
    columns, rows = (high - low).astype(int).tolist()
    return rows, columns


def _check_mode(mode: InterpolationMode) -> None:
    """Raise unless ``mode`` is one for arrays."""
    one_of("interpolation of an array", mode.value, ["nearest", "bilinear"])


def _from_middle(center: Sequence[float] | None, height: int, width: int) -> tuple[float, float]:
    """Return the center relative to the middle of the image."""
    return (0.0, 0.0) if center is None else (center[0] - width * 0.5, center[1] - height * 0.5)


def _transform(
    image: Image.Image,
    kind: Image.Transform,
    coefficients: list[float],
    mode: InterpolationMode,
    fill: Fill,
) -> Image.Image:
    """Let Pillow map a PIL image."""
    color = fill_color(image, 0 if fill is None else fill)
    return image.transform(image.size, kind, coefficients, mode.pillow, fillcolor=color)


Positions: TypeAlias = tuple[NDArray[np.float32], NDArray[np.float32]]


def _affine_positions(
    matrix: Sequence[float], old: tuple[int, int], new: tuple[int, int]
) -> Positions:
    """Return the column and the row that each new pixel comes from, float32."""
    columns = np.arange(new[1], dtype=np.float32) - np.float32(0.5 * new[1] - 0.5)
    rows = np.arange(new[0], dtype=np.float32) - np.float32(0.5 * new[0] - 0.5)
    theta = np.asarray(matrix, np.float32).reshape(2, 3)
    x = _plane(columns, rows, theta[0] / np.float32(0.5 * old[1]))
    y = _plane(columns, rows, theta[1] / np.float32(0.5 * old[0]))
    return _to_pixels(x, old[1]), _to_pixels(y, old[0])


def _perspective_positions(coefficients: Sequence[float], height: int, width: int) -> Positions:
    """Return the column and the row that each new pixel comes from, float32."""
    columns = np.arange(width, dtype=np.float32) + np.float32(0.5)
    rows = np.arange(height, dtype=np.float32) + np.float32(0.5)
    theta = np.asarray([*coefficients, 1], np.float32).reshape(3, 3)
    depth = _plane(columns, rows, theta[2])
    x = _plane(columns, rows, theta[0] / np.float32(0.5 * width)) / depth
    y = _plane(columns, rows, theta[1] / np.float32(0.5 * height)) / depth
    return _to_pixels(x - np.float32(1), width), _to_pixels(y - np.float32(1), height)


def _plane(
    columns: NDArray[np.float32], rows: NDArray[np.float32], slopes: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return a value that rises evenly along both axes, rounded at each step as PyTorch does."""
    plane: NDArray[np.float32] = columns * slopes[0] + rows[:, np.newaxis] * slopes[1] + slopes[2]
    return plane


def _to_pixels(position: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Turn positions of [-1, 1] over the whole image to pixels: 0 is the middle of the first."""
    return (position + np.float32(1)) * np.float32(size / 2) - np.float32(0.5)
