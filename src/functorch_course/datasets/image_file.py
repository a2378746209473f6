"""Opening one image file that nobody vouches for."""

import os
import stat
from pathlib import Path
from typing import IO

from PIL import Image

from functorch_course.errors import CourseError, DamagedFileError

from .errors import MissingFileError, OutsideFolderError

FORMATS = ("PNG", "JPEG", "PPM", "BMP", "GIF", "TIFF", "WEBP")
"""Those that Pillow decodes by itself: no file can make it start another program."""
EXTENSIONS = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")
MOST_PIXELS = 2**30 // 4 // 3
"""Where Pillow begins to warn of decompression bombs: a quarter of a gigabyte of RGB."""
FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
FLAGS |= getattr(os, "O_NONBLOCK", 0)  # a pipe must not make us wait
NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class ImageFolderReader:
    """Opens the images in one folder, and nothing outside of it.

    Args:
        folder: The folder. Symbolic links may lead elsewhere in it, not out of it.
        mode: The mode to convert each image to; ``None``: as in the file.

    Example:
        >>> reader = ImageFolderReader("images", mode="RGB")
        >>> reader.read("../secret.png")
        Traceback (most recent call last):
        functorch_course.datasets.errors.OutsideFolderError: ../secret.png leads out of images

    PyTorch: has no counterpart; ``torchvision.datasets.folder.pil_loader`` opens any path.
    """

    def __init__(self, folder: str | Path, mode: str | None = None) -> None:
        self.folder = os.fspath(folder)
        self.mode = mode
        self._inside: set[str] = set()

    def read(self, name: str) -> Image.Image:
        """Return the image of this name, decoded, the file closed.

        Args:
            name: The path of the file, relative to the folder.

        Raises:
            MissingFileError: If there is no such file.
            OutsideFolderError: If it lies, or a link leads, outside of the folder.
            DamagedFileError: If it is no image, not whole, or too large.
        """
        path = self.path(name)
        try:
            with open(self._open(path, name), "rb") as file:  # noqa: PTH123
                return self._decode(path, file)
        except CourseError:
            raise
        except FileNotFoundError as error:
            raise MissingFileError(f"{path} does not exist") from error
        except Exception as error:  # Pillow's decoders raise anything at hostile bytes
            raise DamagedFileError(f"{path} is not a whole image: {error}") from error

    def path(self, name: str) -> str:
        """Return the path of a name, after checking that it does not say to leave the folder."""
        path = os.path.join(self.folder, name)  # noqa: PTH118
        if os.path.isabs(name) or ".." in name or "\0" in name:  # noqa: PTH117
            inside = os.path.relpath(path, self.folder) if "\0" not in name else ".."
            if inside == ".." or inside.startswith(".." + os.sep):
                raise OutsideFolderError(f"{name} leads out of {self.folder}")
        return path

    def _open(self, path: str, name: str) -> int:
        """Open a regular file; a link only where it leads to somewhere in the folder."""
        parent = os.path.dirname(path)  # noqa: PTH120
        if parent not in self._inside:
            self._check_inside(parent, name)
            self._inside.add(parent)
        if not NO_LINK or os.path.islink(path):  # noqa: PTH114
            self._check_inside(path, name)
            descriptor = os.open(path, FLAGS)
        else:
            descriptor = os.open(path, FLAGS | NO_LINK)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise DamagedFileError(f"{path} is not a regular file")
        return descriptor

    def _check_inside(self, path: str, name: str) -> None:
        """Raise if ``path`` with its links followed lies outside of the folder."""
        folder, real = os.path.realpath(self.folder), os.path.realpath(path)
        if os.path.commonpath([folder, real]) != folder:
            raise OutsideFolderError(f"{name} leads out of {self.folder}, to {real}")

    def _decode(self, path: str, file: IO[bytes]) -> Image.Image:
        """Decode an open file."""
        image: Image.Image = Image.open(file, formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise DamagedFileError(
                f"{path} declares {image.width} x {image.height} pixels: {MOST_PIXELS:,} at most"
            )
        if self.mode is None or self.mode == image.mode:
            image.load()
            return image
        return image.convert(self.mode)
