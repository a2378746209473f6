"""Checkpoints in a folder, written by Orbax: each is there as a whole, or not at all."""

import warnings
import zlib
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from functorch_course.errors import DamagedFileError, InvalidValueError


class Checkpoint(NamedTuple):
    """A training run after an epoch.

    Args:
        epoch: Counted from 1.
        arrays: Arrays by name, none of them empty.
        facts: Everything else, as JSON can hold it.

    PyTorch: the dict that scripts give to ``torch.save``.
    """

    epoch: int
    arrays: dict[str, npt.NDArray[Any]]
    facts: dict[str, Any]


class Checkpoints:
    """Keeps the newest checkpoints of one training run in a folder.

    A checkpoint is written beside the others and then renamed, so that a crash leaves either all
    of it or nothing. It holds arrays and JSON; nothing that is read can run code.

    Args:
        folder: Where they are; it is made if need be.
        keep: How many to keep; older ones are removed.

    Raises:
        InvalidValueError: If ``keep`` is below 1.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     checkpoints = Checkpoints(folder, keep=2)
        ...     for epoch in (1, 2, 3):
        ...         checkpoints.save(Checkpoint(epoch, {"w": np.ones(2)}, {"note": "ok"}))
        ...     checkpoints.epochs(), checkpoints.newest().facts
        ([2, 3], {'note': 'ok'})

    PyTorch: has no counterpart; scripts write ``torch.save({"model": model.state_dict(), …})``.

    Source: https://orbax.readthedocs.io
    """

    def __init__(self, folder: str | Path, keep: int = 3) -> None:
        if keep < 1:
            raise InvalidValueError(f"keep={keep}: write a number of checkpoints, at least 1")
        self.folder, self.keep = Path(folder), keep

    def epochs(self) -> list[int]:
        """Return the epochs after which there is a checkpoint, the oldest first."""
        return sorted(self._manager.all_steps())

    def save(self, checkpoint: Checkpoint) -> None:
        """Write a checkpoint, and remove those that are too old."""
        import orbax.checkpoint as ocp  # noqa: PLC0415

        facts = {"facts": checkpoint.facts, "checksum": _checksum(checkpoint.arrays)}
        parts = ocp.args.Composite(
            arrays=ocp.args.StandardSave(checkpoint.arrays), facts=ocp.args.JsonSave(facts)
        )
        self._manager.save(checkpoint.epoch, args=parts)

    def newest(self) -> Checkpoint | None:
        """Return the newest checkpoint that can be read, or None if there is none.

        A damaged one is removed with a warning, and the one before it is taken.

        Raises:
            DamagedFileError: If there are checkpoints, but all of them are damaged.
        """
        epochs = self.epochs()
        for epoch in reversed(epochs):
            try:
                checkpoint = self._read(epoch)
            except Exception as error:  # noqa: BLE001 (Orbax may raise anything on a damaged file)
                _warn(self.folder, epoch, error)
                damaged = epoch
                continue
            for later in epochs[epochs.index(epoch) + 1 :]:
                self._manager.delete(later)
            return checkpoint
        if epochs:
            raise DamagedFileError(
                f"all checkpoints in {self.folder} are damaged, of epochs {epochs}: "
                f"begin again with another folder, or restore {self.folder / str(damaged)}"
            )
        return None

    def _read(self, epoch: int) -> Checkpoint:
        """Read one checkpoint and see that its arrays are those that were written."""
        import orbax.checkpoint as ocp  # noqa: PLC0415

        parts = ocp.args.Composite(arrays=ocp.args.StandardRestore(), facts=ocp.args.JsonRestore())
        found = self._manager.restore(epoch, args=parts)
        if _checksum(found.arrays) != found.facts["checksum"]:
            raise DamagedFileError("its arrays have changed since they were written")
        return Checkpoint(epoch, found.arrays, found.facts["facts"])

    @cached_property
    def _manager(self) -> Any:  # noqa: ANN401
        """Orbax's own keeper of the folder; it clears away what a killed run left half-written."""
        import orbax.checkpoint as ocp  # noqa: PLC0415

        options = ocp.CheckpointManagerOptions(
            max_to_keep=self.keep, enable_async_checkpointing=False, cleanup_tmp_directories=True
        )
        return ocp.CheckpointManager(self.folder.absolute(), options=options)


def _checksum(arrays: dict[str, npt.NDArray[Any]]) -> int:
    """Return a number that changes with the names, types and values of the arrays."""
    total = 0
    for name, array in sorted(arrays.items()):
        total = zlib.crc32(f"{name} {array.dtype} {array.shape}".encode(), total)
        total = zlib.crc32(np.ascontiguousarray(array).tobytes(), total)
    return total


def _warn(folder: Path, epoch: int, error: Exception) -> None:
    """Warn of a checkpoint that cannot be read."""
    reason = str(error).splitlines()[:1]
    warnings.warn(
        f"the checkpoint of epoch {epoch} in {folder} is damaged ({type(error).__name__}: "
        f"{''.join(reason)[:200]}): it is removed, for the one before it",
        stacklevel=4,
    )
