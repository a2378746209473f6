"""Datasets that other libraries have prepared, as datasets of this one."""

import operator
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from functorch_course.data import Dataset
from functorch_course.errors import DatasetNotFoundError, InvalidValueError


class IndexedSource(Dataset[Any]):
    """Samples of a source that is asked by index, with the usual errors of indexing.

    Args:
        source: Has ``source[i]`` and ``len(source)``.
        select: Makes a sample of what the source gives.
        title: What the ``repr`` calls it.

    Raises:
        IndexError: If ``dataset[i]`` is asked for an index out of range.

    Example:
        >>> dataset = IndexedSource([{"x": 1, "y": 2}], lambda row: (row["x"], row["y"]), "rows")
        >>> dataset[-1], dataset
        ((1, 2), Dataset rows: 1 samples)

    PyTorch: has no counterpart.
    """

    def __init__(self, source: Any, select: Callable[[Any], Any], title: str) -> None:  # noqa: ANN401
        self.source = source
        self.select = select
        self.title = title

    def __len__(self) -> int:
        return len(self.source)

    def __getitem__(self, index: int) -> Any:  # noqa: ANN401
        position = operator.index(index)
        if not -len(self) <= position < len(self):
            raise IndexError(f"index {position} is out of range for {len(self)} samples")
        return self.select(self.source[position % len(self)])

    def __repr__(self) -> str:
        return f"Dataset {self.title}: {len(self)} samples"


def from_tfds(
    name: str,
    split: str = "train",
    data_dir: str | Path | None = None,
    columns: Sequence[str] | None = ("image", "label"),
) -> IndexedSource:
    """Read a dataset that tensorflow-datasets has prepared, without TensorFlow.

    Args:
        name: Its name there, such as ``"fashion_mnist"``, with ``":3.0.1"`` for one version.
        split: ``"train"``, ``"test"`` ...
        data_dir: Where it was prepared; ``None`` for ``~/tensorflow_datasets``.
        columns: The features that make up a sample, as a tuple; ``None`` for the dict of all.

    Returns:
        A dataset of tuples or dicts of NumPy arrays and Python numbers.

    Raises:
        DatasetNotFoundError: If it has not been prepared there; the message has three lines.
        InvalidValueError: If there is no such split or feature.

    Example:
        >>> from_tfds("fashion_mnist", data_dir="data/absent")
        Traceback (most recent call last):
        functorch_course.errors.DatasetNotFoundError: fashion_mnist has not been prepared ...

    PyTorch: has no counterpart.

    Source: https://www.tensorflow.org/datasets/data_source
    """
    folder = Path(data_dir or Path.home() / "tensorflow_datasets")
    found = _prepared(folder, name)
    if found is None:
        raise DatasetNotFoundError(
            f"{name} has not been prepared by tensorflow-datasets.\n"
            f"  Looked in {folder / name.replace(':', '/')}\n"
            "  Prepare it where TensorFlow is installed, with file_format='array_record', and copy "
            "the folder there; or use FashionMNIST, MNIST, CIFAR10 ..., which need no TensorFlow."
        )
    import tensorflow_datasets as tfds  # noqa: PLC0415

    builder = tfds.builder_from_directory(str(found))
    if split not in builder.info.splits:
        names = ", ".join(map(repr, builder.info.splits))
        raise InvalidValueError(f"split={split!r}: {name} has {names}")
    features = sorted(builder.info.features)
    return IndexedSource(
        builder.as_data_source(split), _selector(columns, features), f"{name} ({split})"
    )


def _prepared(folder: Path, name: str) -> Path | None:
    """Return the folder of the newest version that has been prepared."""
    title, _, version = name.partition(":")
    versions = [path.parent for path in (folder / title).glob("**/dataset_info.json")]
    chosen = [path for path in versions if not version or path.name == version]
    numbers = lambda path: [int(part) for part in path.name.split(".") if part.isdecimal()]  # noqa: E731
    return max(chosen, key=numbers, default=None)


def from_huggingface(
    dataset: Any,  # noqa: ANN401
    columns: Sequence[str] | None = ("image", "label"),
) -> IndexedSource:
    """Take a split of a Hugging Face dataset.

    Args:
        dataset: A ``datasets.Dataset``, or anything like it: ``dataset[i]`` is a dict of columns,
            ``dataset.column_names`` lists them.
        columns: The columns that make up a sample, as a tuple; ``None`` for the dict of all.

    Returns:
        A dataset of tuples or dicts of what the columns hold; images are PIL images.

    Raises:
        InvalidValueError: If it is not one split, or has no such column.

    Example:
        >>> class Rows(list):
        ...     column_names = ("image", "label")
        >>> dataset = from_huggingface(Rows([{"image": "an image", "label": 3}]))
        >>> dataset[0]
        ('an image', 3)

    PyTorch: has no counterpart; ``dataset.with_format("torch")`` gives tensors.

    Source: https://huggingface.co/docs/datasets
    """
    names = getattr(dataset, "column_names", None)
    if names is None or isinstance(names, dict):
        splits = f" of {', '.join(map(repr, names))}" if names else ""
        raise InvalidValueError(
            f"{type(dataset).__name__} is not one split: write from_huggingface(dataset['train']), "
            f"or another{splits}"
        )
    return IndexedSource(dataset, _selector(columns, list(names)), type(dataset).__name__)


def _selector(columns: Sequence[str] | None, names: Sequence[str]) -> Callable[[Any], Any]:
    """Return what makes a sample of a row: all of it, or the columns as a tuple."""
    if columns is None:
        return Everything()
    if missing := [column for column in columns if column not in names]:
        listed = ", ".join(map(repr, names))
        raise InvalidValueError(f"columns={tuple(missing)} are unknown: there are {listed}")
    return Columns(tuple(columns))


class Everything:
    """Keeps a row as it is; a class, so that it reaches worker processes."""

    def __call__(self, row: Any) -> Any:  # noqa: ANN401
        """Return the row."""
        return row


class Columns:
    """Picks columns of a row; a class, so that it reaches worker processes."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def __call__(self, row: Any) -> tuple[Any, ...]:  # noqa: ANN401
        """Return the values of the columns."""
        return tuple(row[name] for name in self.names)
