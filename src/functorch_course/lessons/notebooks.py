"""A lesson as a Jupyter notebook."""

from typing import Any

from .cells import Cell
from .finding import Lesson

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(lesson: Lesson) -> dict[str, Any]:
    r"""Turn a lesson into a notebook that has not been run.

    Args:
        lesson: The lesson.

    Returns:
        The notebook in Jupyter's format 4.5, ready for ``json.dumps``.

    Example:
        >>> from functorch_course.lessons import find
        >>> notebook(find(2))["cells"][0]["source"][0]
        '# 2. Vectors: tensors with one axis\n'

    PyTorch: has no counterpart; ``jupytext --to notebook`` does the same.
    """
    cells = [_cell(cell, place) for place, cell in enumerate(lesson.cells())]
    return {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}


def _cell(cell: Cell, place: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": f"cell-{place}",
        "metadata": {},
        "source": cell.source.splitlines(keepends=True),
    }
    return made if cell.kind == "markdown" else {**made, "execution_count": None, "outputs": []}
