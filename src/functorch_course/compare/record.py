"""Train here or in PyTorch as usual, and write down what every step computes."""

import io
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal

import jax
import numpy as np
import numpy.typing as npt

import functorch_course as fc

from .packages import require
from .parameters import named_leaves
from .trace import Trace
from .trace_recorder import TraceRecorder
from .writer import TraceWriter

if TYPE_CHECKING:
    import optax
    import torch
    from flax import nnx

Decision = Literal["class", "sign", "value"]
"""What a model's outputs predict: the largest one's class, yes if positive, or the value itself."""
Batches = Iterable[Any]


def record(
    model: "nnx.Module | fc.training.Functional",
    loader: Batches,
    loss: Callable[[jax.Array, jax.Array], jax.Array],
    optimizer: "optax.GradientTransformation",
    epochs: int,
    *,
    validation: Batches | None = None,
    decision: Decision = "class",
) -> Trace:
    r"""Train as ``fc.training.fit`` does, and write down what every step computes.

    Formula: :math:`(\theta, s) \leftarrow \mathrm{update}(s, \partial_\theta L(f_\theta(x), y))`

    Args:
        model: A Flax NNX module or a ``Functional``; it is not changed.
        loader: Gives batches (inputs, targets).
        loss: A function of (outputs, targets) that gives a scalar.
        optimizer: An Optax gradient transformation.
        epochs: How often to go through the loader.
        validation: A second loader, predicted after each epoch.
        decision: ``"class"``: the largest output is the predicted class. ``"sign"``: a positive
            output predicts 1, any other 0. ``"value"``: the output is the prediction.

    Returns:
        The trace; ``trace.save("ours.npz")`` keeps it.

    Example:
        >>> import jax.numpy as jnp
        >>> import functorch_course as fc
        >>> x = np.float32([[1.0], [2.0]])
        >>> model = fc.nn.LinearRegression(1, generator=fc.Generator(0))
        >>> trace = record(model, [(x, 3 * x)], fc.nn.mse_loss, fc.optim.SGD(lr=0.1), epochs=5)
        >>> trace.steps, bool(trace.losses[-1] < trace.losses[0])
        (5, True)

    PyTorch: :func:`record_torch` does the same there.
    """
    step = jax.jit(_make_step(model, loss, optimizer))
    state = fc.training.start(model, optimizer)
    writer = TraceWriter(_arrays(state.parameters))
    for _ in range(epochs):
        for inputs, targets in loader:
            state, outputs, value, gradient = step(state, inputs, targets)
            batch = (np.asarray(inputs), np.asarray(targets))
            after = _arrays(state.parameters)
            writer.step(batch, np.asarray(outputs), value, _arrays(gradient), after)
        trained = fc.training.with_arrays(model, state.parameters, state.buffers)
        writer.end_epoch(*_judge(_outputs(trained, validation), decision))
    return Trace.from_arrays(writer.arrays(), f"JAX {version('jax')}")


