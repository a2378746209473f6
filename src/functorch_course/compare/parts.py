"""What was compared, part by part, and the report of it as text."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .distance import Distance, distance
from .tolerance import Tolerance, tolerance_of

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Part:
    """One array here beside its counterpart in PyTorch.

    Args:
        name: What it is, such as ``"gradient of input 0"``.
        shapes: The two shapes, ours first.
        dtypes: The names of the two dtypes.
        distance: How far apart they are; None if the shapes differ or there is no element.
        within: Whether shape, dtype and every element agree within the tolerance.

    PyTorch: has no counterpart.
    """

    name: str
    shapes: tuple[tuple[int, ...], tuple[int, ...]]
    dtypes: tuple[str, str]
    distance: Distance | None
    within: bool

    def __str__(self) -> str:
        if self.shapes[0] != self.shapes[1]:
            return f"{self.name}: shape {self.shapes[0]} here, {self.shapes[1]} in PyTorch"
        text = f"{self.name}: {self._measured()}"
        here, there = self.dtypes
        return text if here == there else f"{text}; dtype {here} here, {there} in PyTorch"

    def _measured(self) -> str:
        """Return the distance in words."""
        far = self.distance
        if far is None or far.absolute == 0:
            return "equal"
        ulps = "" if far.ulps is None else f"{far.ulps:,} ulp, "
        place = f" at {list(far.place)}" if far.place else ""
        sizes = f"{ulps}absolute {far.absolute:.3g}, relative {far.relative:.3g}"
        return f"{sizes}; {far.ours!r} here, {far.theirs!r} in PyTorch{place}"


@dataclass(frozen=True)
class Report:
    """A comparison of two values or programs, part by part.

    Args:
        title: What was compared.
        parts: Everything that was looked at.
        inputs: What both sides were given.
        examples: How many inputs were tried.

    Example:
        >>> part = compare_arrays("output", np.float32([1.0]), np.float32([1.5]))
        >>> report = Report("f", [part])
        >>> print(report)
        f: different
          ✗ output: 4,194,304 ulp, absolute 0.5, relative 0.333; 1.0 here, 1.5 in PyTorch at [0]
        >>> report.equal
        False

    PyTorch: ``torch.testing.assert_close`` raises instead, and sees one pair of tensors.
    """

    title: str
    parts: list[Part]
    inputs: tuple[Array, ...] = ()
    examples: int = 1

    @property
    def equal(self) -> bool:
        """Whether every part is within its tolerance."""
        return all(part.within for part in self.parts)

    def __str__(self) -> str:
        tried = f" ({self.examples} inputs tried)" if self.examples > 1 else ""
        verdict = "equal within the tolerance" if self.equal else "different"
        lines = [f"{self.title}: {verdict}{tried}"]
        if not self.equal:
            given = (np.array2string(array, threshold=20) for array in self.inputs)
            lines += [
                f"  input {i}: {text.replace(chr(10), chr(10) + ' ' * 11)} {array.dtype}"
                for i, (text, array) in enumerate(zip(given, self.inputs, strict=True))
            ]
        return "\n".join([*lines, *(f"  {'✓' if p.within else '✗'} {p}" for p in self.parts)])


def compare_arrays(
    name: str,
    ours: Array,
    theirs: Array,
    *,
    dtypes: tuple[str, str] | None = None,
    loosened: float = 1.0,
    tolerance: Tolerance | None = None,
) -> Part:
    """Compare shape, dtype and values of two arrays.

    Args:
        name: What they are.
        ours: The array from here.
        theirs: The array from PyTorch.
        dtypes: What the dtypes were before either became a NumPy array.
        loosened: How many times the dtype's tolerance is allowed.
        tolerance: What is allowed instead of that.

    Returns:
        The part of a report.

    Example:
        >>> compare_arrays("sum", np.float32(1), np.float32(1)).within
        True

    PyTorch: ``torch.testing.assert_close``, which raises.
    """
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    names = dtypes or (ours.dtype.name, theirs.dtype.name)
    shapes = (ours.shape, theirs.shape)
    if shapes[0] != shapes[1]:
        return Part(name, shapes, names, None, within=False)
    allowed = tolerance or tolerance_of(*names).loosened(loosened)
    far = distance(ours, theirs, allowed)
    return Part(name, shapes, names, far, names[0] == names[1] and (far is None or far.within))
