"""One recipe, run here and by plain PyTorch from the seed alone, and compared step by step."""

import contextlib
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import numpy as np

import functorch_course as fc

from .comparison import Comparison, Timing, traces
from .packages import require
from .recipes import RECIPES, Here, Recipe, Settings, There
from .record import record, record_torch
from .trace import Trace

Seconds = Callable[[], float]
ROUNDS = 5  # epochs timed on each side, in turn


def training(
    recipe: str | Recipe,
    seed: int = 0,
    *,
    epochs: int | None = None,
    dtype: str = "float32",
    images: str | Path | None = None,
    timing: bool = False,
) -> Comparison:
    r"""Run a recipe here and in plain PyTorch, from the same seed, and compare every step.

    Nothing is handed from one side to the other: weights, data, order and masks follow from the
    seed on both. The random streams of the caller are left as they were.

    Args:
        recipe: The name of one of ``compare.RECIPES``, or a recipe of your own.
        seed: What ``manual_seed`` gets on both sides.
        epochs: How many epochs, instead of as many as the recipe has.
        dtype: ``"float32"`` or ``"float64"``: of parameters and inputs on both sides.
        images: The folder of Fashion-MNIST's four compressed files; without it, the first 6,000
            and 1,000 images, which come with the package.
        timing: Whether to time some more epochs, without recording, on both sides in turn.

    Returns:
        The comparison; ``comparison.equal`` is the verdict, ``comparison.parting`` the first step
        and quantity in which the two differ.

    Raises:
        InvalidValueError: If there is no such recipe or dtype.
        DatasetNotFoundError: If ``images`` lacks one of the files.
        MissingPackageError: If torch is not installed.

    Example:
        >>> import functorch_course as fc
        >>> sorted(fc.compare.RECIPES)[:2]
        ['adam-exponential', 'adamw-cosine']
        >>> def check():
        ...     assert fc.compare.training("line", seed=3).equal

    PyTorch: has no counterpart.
    """
    if isinstance(recipe, str):
        fc.errors.one_of("recipe", recipe, sorted(RECIPES))
        recipe = RECIPES[recipe]
    fc.errors.one_of("dtype", dtype, ["float32", "float64"])
    torch = require("torch")
    folder = None if images is None else _image_folder(Path(images))
    settings = Settings(dtype, epochs or recipe.epochs, folder)
    with torch.random.fork_rng(devices=[]), _streams_kept(), _precision(dtype):
        ours = run_here(recipe, seed, settings)
        theirs = run_there(recipe, seed, settings)
        name = f"{recipe.name}, seed {seed}, {dtype}, {settings.epochs} epochs"
        comparison = traces(ours, theirs, name)
        return replace(comparison, timing=_time(recipe, settings)) if timing else comparison


def run_here(recipe: Recipe, seed: int, settings: Settings) -> Trace:
    """Run one side of a recipe here."""
    fc.manual_seed(seed)
    side = recipe.here(settings)
    train, test = (_cast(batches, settings.dtype) for batches in (side.train, side.test))
    return record(
        side.model,
        train,
        side.loss,
        side.optimizer,
        settings.epochs,
        validation=test,
        decision=recipe.decision,
    )


def run_there(recipe: Recipe, seed: int, settings: Settings) -> Trace:
    """Run the other side in PyTorch."""
    require("torch").manual_seed(seed)
    side = recipe.there(settings)
    train, test = (_cast_tensors(batches, settings.dtype) for batches in (side.train, side.test))
    return record_torch(
        side.model,
        train,
        side.criterion,
        side.optimizer,
        settings.epochs,
        validation=test,
        decision=recipe.decision,
        scheduler=side.scheduler,
    )


def _image_folder(folder: Path) -> Path:
    """Return the folder if both sides will find their files there."""
    kinds = ("images-idx3", "labels-idx1")
    names = [f"{split}-{kind}-ubyte.gz" for split in ("train", "t10k") for kind in kinds]
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise fc.errors.DatasetNotFoundError(
            f"{folder} has no {missing[0]}: write the folder of Fashion-MNIST's four compressed "
            "files, or leave images away for the sample"
        )
    return folder


class _Mapped:
    """A loader whose batches go through a function."""

    def __init__(self, loader: Iterable[Any], function: Callable[[Any], Any]) -> None:
        self.loader, self.function = loader, function

    def __iter__(self) -> Iterator[Any]:
        for batch in self.loader:
            yield [self.function(array) for array in batch]


def _cast(loader: Iterable[Any], dtype: str) -> Iterable[Any]:
    """Let the floating arrays of the batches have a dtype."""
    if dtype == "float32":
        return loader
    return _Mapped(loader, lambda a: a.astype(dtype) if a.dtype == np.float32 else a)


def _cast_tensors(loader: Iterable[Any], dtype: str) -> Iterable[Any]:
    """Let the floating tensors of the batches have a dtype."""
    wanted = getattr(require("torch"), dtype)
    return _Mapped(loader, lambda t: t.to(wanted) if t.is_floating_point() else t)


@contextlib.contextmanager
def _streams_kept() -> Iterator[None]:
    """Put the default generator back to where it stood."""
    state = fc.random.get_rng_state()
    try:
        with fc.random.use_generator(fc.random.default_generator):
            yield
    finally:
        fc.random.set_rng_state(state)


def _precision(dtype: str) -> contextlib.AbstractContextManager[Any]:
    """Let jax have 64 bits where they are wanted."""
    return jax.enable_x64(True) if dtype == "float64" else contextlib.nullcontext()


def _time(recipe: Recipe, settings: Settings) -> Timing:
    """Time epochs on both sides in turn, after some to warm up and compile."""
    torch = require("torch")
    here = _epoch_here(recipe.here(settings), settings.dtype)
    there = _epoch_there(recipe.there(settings), settings.dtype)
    here()
    threads = torch.get_num_threads()
    try:
        fastest = _faster_threads(there)
        torch.set_num_threads(fastest)
        pairs = [(here(), there()) for _ in range(ROUNDS)]
    finally:
        torch.set_num_threads(threads)
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    return Timing(ours, theirs, tuple(b / a for a, b in pairs), fastest)


def _faster_threads(epoch: Seconds) -> int:
    """Return the number of threads, one or all, with which PyTorch is faster."""
    torch = require("torch")
    seconds = {}
    for threads in (torch.get_num_threads(), 1):
        torch.set_num_threads(threads)
        epoch()
        seconds[threads] = epoch()
    return min(seconds, key=lambda threads: seconds[threads])


def _epoch_here(side: Here, dtype: str) -> Seconds:
    """Return a function that trains an epoch here, as ``fit`` does, and returns its seconds."""
    step = fc.training.make_step(side.model, side.loss, side.optimizer)
    engine = fc.training.make_engine(step, _cast(side.train, dtype), "auto")
    state = fc.training.start(side.model, side.optimizer)

    def epoch() -> float:
        nonlocal state
        started = time.perf_counter()
        losses = fc.training.EpochLosses(1, fc.training.History())
        state = engine(state, losses, lambda _: None)
        losses.fetch()
        jax.block_until_ready(state)
        return time.perf_counter() - started

    return epoch


def _epoch_there(side: There, dtype: str) -> Seconds:
    """Return a function that trains an epoch in PyTorch and returns its seconds."""
    loader = _cast_tensors(side.train, dtype) if dtype != "float32" else side.train

    def epoch() -> float:
        started = time.perf_counter()
        for inputs, targets in loader:
            loss = side.criterion(side.model(inputs), targets)
            side.optimizer.zero_grad()
            loss.backward()
            side.optimizer.step()
        return time.perf_counter() - started

    return epoch
