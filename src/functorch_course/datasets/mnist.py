"""MNIST and its relatives that come as four IDX files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from numpy.typing import NDArray

from functorch_course.errors import DamagedFileError, DatasetNotFoundError

from .array_images import ArrayImages, Transform
from .download import fetch
from .idx import check_sha256, read_idx

Hashes = Mapping[str, tuple[str, str | None]]
"""For each file: the sha256 of what the server sends, and of what it unpacks to, if known."""


class MNIST(ArrayImages):
    """Handwritten digits: 60,000 training and 10,000 test images of 28 by 28 grey pixels.

    The files are looked for in ``root/MNIST/raw`` (where torchvision puts them), ``root/MNIST``
    and ``root``, compressed or not, and used only if their content has the known sha256.

    Args:
        root: The folder of all datasets.
        train: The training images, or else the test images.
        transform: Applied to each image, a PIL image of mode L.
        target_transform: Applied to each target, an ``int``.
        download: Whether to fetch what is not found, into ``root/MNIST/raw``.

    Raises:
        DatasetNotFoundError: If a file is neither found nor downloaded.
        DamagedFileError: If a file is found but does not hold what it should.

    Example:
        >>> MNIST("data/absent")
        Traceback (most recent call last):
        functorch_course.errors.DatasetNotFoundError: MNIST (train) was not found:
        train-images-idx3-ubyte.gz is missing.
          Looked in data/absent/MNIST/raw, data/absent/MNIST, data/absent
          Write download=True, or put train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz
          into data/absent/MNIST/raw, or use FashionMNISTSample(), which needs no download.

    PyTorch: ``torchvision.datasets.MNIST``. Here ``data`` and ``targets`` are read-only NumPy
    arrays, the content is verified each time, and only the files that are needed are fetched.

    Source: http://yann.lecun.com/exdb/mnist/
    """

    names: ClassVar[Sequence[str]] = (
        "0 - zero",
        "1 - one",
        "2 - two",
        "3 - three",
        "4 - four",
        "5 - five",
        "6 - six",
        "7 - seven",
        "8 - eight",
        "9 - nine",
    )
    mirrors: ClassVar[Sequence[str]] = (
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    )
    system_folder: ClassVar[Path | None] = None
    advice: ClassVar[str] = ""
    hashes: ClassVar[Hashes] = {
        "train-images-idx3-ubyte": (
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        ),
        "train-labels-idx1-ubyte": (
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        ),
        "t10k-images-idx3-ubyte": (
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ),
        "t10k-labels-idx1-ubyte": (
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
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
        data, targets = (self._load(name, download) for name in self._files())
        super().__init__(data, targets, self.names, transform, target_transform)

    @property
    def raw_folder(self) -> Path:
        """Where the files are downloaded to, and looked for first."""
        return self.root / type(self).__name__ / "raw"

    def _files(self) -> tuple[str, str]:
        """Return the names of the images and the labels of this split."""
        split = "train" if self.train else "t10k"
        return f"{split}-images-idx3-ubyte", f"{split}-labels-idx1-ubyte"

    def _folders(self) -> list[Path]:
        """Return where to look, first to last."""
        folders = [self.raw_folder, self.raw_folder.parent, self.root]
        return folders if self.system_folder is None else [*folders, self.system_folder]

    def _load(self, name: str, download: bool) -> NDArray[Any]:
        """Return the items of the first file called ``name``, wherever it lies."""
        ends = (".gz",) if self.hashes[name][1] is None else ("", ".gz")
        for path in (folder / (name + end) for folder in self._folders() for end in ends):
            try:
                if path.is_file():
                    return self._read(path, name)
            except DamagedFileError:
                if path.parent != self.root and not download:  # bare root may hold another dataset
                    raise
        if download:
            return self._read(self._fetch(name), name)
        raise DatasetNotFoundError(
            f"{self._title()} was not found: {name}.gz is missing.\n"
            f"  Looked in {', '.join(map(str, self._folders()))}\n"
            f"  Write download=True, or {self._remedy()}"
        )

    def _read(self, path: Path, name: str) -> NDArray[Any]:
        """Read a file after checking its hash: that of its content, or else of the file sent."""
        sent, content = self.hashes[name]
        if content is None:
            check_sha256(path, sent)
        return read_idx(path, sha256=content)

    def _fetch(self, name: str) -> Path:
        """Download the file called ``name``."""
        urls = [f"{mirror}{name}.gz" for mirror in self.mirrors]
        remedy = f"Connect to the network and try again, or {self._remedy()}"
        return fetch(urls, self.raw_folder, self.hashes[name][0], self._title(), remedy)

    def _title(self) -> str:
        return f"{type(self).__name__} ({'train' if self.train else 'test'})"

    def _remedy(self) -> str:
        images, labels = self._files()
        return (
            f"{self.advice}put {images}.gz and {labels}.gz into {self.raw_folder}, "
            "or use FashionMNISTSample(), which needs no download."
        )

    def _details(self) -> list[str]:
        return [f"Root location: {self.root}", f"Split: {'Train' if self.train else 'Test'}"]


class FashionMNIST(MNIST):
    """Clothing in ten classes: 60,000 training and 10,000 test images of 28 by 28 grey pixels.

    The files are looked for in ``root/FashionMNIST/raw`` (where torchvision puts them),
    ``root/FashionMNIST``, ``root`` and where Debian's package dataset-fashion-mnist puts them,
    compressed or not, and used only if their content has the known sha256.

    Args:
        root: The folder of all datasets.
        train: The training images, or else the test images.
        transform: Applied to each image, a PIL image of mode L.
        target_transform: Applied to each target, an ``int``.
        download: Whether to fetch what is not found, into ``root/FashionMNIST/raw``.

    Raises:
        DatasetNotFoundError: If a file is neither found nor downloaded.
        DamagedFileError: If a file is found but does not hold what it should.

    Example:
        >>> FashionMNIST.names[9]
        'Ankle boot'

    PyTorch: ``torchvision.datasets.FashionMNIST``; it differs as :class:`MNIST` does.

    Source: https://github.com/zalandoresearch/fashion-mnist
    """

    names = (
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    )
    mirrors = ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",)
    system_folder = Path("/usr/share/datasets/fashion-mnist")
    advice = "`apt install dataset-fashion-mnist`, or "
    hashes = {  # noqa: RUF012
        "train-images-idx3-ubyte": (
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        ),
        "train-labels-idx1-ubyte": (
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        ),
        "t10k-images-idx3-ubyte": (
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        ),
        "t10k-labels-idx1-ubyte": (
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ),
    }


class KMNIST(MNIST):
    """Kuzushiji, cursive Japanese, in ten classes: as many images of the same size as MNIST has.

    The files are looked for in ``root/KMNIST/raw`` (where torchvision puts them), ``root/KMNIST``
    and ``root``, compressed as they are sent, and used only with the known sha256.

    Args:
        root: The folder of all datasets.
        train: The training images, or else the test images.
        transform: Applied to each image, a PIL image of mode L.
        target_transform: Applied to each target, an ``int``.
        download: Whether to fetch what is not found, into ``root/KMNIST/raw``.

    Raises:
        DatasetNotFoundError: If a file is neither found nor downloaded.
        DamagedFileError: If a file is found but does not hold what it should.

    Example:
        >>> KMNIST.names[1]
        'ki'

    PyTorch: ``torchvision.datasets.KMNIST``; it differs as :class:`MNIST` does.

    Source: https://github.com/rois-codh/kmnist
    """

    names = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
    mirrors = (
        "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        "https://storage.googleapis.com/kuzushiji-mnist/",
    )
    hashes = {  # noqa: RUF012
        "train-images-idx3-ubyte": (
            "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
            None,
        ),
        "train-labels-idx1-ubyte": (
            "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
            None,
        ),
        "t10k-images-idx3-ubyte": (
            "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
            None,
        ),
        "t10k-labels-idx1-ubyte": (
            "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
            None,
        ),
    }
