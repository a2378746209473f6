"""Two training runs side by side: what was checked, with what result, and where they part."""

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

import numpy as np

from .limits import Limits, limits_of
from .parting import Parting, find_parting
from .series import Series, check_parameters, series
from .trace import Trace

PACKAGES = ("functorch_course", "jax", "jaxlib", "flax", "optax", "numpy", "torch")


class Check(NamedTuple):
    """One line of the verdict.

    Args:
        name: What was looked at.
        found: The result in words.
        allowed: What is allowed in words; empty where the line only informs.
        passed: Whether it is within.

    PyTorch: has no counterpart.
    """

    name: str
    found: str
    allowed: str
    passed: bool


class Timing(NamedTuple):
    """Seconds of one epoch of training, without recording, each the median of several.

    Args:
        ours: Here.
        theirs: In PyTorch.
        ratios: Theirs divided by ours, for each pair of neighbours in time.
        threads: How many threads PyTorch had: one or all, whichever was faster.

    PyTorch: has no counterpart.
    """

    ours: float
    theirs: float
    ratios: tuple[float, ...]
    threads: int


@dataclass(frozen=True)
class Comparison:
    """Two training runs side by side.

    Args:
        title: What was compared.
        ours: The first trace.
        theirs: The second.
        apart: Their relative difference in every step.
        limits: What is allowed.
        checks: The verdict, line by line.
        parting: Where they part, or None.
        environment: The versions of what computed.
        timing: How long an epoch takes on either side, if it was measured.

    PyTorch: has no counterpart.
    """

    title: str
    ours: Trace
    theirs: Trace
    apart: Series
    limits: Limits
    checks: list[Check]
    parting: Parting | None
    environment: Mapping[str, str] = field(default_factory=dict)
    timing: Timing | None = None

    @property
    def equal(self) -> bool:
        """Whether the runs agree within the limits."""
        return self.parting is None and all(check.passed for check in self.checks)


def traces(ours: Trace, theirs: Trace, title: str = "two traces") -> Comparison:
    r"""Compare two recorded training runs, step by step.

    Formula: losses agree where :math:`|a_t - b_t| \le \epsilon\,|b_t|`, with ε = 1e-5 in the first
    epoch and 2e-4 later for float32, 1e-10 for float64

    Batches and initial parameters must be equal bit for bit; outputs may differ by 10 ε of their
    norm, gradients and updates by 100 ε of their largest norm so far.

    Args:
        ours: A trace, recorded here or in PyTorch.
        theirs: Another trace of the same model.
        title: What to call it in reports.

    Returns:
        The comparison; ``comparison.equal`` is the verdict, ``comparison.parting`` the first step
        and quantity in which they differ.

    Raises:
        UnequalStructureError: If the parameters have different shapes.

    Example:
        >>> import functorch_course as fc
        >>> def run(rate):
        ...     x = np.float32([[1.0], [2.0]])
        ...     model = fc.nn.LinearRegression(1, generator=fc.Generator(0))
        ...     optimizer = fc.optim.SGD(lr=rate)
        ...     return fc.compare.record(model, [(x, 3 * x)], fc.nn.mse_loss, optimizer, epochs=3)
        >>> fc.compare.traces(run(0.1), run(0.1)).equal
        True
        >>> parting = fc.compare.traces(run(0.1), run(0.2)).parting
        >>> parting.step, parting.quantity, parting.cause
        (0, 'update', 'look at the optimizer: rate, momentum, weight decay, schedule')

    PyTorch: has no counterpart.
    """
    check_parameters(ours, theirs)
    apart, limits = series(ours, theirs), limits_of(ours.dtype, theirs.dtype)
    return Comparison(
        title=title,
        ours=ours,
        theirs=theirs,
        apart=apart,
        limits=limits,
        checks=_checks(ours, theirs, apart, limits),
        parting=find_parting(ours, theirs, apart, limits),
        environment=environment(),
    )


def environment() -> dict[str, str]:
    """Return the versions of the packages and the machine."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def _checks(ours: Trace, theirs: Trace, apart: Series, limits: Limits) -> list[Check]:
    """Return the verdict, line by line."""
    steps = len(apart.loss)
    same = int(apart.same_batch.sum())
    lengths = ours.steps == theirs.steps
    pairs = [
        (ours.start[a], theirs.start[b]) for a, b in zip(ours.names, theirs.names, strict=True)
    ]
    bits = sum(a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in pairs)
    checks = [
        Check("batches", f"{same:,} of {steps:,} identical", "all", same == steps),
        Check("steps", f"{ours.steps:,} and {theirs.steps:,}", "equal", lengths),
        Check("initial parameters", f"{bits} of {len(pairs)} bit-equal", "all", bits == len(pairs)),
    ]
    first = np.array([max(ours.epoch_of(t), theirs.epoch_of(t)) == 1 for t in range(steps)], bool)
    for name, values in (
        ("loss", apart.loss),
        ("forward", apart.forward),
        ("gradient", apart.gradient.max(axis=1, initial=0.0)),
        ("update", apart.update.max(axis=1, initial=0.0)),
    ):
        checks += _within(name, values, first, partial(limits.at, name))
    first_epoch = np.arange(len(apart.parameters)) == 0
    checks += _within("parameters", apart.parameters, first_epoch, partial(limits.at, "parameters"))
    return [*checks, *_predictions(theirs, apart, limits), *_accuracy(ours, theirs, limits)]


def _within(
    name: str, values: np.ndarray, first: np.ndarray, limit: Callable[[int], float]
) -> list[Check]:
    """Return a line for the first epoch, and one for the others, if there are any."""
    lines = []
    for label, chosen, allowed in (
        ("epoch 1", values[first], limit(1)),
        ("later epochs", values[~first], limit(2)),
    ):
        if chosen.size:
            worst = float(chosen.max())
            line = Check(f"{name}, {label}", f"{worst:.2g}", f"{allowed:.2g}", worst <= allowed)
            lines.append(line)
    return lines


def _predictions(theirs: Trace, apart: Series, limits: Limits) -> list[Check]:
    """Return a line for what is predicted for the test set, if both traces have it."""
    if not apart.predictions.size:
        return []
    worst, allowed = apart.predictions.max(), limits.of_predictions(theirs.predictions.dtype)
    return [Check("test predictions", f"{worst:.2g}", f"{allowed:.2g}", bool(worst <= allowed))]


def _accuracy(ours: Trace, theirs: Trace, limits: Limits) -> list[Check]:
    """Return a line for the test set, if it was measured."""
    pairs = list(zip(ours.accuracies, theirs.accuracies, strict=False))
    gaps = [abs(a - b) for a, b in pairs if not np.isnan(a - b)]
    if not gaps:
        return []
    (a, b), worst = pairs[-1], max(gaps)
    found = f"{a:.4f} and {b:.4f}; apart by {worst:.2g} at most"
    within = bool(worst <= limits.accuracy + 1e-9)
    return [Check("test accuracy", found, f"{limits.accuracy:.2g}", within)]
