"""``functorch-course train``: the main job, from images to a trained model and its pictures."""

import argparse
import json
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import functorch_course as fc

from . import options as kinds
from .choices import MODELS, MOMENTUM, RATES, complete, make_model, make_optimizer
from .image_sets import DATASETS, ROOT, ImageSets, open_images

if TYPE_CHECKING:
    from functorch_course.data import DataLoader
    from functorch_course.nn import Module
    from functorch_course.training import FitResult

HELP = "train a model on images, evaluate it, and write history, parameters and pictures"
TEST_BATCH = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options; the defaults reach 84 % on Fashion-MNIST in ten epochs."""
    rates = ", ".join(f"{rate} for {name}" for name, rate in RATES.items())
    add = parser.add_argument
    add("--dataset", choices=DATASETS, default="fashion-mnist", help="what to train on")
    add("--root", type=Path, metavar="FOLDER", help=f"folder of the datasets (without it: {ROOT})")
    add("--model", choices=MODELS, default="softmax", help="what to train")
    add("--hidden", type=kinds.count, nargs="+", default=[128], metavar="N", help="layers of mlp")
    add("--optimizer", choices=list(RATES), default="sgd", help="how to update the parameters")
    number = partial(_add_number, parser)
    number("--learning-rate", kinds.positive, None, f"size of an update (without it: {rates})")
    number("--momentum", kinds.fraction, None, f"share kept by sgd (without it: {MOMENTUM})")
    number("--weight-decay", kinds.not_negative, 0.0, "pull towards zero")
    number("--batch-size", kinds.count, 64, "samples in an update")
    number("--epochs", kinds.count, 10, "times through the training set")
    number("--seed", kinds.seed, 0, "of weights and order, as torch.manual_seed")
    number("--workers", kinds.natural, 0, "processes that load samples")
    add("--device", choices=["cpu", "gpu"], help="where to compute (without it: JAX's default)")
    add("--name", type=kinds.name, help="folder below --runs (without it: a new one)")
    add("--runs", type=Path, default=Path("runs"), metavar="FOLDER", help="folder of all runs")


def _add_number(
    parser: argparse.ArgumentParser,
    flag: str,
    kind: Callable[[str], float],
    default: float | None,
    text: str,
) -> None:
    """Add an option that takes a number."""
    parser.add_argument(flag, type=kind, default=default, metavar="N", help=text)


def run(options: argparse.Namespace) -> None:
    """Train, evaluate, and write everything to the folder of the run."""
    complete(options)
    if options.device is not None:
        fc.device.use(options.device)
    images = open_images(options.dataset, options.root)
    folder = _make_folder(options)
    _write_settings(options, images, folder)
    try:
        result = _train(options, images, folder)
    except fc.errors.NonFiniteLossError as error:
        raise fc.errors.NonFiniteLossError(
            f"{error} (--learning-rate was {options.learning_rate:g}; history so far in {folder})"
        ) from error
    fc.report.show(fc.report.epoch_table(result.history))
    fc.nn.save_safetensors(result.model, folder / "model.safetensors")
    _draw(result, images, folder)
    print(f"written to {folder}: {', '.join(sorted(path.name for path in folder.iterdir()))}")


def _make_folder(options: argparse.Namespace) -> Path:
    """Make the folder of this run; one that exists is never written over."""
    runs: Path = options.runs
    stem = options.name or f"{options.model}-{options.dataset}"
    names = [stem] if options.name else (f"{stem}-{number}" for number in count(1))
    for name in names:
        try:
            (runs / name).mkdir(parents=True)
        except FileExistsError:
            continue
        return runs / name
    raise fc.errors.InvalidValueError(
        f"{runs / stem} exists already: write another --name, or remove it"
    )


def _write_settings(options: argparse.Namespace, images: ImageSets, folder: Path) -> None:
    """Write what is needed to run this again."""
    hidden = ("command", "debug", "runs", "name")
    chosen = {key: value for key, value in vars(options).items() if key not in hidden}
    packages = ("functorch_course", "jax", "jaxlib", "flax", "optax", "numpy")
    settings = chosen | {
        "dataset": images.name,
        "root": str(options.root or ROOT),
        "training_samples": len(images.train),
        "test_samples": len(images.test),
        "devices": fc.device.devices().splitlines(),
        "versions": {package: version(package) for package in packages},
    }
    (folder / "settings.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")


def _train(options: argparse.Namespace, images: ImageSets, folder: Path) -> "FitResult[Module]":
    """Train as a PyTorch script would: seed, then the model, then the loaders."""
    fc.manual_seed(options.seed)
    model = make_model(options, images.train[0][0].size, len(images.train.classes))
    train, test = _loaders(options, images)
    return fc.training.fit(
        model,
        train,
        fc.nn.cross_entropy,
        make_optimizer(options),
        options.epochs,
        validation=test,
        metrics={"accuracy": fc.training.accuracy},
        callbacks=[fc.training.HistoryWriter(folder), fc.report.ProgressBar(options.epochs)],
    )


def _loaders(options: argparse.Namespace, images: ImageSets) -> tuple["DataLoader", "DataLoader"]:
    """Return the shuffled training loader and the test loader."""
    workers = options.workers
    train = fc.data.DataLoader(images.train, options.batch_size, shuffle=True, num_workers=workers)
    return train, fc.data.DataLoader(images.test, TEST_BATCH, num_workers=workers)


def _draw(result: "FitResult[Module]", images: ImageSets, folder: Path) -> None:
    """Draw the loss, the confusion matrix, the mistakes and the weights."""
    test, classes = images.test, images.test.classes
    outputs = fc.training.predict(result.model, fc.data.DataLoader(test, TEST_BATCH))
    predictions = outputs.argmax(axis=1)
    counts = fc.training.confusion_matrix(test.targets, predictions, len(classes))
    fc.plot.loss_curve(result.history, folder / "loss.png")
    fc.plot.confusion(counts, classes, folder / "confusion.png")
    mistakes = folder / "misclassified.png"
    fc.plot.misclassified(test.data, test.targets, predictions, classes, mistakes)
    weight = fc.nn.state_dict(result.model).get("linear.weight")
    if weight is not None:  # only a linear model has an image for each class
        fc.plot.weight_images(weight, test.data.shape[1:3], classes, folder / "weights.png")
