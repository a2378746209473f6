"""What a training run consists of, taken apart for a checkpoint and put together again."""

import base64
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from functorch_course.errors import InvalidValueError, one_of
from functorch_course.random import current_generator

from .checkpoint import Checkpoint, Checkpoints
from .errors import CheckpointMismatchError
from .history import EpochRecord, History
from .step import State

Resume = Literal["auto"] | None
LOSSES = "history.step_losses"


class Saver:
    """Saves a run after each epoch, and takes it up where a checkpoint left it.

    Args:
        checkpoints: Where; None to save nothing.
        loaders: Those whose place is saved, if they can tell it.
        settings: What must be equal in the run that goes on.
    """

    def __init__(
        self,
        checkpoints: Checkpoints | None,
        loaders: Sequence[object],
        settings: dict[str, Any],
    ) -> None:
        self.checkpoints, self.settings = checkpoints, settings
        self.loaders: list[Any] = [one for one in loaders if hasattr(one, "state_dict")]

    def save(self, state: State, history: History, *, stopped: bool) -> None:
        """Write down everything that the next epoch depends on."""
        if self.checkpoints is None:
            return
        arrays = {name: _as_numpy(leaf) for name, leaf in _leaves(state).items()}
        facts = {
            "settings": self.settings,
            "leaves": _describe(arrays),
            "records": [asdict(record) for record in history.epochs],
            "stopped": stopped,
            "loaders": [loader.state_dict() for loader in self.loaders],
            "generator": base64.b64encode(current_generator().get_state().tobytes()).decode(),
        }
        arrays = {name: array for name, array in arrays.items() if array.size}
        arrays[LOSSES] = np.array(history.step_losses, np.float64)
        self.checkpoints.save(Checkpoint(len(history.epochs), arrays, facts))

    def load(self, resume: Resume, state: State, history: History) -> tuple[State, bool]:
        """Return the state to begin with, and whether a callback had ended the run.

        The history is filled, and the loaders and the generator go to where they stood.
        """
        one_of("resume", resume, [None, "auto"])
        if self.checkpoints is None:
            if resume is not None:
                raise InvalidValueError(f"resume={resume!r}: write checkpoints=Checkpoints(…) too")
            return state, False
        if resume is None:
            self._refuse_another_run()
            return state, False
        checkpoint = self.checkpoints.newest()
        if checkpoint is None:
            return state, False
        arrays, facts = checkpoint.arrays, checkpoint.facts
        self._check(state, facts)
        for loader, saved in zip(self.loaders, facts["loaders"], strict=True):
            loader.load_state_dict(saved)
        generator = np.frombuffer(base64.b64decode(facts["generator"]), np.uint8)
        current_generator().set_state(generator)
        history.epochs[:] = [EpochRecord(**record) for record in facts["records"]]
        history.step_losses[:] = arrays[LOSSES].tolist()
        return _filled(state, arrays), facts["stopped"]

    def _refuse_another_run(self) -> None:
        """Raise rather than mix two runs in one folder."""
        assert self.checkpoints is not None
        epochs = self.checkpoints.epochs()
        if epochs:
            raise InvalidValueError(
                f"{self.checkpoints.folder} holds checkpoints of epochs {epochs}: write "
                'resume="auto" to go on from the newest, or another folder'
            )

    def _check(self, state: State, facts: dict[str, Any]) -> None:
        """Raise unless the checkpoint is of this model, optimizer, settings and loaders."""
        arrays = {name: _as_numpy(leaf) for name, leaf in _leaves(state).items()}
        own = _describe(arrays) | self.settings | {"loaders": len(self.loaders)}
        saved = facts["leaves"] | facts["settings"] | {"loaders": len(facts["loaders"])}
        differing = [
            f"{name} was {saved.get(name, 'not there')}, and is {own.get(name, 'not there')}"
            for name in sorted(own.keys() | saved.keys())
            if saved.get(name) != own.get(name)
        ]
        if differing:
            assert self.checkpoints is not None
            raise CheckpointMismatchError(
                f"the checkpoint in {self.checkpoints.folder} is of another run: "
                f"{'; '.join(differing)}. Write the model, optimizer and settings of then, "
                "or another folder"
            )


def _leaves(state: State) -> dict[str, jax.Array]:
    """Return the arrays of a state by name."""
    leaves, _ = jax.tree_util.tree_flatten_with_path(state)
    return {jax.tree_util.keystr(path, simple=True, separator="."): leaf for path, leaf in leaves}


def _describe(arrays: dict[str, npt.NDArray[Any]]) -> dict[str, str]:
    """Return type and shape of each array as text."""
    return {name: f"{array.dtype}{array.shape}" for name, array in arrays.items()}


def _is_key(leaf: jax.Array) -> bool:
    """Whether an array holds JAX's random keys, which NumPy does not know."""
    return jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)


def _as_numpy(leaf: jax.Array) -> npt.NDArray[Any]:
    """Return an array's values on the host."""
    return np.asarray(jax.random.key_data(leaf) if _is_key(leaf) else leaf)


def _filled(state: State, arrays: dict[str, npt.NDArray[Any]]) -> State:
    """Return a state like this one with the values of a checkpoint."""
    names, tree = _leaves(state), jax.tree.structure(state)
    leaves = [_like(leaf, arrays[name]) if leaf.size else leaf for name, leaf in names.items()]
    filled: State = jax.tree.unflatten(tree, leaves)
    return filled


def _like(leaf: jax.Array, values: npt.NDArray[Any]) -> jax.Array:
    """Return saved values as an array of the kind that this one is."""
    if _is_key(leaf):
        keys: jax.Array = jax.random.wrap_key_data(
            jnp.asarray(values), impl=jax.random.key_impl(leaf)
        )
        return keys
    return jnp.asarray(values)
