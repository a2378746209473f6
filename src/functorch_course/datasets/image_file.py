"""Opening one image file that nobody vouches for."""

import errno
import io
import os
import stat
from pathlib import Path

from PIL import Image

from functorch_course.errors import CourseError, DamagedFileError

from .errors import MissingFileError, OutsideFolderError
from .plain_png import decode_plain_png

FORMATS = ("PNG", "JPEG", "PPM", "BMP", "GIF", "TIFF", "WEBP")
"""Those that Pillow decodes by itself: no file can make it start another program."""
EXTENSIONS = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")
MOST_PIXELS = 2**30 // 4 // 3
"""Where Pillow begins to warn of decompression bombs: a quarter of a gigabyte of RGB."""
MOST_BYTES = 2**30
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
            return self._decode(path, self._content(path, name))
        except CourseError:
            raise
        except FileNotFoundError as error:
            raise MissingFileError(f"{path} does not exist") from error
        except Exception as error:  # Pillow's decoders raise all sorts of things at hostile bytes
            raise DamagedFileError(f"{path} is not a whole image: {error}") from error

    def path(self, name: str) -> str:
        """Return the path of a name, after checking that it does not say to leave the folder."""
        path = os.path.join(self.folder, name)  # noqa: PTH118
        if os.path.isabs(name) or ".." in name or "\0" in name:  # noqa: PTH117
            inside = os.path.relpath(path, self.folder) if "\0" not in name else ".."
            if inside == ".." or inside.startswith(".." + os.sep):
                raise OutsideFolderError(f"{name} leads out of {self.folder}")
        return path

    def _content(self, path: str, name: str) -> bytes:
        """Return what a regular file holds; a link must lead to somewhere in the folder."""
        parent = os.path.dirname(path)  # noqa: PTH120
        if parent not in self._inside:
            self._check_inside(parent, name)
            self._inside.add(parent)
        descriptor = self._open(path, name)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
                raise DamagedFileError(
                    f"{path} is not a regular file of up to {MOST_BYTES:,} bytes"
                )
            return os.read(descriptor, status.st_size)
        finally:
            os.close(descriptor)

    def _open(self, path: str, name: str) -> int:
        """Open a file; if it is a link, after checking where it leads."""
        if NO_LINK:
            try:
                return os.open(path, FLAGS | NO_LINK)
            except OSError as error:
                if error.errno != errno.ELOOP:
                    raise
        self._check_inside(path, name)
        return os.open(path, FLAGS)

    def _check_inside(self, path: str, name: str) -> None:
        """Raise if ``path`` with its links followed lies outside of the folder."""
        folder, real = os.path.realpath(self.folder), os.path.realpath(path)
        if os.path.commonpath([folder, real]) != folder:
            raise OutsideFolderError(f"{name} leads out of {self.folder}, to {real}")

    def _decode(self, path: str, content: bytes) -> Image.Image:
        """Decode the content of a file."""
        image = decode_plain_png(content, MOST_PIXELS)
        if image is None:
            image = Image.open(io.BytesIO(content), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise DamagedFileError(
                f"{path} declares {image.width} x {image.height} pixels: {MOST_PIXELS:,} at most"
            )
        if self.mode is None or self.mode == image.mode:
            image.load()
            return image
        return image.convert(self.mode)
