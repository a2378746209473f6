"""8-bit images as bytes on the device: a quarter of the memory, scaled where they are used."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from functorch_course.datasets import ArrayImages
from functorch_course.transforms import Compose, Flatten, Normalize, ToTensor

COARSE = np.float32(round(2**23 / 255) / 2**23)  # 1/255 to 16 binary digits
FINE = np.float32(1 / 255 - float(COARSE))
SCALING = (  # what a transform may consist of
    [ToTensor],
    [ToTensor, Flatten],
    [ToTensor, Normalize],
    [ToTensor, Normalize, Flatten],
)


class Pixels(NamedTuple):
    """Images as bytes, and the numbers by which ``ToTensor`` and ``Normalize`` scale them.

    XLA turns a division by a number that is the same for all pixels into a multiplication with
    its reciprocal, which differs from NumPy and PyTorch in the last bit. Two ways round it:

    * A division by 255 is a multiplication with two parts of 1/255: the product with ``coarse``,
      which has few digits, is exact, so that adding the one with ``fine`` rounds only once.
    * A divisor may depend on the pixel, by ``zero`` times its value: an argument, which XLA cannot
      see through. That costs a true division, the slowest operation of all.
    """

    levels: Any
    coarse: Any
    fine: Any
    mean: Any
    deviation: Any
    zero: Any

    def take(self, indices: jax.Array) -> jax.Array:
        """Return some of the images as the host would give them, on the CPU bit for bit."""
        levels = self.levels.at[indices].get(mode="promise_in_bounds").astype(jnp.float32)
        values = levels * self.coarse + levels * self.fine  # levels / 255
        scaled: jax.Array = (values - self.mean) / (levels * self.zero + self.deviation)
        return scaled


def as_pixels(dataset: object) -> Pixels | None:
    """Return a dataset's images as bytes, or None if its transform does more than scale them."""
    if not isinstance(dataset, ArrayImages) or dataset.data.dtype != np.uint8:
        return None
    transform = dataset.transform
    parts = transform.transforms if type(transform) is Compose else [transform]
    if [type(part) for part in parts] not in SCALING or not dataset.can_get_batch:
        return None
    levels = dataset.data[:, None] if dataset.data.ndim == 3 else np.moveaxis(dataset.data, -1, 1)
    normalize = next((part for part in parts if isinstance(part, Normalize)), Normalize(0, 1))
    flat = isinstance(parts[-1], Flatten)
    mean, deviation = (
        _for_each(value, levels[0], flat) for value in (normalize.mean, normalize.std)
    )
    levels = levels.reshape(len(levels), -1) if flat else levels
    return Pixels(levels, COARSE, FINE, mean, deviation, np.float32(0))


def _for_each(value: npt.ArrayLike, image: npt.NDArray[Any], flat: bool) -> npt.NDArray[np.float32]:
    """Return one number for all pixels, or one a channel, shaped to meet an image."""
    numbers = np.asarray(value, np.float32).reshape(-1, 1, 1)
    if numbers.size == 1:
        return numbers.reshape(())
    return np.broadcast_to(numbers, image.shape).reshape(-1) if flat else numbers
