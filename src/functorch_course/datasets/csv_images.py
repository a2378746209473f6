"""Images in a folder, their labels in a table."""

from pathlib import Path

from .file_images import FileImages, Transform
from .image_file import ImageFolderReader
from .metadata import Columns, number_labels, read_rows


class CSVImageDataset(FileImages):
    """Images whose file names and labels stand in a CSV file, or in JSON lines.

    The constructor reads the table only. Each ``dataset[i]`` opens one image, decodes it, closes
    the file, and gives ``(image, target)``. Names lead to files in ``image_dir``, never outside.

    Args:
        csv: The table, in UTF-8: JSON lines if its name ends in .jsonl or .ndjson, otherwise CSV
            with a header and any of the delimiters comma, semicolon, tab, bar, colon and space.
        image_dir: The folder of the images.
        transform: Applied to each image, as a PIL image.
        target_transform: Applied to each target, an ``int``.
        label_column: What the column of the labels is called; ``None``: label, target, class or
            category. Integers count as they are; names are numbered in alphabetical order.
        filename_column: What the column of the file names is called; ``None``: filename, file_name,
            file, image, image_path, path or name.
        mode: The mode to convert each image to, such as ``"L"`` or ``"RGB"``; ``None``: as in the
            file.

    Raises:
        DamagedFileError: If the table is damaged, or ``dataset[i]`` not a whole image.
        InvalidValueError: If the table has no such columns.
        MissingFileError: If ``dataset[i]`` is asked for a file that does not exist.
        OutsideFolderError: If a name leads out of ``image_dir``.

    Example:
        >>> from functorch_course.datasets import LESSON_IMAGES
        >>> dataset = CSVImageDataset(LESSON_IMAGES / "labels.csv", LESSON_IMAGES)
        >>> image, target = dataset[0]
        >>> len(dataset), image.size, target
        (40, (28, 28), 9)

    PyTorch: has no counterpart; its tutorial writes such a class with pandas.

    Source: https://docs.pytorch.org/tutorials/beginner/basics/data_tutorial.html
    """

    def __init__(
        self,
        csv: str | Path,
        image_dir: str | Path,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
        label_column: str | None = None,
        filename_column: str | None = None,
        mode: str | None = None,
    ) -> None:
        self.csv = Path(csv)
        rows = read_rows(self.csv, Columns(filename_column, label_column))
        self.lines = [row.line for row in rows]
        targets, classes = number_labels([row.label for row in rows])
        reader, names = ImageFolderReader(image_dir, mode), [row.name for row in rows]
        super().__init__(reader, names, targets, classes, transform, target_transform)
        for index in range(len(self)):
            self.path(index)

    def where(self, index: int) -> str:
        """Return the file and line that name an image."""
        return f"{self.csv}, line {self.lines[index]}: "
