"""Classifiers of Fashion-MNIST: softmax regression, an MLP with dropout, optimizers, schedules."""

import gzip
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import functorch_course as fc
from functorch_course.compare.packages import require

from .recipe import Here, Recipe, Settings, There

if TYPE_CHECKING:
    import torch

MEAN, DEVIATION = 0.2860, 0.3530
BATCH = 64


def open_here(images: Path | None, train: bool) -> "fc.datasets.FashionMNISTSample":
    """Open a split here, normalised."""
    steps = [fc.transforms.ToTensor(), fc.transforms.Normalize((MEAN,), (DEVIATION,))]
    transform = fc.transforms.Compose(steps)
    if images is None:
        return fc.datasets.FashionMNISTSample(train, transform)
    return fc.datasets.FashionMNIST(images, train, transform)  # type: ignore[return-value]


def open_there(images: Path | None, train: bool) -> "torch.utils.data.TensorDataset":
    """Open a split in PyTorch, normalised, reading the files with what Python has."""
    library = require("torch")
    folder = images or fc.datasets.LESSON_IMAGES.parent
    split = "train" if train else "t10k"

    def read(kind: str, header: int) -> Any:  # noqa: ANN401
        with gzip.open(folder / f"{split}-{kind}-ubyte.gz") as file:
            return library.frombuffer(bytearray(file.read()[header:]), dtype=library.uint8)

    pixels = read("images-idx3", 16).view(-1, 1, 28, 28).float().div(255)
    labels = read("labels-idx1", 8).long()
    dataset: torch.utils.data.TensorDataset
    dataset = library.utils.data.TensorDataset(pixels.sub(MEAN).div(DEVIATION), labels)
    return dataset


def loaders_here(settings: Settings) -> tuple["fc.data.DataLoader", "fc.data.DataLoader"]:
    """Return the shuffled training loader and the test loader here."""
    train, test = (open_here(settings.images, split) for split in (True, False))
    return fc.data.DataLoader(train, BATCH, shuffle=True), fc.data.DataLoader(test, 1000)


def loaders_there(settings: Settings) -> "tuple[torch.utils.data.DataLoader[Any], ...]":
    """Return the same in PyTorch."""
    loader = require("torch").utils.data.DataLoader
    train, test = (open_there(settings.images, split) for split in (True, False))
    return loader(train, BATCH, shuffle=True), loader(test, 1000)


def _softmax_here(make_optimizer: Callable[[int, int], Any], settings: Settings) -> Here:
    """Softmax regression here, with one of several optimizers."""
    model = fc.nn.Sequential(fc.nn.Flatten(), fc.nn.Linear(784, 10, dtype=settings.dtype))
    train, test = loaders_here(settings)
    optimizer = make_optimizer(len(train), settings.epochs)
    return Here(model, train, test, fc.nn.cross_entropy, optimizer)


def _softmax_there(make_optimizer: Callable[[Any, int], Any], settings: Settings) -> There:
    """The same in PyTorch."""
    torch = require("torch")
    dtype = getattr(torch, settings.dtype)
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10, dtype=dtype))
    train, test = loaders_there(settings)
    optimizer, scheduler = make_optimizer(model.parameters(), settings.epochs)
    return There(model, train, test, torch.nn.CrossEntropyLoss(), optimizer, scheduler)


def _dropout_here(settings: Settings) -> Here:
    """A multilayer perceptron with dropout here; its masks come from the seeded stream.

    The activation is smooth. Beside a kink such as ReLU's, rounding decides about a derivative:
    after some hundred steps two right programs may take different sides, and then drift apart.
    """
    model = fc.nn.Sequential(
        fc.nn.Flatten(),
        fc.nn.Linear(784, 64, dtype=settings.dtype),
        fc.nn.Tanh(),
        fc.nn.Dropout(0.2, generator=fc.random.default_generator),
        fc.nn.Linear(64, 10, dtype=settings.dtype),
    )
    train, test = loaders_here(settings)
    return Here(model, train, test, fc.nn.cross_entropy, fc.optim.SGD(lr=0.05))