def record_torch(
    model: "torch.nn.Module",
    loader: Batches,
    criterion: "Callable[[torch.Tensor, torch.Tensor], torch.Tensor]",
    optimizer: "torch.optim.Optimizer",
    epochs: int,
    *,
    validation: Batches | None = None,
    decision: Decision = "class",
    scheduler: "torch.optim.lr_scheduler.LRScheduler | None" = None,
) -> Trace:
    r"""Train with the loop of every PyTorch tutorial, and write down what every step computes.

    Args:
        model: A ``torch.nn.Module``; it is trained in place.
        loader: Gives batches (inputs, targets) of tensors.
        criterion: A function of (outputs, targets) that gives a scalar.
        optimizer: It holds the model's parameters.
        epochs: How often to go through the loader.
        validation: A second loader, predicted after each epoch.
        decision: What the outputs predict; as for :func:`record`.
        scheduler: Stepped at the end of each epoch.

    Returns:
        The trace.

    Raises:
        MissingPackageError: If torch is not installed.

    Example:
        >>> def main():
        ...     import torch
        ...     torch.manual_seed(0)
        ...     model, x = torch.nn.Linear(1, 1), torch.tensor([[1.0], [2.0]])
        ...     sgd = torch.optim.SGD(model.parameters(), lr=0.1)
        ...     return record_torch(model, [(x, 3 * x)], torch.nn.MSELoss(), sgd, epochs=5)

    PyTorch: the loop is PyTorch's; what writes it down, ``trace_recorder.py``, has no counterpart.
    """
    torch = require("torch")
    recorder = TraceRecorder(model)
    for _ in range(epochs):
        model.train()
        for inputs, targets in loader:
            outputs = model(inputs)
            loss = criterion(outputs, targets)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            recorder.step(inputs, targets, outputs, loss)
        if scheduler is not None:
            scheduler.step()
        recorder.end_epoch(*_judge(_torch_outputs(model, validation), decision))
    file = io.BytesIO()
    recorder.save(file)
    file.seek(0)
    return Trace.from_arrays(dict(np.load(file)), f"PyTorch {torch.__version__}")


def _make_step(
    model: Any,  # noqa: ANN401
    loss: Callable[[jax.Array, jax.Array], jax.Array],
    optimizer: "optax.GradientTransformation",
) -> Callable[..., Any]:
    """Return the step of ``training.make_step``, which also gives outputs and gradient."""
    apply = fc.training.as_program(model, training=True).apply

    def loss_of(parameters: Any, buffers: Any, inputs: Any, targets: Any) -> Any:  # noqa: ANN401
        outputs, buffers = apply(parameters, buffers, inputs)
        return loss(outputs, targets), (outputs, buffers)

    differentiate = jax.value_and_grad(loss_of, has_aux=True)

    def step(state: Any, inputs: Any, targets: Any) -> Any:  # noqa: ANN401
        (value, (outputs, buffers)), gradient = differentiate(
            state.parameters, state.buffers, inputs, targets
        )
        after = fc.training.update(optimizer, state._replace(buffers=buffers), gradient)
        return after, outputs, value, gradient

    return step


def _arrays(parameters: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the arrays of a pytree by their names."""
    return {name: np.asarray(leaf) for name, leaf in named_leaves(parameters).items()}


def _outputs(model: Any, loader: Batches | None) -> tuple[Any, Any] | None:  # noqa: ANN401
    """Return the outputs for all samples, and the targets."""
    if loader is None:
        return None
    seen: list[Any] = []

    def passing() -> Iterable[Any]:
        for inputs, targets in loader:
            seen.append(np.asarray(targets))
            yield inputs, targets

    return fc.training.predict(model, passing()), np.concatenate(seen)


def _torch_outputs(model: "torch.nn.Module", loader: Batches | None) -> tuple[Any, Any] | None:
    """Return PyTorch's outputs for all samples, and the targets."""
    if loader is None:
        return None
    torch = require("torch")
    model.eval()
    with torch.no_grad():
        pairs = [(model(inputs).numpy(), targets.numpy()) for inputs, targets in loader]
    outputs, targets = (np.concatenate(column) for column in zip(*pairs, strict=True))
    return outputs, targets


def _judge(
    measured: tuple[npt.NDArray[Any], npt.NDArray[Any]] | None, decision: Decision
) -> tuple[npt.NDArray[Any], float]:
    """Return the predictions and the share of them that is right."""
    if measured is None:
        return np.empty(0), np.nan
    outputs, targets = measured
    if decision == "value":
        return outputs.reshape(len(outputs)), np.nan
    predictions = (
        outputs.argmax(axis=1) if decision == "class" else (outputs > 0).reshape(len(outputs))
    ).astype(np.int64)
    return predictions, float((predictions == targets.reshape(len(targets))).mean())
