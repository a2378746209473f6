"""Images that are held as one array: what MNIST, CIFAR and the embedded sample have in common."""

import operator
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functorch_course.data import Dataset
from functorch_course.errors import InvalidValueError

from .describe import describe

Transform: TypeAlias = Callable[[Any], Any]


class ArrayImages(Dataset[tuple[Any, Any]]):
    """A dataset of images of one size, held as one uint8 array, with one integer target each.

    ``dataset[i]`` gives ``(image, target)``: a PIL image and an ``int``, each after its transform.
    ``dataset.get_batch(indices)`` gives ``[images, targets]`` for a whole batch at once.

    Args:
        data: uint8 (N, H, W) or (N, H, W, 3).
        targets: Integers (N,).
        classes: The class names, in the order of the targets.
        transform: Applied to each image, as a PIL image.
        target_transform: Applied to each target, an ``int``.

    Example:
        >>> from functorch_course.transforms import ToTensor
        >>> data = np.zeros((10, 28, 28), np.uint8)
        >>> dataset = ArrayImages(data, np.arange(10), transform=ToTensor())
        >>> image, target = dataset[3]
        >>> image.shape, target
        ((1, 28, 28), 3)
        >>> images, targets = dataset.get_batch([3, 5])
        >>> images.shape, targets
        ((2, 1, 28, 28), array([3, 5]))

    PyTorch: ``torchvision.datasets.VisionDataset`` with its fields in arrays, not in tensors; it
    has no whole batches.
    """

    def __init__(
        self,
        data: NDArray[np.uint8],
        targets: NDArray[np.integer[Any]],
        classes: Sequence[str] = (),
        transform: Transform | None = None,
        target_transform: Transform | None = None,
    ) -> None:
        self.data = data
        self.targets = targets.astype(np.int64)
        self.classes = list(classes)
        self.transform = transform
        self.target_transform = target_transform

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        index = operator.index(index)
        image: Any = self.read(index)
        target: Any = int(self.targets[index])
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def read(self, index: int) -> Image.Image:
        """Return an image before the transform.

        Args:
            index: Which.

        Returns:
            A PIL image of mode L or RGB.
        """
        return Image.fromarray(self.data[index])

    @property
    def class_to_idx(self) -> dict[str, int]:
        """The target of each class name."""
        return {name: index for index, name in enumerate(self.classes)}

    @property
    def can_get_batch(self) -> bool:
        """Whether :meth:`get_batch` serves: the transform takes whole batches of images.

        Not where a subclass has its own ``__getitem__``: the two must agree.
        """
        transform = self.transform
        return (
            self.target_transform is None
            and type(self).__getitem__ is ArrayImages.__getitem__
            and getattr(transform, "batchable", False)
            and getattr(transform, "takes_images", False)
        )

    def get_batch(self, indices: Sequence[int] | NDArray[np.integer[Any]]) -> list[Any]:
        """Return a whole batch, equal bit for bit to stacking ``dataset[i]`` for each index.

        Args:
            indices: Which samples, in which order.

        Returns:
            ``[images, targets]``: what the transform gives, with a leading axis, and int64 (N,).

        Raises:
            InvalidValueError: If :attr:`can_get_batch` is false.
        """
        if not self.can_get_batch:
            raise InvalidValueError(
                f"transform={self.transform!r} and target_transform={self.target_transform!r} "
                "take no whole batch: begin the transform with ToTensor(), or take dataset[i]"
            )
        chosen = np.asarray(indices, np.intp)
        images = self.transform.batch(self.data.take(chosen, axis=0))  # type: ignore[union-attr]
        return [images, self.targets[chosen]]

    def __repr__(self) -> str:
        return describe(self, self._details())

    def _details(self) -> list[str]:
        """Return the lines of the ``repr`` that a subclass adds."""
        return []
