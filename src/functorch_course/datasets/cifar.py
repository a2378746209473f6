"""CIFAR-10 and CIFAR-100, from the binary archive, or from where torchvision put the pickles.

The pickles are never given to ``pickle.load``: their md5 is compared with the known one first, and
what reads them then takes them apart without running them.
"""

import hashlib
import tarfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from functorch_course.errors import DamagedFileError, DatasetNotFoundError

from .array_images import ArrayImages, Transform
from .cifar_names import CIFAR10_NAMES, CIFAR100_NAMES
from .download import fetch
from .idx import check_sha256
from .pickled_batch import PickledBatch, parse_batch

PIXELS = 3 * 32 * 32


class CIFAR10(ArrayImages):
    """Photographs of ten kinds of things: 50,000 for training, 10,000 for testing, 32 by 32 RGB.

    Looked for are ``root/cifar-10-batches-py``, where torchvision puts it, then
    ``root/cifar-10-binary.tar.gz``. Both are verified each time.

    Args:
        root: The folder of all datasets.
        train: The training images, or else the test images.
        transform: Applied to each image, a PIL image of mode RGB.
        target_transform: Applied to each target, an ``int``.
        download: Whether to fetch the archive (170 MB) if neither is found.

    Raises:
        DatasetNotFoundError: If neither is found, nor downloaded.
        DamagedFileError: If one is found but does not hold what it should.

    Example:
        >>> CIFAR10.names[3]
        'cat'

    PyTorch: ``torchvision.datasets.CIFAR10``. Here ``data`` and ``targets`` are NumPy arrays, and
    the binary archive is fetched, not the pickles.

    Source: https://www.cs.toronto.edu/~kriz/cifar.html
    """

    names: ClassVar[Sequence[str]] = CIFAR10_NAMES
    url: ClassVar[str] = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
    sha256: ClassVar[str] = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"
    pickles: ClassVar[str] = "cifar-10-batches-py"
    pickled_labels: ClassVar[str] = "labels"
    label_bytes: ClassVar[int] = 1
    per_file: ClassVar[int] = 10_000
    binaries: ClassVar[Mapping[bool, Sequence[str]]] = {
        True: [f"cifar-10-batches-bin/data_batch_{number}.bin" for number in range(1, 6)],
        False: ["cifar-10-batches-bin/test_batch.bin"],
    }
    md5: ClassVar[Mapping[bool, Mapping[str, str]]] = {
        True: {
            "data_batch_1": "c99cafc152244af753f735de768cd75f",
            "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
            "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
            "data_batch_4": "634d18415352ddfa80567beed471001a",
            "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
        },
        False: {"test_batch": "40351d587109b95175f43aff81a1287e"},
    }

    def __init__(
        self,
        root: str | Path,
        train: bool = True,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
        download: bool = False,
    ) -> None:
        self.root = Path(root)
        self.train = train
        pixels, targets = self._load(download)
        data = np.ascontiguousarray(pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
        super().__init__(data, targets, self.names, transform, target_transform)

    def _load(self, download: bool) -> tuple[NDArray[np.uint8], NDArray[Any]]:
        """Return the pixels (N, 3072) and the labels (N,)."""
        archive = self.root / self.url.rsplit("/", 1)[-1]
        if (self.root / self.pickles).is_dir():
            return self._from_pickles(self.root / self.pickles)
        if not archive.is_file():
            archive = self._fetch(archive, download)
        check_sha256(archive, self.sha256)
        return self._from_archive(archive)

    def _fetch(self, archive: Path, download: bool) -> Path:
        """Download the archive, or say that it is missing."""
        title = f"{type(self).__name__} ({'train' if self.train else 'test'})"
        remedy = f"put {self.url} into {self.root}, or use FashionMNISTSample()."
        if download:
            remedy = f"Connect to the network and try again, or {remedy}"
            return fetch([self.url], self.root, self.sha256, title, remedy)
        raise DatasetNotFoundError(
            f"{title} was not found: {archive.name} is missing.\n"
            f"  Looked in {self.root / self.pickles}, {self.root}\n"
            f"  Write download=True, or {remedy}"
        )

    def _from_archive(self, archive: Path) -> tuple[NDArray[np.uint8], NDArray[Any]]:
        """Read the records of this split out of the binary archive."""
        wanted, size = self.binaries[self.train], self.per_file * (self.label_bytes + PIXELS)
        found = {name: np.frombuffer(b"", np.uint8) for name in wanted}
        try:
            with tarfile.open(archive, "r:gz") as tar:
                for member in tar:
                    if member.name in found and (file := tar.extractfile(member)) is not None:
                        found[member.name] = np.frombuffer(file.read(size + 1), np.uint8)
        except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
            raise DamagedFileError(f"{archive} is a damaged archive: {error}") from error
        for name, content in found.items():
            if len(content) != size:
                raise DamagedFileError(f"{archive}: {name} is not there with its {size:,} bytes")
        records = np.concatenate(list(found.values())).reshape(-1, self.label_bytes + PIXELS)
        return records[:, self.label_bytes :], records[:, self.label_bytes - 1]

    def _from_pickles(self, folder: Path) -> tuple[NDArray[np.uint8], NDArray[Any]]:
        """Read the batches of this split as torchvision stores them."""
        files = self.md5[self.train].items()
        batches = [read_batch(folder / name, md5, self.pickled_labels) for name, md5 in files]
        pixels, labels = zip(*batches, strict=True)
        return np.concatenate(pixels), np.concatenate(labels)

    def _details(self) -> list[str]:
        return [f"Root location: {self.root}", f"Split: {'Train' if self.train else 'Test'}"]


class CIFAR100(CIFAR10):
    """Photographs of a hundred kinds of things: 50,000 for training, 10,000 for testing, 32 by 32.

    Looked for are ``root/cifar-100-python``, where torchvision puts it, then
    ``root/cifar-100-binary.tar.gz``. Both are verified each time.

    Args:
        root: The folder of all datasets.
        train: The training images, or else the test images.
        transform: Applied to each image, a PIL image of mode RGB.
        target_transform: Applied to each target, an ``int``.
        download: Whether to fetch the archive (169 MB) if neither is found.

    Raises:
        DatasetNotFoundError: If neither is found, nor downloaded.
        DamagedFileError: If one is found but does not hold what it should.

    Example:
        >>> len(CIFAR100.names), CIFAR100.names[0]
        (100, 'apple')

    PyTorch: ``torchvision.datasets.CIFAR100``; it differs as :class:`CIFAR10` does.

    Source: https://www.cs.toronto.edu/~kriz/cifar.html
    """

    names = CIFAR100_NAMES
    url = "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"
    sha256 = "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"
    pickles = "cifar-100-python"
    pickled_labels = "fine_labels"
    label_bytes = 2  # coarse, then fine
    binaries: ClassVar[Mapping[bool, Sequence[str]]] = {
        True: ["cifar-100-binary/train.bin"],
        False: ["cifar-100-binary/test.bin"],
    }
    md5: ClassVar[Mapping[bool, Mapping[str, str]]] = {
        True: {"train": "16019d7e3df5f24257cddd939b257f8d"},
        False: {"test": "f0ef6b0ae62326f3e7ffdfab6717acfc"},
    }

    @property
    def per_file(self) -> int:  # type: ignore[override]
        """How many images the file of this split holds."""
        return 50_000 if self.train else 10_000


def read_batch(path: Path, md5: str, labels: str) -> PickledBatch:
    """Read one pickled batch after comparing its md5.

    Args:
        path: The file.
        md5: The known one.
        labels: The key of the labels.

    Raises:
        DatasetNotFoundError: If there is no such file.
        DamagedFileError: If it is not the known one.
    """
    if not path.is_file():
        raise DatasetNotFoundError(f"{path} is missing: remove {path.parent}, or complete it")
    content = path.read_bytes()
    found = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if found != md5:
        raise DamagedFileError(
            f"{path} does not hold what it should: its md5 is {found}, expected {md5}"
        )
    return parse_batch(content, labels, path)
