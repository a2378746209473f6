"""The seeds of a loader's worker processes."""

import numpy as np
from numpy.typing import NDArray


def numpy_worker_seed(base_seed: int, worker_id: int) -> NDArray[np.uint32]:
    """Return what ``np.random.seed`` gets in a worker process.

    The worker's generator itself is seeded with ``base_seed + worker_id``.

    Args:
        base_seed: The number that the loader drew with :func:`random_int64` for this pass.
        worker_id: Which worker, from 0.

    Returns:
        Four 32-bit words.

    Example:
        >>> numpy_worker_seed(0, 1)
        array([1835504127, 1731038949, 1320224556, 2330041505], dtype=uint32)

    PyTorch: what ``torch.utils.data`` seeds NumPy with in its workers, equal.

    Source: O'Neill, "Developing a seed_seq Alternative", 2015.
    """
    words = [worker_id, base_seed % 2**32, base_seed // 2**32, 0]
    return np.random.SeedSequence(words).generate_state(4).astype(np.uint32)
