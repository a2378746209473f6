"""The slice of Fashion-MNIST that is shipped with the package: no download, no network."""

from pathlib import Path

from .array_images import ArrayImages, Transform
from .idx import read_idx
from .mnist import FashionMNIST

FOLDER = Path(__file__).parent / "sample"
LESSON_IMAGES = FOLDER / "images"
"""Forty of the training images as PNG files, four of each class, and labels.csv for them."""
SHA256 = {
    "train-images-idx3-ubyte": "6dded81672539b5d148c1a85358069d1808c316dc6f6c0abfd12ba3ced5dd394",
    "train-labels-idx1-ubyte": "d7c464914ae4b919728c5c99c3cdde5a0259febf1e99ddc6927a15768731d7dc",
    "t10k-images-idx3-ubyte": "7a6d8e07ea021ec5bc73135ebd0a5770799557ec6f8242d8749c4f32a3cf4643",
    "t10k-labels-idx1-ubyte": "b40abac7ec8228f434940f579deb7cf7b6e3103b5274cb91d1545771f5ef1c8b",
}


class FashionMNISTSample(ArrayImages):
    """The first 6,000 training and the first 1,000 test images of Fashion-MNIST, always at hand.

    Grey images of 28 by 28 pixels, 10 classes of clothing.

    Args:
        train: The training images, or else the test images.
        transform: Applied to each image, a PIL image of mode L.
        target_transform: Applied to each target, an ``int``.

    Raises:
        DamagedFileError: If the files of the installed package have been changed.

    Example:
        >>> dataset = FashionMNISTSample(train=False)
        >>> image, target = dataset[0]
        >>> len(dataset), image.size, dataset.classes[target]
        (1000, (28, 28), 'Ankle boot')

    PyTorch: has no counterpart; ``torchvision.datasets.FashionMNIST`` must be downloaded.

    Source: https://github.com/zalandoresearch/fashion-mnist, Copyright 2017 Zalando SE (MIT).
    """

    def __init__(
        self,
        train: bool = True,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
    ) -> None:
        self.train = train
        split = "train" if train else "t10k"
        names = f"{split}-images-idx3-ubyte", f"{split}-labels-idx1-ubyte"
        data, targets = (read_idx(FOLDER / f"{name}.gz", sha256=SHA256[name]) for name in names)
        super().__init__(data, targets, FashionMNIST.names, transform, target_transform)

    def _details(self) -> list[str]:
        return [f"Split: {'Train' if self.train else 'Test'}"]
