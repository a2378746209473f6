"""The random state that a whole process shares: an answer must neither use nor change it."""

import random
from typing import Any

import numpy as np

import functorch_course as fc


def shared_random_state() -> dict[str, Any]:
    """Return where the shared generators stand, by the name under which people know them.

    Example:
        >>> before = shared_random_state()
        >>> _ = random.random()
        >>> [name for name, state in shared_random_state().items() if state != before[name]]
        ['random']

    PyTorch: ``torch.get_rng_state`` is one of them.
    """
    numpy: Any = np.random.get_state(legacy=False)  # noqa: NPY002 - the shared one is looked at
    return {
        "random": random.getstate(),
        "np.random": (numpy["state"]["key"].tobytes(), numpy["state"]["pos"], numpy["gauss"]),
        "fc.manual_seed": fc.random.get_rng_state().tobytes(),
    }
