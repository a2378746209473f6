"""How a batch is shared out over devices."""

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec


def data_parallel() -> NamedSharding:
    r"""Share out each batch over all devices, of all processes, by its first axis.

    Formula: device d of D takes rows :math:`dN/D \dots (d+1)N/D - 1`

    With batches placed so, and a model that is not, XLA computes each device's part of a step
    there and sums up the gradients: the update is that of the whole batch, to rounding.

    Returns:
        A sharding, for ``device_prefetch(loader, sharding=…)``.

    Example:
        >>> data_parallel().spec
        P('data',)

    PyTorch: ``torch.nn.parallel.DistributedDataParallel``, which wraps the model and averages the
    gradients; here the model and the training loop stay as they are.
    """
    return NamedSharding(Mesh(np.array(jax.devices()), ("data",)), PartitionSpec("data"))
