"""Which lesson treats a row of the course."""

LESSONS = {
    "O": "01_overview.py",
    "T": "02_vectors.py",
    "M": "03_matrices.py",
    "D": "04_differentiation.py",
    "S": "05_dataset_and_transforms.py",
    "I": "06_images.py",
}


def lesson_of(row: str) -> str:
    """Return the file of the lesson that treats a row of the course.

    Args:
        row: Such as ``"T062"``.

    Returns:
        The file's name in ``scripts/lessons/``.

    Example:
        >>> lesson_of("T062")
        '02_vectors.py'

    PyTorch: has no counterpart.
    """
    return LESSONS[row[0]]