def _dropout_there(settings: Settings) -> There:
    """The same in PyTorch."""
    torch = require("torch")
    nn, dtype = torch.nn, getattr(torch, settings.dtype)
    model = nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 64, dtype=dtype),
        nn.Tanh(),
        nn.Dropout(0.2),
        nn.Linear(64, 10, dtype=dtype),
    )
    train, test = loaders_there(settings)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    return There(model, train, test, nn.CrossEntropyLoss(), optimizer)


def _sgd(steps: int, epochs: int) -> Any:  # noqa: ANN401
    """The optimizer of the main job."""
    del steps, epochs
    return fc.optim.SGD(lr=0.002, momentum=0.9)


def _torch_sgd(parameters: Any, epochs: int) -> Any:  # noqa: ANN401
    """The same in PyTorch."""
    del epochs
    return require("torch").optim.SGD(parameters, lr=0.002, momentum=0.9), None


def _nesterov_step(steps: int, epochs: int) -> Any:  # noqa: ANN401
    """Nesterov's momentum with weight decay, its rate falling in steps."""
    del epochs
    rate = fc.optim.StepLR(0.01, step_size=1, gamma=0.5, steps_per_epoch=steps)
    return fc.optim.SGD(lr=rate, momentum=0.9, weight_decay=1e-4, nesterov=True)


def _torch_nesterov_step(parameters: Any, epochs: int) -> Any:  # noqa: ANN401
    """The same in PyTorch."""
    del epochs
    optim = require("torch").optim
    sgd = optim.SGD(parameters, lr=0.01, momentum=0.9, weight_decay=1e-4, nesterov=True)
    return sgd, optim.lr_scheduler.StepLR(sgd, step_size=1, gamma=0.5)


def _adam_exponential(steps: int, epochs: int) -> Any:  # noqa: ANN401
    """Adam, its rate falling by a tenth each epoch."""
    del epochs
    return fc.optim.Adam(lr=fc.optim.ExponentialLR(0.001, gamma=0.9, steps_per_epoch=steps))


def _torch_adam_exponential(parameters: Any, epochs: int) -> Any:  # noqa: ANN401
    """The same in PyTorch."""
    del epochs
    optim = require("torch").optim
    adam = optim.Adam(parameters, lr=0.001)
    return adam, optim.lr_scheduler.ExponentialLR(adam, gamma=0.9)


def _adamw_cosine(steps: int, epochs: int) -> Any:  # noqa: ANN401
    """AdamW, its rate falling along a cosine."""
    rate = fc.optim.CosineAnnealingLR(0.001, T_max=epochs, steps_per_epoch=steps)
    return fc.optim.AdamW(lr=rate, weight_decay=0.01)


def _torch_adamw_cosine(parameters: Any, epochs: int) -> Any:  # noqa: ANN401
    """The same in PyTorch."""
    optim = require("torch").optim
    adamw = optim.AdamW(parameters, lr=0.001, weight_decay=0.01)
    return adamw, optim.lr_scheduler.CosineAnnealingLR(adamw, T_max=epochs)


def _softmax(name: str, about: str, here: Callable[..., Any], there: Callable[..., Any]) -> Recipe:
    """Return the recipe of softmax regression with an optimizer."""
    return Recipe(name, about, partial(_softmax_here, here), partial(_softmax_there, there))


SOFTMAX = _softmax("softmax-fashion-mnist", "softmax regression on images", _sgd, _torch_sgd)
MOMENTUM = _softmax(
    "momentum-step",
    "softmax regression by Nesterov's momentum, StepLR",
    _nesterov_step,
    _torch_nesterov_step,
)
ADAM = _softmax(
    "adam-exponential",
    "softmax regression by Adam, ExponentialLR",
    _adam_exponential,
    _torch_adam_exponential,
)
ADAMW = _softmax(
    "adamw-cosine",
    "softmax regression by AdamW, CosineAnnealingLR",
    _adamw_cosine,
    _torch_adamw_cosine,
)
DROPOUT = Recipe(
    "mlp-dropout", "a multilayer perceptron with dropout", _dropout_here, _dropout_there
)
