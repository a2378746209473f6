"""One update of the parameters: forward, loss, gradient, update, as pure functions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import jax
import optax
from flax import nnx

from functorch_course.errors import InvalidValueError

Parameters = Any
Loss = Callable[[jax.Array, jax.Array], jax.Array]
Apply = Callable[[Parameters, jax.Array], jax.Array]


class Functional(NamedTuple):
    """A model as a pure function and its parameters: what ``fit`` trains, whatever its origin.

    Formula: ``outputs = apply(parameters, inputs)``

    Args:
        apply: A pure function of (parameters, inputs).
        parameters: Any pytree of floating-point arrays.

    Example:
        >>> import jax.numpy as jnp
        >>> line = Functional(lambda p, x: x * p["slope"] + p["bias"], {"slope": 3.0, "bias": 1.0})
        >>> line.apply(line.parameters, jnp.array(2.0))
        Array(7., dtype=float32, weak_type=True)

    PyTorch: corresponds to ``torch.func.functional_call(module, parameters, inputs)``.
    """

    apply: Apply
    parameters: Parameters


Model = nnx.Module | Functional
ModelT = TypeVar("ModelT", bound=Model)


class State(NamedTuple):
    """Everything an update reads and replaces.

    Args:
        parameters: The pytree that the loss is differentiated with respect to.
        optimizer: The optimizer's own state (momentum buffers, step count).

    PyTorch: corresponds to the pair of ``model.state_dict()`` and ``optimizer.state_dict()``.
    """

    parameters: Parameters
    optimizer: optax.OptState


Step = Callable[[State, jax.Array, jax.Array], tuple[State, jax.Array]]


def as_function(model: Model) -> Functional:
    """Split a model into a pure function and the parameters that it is applied to.

    Args:
        model: A Flax NNX module whose variables are all ``nnx.Param``, or a :class:`Functional`.

    Returns:
        The pair (apply, parameters).

    Raises:
        InvalidValueError: If the module holds variables that are not parameters: an update would
            have to write them, and ``apply`` is pure.

    Example:
        >>> from flax import nnx
        >>> function = as_function(nnx.Linear(3, 2, rngs=nnx.Rngs(0)))
        >>> sorted(function.parameters)
        ['bias', 'kernel']

    PyTorch: corresponds to ``torch.func.functional_call``, which needs the module beside it.
    """
    if isinstance(model, Functional):
        return model
    graph, *states = nnx.split(model, nnx.Param, ...)
    parameters, others = states
    if others:
        names = ", ".join(".".join(map(str, path)) for path, _ in nnx.to_flat_state(others))
        raise InvalidValueError(
            f"the model holds variables that are not parameters ({names}): "
            "train a model whose forward pass writes nothing"
        )
    return Functional(_Module(graph), parameters)


@dataclass(frozen=True)
class _Module:
    """A module's forward pass; equal for equal structures, so that jit compiles them once."""

    graph: nnx.GraphDef[Any]

    def __call__(self, parameters: Parameters, inputs: jax.Array) -> jax.Array:
        outputs: jax.Array = nnx.merge(self.graph, parameters)(inputs)
        return outputs


def with_parameters(model: ModelT, parameters: Parameters) -> ModelT:
    """Return a copy of ``model`` that holds ``parameters``; ``model`` itself stays as it was.

    Args:
        model: The model whose structure is kept.
        parameters: A pytree like ``as_function(model).parameters``.

    Returns:
        A model of the same kind.

    Example:
        >>> model = Functional(lambda p, x: p * x, 2.0)
        >>> with_parameters(model, 5.0).parameters
        5.0

    PyTorch: ``model.load_state_dict`` writes into the model instead.
    """
    if isinstance(model, Functional):
        return model._replace(parameters=parameters)
    copy: ModelT = nnx.merge(nnx.graphdef(model), parameters)
    return copy


def update(optimizer: optax.GradientTransformation, state: State, gradient: Parameters) -> State:
    r"""Move the parameters against their gradient, as the optimizer says.

    Formula: :math:`\theta \leftarrow \theta - \eta\,\partial L/\partial\theta` for plain SGD

    Args:
        optimizer: An Optax gradient transformation.
        state: Parameters and optimizer state before.
        gradient: A pytree shaped like the parameters.

    Returns:
        Parameters and optimizer state after.

    Example:
        >>> import optax
        >>> optimizer = optax.sgd(0.1)
        >>> update(optimizer, State(1.0, optimizer.init(1.0)), 2.0).parameters
        Array(0.8, dtype=float32)

    PyTorch: corresponds to ``optimizer.step()``, which writes into the parameters.
    """
    updates, memory = optimizer.update(gradient, state.optimizer, state.parameters)
    return State(optax.apply_updates(state.parameters, updates), memory)


def make_step(model: Model, loss: Loss, optimizer: optax.GradientTransformation) -> Step:
    r"""Compose the course's four steps, forward, loss, gradient, update, into one pure function.

    Formula: :math:`\mathrm{update}(\theta, s, \partial_\theta L(f_\theta(x), y))`

    Args:
        model: What is trained; only its structure is used.
        loss: A function of (outputs, targets) that gives a scalar.
        optimizer: An Optax gradient transformation.

    Returns:
        ``step(state, inputs, targets) -> (state, loss)``, pure and not yet compiled: wrap it in
        ``jax.jit``, or call it as it is to look inside.

    Example:
        >>> import jax.numpy as jnp, optax
        >>> model = Functional(lambda w, x: w * x, jnp.array(2.0))
        >>> squared = lambda outputs, targets: ((outputs - targets) ** 2).mean()
        >>> step = make_step(model, squared, optax.sgd(0.01))
        >>> state = State(model.parameters, optax.sgd(0.01).init(model.parameters))
        >>> state, value = step(state, jnp.array([3.0]), jnp.array([1.0]))
        >>> float(value), round(float(state.parameters), 6)
        (25.0, 1.7)

    PyTorch: corresponds to the loop body ``loss = criterion(model(x), y)``,
    ``optimizer.zero_grad()``, ``loss.backward()``, ``optimizer.step()``. No gradient is kept from
    one call to the next, so there is nothing to set to zero.
    """
    apply = as_function(model).apply

    def loss_of(parameters: Parameters, inputs: jax.Array, targets: jax.Array) -> jax.Array:
        outputs = apply(parameters, inputs)
        return loss(outputs, targets)

    def step(state: State, inputs: jax.Array, targets: jax.Array) -> tuple[State, jax.Array]:
        value, gradient = jax.value_and_grad(loss_of)(state.parameters, inputs, targets)
        return update(optimizer, state, gradient), value

    return step
