"""Two loaders side by side: the same samples, in the same order, of the same dtypes."""

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import jax
import numpy as np

from .distance import Distance
from .packages import require
from .parts import Array, compare_arrays
from .tensors import to_numpy
from .tolerance import EXACT
from .writer import digests

Kind = Literal["number of batches", "structure", "shape", "dtype", "order", "content"]


@dataclass(frozen=True)
class LoaderReport:
    """Where two loaders part.

    Args:
        batches: How many batches of each were compared, over all epochs.
        samples: How many samples were in them.
        kind: In what they part; None if they do not.
        batch: The number of the first batch that differs, from 0 and counted through all epochs.
        detail: The difference in words.

    Example:
        >>> print(LoaderReport(batches=10, samples=640))
        10 batches of 640 samples: identical

    PyTorch: has no counterpart.
    """

    batches: int
    samples: int
    kind: Kind | None = None
    batch: int | None = None
    detail: str = ""

    @property
    def equal(self) -> bool:
        """Whether all batches are identical."""
        return self.kind is None

    def __str__(self) -> str:
        seen = f"{self.batches} batches of {self.samples} samples"
        if self.kind is None:
            return f"{seen}: identical"
        return f"{seen}: they part at batch {self.batch} in the {self.kind}: {self.detail}"


def loader(ours: Iterable[Any], theirs: Iterable[Any], epochs: int = 1) -> LoaderReport:
    """Compare the batches of a loader with those of PyTorch's, bit for bit.

    Both draw from their own random stream: seed them alike just before.

    Args:
        ours: Gives batches of NumPy arrays: one array, or several in a tuple, list or dict.
        theirs: Gives the same as tensors.
        epochs: How often to go through both.

    Returns:
        The report. Where the samples of an epoch are the same but come in another order, it says
        ``"order"``, otherwise ``"content"``.

    Raises:
        MissingPackageError: If torch is not installed.

    Example:
        >>> import functorch_course as fc
        >>> def check(torch_loader):
        ...     loader = fc.data.DataLoader(range(100), batch_size=8, shuffle=True)
        ...     torch_loader.generator.manual_seed(fc.manual_seed(0).initial_seed())
        ...     report = fc.compare.loader(loader, torch_loader)
        ...     assert report.equal, report

    PyTorch: has no counterpart.
    """
    require("torch")
    batches = samples = 0
    for _ in range(epochs):
        here = [_arrays(batch) for batch in ours]
        there = [_arrays(batch) for batch in theirs]
        for a, b in itertools.zip_longest(here, there):
            if a is None or b is None:
                counts = f"{len(here)} here, {len(there)} in PyTorch"
                return LoaderReport(batches, samples, "number of batches", batches, counts)
            fault = _fault(a, b)
            if fault is not None:
                kind, detail = fault
                if kind == "content" and _multiset(here) == _multiset(there):
                    kind, detail = "order", "the same samples come in another order"
                return LoaderReport(batches, samples, kind, batches, detail)
            batches += 1
            samples += len(np.atleast_1d(a[0]))
    return LoaderReport(batches, samples)


def _arrays(batch: Any) -> list[Array]:  # noqa: ANN401
    """Return the arrays of a batch."""
    leaves = jax.tree.leaves(batch)
    return [to_numpy(leaf) if hasattr(leaf, "detach") else np.asarray(leaf) for leaf in leaves]


def _fault(ours: list[Array], theirs: list[Array]) -> tuple[Kind, str] | None:
    """Return in what two batches differ first."""
    if len(ours) != len(theirs):
        return "structure", f"{len(ours)} arrays here, {len(theirs)} in PyTorch"
    for place, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        if a.shape != b.shape:
            return "shape", f"array {place} has {a.shape} here, {b.shape} in PyTorch"
        if a.dtype != b.dtype:
            return "dtype", f"array {place} has {a.dtype} here, {b.dtype} in PyTorch"
        if a.tobytes() != b.tobytes():
            part = compare_arrays(f"array {place}", a, b, tolerance=EXACT)
            return "content", _in_words(place, part.distance)
    return None


def _in_words(place: int, far: Distance | None) -> str:
    """Return the difference of two arrays whose bytes differ."""
    if far is None or far.absolute == 0:
        return f"array {place}: the numbers are equal, their bits are not (-0 and 0, or two NaN)"
    return (
        f"array {place} at {list(far.place)} has {far.ours} here, {far.theirs} in PyTorch; "
        f"the largest difference is {far.absolute:.3g}"
    )


def _multiset(batches: list[list[Array]]) -> Counter[tuple[str, ...]]:
    """Count the samples of an epoch, whatever their order."""
    counts: Counter[tuple[str, ...]] = Counter()
    for arrays in batches:
        columns = [digests(np.atleast_1d(array)) for array in arrays]
        counts.update(zip(*columns, strict=False))
    return counts
