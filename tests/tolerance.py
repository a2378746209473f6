"""The one table of tolerances: how far two correct programs may differ, by dtype."""

import numpy as np

RELATIVE = {"float64": 1e-12, "float32": 1e-5, "float16": 1e-2, "bfloat16": 5e-2}
ABSOLUTE = {"float64": 1e-12, "float32": 1e-6, "float16": 1e-3, "bfloat16": 1e-2}


def assert_close(actual: object, desired: object) -> None:
    """Assert equal shapes, and values equal to the rounding of the coarser dtype of the two."""
    actual, desired = np.asarray(actual), np.asarray(desired)
    assert actual.shape == desired.shape, f"{actual.shape} != {desired.shape}"
    names = [array.dtype.name for array in (actual, desired)]
    relative = max(RELATIVE.get(name, 0.0) for name in names)
    absolute = max(ABSOLUTE.get(name, 0.0) for name in names)
    np.testing.assert_allclose(
        np.asarray(actual, np.float64), np.asarray(desired, np.float64), relative, absolute
    )
