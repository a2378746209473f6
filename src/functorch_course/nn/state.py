"""Parameters by PyTorch's names: list them, take them out, put them back, keep them in a file."""

import inspect
import pathlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from os import PathLike
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from functorch_course.errors import DamagedFileError

from .errors import StateMismatchError

StateDict = dict[str, NDArray[Any]]
Path = str | PathLike[str]
T = TypeVar("T")


def named_parameters(model: nnx.Module) -> Iterator[tuple[str, nnx.Param[jax.Array]]]:
    """Yield every trainable parameter once, with its name.

    Args:
        model: Any Flax NNX module.

    Yields:
        The name, the attributes' names joined by dots, and the parameter. Attributes come in the
        order in which the class annotates them; others in the order of assignment, which a model
        rebuilt by ``nnx.merge`` or ``jax.tree`` has lost: there they come in that of the alphabet.

    Example:
        >>> from functorch_course import nn
        >>> [(name, tuple(p.shape)) for name, p in named_parameters(nn.SoftmaxRegression(4, 3))]
        [('linear.weight', (3, 4)), ('linear.bias', (3,))]

    PyTorch: ``Module.named_parameters``.
    """
    return _once(
        (name, variable)
        for name, variable in _named_variables(model)
        if isinstance(variable, nnx.Param)
    )


def parameters(model: nnx.Module) -> Iterator[nnx.Param[jax.Array]]:
    """Yield every trainable parameter once.

    Args:
        model: Any Flax NNX module.

    Yields:
        The parameters, in the order of :func:`named_parameters`.

    Example:
        >>> from functorch_course import nn
        >>> sum(p.size for p in parameters(nn.Linear(4, 3)))
        15

    PyTorch: ``Module.parameters``.
    """
    return (parameter for _, parameter in named_parameters(model))


def named_modules(
    model: nnx.Module, *, remove_duplicate: bool = True
) -> Iterator[tuple[str, nnx.Module]]:
    """Yield the model and every module in it, with its name.

    Args:
        model: Any Flax NNX module.
        remove_duplicate: Whether a shared module comes under its first name only.

    Yields:
        The name, the attributes' names joined by dots, and the module.

    Example:
        >>> from functorch_course import nn
        >>> [(name, type(m).__name__) for name, m in named_modules(nn.SoftmaxRegression(4, 3))]
        [('', 'SoftmaxRegression'), ('linear', 'Linear')]

    PyTorch: ``Module.named_modules``.
    """
    named = ((name, node) for name, node in _walk(model) if isinstance(node, nnx.Module))
    return _once(named) if remove_duplicate else named


def state_dict(model: nnx.Module) -> StateDict:
    """Return a copy of the model's parameters and buffers under PyTorch's names.

    Args:
        model: Any Flax NNX module.

    Returns:
        A new dict of NumPy arrays; a shared parameter stands under each of its names.

    Example:
        >>> from functorch_course import nn
        >>> sorted(state_dict(nn.Linear(2, 1)))
        ['bias', 'weight']

    PyTorch: ``Module.state_dict``, which shares memory with the model; this is a copy.
    """
    return {name: np.array(variable[...]) for name, variable in _named_variables(model)}


def load_state_dict(model: nnx.Module, state: Mapping[str, Any], *, strict: bool = True) -> None:
    """Put the arrays of a state dict into the model's parameters and buffers.

    Nothing is changed unless everything fits. Values are cast to the dtype of the parameter.

    Args:
        model: The Flax NNX module to fill, in place.
        state: Names and arrays, as :func:`state_dict` returns them.
        strict: Whether the names must be exactly the model's.

    Raises:
        StateMismatchError: If names are missing or unknown (when strict), or a shape differs.

    Example:
        >>> from functorch_course import nn
        >>> model = nn.Linear(1, 1)
        >>> load_state_dict(model, {"weight": [[2.0]], "bias": [1.0]})
        >>> model(np.ones((1, 1), np.float32))
        Array([[3.]], dtype=float32)

    PyTorch: ``Module.load_state_dict``, which returns the missing and unexpected names; when not
    strict they are ignored here.
    """
    variables = dict(_named_variables(model))
    arrays = {name: np.asarray(value) for name, value in state.items()}
    faults = _faults({name: v.shape for name, v in variables.items()}, arrays, strict)
    if faults:
        raise StateMismatchError(
            f"the state dict does not fit {type(model).__name__}: {'; '.join(faults)}"
        )
    for name in variables.keys() & arrays.keys():
        variable = variables[name]
        variable.set_value(jnp.asarray(arrays[name].astype(variable.dtype)))


