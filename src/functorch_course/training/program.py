"""A model as a pure function and the arrays that it reads: what is differentiated and compiled."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import jax
from flax import nnx

Parameters = Any
Buffers = Any


class Functional(NamedTuple):
    """A model as a pure function and its parameters: what ``fit`` trains beside Flax modules.

    Formula: ``outputs = apply(parameters, inputs)``

    Args:
        apply: A pure function of (parameters, inputs).
        parameters: Any pytree of floating-point arrays.

    Example:
        >>> import jax.numpy as jnp
        >>> line = Functional(lambda p, x: x * p["slope"] + p["bias"], {"slope": 3.0, "bias": 1.0})
        >>> float(line.apply(line.parameters, jnp.array(2.0)))
        7.0

    PyTorch: corresponds to ``torch.func.functional_call(module, parameters, inputs)``.
    """

    apply: Callable[[Parameters, jax.Array], jax.Array]
    parameters: Parameters


Model = nnx.Module | Functional
ModelT = TypeVar("ModelT", bound=Model)


class Program(NamedTuple):
    """A model taken apart, so that JAX can transform and compile it.

    Formula: ``outputs, buffers = apply(parameters, buffers, inputs)``

    Args:
        apply: A pure function; equal for models of equal structure, so they compile once.
        parameters: What the loss is differentiated with respect to.
        buffers: What the forward pass may replace: running means, random number counters.

    PyTorch: corresponds to ``torch.func.functional_call`` with ``named_parameters`` and
    ``named_buffers``; there the buffers are written in place.
    """

    apply: Callable[[Parameters, Buffers, jax.Array], tuple[jax.Array, Buffers]]
    parameters: Parameters
    buffers: Buffers


def as_program(model: Model, *, training: bool) -> Program:
    """Take a model apart into a pure function, its parameters and its buffers.

    Args:
        model: A Flax NNX module, or a :class:`Functional`.
        training: Whether dropout drops and normalisation uses the batch's own statistics.

    Returns:
        The three; ``model`` itself is not changed.

    Example:
        >>> from flax import nnx
        >>> program = as_program(nnx.Linear(3, 2, rngs=nnx.Rngs(0)), training=True)
        >>> sorted(program.parameters)
        ['bias', 'kernel']

    PyTorch: corresponds to ``model.train(training)`` and ``torch.func.functional_call``.
    """
    if isinstance(model, Functional):
        return Program(_Pure(model.apply), model.parameters, ())
    copy = nnx.clone(model)
    copy.train() if training else copy.eval()
    graph, *states = nnx.split(copy, nnx.Param, ...)
    return Program(_Module(graph), *states)


def with_arrays(model: ModelT, parameters: Parameters, buffers: Buffers) -> ModelT:
    """Return a copy of a model that holds other arrays; ``model`` itself stays as it was.

    Args:
        model: The model whose structure, and training or evaluation mode, is kept.
        parameters: Like ``as_program(model, …).parameters``.
        buffers: Like ``as_program(model, …).buffers``.

    Returns:
        A model of the same kind.

    Example:
        >>> model = Functional(lambda p, x: p * x, 2.0)
        >>> with_arrays(model, 5.0, ()).parameters
        5.0

    PyTorch: ``model.load_state_dict`` writes into the model instead.
    """
    if isinstance(model, Functional):
        return model._replace(parameters=parameters)
    copy: ModelT = nnx.merge(nnx.graphdef(model), parameters, buffers)
    return copy


@dataclass(frozen=True)
class _Pure:
    """A user's pure function, which has no buffers."""

    function: Callable[[Parameters, jax.Array], jax.Array]

    def __call__(
        self, parameters: Parameters, buffers: Buffers, inputs: jax.Array
    ) -> tuple[jax.Array, Buffers]:
        return self.function(parameters, inputs), buffers


@dataclass(frozen=True)
class _Module:
    """The forward pass of a Flax module."""

    graph: nnx.GraphDef[Any]

    def __call__(
        self, parameters: Parameters, buffers: Buffers, inputs: jax.Array
    ) -> tuple[jax.Array, Buffers]:
        model: Any = nnx.merge(self.graph, parameters, buffers, copy=True)
        outputs = model(inputs)
        return outputs, nnx.state(model, nnx.Not(nnx.Param))
