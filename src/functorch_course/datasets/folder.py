"""Images in a folder for each class."""

import os
from collections.abc import Iterator
from pathlib import Path

from functorch_course.errors import DatasetNotFoundError

from .file_images import FileImages, Transform
from .image_file import EXTENSIONS, ImageFolderReader


class ImageFolder(FileImages):
    """Images sorted into one folder for each class: ``root/dog/a.png``, ``root/cat/b/c.jpg`` ...

    Classes are numbered in alphabetical order. Within a class the files are in the order of their
    folders and names.

    Args:
        root: The folder of the folders.
        transform: Applied to each image, as a PIL image.
        target_transform: Applied to each target, an ``int``.
        allow_empty: Whether a class may have no image.
        mode: The mode to convert each image to; ``None``: as in the file.

    Raises:
        DatasetNotFoundError: If there are no folders in ``root``, or no images in one of them.
        OutsideFolderError: If ``dataset[i]`` is a link that leads out of ``root``.
        DamagedFileError: If ``dataset[i]`` is not a whole image.

    Example:
        >>> import tempfile
        >>> from PIL import Image
        >>> root = Path(tempfile.mkdtemp())
        >>> for name in ("dog", "cat"):
        ...     (root / name).mkdir()
        ...     Image.new("RGB", (4, 3)).save(root / name / "1.png")
        >>> dataset = ImageFolder(root)
        >>> dataset.class_to_idx, dataset[1][1]
        ({'cat': 0, 'dog': 1}, 1)

    PyTorch: ``torchvision.datasets.ImageFolder``; ``samples`` and ``targets`` are the same. There
    links may lead anywhere, and links to folders within a class are followed.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.ImageFolder.html
    """

    def __init__(
        self,
        root: str | Path,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
        allow_empty: bool = False,
        mode: str | None = "RGB",
    ) -> None:
        self.root = Path(root)
        classes = _classes(self.root)
        files = [list(_files(self.root, name)) for name in classes]
        empty = [name for name, found in zip(classes, files, strict=True) if not found]
        if empty and not allow_empty:
            raise DatasetNotFoundError(
                f"{self.root} has no images in {', '.join(empty)}: put files in "
                f"{', '.join(EXTENSIONS)} there, or write allow_empty=True"
            )
        names = [name for found in files for name in found]
        targets = [target for target, found in enumerate(files) for _ in found]
        reader = ImageFolderReader(self.root, mode)
        super().__init__(reader, names, targets, classes, transform, target_transform)

    @property
    def samples(self) -> list[tuple[str, int]]:
        """Path and target of every image."""
        paths = (os.path.join(self.root, name) for name in self.names)  # noqa: PTH118
        return list(zip(paths, self.targets.tolist(), strict=True))


def _classes(root: Path) -> list[str]:
    """Return the names of the folders in ``root``."""
    classes = sorted(entry.name for entry in os.scandir(root) if entry.is_dir())
    if not classes:
        raise DatasetNotFoundError(f"{root} has no folders: write one for each class")
    return classes


def _files(root: Path, name: str) -> Iterator[str]:
    """Yield the image files of a class, relative to ``root``."""
    for folder, _, files in sorted(os.walk(root / name)):
        for file in sorted(files):
            if file.lower().endswith(EXTENSIONS):
                yield os.path.relpath(os.path.join(folder, file), root)  # noqa: PTH118
