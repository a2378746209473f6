"""What is given to ``fit`` in the wrong place or kind, refused before anything is compiled."""

from collections.abc import Iterable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from functorch_course.data import Dataset
from functorch_course.device.width import check_width
from functorch_course.errors import InvalidValueError

from .errors import ArgumentTypeError
from .program import Functional

CALLBACK = ("on_epoch_start", "on_progress", "on_epoch_end", "on_fit_end")


def check_model(model: object) -> None:
    """Raise unless it is a model."""
    if isinstance(model, nnx.Module | Functional):
        return
    if isinstance(model, type):
        remedy = f"write {model.__name__}(…), which makes a model"
    elif callable(model):
        remedy = "write Functional(apply, parameters), with apply a function of both and inputs"
    else:
        remedy = "write a Flax NNX module, such as fc.nn.Linear(3, 1), or a Functional"
    raise ArgumentTypeError(f"model is {_kind(model)}: {remedy}")


def check_loader(loader: object, name: str = "loader") -> None:
    """Raise unless it can be gone through, and is not the data itself."""
    if isinstance(loader, Dataset):
        raise ArgumentTypeError(
            f"{name} is {_kind(loader)}, which gives samples: "
            "write DataLoader(dataset, batch_size=64, shuffle=True)"
        )
    arrays = loader if isinstance(loader, list | tuple) else [loader]
    if any(isinstance(one, jax.Array | np.ndarray) for one in arrays):
        raise ArgumentTypeError(
            f"{name} is {_kind(loader)} of the data themselves: "
            "write DataLoader(TensorDataset(inputs, targets), batch_size=64, shuffle=True)"
        )
    if not isinstance(loader, Iterable):
        raise ArgumentTypeError(f"{name} is {_kind(loader)}: write a DataLoader")


def check_loss(loss: object) -> None:
    """Raise unless it can be called."""
    if not callable(loss):
        raise ArgumentTypeError(
            f"loss is {_kind(loss)}: write a function of (outputs, targets), such as "
            "fc.nn.cross_entropy; the optimizer comes after it"
        )


def check_optimizer(optimizer: object) -> None:
    """Raise unless it is an Optax transformation."""
    if not (hasattr(optimizer, "init") and hasattr(optimizer, "update")):
        raise ArgumentTypeError(
            f"optimizer is {_kind(optimizer)}: write one with its rate, such as "
            "fc.optim.SGD(lr=0.01), which needs no parameters here; the loss comes before it"
        )


def check_count(name: str, value: object, least: int) -> None:
    """Raise unless it is a whole number, and large enough."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise InvalidValueError(f"{name}={value!r}: write a whole number of {least} or more")


def check_metrics(metrics: object) -> None:
    """Raise unless they are functions by name, or Combined ones, or there are none."""
    if metrics is None:
        return
    if not isinstance(metrics, Mapping):
        raise ArgumentTypeError(
            f'metrics is {_kind(metrics)}: write names and functions, {{"accuracy": accuracy}}'
        )
    for name, metric in metrics.items():
        if not (callable(metric) or hasattr(metric, "combine")):
            raise ArgumentTypeError(
                f"the metric {name!r} is {_kind(metric)}: write a function of (outputs, targets), "
                "such as fc.training.accuracy"
            )


def check_callbacks(callbacks: object) -> None:
    """Raise unless they are a sequence of callbacks."""
    if not isinstance(callbacks, list | tuple):
        raise ArgumentTypeError(f"callbacks is {_kind(callbacks)}: write a list of them")
    for callback in callbacks:
        lacking = [method for method in CALLBACK if not hasattr(callback, method)]
        if lacking or isinstance(callback, type):
            raise ArgumentTypeError(
                f"a callback is {_kind(callback)}: write an instance of a class derived from "
                "fc.training.Callback"
            )


def check_parameters(parameters: Any) -> None:  # noqa: ANN401
    """Raise unless every parameter can be differentiated by."""
    for path, leaf in jax.tree.leaves_with_path(parameters):
        if not jnp.issubdtype(jnp.result_type(leaf), jnp.inexact):
            name = jax.tree_util.keystr(path, simple=True, separator=".") or "the only one"
            raise ArgumentTypeError(
                f"the parameter {name} is {jnp.result_type(leaf)}, and nothing can be "
                "differentiated by it: write parameters as floats, such as jnp.zeros(3)"
            )


def pair(batch: Any) -> Any:  # noqa: ANN401
    """Return a batch that is a pair of inputs and targets, and raise of any other."""
    check_width("inputs", inputs_of(batch))
    check_width("targets", batch[1])
    return batch


def inputs_of(batch: Any) -> Any:  # noqa: ANN401
    """Return the inputs of a batch that is a pair, and raise of any other."""
    if isinstance(batch, tuple | list) and len(batch) == 2:
        return batch[0]
    kind = f"{_kind(batch)} of {len(batch)}" if isinstance(batch, tuple | list) else _kind(batch)
    raise ArgumentTypeError(
        f"a batch of the loader is {kind}, and no pair (inputs, targets): "
        "write TensorDataset(inputs, targets), or a collate_fn that gives pairs"
    )


def _kind(thing: object) -> str:
    """Say what came."""
    if isinstance(thing, str | int | float):
        return repr(thing)
    if isinstance(thing, type):
        return f"the class {thing.__name__}"
    name = getattr(thing, "__name__", None)
    return f"the function {name}" if callable(thing) and name else f"a {type(thing).__name__}"
