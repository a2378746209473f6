"""How far two correct programs may differ by rounding, for each dtype."""

from typing import NamedTuple


class Tolerance(NamedTuple):
    r"""How far apart two numbers may be.

    Formula: :math:`|a - b| \le \text{absolute} + \text{relative} \cdot |b|`

    Args:
        relative: The share of the second number.
        absolute: What is allowed beside it, for numbers near 0.

    Example:
        >>> Tolerance(0.25, 0.5).loosened(2)
        Tolerance(relative=0.5, absolute=1.0)

    PyTorch: the ``rtol`` and ``atol`` of ``torch.testing.assert_close``.
    """

    relative: float
    absolute: float

    def loosened(self, factor: float) -> "Tolerance":
        """Return a tolerance that is ``factor`` times as large."""
        return Tolerance(self.relative * factor, self.absolute * factor)


EXACT = Tolerance(0.0, 0.0)
BY_DTYPE = {
    "float64": Tolerance(1e-12, 1e-12),
    "float32": Tolerance(1e-5, 1e-6),
    "float16": Tolerance(1e-2, 1e-3),
    "bfloat16": Tolerance(5e-2, 1e-2),
}
GRADIENTS = 10  # a derivative sums more roundings than the value: so many times as much is allowed


def tolerance_of(*dtypes: str) -> Tolerance:
    """Return the tolerance of the coarsest of some dtypes; whole numbers must be equal."""
    return max(BY_DTYPE.get(dtype, EXACT) for dtype in dtypes)
