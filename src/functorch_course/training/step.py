"""One update of the parameters: forward, loss, gradient, update, as pure functions."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import optax

from functorch_course.autograd.guard import differentiating
from functorch_course.nn.errors import ShapeMismatchError

from .arguments import check_parameters
from .program import Buffers, Model, Parameters, as_program

Loss = Callable[[jax.Array, jax.Array], jax.Array]


class State(NamedTuple):
    """Everything that an update reads and replaces.

    Args:
        parameters: The pytree that the loss is differentiated with respect to.
        buffers: What the forward pass itself replaces: running means, random number counters.
        optimizer: The optimizer's own state: momentum buffers, step count.

    PyTorch: corresponds to ``model.state_dict()`` and ``optimizer.state_dict()``.
    """

    parameters: Parameters
    buffers: Buffers
    optimizer: optax.OptState


Step = Callable[[State, jax.Array, jax.Array], tuple[State, jax.Array]]


def start(model: Model, optimizer: optax.GradientTransformation) -> State:
    """Return the state before the first update.

    Args:
        model: A Flax NNX module or a ``Functional``.
        optimizer: An Optax gradient transformation.

    Returns:
        The model's parameters and buffers, and the optimizer's first state.

    Example:
        >>> from functorch_course.training import Functional
        >>> start(Functional(lambda p, x: p * x, 2.0), optax.sgd(0.1)).parameters
        Array(2., dtype=float32)

    PyTorch: corresponds to ``torch.optim.SGD(model.parameters(), …)``, which holds the parameters.
    """
    _, parameters, buffers = as_program(model, training=True)
    check_parameters(parameters)
    # Weakly typed numbers become strong in the first update, and that would compile a second time.
    parameters = jax.tree.map(lambda leaf: jnp.asarray(leaf, jnp.result_type(leaf)), parameters)
    return State(parameters, buffers, optimizer.init(parameters))


def update(
    optimizer: optax.GradientTransformation,
    state: State,
    gradient: Parameters,
    loss: jax.Array | None = None,
) -> State:
    r"""Move the parameters against their gradient, as the optimizer says.

    Formula: :math:`\theta \leftarrow \theta - \eta\,\partial L/\partial\theta` for plain SGD

    Args:
        optimizer: An Optax gradient transformation.
        state: The state before.
        gradient: A pytree shaped like the parameters.
        loss: For an optimizer that looks at it, such as ``ReduceLROnPlateau``.

    Returns:
        The state after; the buffers are the same.

    Example:
        >>> optimizer = optax.sgd(0.1)
        >>> update(optimizer, State(1.0, (), optimizer.init(1.0)), 2.0).parameters
        Array(0.8, dtype=float32)

    PyTorch: corresponds to ``optimizer.step()``, which writes into the parameters.
    """
    seeing = {} if loss is None else {"value": loss}
    optimizer = optax.with_extra_args_support(optimizer)
    updates, memory = optimizer.update(gradient, state.optimizer, state.parameters, **seeing)
    parameters = optax.apply_updates(state.parameters, updates)
    return State(parameters, state.buffers, memory)


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
        >>> from functorch_course.training import Functional
        >>> model = Functional(lambda w, x: w * x, jnp.array(2.0))
        >>> squared = lambda outputs, targets: ((outputs - targets) ** 2).mean()
        >>> step = make_step(model, squared, optax.sgd(0.01))
        >>> state, value = step(start(model, optax.sgd(0.01)), jnp.array([3.0]), jnp.array([1.0]))
        >>> float(value), round(float(state.parameters), 6)
        (25.0, 1.7)

    PyTorch: corresponds to the loop body ``loss = criterion(model(x), y)``,
    ``optimizer.zero_grad()``, ``loss.backward()``, ``optimizer.step()``. No gradient is kept from
    one call to the next, so there is nothing to set to zero.
    """
    apply = as_program(model, training=True).apply

    def loss_of(
        parameters: Parameters, buffers: Buffers, inputs: jax.Array, targets: jax.Array
    ) -> tuple[jax.Array, Buffers]:
        with differentiating():
            outputs, buffers = apply(parameters, buffers, inputs)
            value = loss(outputs, targets)
        if jnp.shape(value):
            raise ShapeMismatchError(
                f"the loss of a batch has shape {jnp.shape(value)}, and must be one number: "
                'write reduction="mean", or .mean()'
            )
        return value, buffers

    differentiate = jax.value_and_grad(loss_of, has_aux=True)

    def step(state: State, inputs: jax.Array, targets: jax.Array) -> tuple[State, jax.Array]:
        (value, buffers), gradient = differentiate(state.parameters, state.buffers, inputs, targets)
        return update(optimizer, state._replace(buffers=buffers), gradient, value), value

    return step
