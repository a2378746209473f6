"""Images that stay on disk until they are asked for, listed in a CSV or found in folders."""

import operator
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functorch_course.data import Dataset
from functorch_course.errors import CourseError, DamagedFileError, InvalidValueError

from .describe import describe
from .image_file import ImageFolderReader
from .whole_batches import split_transform, stack_transformed

Transform: TypeAlias = Callable[[Any], Any]


class FileImages(Dataset[tuple[Any, Any]]):
    """A dataset of image files in one folder, with one integer target each.

    ``dataset[i]`` opens one file, decodes it, closes it, and gives ``(image, target)``: a PIL image
    and an ``int``, each after its transform.

    Args:
        reader: Opens the files.
        names: The files, relative to the reader's folder.
        targets: Integers, one a file.
        classes: The class names, in the order of the targets.
        transform: Applied to each image, as a PIL image.
        target_transform: Applied to each target, an ``int``.

    Raises:
        MissingFileError: If ``dataset[i]`` is asked for a file that does not exist.
        OutsideFolderError: If it lies outside of the folder.
        DamagedFileError: If it is not a whole image.

    Example:
        >>> FileImages(ImageFolderReader("images"), ["a.png"], [3])
        Dataset FileImages
            Number of datapoints: 1
            Root location: images

    PyTorch: ``torchvision.datasets.VisionDataset`` with samples of a path and a target.
    """

    def __init__(
        self,
        reader: ImageFolderReader,
        names: Sequence[str],
        targets: Sequence[int],
        classes: Sequence[str] = (),
        transform: Transform | None = None,
        target_transform: Transform | None = None,
    ) -> None:
        self.reader = reader
        self.names = list(names)
        self.targets = np.asarray(targets, np.int64)
        self.classes = list(classes)
        self.transform = transform
        self.target_transform = target_transform

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        index = self._position(index)
        image: Any = self.read(index)
        target: Any = int(self.targets[index])
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def read(self, index: int) -> Image.Image:
        """Return an image as it is in its file, before the transform.

        Args:
            index: Which.

        Returns:
            A PIL image of the dataset's mode.
        """
        try:
            return self.reader.read(self.names[index])
        except CourseError as error:
            raise self._naming(index, error) from error.__cause__

    def path(self, index: int) -> str:
        """Return the path of an image.

        Args:
            index: Which.

        Raises:
            OutsideFolderError: If its name leads out of the folder.
        """
        try:
            return self.reader.path(self.names[index])
        except CourseError as error:
            raise self._naming(index, error) from error.__cause__

    def where(self, index: int) -> str:
        """Return where the metadata names an image, to begin an error message with."""
        return f"sample {index}: "

    def _naming(self, index: int, error: CourseError) -> CourseError:
        """Return the error with where the metadata names the image."""
        return type(error)(f"{self.where(index)}{error}")

    def validate(self, progress: bool = True) -> None:
        """Open and decode every file, and report all faults at once.

        Args:
            progress: Whether to show a progress bar.

        Raises:
            DamagedFileError: If there are faults; the message has one line for each.
        """
        from rich.progress import track  # noqa: PLC0415

        faults = []
        for index in track(range(len(self)), "Checking images", disable=not progress):
            try:
                self.read(index)
            except CourseError as error:
                faults.append(f"  {error}")
        if faults:
            listed = "\n".join(faults)
            raise DamagedFileError(f"{len(faults)} of {len(self)} files have faults:\n{listed}")

    @property
    def class_to_idx(self) -> dict[str, int]:
        """The target of each class name."""
        return {name: index for index, name in enumerate(self.classes)}

    @property
    def can_get_batch(self) -> bool:
        """Whether :meth:`get_batch` serves: the transform ends in parts that take whole batches.

        Not where a subclass has its own ``__getitem__``: the two must agree.
        """
        return (
            self.target_transform is None
            and type(self).__getitem__ is FileImages.__getitem__
            and split_transform(self.transform) is not None
        )

    def get_batch(self, indices: Sequence[int] | NDArray[np.integer[Any]]) -> list[Any]:
        """Return a whole batch, equal bit for bit to stacking ``dataset[i]`` for each index.

        The parts of the transform up to ``ToTensor`` see one image at a time, the others all.

        Args:
            indices: Which samples, in which order.

        Returns:
            ``[images, targets]``: what the transform gives, with a leading axis, and int64 (N,).

        Raises:
            InvalidValueError: If :attr:`can_get_batch` is false.
        """
        parts = split_transform(self.transform)
        if parts is None or not self.can_get_batch:
            raise InvalidValueError(
                f"transform={self.transform!r} and target_transform={self.target_transform!r} "
                "take no whole batch: write a Compose with ToTensor(), or take dataset[i]"
            )
        single, whole = parts
        positions = [self._position(index) for index in indices]
        images = [single(self.read(position)) for position in positions]
        return [stack_transformed(images, whole), self.targets[positions]]

    def _position(self, index: int) -> int:
        """Return ``index`` counted from the beginning."""
        position = operator.index(index)
        if not -len(self) <= position < len(self):
            raise IndexError(f"index {position} is out of range for {len(self)} images")
        return position % len(self)

    def __repr__(self) -> str:
        return describe(self, [f"Root location: {self.reader.folder}"])
