"""How far two training runs may drift apart by rounding and still be the same program."""

from typing import Any, NamedTuple

import numpy as np


class Limits(NamedTuple):
    r"""Relative differences up to which two runs count as the same.

    A loss is measured against itself, outputs against their norm, gradients and updates against
    their largest norm so far.

    Args:
        first_epoch: Of each step's loss in the first epoch.
        later: Of each step's loss afterwards: rounding adds up.
        accuracy: The absolute difference of the shares of right predictions.

    Example:
        >>> limits_of("float32")
        Limits(first_epoch=1e-05, later=0.0002, accuracy=0.002)

    PyTorch: has no counterpart.
    """

    first_epoch: float
    later: float
    accuracy: float = 0.002

    def at(self, quantity: str, epoch: int) -> float:
        """Return the limit for a quantity of a step: gradients cancel, so they may differ more."""
        return FACTORS[quantity] * (self.first_epoch if epoch == 1 else self.later)

    def of_predictions(self, dtype: "np.dtype[Any]") -> float:
        """Return the limit for predictions: classes like the accuracy, values like outputs."""
        values = np.issubdtype(dtype, np.floating)
        return FACTORS["forward"] * self.later if values else self.accuracy + 1e-9


FACTORS = {"loss": 1, "forward": 10, "gradient": 100, "update": 100, "parameters": 10}
LIMITS = {"float64": Limits(1e-10, 1e-10), "float32": Limits(1e-5, 2e-4)}
COARSE = Limits(1e-2, 1e-1, 0.02)


def limits_of(*dtypes: str) -> Limits:
    """Return the limits for parameters of the coarsest of some dtypes."""
    return max(LIMITS.get(dtype, COARSE) for dtype in dtypes)
