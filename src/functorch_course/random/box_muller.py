r"""The Box-Muller transform: two uniform numbers become two normal ones.

.. math:: r = \sqrt{-2 \ln(1 - u)}, \quad \theta = 2 \pi v, \quad
    x = r \cos \theta, \quad y = r \sin \theta

Source: Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958.
"""

import cmath
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cephes import log, sin_cos
from .libm import each

GROUP = 16
"""PyTorch transforms 16 numbers together: eight radii, then eight angles."""


def box_muller32(uniforms: NDArray[np.float32]) -> NDArray[np.float32]:
    """As many normal numbers as uniform ones, in float32; their count is a multiple of 16."""
    radii, angles = _halves(uniforms)
    radius = np.sqrt(np.float32(-2) * log(1 - radii))
    sine, cosine = sin_cos(np.float32(2 * math.pi) * angles)
    return _joined(radius * cosine, radius * sine)


def box_muller64(uniforms: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same in float64, with the C library's functions."""
    radii, angles = _halves(uniforms)
    radius = np.sqrt(-2.0 * each(math.log, 1 - radii))
    angle = 2.0 * math.pi * angles
    points = map(cmath.rect, radius.tolist(), angle.tolist())  # r cos(a) + i r sin(a)
    plane = np.fromiter(points, np.complex128, radius.size)
    return _joined(plane.real, plane.imag)


def box_muller_pair(v: float, u: float) -> tuple[float, float]:
    """One pair, from the uniform numbers in the order in which PyTorch draws them."""
    radius, angle = math.sqrt(-2.0 * math.log1p(-u)), 2.0 * math.pi * v
    return radius * math.cos(angle), radius * math.sin(angle)


def _halves(numbers: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The first eight and the last eight of every 16."""
    groups = numbers.reshape(-1, 2, GROUP // 2)
    return groups[:, 0].ravel(), groups[:, 1].ravel()


def _joined(first: NDArray[Any], last: NDArray[Any]) -> NDArray[Any]:
    """The opposite of :func:`_halves`."""
    eight = GROUP // 2
    return np.stack([first.reshape(-1, eight), last.reshape(-1, eight)], axis=1).ravel()
