"""A dataset on its way to worker processes: pickled once, its large arrays shared."""

import io
import mmap
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .collate_leaves import is_foreign_array
from .shared_file import aligned, anonymous_file, disk_file

_LARGE = 1 << 16  # bytes from which an array is worth sharing


class Section(NamedTuple):
    """A buffer's place in the shared file."""

    start: int
    size: int
    read_only: bool


class Package(NamedTuple):
    """A pickled object in a shared file.

    Args:
        descriptor: The file.
        sections: The pickle itself, and then the buffers of its large arrays.
    """

    descriptor: int
    sections: list[Section]


def wrap(value: object) -> Package:
    """Pickle a value into a shared file.

    Raises:
        Exception: Whatever pickling raises, with a note that says why it was tried.
    """
    file = io.BytesIO()
    pickler = _Pickler(file)
    try:
        pickler.dump(value)
    except Exception as error:
        error.add_note(
            "DataLoader: the dataset, collate_fn, worker_init_fn and on_error go to worker "
            "processes by pickle, so define their classes and functions at the top level of a "
            "module (no lambdas), or write worker_type='thread'"
        )
        raise
    return _write([memoryview(file.getbuffer()), *pickler.large])


def _write(buffers: list[memoryview]) -> Package:
    """Copy the buffers to a new file, one after the other."""
    sections, end = [], 0
    for buffer in buffers:
        sections.append(Section(end, buffer.nbytes, buffer.readonly))
        end = aligned(end + buffer.nbytes)
    try:
        descriptor = anonymous_file(max(end, 1))
    except OSError:
        descriptor = disk_file(max(end, 1))
    with mmap.mmap(descriptor, max(end, 1)) as target:
        for section, buffer in zip(sections, buffers, strict=True):
            target[section.start : section.start + section.size] = buffer
    return Package(descriptor, sections)


def unwrap(package: Package, find_main: Callable[[], None]) -> Any:  # noqa: ANN401
    """Rebuild the value. What it writes to its large arrays stays its own.

    Args:
        package: What :func:`wrap` made.
        find_main: Called before the first look into the user's main module.
    """
    size = max(os.fstat(package.descriptor).st_size, 1)
    mapping = mmap.mmap(package.descriptor, size, access=mmap.ACCESS_COPY)
    os.close(package.descriptor)
    whole = memoryview(mapping)
    body, *buffers = [
        whole[section.start : section.start + section.size] for section in package.sections
    ]
    large = [
        buffer.toreadonly() if section.read_only else buffer
        for section, buffer in zip(package.sections[1:], buffers, strict=True)
    ]
    return _Unpickler(io.BytesIO(body), find_main, large).load()


class _Pickler(pickle.Pickler):
    """Keeps large buffers aside, and opens the way for arrays that usually have none."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=5, buffer_callback=self._keep)
        self.large: list[memoryview] = []

    def _keep(self, buffer: pickle.PickleBuffer) -> bool:
        """Take a large buffer aside; return whether a small one goes into the pickle."""
        view = buffer.raw()
        if view.nbytes < _LARGE:
            return True
        self.large.append(view)
        return False

    def reducer_override(self, value: Any) -> Any:  # noqa: ANN401
        """How arrays are pickled that NumPy would copy, or that need their library to load."""
        if isinstance(value, np.ndarray):
            return self._reduced(value) if value.nbytes >= _LARGE else NotImplemented
        library = type(value).__module__.partition(".")[0]
        if library in {"jax", "jaxlib"} and is_foreign_array(value):
            return np.asarray(value).__reduce_ex__(5)
        return NotImplemented

    def _reduced(self, array: NDArray[Any]) -> Any:  # noqa: ANN401
        """A file that is mapped is mapped again; any other array gets a buffer of its own."""
        if array.dtype.hasobject:
            return NotImplemented
        mapped = _place_in_file(array)
        if mapped is not None:
            return _map_again, mapped
        if type(array) is np.ndarray and (array.flags.c_contiguous or array.flags.f_contiguous):
            return NotImplemented
        if isinstance(array, np.memmap) or type(array) is np.ndarray:
            return np.array(array, order="C", subok=False).__reduce_ex__(5)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    """Loads the user's main module only if something in it is needed."""

    def __init__(
        self, file: io.BytesIO, find_main: Callable[[], None], buffers: list[memoryview]
    ) -> None:
        super().__init__(file, buffers=buffers)
        self._find_main = find_main

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        """The class or function by this name."""
        if module in {"__main__", "__mp_main__"}:
            self._find_main()
        try:
            return super().find_class(module, name)
        except AttributeError as error:
            error.add_note(
                f"DataLoader: a worker process looked for {module}.{name}: what is defined in an "
                "interactive session, or under `if __name__ == '__main__':`, cannot reach it, so "
                "put it into a module, or write worker_type='thread'"
            )
            raise


def _place_in_file(array: NDArray[Any]) -> tuple[Any, ...] | None:
    """What it takes to map the array again, if it is a piece of a mapped file."""
    root: Any = array
    while isinstance(root, np.ndarray) and not isinstance(root.base, mmap.mmap):
        root = root.base
    if not isinstance(root, np.memmap) or root.filename is None or root.mode == "c":
        return None
    path = Path(root.filename)
    if not (array.flags.c_contiguous and path.exists()):
        return None
    start = array.__array_interface__["data"][0] - root.__array_interface__["data"][0]
    mode = "c" if array.flags.writeable else "r"
    return str(path.resolve()), array.dtype, mode, root.offset + start, array.shape


def _map_again(
    path: str,
    dtype: np.dtype[Any],
    mode: Literal["r", "c"],
    offset: int,
    shape: tuple[int, ...],
) -> NDArray[Any]:
    """The same piece of the same file; what is written to it stays in this process."""
    return np.asarray(np.memmap(path, dtype, mode, offset, shape))
