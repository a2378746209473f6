"""PyTorch's tensors, datasets and linear models, rebuilt on JAX.

The public names stand in ``__init__.pyi``, the one table that type checkers read and that is
resolved here lazily: importing the package loads neither jax nor torch.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = "0.1.0"
