"""Modules one after the other."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax.typing import ArrayLike
from numpy.typing import DTypeLike

from functorch_course.random import Generator

from .activation_modules import ReLU
from .dropout import Dropout
from .errors import InputTypeError
from .flatten import flatten
from .linear import Linear
from .module import Module

Layer = Callable[[ArrayLike], jax.Array]


class Sequential(Module):
    r"""Apply modules one after the other.

    .. math:: y = f_n(\dots f_2(f_1(x)))

    Args:
        *layers: Flax NNX modules. Python builds them in the order in which they are written, so
            their starting values are PyTorch's.

    Raises:
        InputTypeError: If a layer is not a module; a plain function would hide its parameters.

    Example:
        >>> from functorch_course import nn
        >>> model = Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
        >>> list(model.state_dict())
        ['1.weight', '1.bias', '3.weight', '3.bias']
        >>> model[2]
        ReLU()

    PyTorch: ``torch.nn.Sequential``, with the same names in the state dict.
    """

    def __init__(self, *layers: nnx.Module) -> None:
        self.length = len(layers)
        for position, layer in enumerate(layers):
            if not isinstance(layer, nnx.Module):
                raise InputTypeError(
                    f"layer {position} of Sequential is {type(layer).__name__}, not a module: "
                    "write nn.ReLU() for the function nn.relu, or a class of your own"
                )
            setattr(self, str(position), layer)

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Apply all layers."""
        values: Any = x
        for layer in self:
            values = layer(values)
        return jnp.asarray(values)

    def __len__(self) -> int:
        """Return the number of layers."""
        return self.length

    def __getitem__(self, position: int) -> Layer:
        """Return one layer; negative positions count from the end."""
        place = range(self.length)[position]
        layer: Layer = getattr(self, str(place))
        return layer

    def __iter__(self) -> Iterator[Layer]:
        """Yield the layers in order."""
        return (self[position] for position in range(self.length))


class MLP(Sequential):
    r"""Multilayer perceptron: linear maps with nonlinearities between them.

    .. math:: y = W_n s(\dots s(W_1 x + b_1) \dots) + b_n

    Without the nonlinearity s the linear maps would collapse to one, :math:`W_2 W_1 x + \dots`

    Shapes: x (N, ...), every sample flattened to in_features numbers; y (N, out_features).

    Args:
        in_features: How many numbers describe a sample.
        hidden: The size of each hidden layer.
        out_features: The size of the output.
        activation: Makes the nonlinearity after each hidden layer.
        dropout: The share of hidden values set to zero in training; 0 leaves the layer out.
        rngs: The dropout's source of randomness, as for :class:`Dropout`.
        generator: The source of the starting values; ``None`` means the current one.
        dtype: float32 or float64.

    Raises:
        InvalidValueError: If a size is not positive, or dropout not in [0, 1].

    Example:
        >>> model = MLP(784, [64, 32], 10)
        >>> model(np.zeros((5, 1, 28, 28), np.float32)).shape
        (5, 10)
        >>> [name for name, _ in model.named_parameters()]
        ['0.weight', '0.bias', '2.weight', '2.bias', '4.weight', '4.bias']

    PyTorch: ``torch.nn.Sequential`` of ``Linear``, ``ReLU`` and ``Dropout`` after a flattening;
    ``torchvision.ops.MLP`` has one more dropout at the end.
    """

    def __init__(
        self,
        in_features: int,
        hidden: Sequence[int],
        out_features: int,
        *,
        activation: Callable[[], nnx.Module] = ReLU,
        dropout: float = 0.0,
        rngs: nnx.Rngs | None = None,
        generator: Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        layers: list[nnx.Module] = []
        for size in hidden:
            layers += [Linear(in_features, size, generator=generator, dtype=dtype), activation()]
            if dropout:
                layers.append(Dropout(dropout, rngs=rngs))
            in_features = size
        layers.append(Linear(in_features, out_features, generator=generator, dtype=dtype))
        super().__init__(*layers)

    def __call__(self, x: ArrayLike) -> jax.Array:
        """Return the outputs of a batch, or of one sample."""
        return super().__call__(x if jnp.ndim(x) == 1 else flatten(x))
