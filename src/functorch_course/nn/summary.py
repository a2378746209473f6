"""A model as a table: its layers, the shapes of their outputs, how many parameters they have."""

from collections.abc import Iterable, Sequence

import jax
import numpy as np
from flax import nnx
from numpy.typing import DTypeLike

from .state import named_modules, parameters

HEADINGS = ("name", "layer", "output shape", "parameters")


def summary(model: nnx.Module, shape: Sequence[int], dtype: DTypeLike = np.float32) -> str:
    """Return a table of the model's layers, and its total.

    The model is traced with shapes alone, as it evaluates: nothing is computed or changed.

    Args:
        model: Any Flax NNX module that is called with one array.
        shape: The shape of that array, with the axis of the batch.
        dtype: Its dtype; an integer one for a model that starts with an :class:`Embedding`.

    Returns:
        The table as text; a shared layer stands where it comes first. A layer that is not called
        has no shape.

    Raises:
        ShapeMismatchError: If the model does not take an input of that shape.

    Example:
        >>> from functorch_course import nn
        >>> model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
        >>> print(summary(model, (64, 1, 28, 28)))
        name   layer       output shape  parameters
        0      Flatten     (64, 784)              0
        1      Linear      (64, 32)          25,120
        2      ReLU        (64, 32)               0
        3      Linear      (64, 10)             330
        total  Sequential  (64, 10)          25,450

    PyTorch: has no counterpart; the packages torchinfo and torchsummary print such tables.
    """
    shapes = _output_shapes(model, jax.ShapeDtypeStruct(tuple(shape), dtype))
    named = named_modules(model, remove_duplicate=False)
    shape_of = {id(module): shapes[name] for name, module in named if name in shapes}
    rows = [HEADINGS]
    for name, module in named_modules(model):
        count = sum(v.size for v in vars(module).values() if isinstance(v, nnx.Param))
        is_leaf = len(list(named_modules(module))) == 1
        if count or is_leaf:
            rows.append((name, type(module).__name__, shape_of.get(id(module), ""), f"{count:,}"))
    total = sum(parameter.size for parameter in parameters(model))
    rows.append(("total", type(model).__name__, shapes[""], f"{total:,}"))
    return _table(rows)


def _output_shapes(model: nnx.Module, x: jax.ShapeDtypeStruct) -> dict[str, str]:
    """Return the shape that each module of a model returns, by the module's name."""
    graph, state = nnx.split(model)

    def outputs(state: object, x: jax.Array) -> dict[str, object]:
        copy = nnx.merge(graph, state)
        copy.eval()
        record = nnx.capture(copy, nnx.Intermediate, method_outputs=nnx.Intermediate)
        calls = nnx.to_flat_state(record(x)[1])
        return {".".join(map(str, path[:-1])): call.get_value()[0] for path, call in calls}

    shapes = jax.eval_shape(outputs, state, x)
    return {name: str(getattr(output, "shape", output)) for name, output in shapes.items()}


def _table(rows: Iterable[tuple[str, str, str, str]]) -> str:
    """Return rows as aligned columns, the last one to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for *texts, number in rows:
        cells = [text.ljust(width) for text, width in zip(texts, widths[:-1], strict=True)]
        lines.append("  ".join([*cells, number.rjust(widths[-1])]))
    return "\n".join(lines)