def save_safetensors(model: nnx.Module, path: Path) -> None:
    """Write the model's state dict to a ``.safetensors`` file.

    Args:
        model: Any Flax NNX module.
        path: The file to write; an existing one is replaced.

    Example:
        >>> import tempfile, pathlib
        >>> from functorch_course import nn
        >>> model, other = nn.Linear(2, 1), nn.Linear(2, 1)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder, "model.safetensors")
        ...     save_safetensors(model, path)
        ...     load_state_dict(other, load_safetensors(path))
        >>> bool((other.weight == model.weight).all())
        True

    PyTorch: ``safetensors.torch.save_file(model.state_dict(), path)``; the file is the same.

    Source: https://github.com/huggingface/safetensors
    """
    pathlib.Path(path).write_bytes(save(state_dict(model)))


def load_safetensors(path: Path) -> StateDict:
    """Read a ``.safetensors`` file, written by PyTorch or by this library.

    Args:
        path: The file.

    Returns:
        Names and NumPy arrays, for :func:`load_state_dict`.

    Raises:
        DamagedFileError: If the file is not in the safetensors format.
        FileNotFoundError: If there is no such file.

    Example:
        >>> load_safetensors("missing.safetensors")
        Traceback (most recent call last):
        FileNotFoundError: No such file or directory: missing.safetensors

    PyTorch: ``safetensors.torch.load_file(path)``.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise DamagedFileError(f"{path} is not a safetensors file: {error}") from error


def _named_variables(model: nnx.Module) -> Iterator[tuple[str, nnx.Variable[Any]]]:
    """Yield parameters and buffers with their names; random keys are not part of a state."""
    for name, node in _walk(model):
        if isinstance(node, nnx.Variable) and not isinstance(node, nnx.RngState):
            yield name, node


def _walk(node: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Yield a node and everything below it, from the outside in, with dotted names."""
    yield name, node
    for attribute, child in _children(node):
        yield from _walk(child, f"{name}.{attribute}" if name else attribute)


def _once(named: Iterable[tuple[str, T]]) -> Iterator[tuple[str, T]]:
    """Yield each object under its first name only."""
    seen: set[int] = set()
    for name, thing in named:
        if id(thing) not in seen:
            seen.add(id(thing))
            yield name, thing


def _children(node: object) -> Iterator[tuple[str, object]]:
    """Yield the attributes or items of a module or container."""
    if isinstance(node, nnx.List | list | tuple):
        yield from ((str(position), child) for position, child in enumerate(node))
    elif isinstance(node, Mapping):
        yield from node.items()
    elif isinstance(node, nnx.Pytree):
        names = [name for name in vars(node) if not name.startswith("_pytree__")]
        for name in sorted(names, key=_position_in(type(node))):
            yield name, getattr(node, name)


def _position_in(kind: type) -> Callable[[str], int]:
    """Return the place of an attribute: its own number, or that of its annotation, or the last."""
    declared = {name: place for place, name in enumerate(inspect.get_annotations(kind))}
    return lambda name: int(name) if name.isdigit() else declared.get(name, len(declared))


def _faults(
    expected: Mapping[str, tuple[int, ...]], arrays: Mapping[str, NDArray[Any]], strict: bool
) -> list[str]:
    """Describe everything in which a state dict differs from a model."""
    faults = []
    if strict:
        faults += [f"{name!r} is missing" for name in expected if name not in arrays]
        faults += [f"{name!r} is unknown" for name in arrays if name not in expected]
    for name in expected.keys() & arrays.keys():
        if arrays[name].shape != expected[name]:
            faults.append(f"{name!r} has shape {arrays[name].shape}, not {expected[name]}")
    return faults
