"""The base class of this library's modules: Flax NNX's, with PyTorch's four words for its state."""

from collections.abc import Iterator, Mapping
from typing import Any

import jax
from flax import nnx

from . import state


class Module(nnx.Module):
    """A Flax NNX module that also answers to PyTorch's names for its parameters.

    A module is a pytree: it can be passed to ``jax.jit`` and ``jax.grad`` as it is. Write
    ``__call__`` where PyTorch has ``forward``. ``train()`` and ``eval()`` come from Flax.

    Example:
        >>> from functorch_course import nn
        >>> class Net(nn.Module):
        ...     def __init__(self):
        ...         self.linear = nn.Linear(2, 1)
        ...     def __call__(self, x):
        ...         return self.linear(x)
        >>> [name for name, _ in Net().named_parameters()]
        ['linear.weight', 'linear.bias']

    PyTorch: ``torch.nn.Module``; the call runs ``__call__``, there is no ``forward`` and no hook.
    """

    def parameters(self) -> Iterator[nnx.Param[jax.Array]]:
        """Yield every trainable parameter once: :func:`functorch_course.nn.parameters`."""
        return state.parameters(self)

    def named_parameters(self) -> Iterator[tuple[str, nnx.Param[jax.Array]]]:
        """Yield names and parameters: :func:`functorch_course.nn.named_parameters`."""
        return state.named_parameters(self)

    def state_dict(self) -> state.StateDict:
        """Return a copy as NumPy arrays: :func:`functorch_course.nn.state_dict`."""
        return state.state_dict(self)

    def load_state_dict(self, state_dict: Mapping[str, Any], *, strict: bool = True) -> None:
        """Fill the module in place: :func:`functorch_course.nn.load_state_dict`."""
        state.load_state_dict(self, state_dict, strict=strict)
