"""What a recipe is: one training program, written twice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from functorch_course.compare.record import Decision

if TYPE_CHECKING:
    import optax
    import torch
    from flax import nnx

Batches = Iterable[Any]


@dataclass(frozen=True)
class Settings:
    """What both sides of a recipe are told; everything else follows from the seed.

    Args:
        dtype: The dtype of the parameters, ``"float32"`` or ``"float64"``.
        epochs: How often to go through the training set.
        images: The folder of Fashion-MNIST's four files; None for the sample in the package.

    PyTorch: has no counterpart.
    """

    dtype: str
    epochs: int
    images: Path | None = None


class Here(NamedTuple):
    """What is trained here, and on what.

    PyTorch: see :class:`There`.
    """

    model: "nnx.Module"
    train: Batches
    test: Batches
    loss: Callable[..., Any]
    optimizer: "optax.GradientTransformation"


class There(NamedTuple):
    """What is trained in PyTorch, and on what.

    PyTorch: the names of its tutorials; the scheduler is stepped once an epoch.
    """

    model: "torch.nn.Module"
    train: Batches
    test: Batches
    criterion: Callable[..., Any]
    optimizer: "torch.optim.Optimizer"
    scheduler: "torch.optim.lr_scheduler.LRScheduler | None" = None


@dataclass(frozen=True)
class Recipe:
    """One training program, written for this library and for plain PyTorch.

    Each side is called just after its random stream was seeded, and draws from it what its program
    draws: weights, data, order, masks.

    Args:
        name: What it is called on the command line.
        about: What is trained, in one line.
        here: Builds the program here.
        there: Builds the program in PyTorch; it imports torch when it is called.
        epochs: How many epochs it takes unless told otherwise.
        decision: What the outputs predict; see :func:`record`.

    PyTorch: has no counterpart.
    """

    name: str
    about: str
    here: Callable[[Settings], Here]
    there: Callable[[Settings], There]
    epochs: int = 10
    decision: Decision = "class"
