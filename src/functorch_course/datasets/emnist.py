"""EMNIST: MNIST with letters, all in one archive."""

import shutil
import string
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from numpy.typing import NDArray

from functorch_course.errors import DamagedFileError, DatasetNotFoundError, one_of

from .array_images import ArrayImages, Transform
from .download import fetch
from .idx import check_sha256, read_idx

ALL = sorted(string.digits + string.ascii_letters)
MERGED = sorted(set(ALL) - set("cijklmopsuvwxyz"))


class EMNIST(ArrayImages):
    """Handwritten digits and letters, 28 by 28 grey pixels, rows and columns exchanged.

    The files are looked for in ``root/EMNIST/raw``, where torchvision unpacks them, compressed or
    not; there is no known hash of single files. Otherwise they are unpacked from
    ``root/EMNIST/raw/gzip.zip`` (562 MB), which is verified first.

    Args:
        root: The folder of all datasets.
        split: ``"byclass"``, ``"bymerge"``, ``"balanced"``, ``"letters"``, ``"digits"`` or
            ``"mnist"``.
        train: The training images, or else the test images.
        transform: Applied to each image, a PIL image of mode L.
        target_transform: Applied to each target, an ``int``.
        download: Whether to fetch the archive if the files are not found.

    Raises:
        DatasetNotFoundError: If the files are neither found nor downloaded.
        DamagedFileError: If a file is found but does not hold what it should.
        InvalidValueError: If there is no such split.

    Example:
        >>> EMNIST.splits["letters"][:3]
        ('N/A', 'a', 'b')

    PyTorch: ``torchvision.datasets.EMNIST``; it differs as :class:`MNIST` does.

    Source: https://www.nist.gov/itl/products-and-services/emnist-dataset
    """

    splits: ClassVar[Mapping[str, Sequence[str]]] = {
        "byclass": tuple(ALL),
        "bymerge": tuple(MERGED),
        "balanced": tuple(MERGED),
        "letters": ("N/A", *string.ascii_lowercase),
        "digits": tuple(string.digits),
        "mnist": tuple(string.digits),
    }
    url: ClassVar[str] = "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip"
    sha256: ClassVar[str] = "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e"

    def __init__(
        self,
        root: str | Path,
        split: str,
        train: bool = True,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
        download: bool = False,
    ) -> None:
        one_of("split", split, self.splits)
        self.root = Path(root)
        self.split = split
        self.train = train
        prefix = f"emnist-{split}-{'train' if train else 'test'}"
        names = f"{prefix}-images-idx3-ubyte", f"{prefix}-labels-idx1-ubyte"
        data, targets = (self._load(name, download) for name in names)
        if data.shape != (len(targets), 28, 28):
            raise DamagedFileError(f"{self.raw_folder}: {data.shape} images, {len(targets)} labels")
        super().__init__(data, targets, self.splits[split], transform, target_transform)

    @property
    def raw_folder(self) -> Path:
        """Where the files are looked for, and downloaded to."""
        return self.root / "EMNIST" / "raw"

    def _load(self, name: str, download: bool) -> NDArray[Any]:
        """Return the items of a file, which may have to be unpacked first."""
        path, packed = self.raw_folder / name, self.raw_folder / f"{name}.gz"
        if path.is_file():
            return read_idx(path)
        if not packed.is_file():
            self._unpack(self._archive(name, download), f"gzip/{name}.gz", packed)
        return read_idx(packed)

    def _archive(self, name: str, download: bool) -> Path:
        """Return the archive, downloaded if need be, after verifying it."""
        archive = self.raw_folder / self.url.rsplit("/", 1)[-1]
        title = f"EMNIST ({self.split}, {'train' if self.train else 'test'})"
        remedy = f"put {self.url} into {self.raw_folder}, or use FashionMNISTSample()."
        if not archive.is_file() and download:
            remedy = f"Connect to the network and try again, or {remedy}"
            return fetch([self.url], self.raw_folder, self.sha256, title, remedy)
        if not archive.is_file():
            raise DatasetNotFoundError(
                f"{title} was not found: {name} is missing.\n"
                f"  Looked in {self.raw_folder}\n"
                f"  Write download=True, or {remedy}"
            )
        check_sha256(archive, self.sha256)
        return archive

    @staticmethod
    def _unpack(archive: Path, member: str, target: Path) -> None:
        """Copy one file out of the archive; it appears under its name only when it is whole."""
        part = target.with_name(f"{target.name}.part")
        try:
            with (
                zipfile.ZipFile(archive) as zipped,
                zipped.open(member) as source,
                part.open("wb") as file,
            ):
                shutil.copyfileobj(source, file)
        except (zipfile.BadZipFile, KeyError) as error:
            raise DamagedFileError(f"{archive} does not hold {member}: {error}") from error
        part.replace(target)

    def _details(self) -> list[str]:
        split = f"{self.split}, {'Train' if self.train else 'Test'}"
        return [f"Root location: {self.root}", f"Split: {split}"]
